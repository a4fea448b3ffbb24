"""An article's text in, the steps of its first numbered list out, each with the place on a page where it is done."""

from dataclasses import dataclass
from itertools import zip_longest

from kb.article import Span, SpanKind
from kb.markdown.frontmatter import read_front_matter
from kb.markdown.parsing import parse


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    text: str
    at: str
    """CSS selector of the place, from `walkthrough` of the front matter; empty where the article names none."""


def steps(source: str) -> tuple[Step, ...]:
    """Empty where no numbered list has two steps. Raises `ArticleRejected` for what is no article."""
    article = parse(source, "article.md", locales=frozenset())
    groups: dict[int, dict[int, list[Span]]] = {}
    for section in article.sections:
        for span in section.spans:
            if span.kind is SpanKind.STEP:
                groups.setdefault(span.group, {}).setdefault(span.block, []).append(span)
    first = next((blocks for blocks in groups.values() if len(blocks) > 1), {})
    texts = [" ".join(span.text for span in spans) for spans in first.values()]
    places = read_front_matter(source).walkthrough[: len(texts)]
    return tuple(Step(text, at) for text, at in zip_longest(texts, places, fillvalue=""))
