"""Passwords in, Argon2id hashes out; the only user of argon2-cffi."""

import itertools
import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import BadRequest

#: Below this, length is what breaks a password first (NIST SP 800-63B asks for 8, and 15 without a second factor).
SHORTEST: Final = 12
#: Above this, hashing is a way to keep us busy.
LONGEST: Final = 256
_FEWEST_SIGNS: Final = 5

#: Words that with a few digits behind them are tried first, whatever their length.
_COMMON: Final = frozenset(
    (
        *(
            "admin",
            "administrator",
            "azerty",
            "bienvenido",
            "bienvenue",
            "changeme",
            "contrasena",
            "contraseña",
        ),
        *("helpdesk", "iloveyou", "letmein", "motdepasse", "passwd", "password", "passwort", "qwerty"),
        *("qwertyuiop", "qwertz", "support", "tierzero", "welcome", "willkommen"),
    )
)
#: RFC 9106's second recommendation: 64 MiB, three passes; about 50 ms on a small machine.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
#: Two at a time, so that a flood of sign-ins cannot take all memory.
_TURNS = threading.BoundedSemaphore(2)
#: What a password is compared with where there is no account, so that both take the same time.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def check(password: str, *, email: str, name: str) -> None:
    """Raises `BadRequest` with what to change for a password that is easy to guess."""
    if len(password) < SHORTEST:
        raise BadRequest(f"Please choose a password of at least {SHORTEST} characters; a sentence is fine.")
    if len(password) > LONGEST:
        raise BadRequest(f"Please choose a password of at most {LONGEST} characters.")
    folded = password.casefold()
    own = [part for part in (*email.casefold().split("@")[:1], *name.casefold().split()) if len(part) > 3]
    rest = folded
    for part in own:
        rest = rest.replace(part, "")
    if _letters(folded) in _COMMON:
        raise BadRequest("This password is one of those that are tried first. Please choose another.")
    if len(set(folded)) < _FEWEST_SIGNS or len(rest) < SHORTEST // 2 or _is_run(folded):
        raise BadRequest("This password is easy to guess. Please choose another; a sentence is fine.")


def hashed(password: str) -> str:
    """The hash to store."""
    with _TURNS:
        return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether a password is the one of a hash; takes as long where `stored` is empty."""
    with _TURNS:
        try:
            return _HASHER.verify(stored or _NOBODY, password[: LONGEST + 1]) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def _letters(text: str) -> str:
    """What is left without digits and signs: `Password1234!` is `password`."""
    return "".join(sign for sign in text if sign.isalpha())


def _is_run(text: str) -> bool:
    """Whether most signs follow on the one before them, as in `abcdefgh` or `12345678`."""
    steps = [ord(after) - ord(before) for before, after in itertools.pairwise(text)]
    return sum(step in (-1, 0, 1) for step in steps) > 0.7 * len(steps)
