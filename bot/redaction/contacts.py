"""A text in, the e-mail addresses and IP addresses in it out."""

import ipaddress
import re
from collections.abc import Iterator

from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading

_DOMAIN = re.compile(r"@(?:[^\W_](?:[\w\-]{0,62})\.){1,8}[^\W\d_]{2,24}")
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\-]{1,64}\Z")
#: Written out so that no program finds it.
_HIDDEN = re.compile(
    r"(?<![\w.])[\w.+\-]{1,64} ?[(\[] ?(?:at|arroba|ät|arobase) ?[)\]] ?"
    r"[\w\-]{1,63}(?: ?(?:\.|[(\[] ?(?:dot|punto|punkt|point) ?[)\]]) ?[\w\-]{1,63}){1,4}"
)
_V4 = re.compile(r"(?<![\w.\-])\d{1,3}(?:\.\d{1,3}){3}(?![\w\-]|\.\d)", re.ASCII)
_V6 = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])", re.ASCII)
_SAYS_ADDRESS = re.compile(
    r"\b(?:ip|ip[ \-]address|ip[ \-]adresse|ping)\W{0,3}(?:(?:is|ist|es|est|was|address)\W{1,3}){0,2}\Z"
)
_SAYS_VERSION = re.compile(
    r"(?:\bversi[oó]n|\bver|\bv|\brelease|\bfirmware|\bbuild|\bfix ?pack|\bupdate)\W{0,3}(?:\w{1,10}\W{1,3}){0,1}\Z"
)
#: Parts of versions are rarely this high, parts of addresses mostly.
_HIGH = 100


def find_emails(reading: Reading) -> Iterator[Finding]:
    """E-mail addresses."""
    text = reading.text
    if "@" in text:
        for domain in _DOMAIN.finditer(text):
            local = _LOCAL.search(text, max(0, domain.start() - 64), domain.start())
            if local is not None:
                yield Finding(Kind.EMAIL, local.start() + _signs(local[0]), domain.end())
    if ")" in text or "]" in text:
        for found in _HIDDEN.finditer(reading.lower):
            yield Finding(Kind.EMAIL, *found.span())


def _signs(local: str) -> int:
    """How many signs of the sentence stand before the address, as in “'ann@shop.example'”."""
    return len(local) - len(local.lstrip("'`{|./=?!*")) if local.strip("'`{|./=?!*") else 0


def find_ips(reading: Reading) -> Iterator[Finding]:
    """IP addresses; a version of four numbers is none."""
    for found in _V4.finditer(reading.text):
        parts = [int(part) for part in found[0].split(".")]
        if max(parts) > 255 or any(len(part) > 1 and part[0] == "0" for part in found[0].split(".")):
            continue
        before = reading.lower[max(0, found.start() - 24) : found.start()]
        said = _SAYS_ADDRESS.search(before) is not None and _SAYS_VERSION.search(before) is None
        if said or (max(parts) >= _HIGH and _SAYS_VERSION.search(before) is None):
            yield Finding(Kind.IP_ADDRESS, *found.span())
    if reading.text.count(":") > 1:
        for found in _V6.finditer(reading.text):
            if _is_v6(found[0]):
                yield Finding(Kind.IP_ADDRESS, *found.span())


def _is_v6(text: str) -> bool:
    if sum(bool(part) for part in text.split(":")) < 3:
        return False
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
