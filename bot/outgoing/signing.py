"""A body and a secret in, the headers that prove where it comes from out; after the Standard Webhooks specification.

https://www.standardwebhooks.com, version 1: HMAC-SHA256 over `id.timestamp.body`, so that receivers may use any of its
libraries. The timestamp is part of it, so that an old message cannot be sent again later.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final

PREFIX: Final = "whsec_"
#: The specification asks for 24 to 64 bytes.
_BYTES: Final = 32
#: Seconds by which sender's and receiver's clocks may differ.
TOLERANCE: Final = 300


def new_secret() -> str:
    """A fresh secret as receivers enter it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode("ascii")


def headers(secret: str, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers of one try; `at` is Unix time in seconds."""
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{_signature(secret, event_id, at, body)}",
    }


def verify(secret: str, given: Mapping[str, str], body: bytes, now: int) -> bool:
    """What a receiver does: whether the body is ours and fresh. `given` has lower-case names."""
    try:
        at = int(given["webhook-timestamp"])
        expected = _signature(secret, given["webhook-id"], at, body)
    except (KeyError, ValueError):
        return False
    found = given.get("webhook-signature", "").split()
    signed = any(
        hmac.compare_digest(one.encode("utf-8", "surrogatepass"), f"v1,{expected}".encode()) for one in found
    )
    return signed and abs(now - at) <= TOLERANCE


def _signature(secret: str, event_id: str, at: int, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as exc:
        raise ValueError("not a secret of a webhook") from exc
    signed = f"{event_id}.{at}.".encode() + body
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
