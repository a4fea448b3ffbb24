"""An article's sanitised HTML in, the same fit for a page out: wide tables scroll, videos wait for a click."""

import html
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

_TABLE: Final = re.compile(r"<table\b.*?</table>", re.DOTALL)
_DIAGRAM: Final = re.compile(r'<pre\b[^<>]*\bclass="[^"]*\bmermaid\b[^"]*"[^<>]*>.*?</pre>', re.DOTALL)
_PICTURE: Final = re.compile(r"<img\b[^<>]*>")
_ATTRIBUTE: Final = re.compile(r'\b(src|alt)="([^"<>]*)"')
#: Pictures of ours; from elsewhere nothing is loaded.
_OURS: Final = re.compile(r"(?:https?://[^/]+)?/help/images/[0-9a-f]+")
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
    body = _PICTURE.sub(lambda found: _picture(found, words), body)
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


def _picture(found: re.Match[str], words: Mapping[str, str]) -> str:
    """A picture of ours as it is; one from elsewhere as a link, one that is nowhere as its words: no broken frame."""
    tag, before = found[0], found.string[: found.start()]
    given = dict(_ATTRIBUTE.findall(tag))
    address, alt = given.get("src", ""), given.get("alt", "")
    if _OURS.fullmatch(address):
        return tag
    # Both come escaped from the sanitiser.
    shown = html.escape(words["picture_missing"]).format(words=alt or address.rpartition("/")[2])
    linked = before.rfind("<a ") > before.rfind("</a>")
    if address.startswith("https://") and not linked:
        return f'<a class="lost" href="{address}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    return f'<span class="lost">{shown}</span>' if alt else ""


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
