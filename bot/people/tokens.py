"""Random tokens and what is stored of them: their digest, so that a copied database opens nothing."""

import hashlib
import hmac
import secrets

#: 256 random bits: guessing is no way in, so a plain digest is enough and no slow hash is needed.
_BYTES = 32


def new_token() -> str:
    """A fresh token in URL-safe characters."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """What is stored of a token: SHA-256, hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def form_token(session_digest: str, key: bytes) -> str:
    """The token that forms of a session carry: other sites cannot know it (CSRF)."""
    return hmac.new(key, f"form:{session_digest}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compares without telling by its time how much is right."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
