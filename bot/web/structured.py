"""An article page in, what search engines read of it out: JSON-LD by schema.org, as text that is safe inside a page."""

import html
import json
import re
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from bot.web.ports import ArticlePage

_SECTION = re.compile(r"<h([2-4])[^<>]*>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
#: Headings that ask, from which a page is one of questions and answers.
_QUESTIONS = 2


def article_data(page: ArticlePage, publisher: str, address: str) -> Markup:
    """The page as an `Article`, or as a `FAQPage` where its headings are questions."""
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "inLanguage": page.locale,
        "url": address,
        "datePublished": page.published_at.date().isoformat(),
        "dateModified": max(
            page.published_at.date(), page.last_reviewed or page.published_at.date()
        ).isoformat(),
        "publisher": {"@type": "Organization", "name": publisher},
    }
    questions = _questions(page.html)
    if len(questions) >= _QUESTIONS:
        about |= {"@type": "FAQPage", "mainEntity": questions}
    return _inside_a_script(about)


def breadcrumb_data(trail: Iterable[tuple[str, str]], title: str, home: str) -> Markup:
    """Where an article stands, as a `BreadcrumbList`; `home` is the address of the help centre in its language."""
    steps = [(name, f"{home}/{path}") for path, name in trail]
    items = [
        {"@type": "ListItem", "position": number, "name": name, **({"item": item} if item else {})}
        for number, (name, item) in enumerate([*steps, (title, "")], 1)
    ]
    return _inside_a_script(
        {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
    )


def _inside_a_script(about: dict[str, Any]) -> Markup:
    # Only these could end the element, or begin a comment.
    text = json.dumps(about, ensure_ascii=False)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - escaped just above


def _questions(body: str) -> list[dict[str, Any]]:
    """The headings that ask, each with the text up to the next heading."""
    found = list(_SECTION.finditer(body))
    ends = [*(one.start() for one in found[1:]), len(body)][: len(found)]
    asked: list[dict[str, Any]] = []
    for heading, end in zip(found, ends, strict=True):
        question, answer = plain(heading[2]), plain(body[heading.end() : end])
        if question.endswith("?") and answer:
            asked.append(
                {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
            )
    return asked


def plain(markup: str) -> str:
    """Sanitised HTML as one line of text."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
