"""An article's sanitised HTML in, the same fit for a page out: wide tables scroll, videos wait for a click."""

import html
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

_TABLE: Final = re.compile(r"<table\b.*?</table>", re.DOTALL)
_DIAGRAM: Final = re.compile(r'<pre\b[^<>]*\bclass="[^"]*\bmermaid\b[^"]*"[^<>]*>.*?</pre>', re.DOTALL)
#: A picture that the source does not have; its address was taken out.
_LOST: Final = re.compile(r'<img\b(?![^<>]*\bsrc=)(?:[^<>]*?\balt="([^"<>]*)")?[^<>]*>')
_CODE: Final = re.compile(r"<pre\b")
#: A link that stands alone in its paragraph; inside another text it stays a link.
_ALONE: Final = re.compile(r'<p>\s*(<a\b[^<>]*\bhref="(https://[^"<>]+)"[^<>]*)>([^<>]+)</a>\s*</p>')
_HOSTS: Final = frozenset(
    {
        "youtube.com",
        "youtu.be",
        "youtube-nocookie.com",
        "vimeo.com",
        "player.vimeo.com",
        "loom.com",
        "wistia.com",
    }
)
_FILES: Final = (".mp4", ".webm", ".ogv", ".mov")


def dressed(body: str, words: Mapping[str, str]) -> str:
    """`words` are the interface's texts; everything that is added is escaped or our own."""
    body = _ALONE.sub(lambda found: _video(found, words), body)
    body = _LOST.sub(lambda found: _lost(found[1] or "", words), body)
    label = html.escape(words["table"])
    body = _TABLE.sub(
        lambda found: f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{found[0]}</div>',
        body,
    )
    # What may scroll sideways can be reached by keyboard.
    body = _CODE.sub('<pre tabindex="0"', body)
    caption = html.escape(words["diagram"])
    return _DIAGRAM.sub(
        lambda found: f'<figure class="diagram">{found[0]}<figcaption>{caption}</figcaption></figure>', body
    )


def _lost(alt: str, words: Mapping[str, str]) -> str:
    """What a picture shows, where its writer says it: a broken frame helps nobody. `alt` is escaped already."""
    return (
        f'<span class="lost">{html.escape(words["picture_missing"]).format(words=alt)}</span>' if alt else ""
    )


def _video(found: re.Match[str], words: Mapping[str, str]) -> str:
    """A drawn poster that leads to the video; nothing is loaded from elsewhere unless it is pressed."""
    opening, address, label = found.groups()
    parts = urlsplit(html.unescape(address))
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in _HOSTS and not parts.path.lower().endswith(_FILES):
        return found[0]
    where = html.escape(words["video_at"].format(host=host))
    return (
        f'<p class="video">{opening} target="_blank"><span class="poster" aria-hidden="true"></span>'
        f'<span class="label">{label}</span><span class="where">{where}</span></a></p>'
    )
