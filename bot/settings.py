"""Settings from the environment (prefix TIERZERO_) and the command line, checked once at the edge."""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsInvalid
from bot.outgoing.smtp import Security
from index.precision import Precision

#: Locales whose interface texts, trigger rules and wording ship with the product.
SHIPPED_LOCALES = ("en", "es", "de", "fr")
#: Locales whose words of the help centre, its forms and mails ship with the product.
SHIPPED_HELP_LOCALES = (*SHIPPED_LOCALES, "ar")

Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """All there is to set. Every field has the environment variable `TIERZERO_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="TIERZERO_", extra="ignore", frozen=True)

    data: Path = Path("var")
    """Folder for the database and the index."""
    database_url: str = Field("", repr=False)
    """SQLAlchemy URL; empty for SQLite in the data folder. May hold a password: never printed."""
    model: str = "all-MiniLM-L6-v2"
    """The packaged default by its name, or the folder of any sentence-transformers model."""
    model_precision: Precision = Precision.FP32
    """`fp32` as published, or `int8`: half the time a text, a less exact ranking. A change needs `tierzero reindex`."""
    model_dir: Path | None = None
    """Where compiled models are kept; by default the user's cache, so that several data folders share one."""

    key_file: Path | None = None
    """The service's own secret keys; by default `secret.keys` in the data folder. Several machines share one file."""

    site_name: str = "Tarnbean"
    """The shop or organisation customers know."""
    public_url: str = ""
    """Address under which customers reach this service, such as https://help.example.org; empty for relative links."""
    site_url: str = ""
    """Address of the published help site that `permalink`s of articles belong to; empty to cite our own pages."""
    contact_email: str = ""
    """Another way to reach a person, shown when the service itself fails."""
    policy: Path | None = None
    """File with service levels and business hours; by default the one that ships, `bot/desk/policy.yaml`."""
    targets: Path | None = None
    """File with targets and the cost of a contact; by default the one that ships, `bot/ledger/targets.yaml`."""
    work: bool = True
    """Whether a server fires timers and sends what is to be sent by itself; otherwise `tierzero work` does."""
    default_locale: str = "en"
    locales: Names = SHIPPED_LOCALES
    """Languages that are answered; others are handed off."""
    help_locales: Names = Field((), validate_default=True)
    """Languages readers may choose in the help centre, its forms and mails; an article that one lacks is shown in the
    default language. By default those that are answered, and where nobody chose these, all that ship."""
    demo: bool = True
    """Whether `/` shows the sample shop."""
    allowed_origins: Names = ()
    """Other sites that may embed the widget."""

    error_budget: float | None = Field(None, gt=0, lt=1)
    """Largest share of automatic answers that may be wrong, such as 0.05; unset for the model's own threshold."""

    llm_base_url: str = ""
    """Address of an OpenAI-compatible server whose model writes answers; empty for quotes alone."""
    llm_model: str = ""
    llm_key: str = Field("", repr=False)
    """The server's key; never printed."""
    llm_seconds: float = Field(8, gt=0, le=120)
    """Longest wait for a written answer; after it the customer gets the quote."""

    smtp_host: str = ""
    """The mail server that customers' mails are handed to; without one none are sent."""
    smtp_port: int = Field(587, ge=1, le=65_535)
    smtp_security: Security = Security.STARTTLS
    """`starttls`, `tls` from the first byte, or `none` for a server on the same machine."""
    smtp_user: str = ""
    smtp_password: str = Field("", repr=False)
    """Never printed."""
    smtp_from: str = ""
    """The address mails come from, such as `Tarnbean <help@shop.example>`."""
    mail_texts: Path | None = None
    """Folder with the words of mails, a file a language; by default those that ship, `bot/outgoing/mails`."""

    articles: Path | None = None
    """Folder that approved draft articles are written into; by default `articles` in the data folder."""

    max_message_chars: int = Field(4000, ge=100, le=100_000)
    max_body_bytes: int = Field(65_536, ge=1_024)
    rate_per_minute: float = Field(30, gt=0)
    """Messages an address may send in the long run."""
    rate_burst: int = Field(10, ge=1)
    """Messages an address may send at once."""
    identity_secret: str = Field("", repr=False)
    """Shared with the site's own server, which signs who a customer is; never printed. Empty: nobody is identified."""
    trusted_proxies: Names = ()
    """Addresses of proxies whose X-Forwarded-For is believed."""

    @field_validator("locales", "help_locales", "allowed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Lists are written with commas."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("identity_secret")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        # HMAC-SHA-256 needs a key of its own length at least (RFC 7518, 3.2).
        if value and len(value.encode()) < 32:
            raise ValueError("must have at least 32 bytes, such as from `openssl rand -base64 32`")
        return value

    @field_validator("locales")
    @classmethod
    def _answered(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        default = info.data.get("default_locale", "")
        if default not in value:
            raise ValueError(f"must hold the default locale {default}")
        return value

    @field_validator("help_locales")
    @classmethod
    def _readable(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        answered, default = info.data.get("locales"), info.data.get("default_locale")
        if answered is None:
            # What is wrong with that is told already.
            return value
        chosen = value or (SHIPPED_HELP_LOCALES if answered == SHIPPED_LOCALES else answered)
        if default not in chosen:
            raise ValueError(f"must hold the default locale {default}")
        return tuple(chosen)

    @field_validator("public_url", "site_url", "llm_base_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _model_named(self) -> "Settings":
        if bool(self.llm_base_url) != bool(self.llm_model):
            raise ValueError("TIERZERO_LLM_BASE_URL and TIERZERO_LLM_MODEL belong together: set both or none")
        return self

    @model_validator(mode="after")
    def _mail_named(self) -> "Settings":
        if bool(self.smtp_host) != bool(self.smtp_from):
            raise ValueError("TIERZERO_SMTP_HOST and TIERZERO_SMTP_FROM belong together: set both or none")
        if self.smtp_from and not _is_sender(self.smtp_from):
            raise ValueError("TIERZERO_SMTP_FROM is no address such as Tarnbean <help@shop.example>")
        return self

    @property
    def url(self) -> str:
        """The database's URL."""
        # Escaped, since a folder's name may have signs that mean something in an address: ?, # and %.
        return self.database_url or f"sqlite:///{quote(str(self.database_file))}"

    @property
    def database_file(self) -> Path:
        """The SQLite file of the data folder, used where there is no other database."""
        return self.data.expanduser().resolve() / "tierzero.db"

    @property
    def keys(self) -> Path:
        """The file of the service's own keys."""
        return (self.key_file or self.data / "secret.keys").expanduser()

    @property
    def own_articles(self) -> Path:
        """Folder of articles that came of tickets."""
        return (self.articles or self.data / "articles").expanduser().resolve()

    @property
    def files_root(self) -> Path:
        """Folder of the files that customers and agents attached, each by its digest."""
        return self.data.expanduser() / "files"

    @property
    def own_confidence(self) -> Path:
        """The confidence model of this data folder, written by `tierzero calibrate`; absent until then."""
        return self.data.expanduser() / "confidence.json"

    @property
    def index_root(self) -> Path:
        """Folder of the index generations."""
        return self.data.expanduser() / "index"

    @property
    def models_root(self) -> Path:
        """Folder that holds compiled models."""
        if self.model_dir is not None:
            return self.model_dir.expanduser()
        cache = os.environ.get("XDG_CACHE_HOME", "")
        return (Path(cache) if cache else Path.home() / ".cache") / "tierzero" / "models"


def _is_sender(written: str) -> bool:
    name, address = parseaddr(written)
    box, _, domain = address.rpartition("@")
    return bool(box) and bool(domain) and (name + written).isprintable()


def load(**given: Any) -> Settings:
    """Settings from the environment, overridden by what was given; raises `SettingsInvalid` naming each value."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as exc:
        # Only names and reasons: a value may hold a password.
        problems = "; ".join(
            f"TIERZERO_{'_'.join(str(part) for part in error['loc']).upper()}: {error['msg']}"
            for error in exc.errors(include_input=False, include_url=False)
        )
        raise SettingsInvalid(problems) from None
