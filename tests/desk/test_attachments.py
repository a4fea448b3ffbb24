"""Which files may be kept, and under which name."""

import datetime as dt

import pytest

from bot.desk.attachments import (
    NAME_CHARS,
    AttachmentRules,
    Kind,
    RefusedFile,
    attachments_of,
    recognised,
    safe_name,
    shown_size,
)
from bot.desk.policy import load_policy
from bot.errors import TooLarge

RULES = AttachmentRules()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
PDF = b"%PDF-1.7\n%\xe2\xe3"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("screen.PNG", PNG, "image/png"),
        ("photo.jpg", b"\xff\xd8\xff\xe0more", "image/jpeg"),
        ("photo.jpeg", b"\xff\xd8\xff\xe1more", "image/jpeg"),
        ("move.gif", b"GIF89a....", "image/gif"),
        ("small.webp", b"RIFF\n\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("IMG_0001.HEIC", HEIC, "image/heic"),
        ("IMG_0002.heif", HEIC.replace(b"heic", b"mif1"), "image/heic"),
        ("invoice.pdf", PDF, "application/pdf"),
        ("notes.txt", "Grüße\n\tlast line".encode(), "text/plain; charset=utf-8"),
        ("app.log", b"\x1b[31mERROR\x1b[0m\r\n", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(name: str, content: bytes, media_type: str) -> None:
    found = recognised(name, content, RULES)
    assert (found.name, found.media_type) == (name, media_type)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("photo.png", b"MZ\x90\x00", "something else"),
        ("photo.png", b"<script>alert(1)</script>", "something else"),
        ("photo.png", PDF, "something else"),
        ("photo.heic", HEIC.replace(b"heic", b"isom"), "something else"),
        ("photo.jpg", HEIC, "something else"),
        ("notes.txt", PNG, "something else"),
        ("notes.txt", b"%PDF-1.4 plain", "something else"),
        ("notes.txt", b"caf\xe9", "something else"),
        ("notes.txt", b"a\x00b", "something else"),
        ("page.html", b"<p>hello", "not taken"),
        ("drawing.svg", b"<svg/>", "not taken"),
        ("png", PNG, "not taken"),
        ("photo.png.exe", PNG, "not taken"),
        ("photo.png\u202etxt.exe", PNG, "not taken"),
        ("", PNG, "not taken"),
        ("notes.txt", b"", "empty"),
    ],
)
def test_a_file_that_is_not_is_refused_with_the_reason(name: str, content: bytes, why: str) -> None:
    with pytest.raises(RefusedFile, match=why):
        recognised(name, content, RULES)


def test_size_and_types_are_the_policys() -> None:
    with pytest.raises(TooLarge, match="at most 10 bytes; this one has 28 bytes"):
        recognised("a.png", PNG, AttachmentRules(largest=10))
    with pytest.raises(RefusedFile, match="Send one of: pdf"):
        recognised("a.png", PNG, AttachmentRules(types=(Kind.PDF,)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\fakepath\screen.png", "screen.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie_ x.png"),
        ('quote".png', "quote_.png"),
        ("con.txt", "_con.txt"),
        ("...", "file"),
        ("\u202egnp.exe", "gnp.exe"),
        ("  many   spaces .txt ", "many spaces .txt"),
        ("ﬁx-über-日本.pdf", "ﬁx-über-日本.pdf"),
    ],
)
def test_a_name_is_safe_on_every_system(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    kept = safe_name("x" * 500 + ".pdf")
    assert len(kept) == NAME_CHARS
    assert kept.endswith("x.pdf")


def test_the_shipped_policy_has_the_rules_that_hold_without_it() -> None:
    assert load_policy().attachments == AttachmentRules()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"largest": "10"}, "10 MB"),
        ({"largest": "0 MB"}, "size"),
        ({"types": ["exe"]}, "exe"),
        ({"most": "many"}, "most"),
        ({"keep": "2w"}, "180d"),
        ({"biggest": "1 MB"}, "biggest"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(raw: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        attachments_of(raw)


def test_rules_are_read_as_they_are_written() -> None:
    rules = attachments_of(
        {"types": ["png", "log"], "largest": "500 KB", "most": 3, "in_all": "1 GB", "keep": "30d"}
    )
    assert rules == AttachmentRules((Kind.PNG, Kind.LOG), 500_000, 3, 10**9, dt.timedelta(days=30))
    assert (shown_size(500_000), shown_size(10**7), shown_size(1_234_567)) == ("500 kB", "10 MB", "1.2 MB")
