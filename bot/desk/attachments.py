"""A file's name and content in, whether and as what it may be kept out; pure.

A file is taken for what it is by its first bytes, and its name must say the same: what a name promises and what a
program makes of the content must not differ.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from bot.errors import BadRequest, TooLarge

#: Longest name kept, in characters; longer ones lose their middle part, not their ending.
NAME_CHARS: Final = 120
_SIZE: Final = re.compile(r"(\d{1,6})\s*(KB|MB|GB)")
_UNITS: Final = {"KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
_SPAN: Final = re.compile(r"(\d{1,5})d")
#: Signs that stand for folders, drives, streams or commands on some system.
_UNSAFE: Final = re.compile(r'[<>:"|?*\\/`$;&{}\x00-\x1f\x7f]')
#: Names that Windows gives to devices.
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Kind(StrEnum):
    """Kinds of files, by the endings that their names have."""

    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    WEBP = "webp"
    HEIC = "heic"
    """What phones of one maker take; shown by few programs, so it is passed on as it is."""
    PDF = "pdf"
    TEXT = "txt"
    LOG = "log"


_ENDINGS: Final[Mapping[str, Kind]] = MappingProxyType(
    {kind.value: kind for kind in Kind} | {"jpg": Kind.JPEG, "heif": Kind.HEIC}
)
_MEDIA: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.PNG: "image/png",
        Kind.JPEG: "image/jpeg",
        Kind.GIF: "image/gif",
        Kind.WEBP: "image/webp",
        Kind.HEIC: "image/heic",
        Kind.PDF: "application/pdf",
        Kind.TEXT: "text/plain; charset=utf-8",
        Kind.LOG: "text/plain; charset=utf-8",
    }
)
#: The signatures of their specifications (PNG 5.2, JFIF/Exif SOI, GIF87a/89a, RIFF container, ISO/IEC 23008-12 brands,
#: ISO 32000 7.5.2).
_SIGNATURES: Final[tuple[tuple[Kind, re.Pattern[bytes]], ...]] = (
    (Kind.PNG, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (Kind.JPEG, re.compile(rb"\xff\xd8\xff")),
    (Kind.GIF, re.compile(rb"GIF8[79]a")),
    (Kind.WEBP, re.compile(rb"RIFF....WEBP", re.DOTALL)),
    (Kind.HEIC, re.compile(rb"\x00\x00\x00.ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL)),
    (Kind.PDF, re.compile(rb"%PDF-\d")),
)
#: What no text has: control characters beside tab, line ends, form feed and the escape of coloured logs.
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


class RefusedFile(BadRequest):
    """A file that is not taken; the message says why, and what is taken."""

    title = "The file cannot be taken"


@dataclass(frozen=True, slots=True)
class AttachmentRules:
    """Which files are kept, how many, and for how long."""

    types: tuple[Kind, ...] = tuple(Kind)
    largest: int = 10_000_000
    """Bytes of one file."""
    most: int = 20
    """Files of one conversation."""
    in_all: int = 5_000_000_000
    """Bytes of all files that are kept; beyond, none is taken until some went."""
    keep: dt.timedelta = dt.timedelta(days=180)
    """How long after their ticket was finished, or after they came where there is no ticket."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a conversation; its bytes are kept by their digest, outside the database."""

    id: str
    conversation_id: str
    digest: str
    """SHA-256 of its bytes, hex."""
    name: str
    """Safe to be shown and to be saved under."""
    media_type: str
    size: int
    """Bytes."""
    at: dt.datetime
    by: str
    """`customer`, or who of the team, as the audit log names them."""
    shared: bool = True
    """Whether the customer may have it: always for their own, for the team's where they said so."""
    removed_at: dt.datetime | None = None
    removed_why: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it can still be had."""
        return self.removed_at is None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that may be kept."""

    name: str
    media_type: str


def recognised(name: str, content: bytes, rules: AttachmentRules) -> Recognised:
    """What a file is. Raises `RefusedFile`, and `TooLarge` for one that is too big."""
    if len(content) > rules.largest:
        raise TooLarge(
            f"A file may have at most {shown_size(rules.largest)}; this one has {shown_size(len(content))}."
        )
    if not content:
        raise RefusedFile("The file is empty.")
    safe = safe_name(name)
    named = _ENDINGS.get(safe.rpartition(".")[2].lower()) if "." in safe else None
    if named is None or named not in rules.types:
        raise RefusedFile(f"Files of this kind are not taken. Send one of: {', '.join(rules.types)}.")
    if not _is(named, content):
        raise RefusedFile(f"The name says that this is a {named} file, but its content is something else.")
    return Recognised(safe, _MEDIA[named])


def _is(kind: Kind, content: bytes) -> bool:
    if kind in (Kind.TEXT, Kind.LOG):
        return _is_text(content)
    return any(found is kind and pattern.match(content) for found, pattern in _SIGNATURES)


def _is_text(content: bytes) -> bool:
    if _NO_TEXT.search(content) or any(pattern.match(content) for _, pattern in _SIGNATURES):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def safe_name(name: str) -> str:
    """A name without folders, control or direction signs, that every system can save; never empty.

    Signs that turn the reading direction could make `gpj.exe` of `exe.jpg`; they go with all invisible ones.
    """
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(
        one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one)[0] != "C"
    )
    clean = " ".join(_UNSAFE.sub("_", visible).split()).strip(" .")
    if _DEVICES.match(clean):
        clean = f"_{clean}"
    stem, dot, ending = clean.rpartition(".")
    if len(clean) > NAME_CHARS:
        ending = ending[:10]
        clean = f"{stem[: NAME_CHARS - len(ending) - 1]}{dot}{ending}"
    return clean or "file"


def shown_size(size: int) -> str:
    """`3.2 MB`, `14 kB`, `120 bytes`."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f}".removesuffix(".0") + " MB"
    return f"{size // 1000} kB" if size >= 1000 else f"{size} bytes"


def attachments_of(raw: Mapping[str, Any]) -> AttachmentRules:
    """The rules as the policy file writes them; raises `ValueError` naming what cannot be used."""
    known = {one.name for one in fields(AttachmentRules)}
    if unknown := sorted(str(name) for name in raw if name not in known):
        raise ValueError(f"attachments know no {', '.join(unknown)}, only {', '.join(sorted(known))}")
    found: dict[str, Any] = {name: _bytes(name, raw[name]) for name in ("largest", "in_all") if name in raw}
    if "types" in raw:
        found["types"] = tuple(Kind(str(one)) for one in raw["types"] or ())
    if "most" in raw:
        if type(raw["most"]) is not int or not 0 <= raw["most"] <= 1000:
            raise ValueError(f"most must be a whole number from 0 to 1000, not {raw['most']!r}")
        found["most"] = raw["most"]
    if "keep" in raw:
        span = _SPAN.fullmatch(str(raw["keep"]))
        if not span:
            raise ValueError(f"keep must be a number of days such as 180d, not {raw['keep']!r}")
        found["keep"] = dt.timedelta(days=int(span[1]))
    return AttachmentRules(**found)


def _bytes(name: str, value: object) -> int:
    size = _SIZE.fullmatch(str(value))
    if not size or not int(size[1]):
        raise ValueError(f"{name} must be a size such as 500 KB, 10 MB or 5 GB, not {value!r}")
    return int(size[1]) * _UNITS[size[2]]
