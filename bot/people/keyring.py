"""The service's own secret keys: a file in the data folder; seals what the database must not tell. Home of joserfc."""

import base64
import binascii
import datetime as dt
import hmac
import os
import secrets
from pathlib import Path
from typing import Any, Final

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from bot.errors import NotReady, SessionOver, SettingsInvalid

_BYTES: Final = 32
#: A subject is an id, not a text.
_LONGEST_SUBJECT: Final = 200
_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}


class Keyring:
    """Keys, newest first: the first seals and signs, all of them open what they once sealed."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        if not keys or any(len(key) < _BYTES for key in keys):
            raise SettingsInvalid(f"A secret key must have at least {_BYTES} bytes.")
        self._keys = keys

    @classmethod
    def open(cls, file: Path) -> "Keyring":
        """Reads the key file, one key in base 64 a line, newest first; makes it where there is none.

        Only its owner may read the file. Raises `NotReady` where it cannot be made, `SettingsInvalid` where it holds
        something else.
        """
        try:
            text = _made(file) if not file.exists() else file.read_text(encoding="ascii")
            return cls(tuple(base64.b64decode(line, validate=True) for line in text.split()))
        except (OSError, UnicodeDecodeError) as exc:
            raise NotReady(
                f"The key file {file} cannot be read or made; check its folder's permissions."
            ) from exc
        except binascii.Error as exc:
            raise SettingsInvalid(f"The key file {file} is damaged: put it back from a backup.") from exc

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose, so that no two uses share one (HMAC as a pseudo-random function, RFC 5869)."""
        return _derived(self._keys[0], purpose)

    def lasting(self, purpose: str) -> bytes:
        """A key for one purpose that stays the same when a newer one is put into the file."""
        return _derived(self._keys[-1], purpose)

    def sign(self, purpose: str, subject: str, until: dt.datetime) -> str:
        """A token for a link that says what it is for and until when (JWT, RFC 7519, HMAC-SHA-256)."""
        claims = {"sub": subject, "exp": int(until.timestamp())}
        key = OctKey.import_key(_derived(self._keys[0], purpose))
        return jwt.encode({"alg": "HS256"}, claims, key, algorithms=["HS256"])

    def signed(self, purpose: str, token: str) -> tuple[str, dt.datetime] | None:
        """What a token was signed for, and until when; None where it was not signed here for this purpose.

        Whether that time has passed is for the caller to say, who may want to tell the reader so.
        """
        for key in self._keys:
            try:
                known = OctKey.import_key(_derived(key, purpose))
                claims = jwt.decode(token, known, algorithms=["HS256"]).claims
                return str(claims["sub"]), dt.datetime.fromtimestamp(int(claims["exp"]), dt.UTC)
            except (JoseError, ValueError, KeyError, TypeError, OverflowError):
                continue
        return None

    def seal(self, text: str) -> str:
        """Encrypts and authenticates (JWE, RFC 7516, AES-256-GCM)."""
        return jwe.encrypt_compact(dict(_HEADER), text.encode(), OctKey.import_key(self._keys[0][:_BYTES]))

    def unseal(self, sealed: str) -> str:
        """What was sealed; raises `NotReady` where none of the keys opens it."""
        for key in self._keys:
            try:
                opened = jwe.decrypt_compact(sealed, OctKey.import_key(key[:_BYTES])).plaintext
            except (JoseError, ValueError):
                continue
            return (opened or b"").decode()
        raise NotReady("This was sealed with a key that is not in the key file any more; put the key back.")


def identified(token: str, secret: str, now: dt.datetime, leeway: dt.timedelta) -> str:
    """Whom a JWT names that the site's own server signed with HS256; raises `SessionOver` where it proves nothing.

    It needs `sub`, at most 200 characters that are the same for the customer every time, and `exp`. Any other
    algorithm, `none` among them, proves nothing.
    """
    if not secret:
        raise SessionOver("Identities are not set up here: set TIERZERO_IDENTITY_SECRET.")
    try:
        claims = jwt.decode(token, OctKey.import_key(secret.encode()), algorithms=["HS256"]).claims
    except (JoseError, ValueError, TypeError) as exc:
        raise SessionOver("This identity was not signed with the secret that is set up here.") from exc
    subject = claims.get("sub")
    until: Any = claims.get("exp")
    since: Any = claims.get("nbf", 0)
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise SessionOver("An identity needs sub: a text of at most 200 characters.")
    if not _is_time(until) or not _is_time(since):
        raise SessionOver("An identity needs exp: the time it ends, in seconds since 1970.")
    if not since - leeway.total_seconds() <= now.timestamp() < until + leeway.total_seconds():
        raise SessionOver("This identity has ended, or does not hold yet.")
    return subject


def _is_time(value: object) -> bool:
    """Seconds since 1970; a truth value is a number to Python and no time to anybody."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, b"tierzero:" + purpose.encode(), "sha256")


def _made(file: Path) -> str:
    text = base64.b64encode(secrets.token_bytes(_BYTES)).decode("ascii") + "\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    try:
        # A link fails where another process was first; its key is the one that holds.
        os.link(draft, file)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    finally:
        draft.unlink()
    return text
