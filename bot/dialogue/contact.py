"""What a customer typed in, the address to answer to out, or what they may have meant; nothing is looked up."""

import difflib
import re
from dataclasses import dataclass

#: Domains that most people write from; one that is nearly such a domain is a slip of the finger.
COMMON = (
    "aol.com",
    "email.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.es",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "live.com",
    "mail.com",
    "me.com",
    "msn.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.es",
    "outlook.fr",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "t-online.de",
    "telefonica.net",
    "wanadoo.fr",
    "web.de",
    "yahoo.com",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "ymail.com",
)
#: Likeness from which a domain is taken for a slip of a common one: gmial.com has .89 with gmail.com, while gmx.it and
#: hotmail.co.uk, which exist, have .83 with the nearest of these.
_SLIP = 0.88
#: Digits of a telephone number with its country: ITU-T E.164 allows 15, and the shortest in use have 8.
_DIGITS = range(8, 16)

# Both begin where a word does: tried at each sign of a long one, they would take seconds for a page without a blank.
_SHAPED = re.compile(r"(?<![^\s<>()\[\],;:\"])[^\s<>()\[\],;:\"]+@[^\s<>()\[\];:\"]+")
_SPELLED = re.compile(r"(?<!\S)(\S+)\s*(?:\(at\)|\[at\]|\s(?:at|arroba|ät)\s|@)\s*(\S+)", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+])(?:\+|00)[1-9][\d\s()./-]{6,24}\d(?!\w)")
_EDGES = ".,;:!?<>()[]\"'“”„"


@dataclass(frozen=True, slots=True)
class Contact:
    """An address that can be written to, or a telephone number with its country."""

    address: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Meant as an address, and probably mistyped."""

    typed: str
    meant: str
    """What it probably should be; empty where nobody can tell."""

    def insisted(self) -> Contact | None:
        """The address as it was typed, for a customer who stands by it; None where it cannot be one."""
        return Contact(self.typed) if is_address(self.typed) else None


def read(text: str) -> Contact | Doubtful | None:
    """The one address or number in a message; None where there is none, or where it names several."""
    shaped = _SHAPED.findall(text)
    if len(shaped) > 1:
        return None
    if shaped:
        return _checked(shaped[0].strip(_EDGES))
    spelled = _SPELLED.search(text)
    if spelled and "." in spelled[2]:
        written = f"{spelled[1].strip(_EDGES)}@{spelled[2].strip(_EDGES)}"
        return Doubtful(spelled.group().strip(), written) if is_address(written) else None
    numbers = _PHONE.findall(text)
    digits = "".join(filter(str.isdecimal, numbers[0])).removeprefix("00") if len(numbers) == 1 else ""
    return Contact(f"+{digits}") if len(digits) in _DIGITS else None


def is_nothing_else(text: str) -> bool:
    """Whether a message is an address or number alone."""
    bare = text.strip().strip(_EDGES)
    return bool(_SHAPED.fullmatch(bare) or _PHONE.fullmatch(bare))


def is_address(text: str) -> bool:
    """Whether an email address could exist, by how it is written (RFC 5321, RFC 6531); nobody is asked."""
    # Its tables take a thirtieth of a second to load, which no start needs.
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True


def _checked(typed: str) -> Contact | Doubtful:
    meant = _repaired(typed)
    if is_address(typed) and meant == typed:
        return Contact(typed)
    return Doubtful(typed, meant if meant != typed and is_address(meant) else "")


def _repaired(typed: str) -> str:
    """The address as it was probably meant: one sign between its parts, and a domain that people have."""
    local, _, domain = re.sub(r"@+", "@", typed).rpartition("@")
    domain = re.sub(r"[.,]+", ".", domain).strip(".-")
    plain = domain.lower()
    if plain in COMMON:
        return f"{local}@{domain}"
    slips = difflib.get_close_matches(plain, COMMON, n=1, cutoff=_SLIP)
    return f"{local}@{slips[0] if slips else domain}"
