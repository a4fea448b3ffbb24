"""An article's sanitised HTML in; the same with links at its headings, and the list of headings, out."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

#: Headings as the sanitiser writes them: attributes in double quotes, no heading inside another.
_HEADING = re.compile(r"<h([2-4])((?:\s[^<>]*)?\sid=\"([^\"<>]+)\"[^<>]*)>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Heading:
    """One entry of a table of contents."""

    level: int
    anchor: str
    text: str
    """Plain text, unescaped."""


def outline(body: str, words: Mapping[str, str]) -> tuple[Markup, tuple[Heading, ...]]:
    """Marks the body as safe: it comes sanitised, and what is added here is escaped. `words` are the interface's."""
    found: list[Heading] = []

    def link(match: re.Match[str]) -> str:
        level, attributes, anchor, inner = match.groups()
        text = html.unescape(_TAG.sub("", inner)).strip()
        found.append(Heading(int(level), html.unescape(anchor), text))
        label = html.escape(words["anchor"].format(heading=text))
        sign = f'<a class="anchor" href="#{anchor}" aria-label="{label}"></a>'
        return f"<h{level}{attributes}>{inner}{sign}</h{level}>"

    return Markup(_HEADING.sub(link, body)), tuple(found)  # noqa: S704 - sanitised by the article service
