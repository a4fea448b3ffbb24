"""Secrets of one-time codes (TOTP, RFC 6238) and recovery codes; the only user of pyotp and segno."""

import datetime as dt
import hmac
import io
import secrets
from typing import Final

import pyotp
import segno

#: Seconds that a code holds; what every authenticator app takes for granted.
STEP_SECONDS: Final = 30
#: Steps a phone's clock may be off, either way.
SLACK: Final = 1
RECOVERY_CODES: Final = 10
#: Crockford's base 32: nothing that is mistaken for something else when read off paper.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def accepted_step(secret: str, code: str, at: dt.datetime, last_step: int) -> int | None:
    """The time step that a code is for, or None where it is wrong or was used before.

    `last_step` is the step of the last code that was accepted: a code is good once (RFC 6238, 5.2).
    """
    digits = "".join(code.split())
    now = int(at.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in range(now - SLACK, now + SLACK + 1):
        expected = generator.generate_otp(step)
        if hmac.compare_digest(expected.encode(), digits.encode("utf-8", "replace")) and step > last_step:
            return step
    return None


def address(secret: str, *, account: str, issuer: str) -> str:
    """The `otpauth:` address that authenticator apps read."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def picture(address: str) -> str:
    """The address as a QR code: an SVG element without inline styles, which the pages' policy forbids."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        scale=5,
        border=3,
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        dark="#000",
        light="#fff",
    )
    return out.getvalue().decode("utf-8")


def recovery_codes() -> tuple[str, ...]:
    """Codes of 50 random bits for when the phone is lost, such as `7K2QD-9XW3M`; each is good once."""
    return tuple(
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    )


def plain_recovery_code(typed: str) -> str:
    """A recovery code as stored, however it was typed: no dashes or spaces, capitals, O and I as digits."""
    kept = "".join(sign for sign in typed.upper() if sign.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))
