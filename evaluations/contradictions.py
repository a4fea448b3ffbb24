"""Pairs of sentences that contradict or do not in, what of them is reported out; or what is reported of articles.

`python -m evaluations.contradictions [DIR…]`: without a folder the labelled pairs of `datasets/contradictions`.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.insights.article_health import statements_of
from bot.ledger.intervals import share
from bot.settings import SHIPPED_LOCALES
from bot.upkeep.pairs import Contradiction, Statement, contradictions
from evaluations.proportions import shown
from index.words import Analyzer
from kb.article import ArticleKey
from kb.errors import ArticleRejected
from kb.markdown import parse
from kb.sources.folder import SourceFile, walk

PAIRS: Final = Path(__file__).parent / "datasets" / "contradictions" / "pairs.jsonl"
#: Every second pair was looked at while rules were written; the others were only counted.
HALVES: Final = {"looked at": 0, "held out": 1}


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled pair and what was reported of it."""

    place: int
    kind: str
    """`number`, `date` or `negation`; empty for two sentences that may both be true."""
    reported: str
    """The question that would be put, or empty."""
    first: str
    second: str


def judge(pairs: Sequence[Mapping[str, Any]]) -> tuple[list[Judged], int]:
    """What is reported of each pair, all sentences of a language standing beside each other as in one knowledge base.

    Gives the number of reports, too, that hold sentences of two pairs against each other: each of these is wrong.
    """
    of: dict[str, list[Statement]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        for side in "ab":
            told = pair[side]
            key = ArticleKey(f"{place}{side}", pair.get("language", "en"))
            of[key.locale].append(Statement(key, told.get("title", ""), "", told["text"]))
    reported: dict[int, str] = {}
    others = 0
    for locale, statements in of.items():
        for one in found(statements, locale):
            first, second = one.first.key.id[:-1], one.second.key.id[:-1]
            if first == second:
                reported[int(first)] = one.question
            else:
                others += 1
    judged = [
        Judged(place, pair["contradicts"], reported.get(place, ""), pair["a"]["text"], pair["b"]["text"])
        for place, pair in enumerate(pairs)
    ]
    return judged, others


def found(statements: Sequence[Statement], locale: str) -> tuple[Contradiction, ...]:
    """What is reported of sentences of one language."""
    analyzer = Analyzer()
    return contradictions(statements, locale, lambda text: analyzer.terms(text, locale))


def of_folder(folder: Path) -> tuple[int, list[Contradiction]]:
    """How many articles a folder has, and what is reported of them."""
    of: dict[str, list[Statement]] = defaultdict(list)
    articles = 0
    for one in walk(folder):
        if not isinstance(one, SourceFile):
            continue
        try:
            article = parse(
                one.content.decode(), one.path, default_locale="en", locales=frozenset(SHIPPED_LOCALES)
            )
        except ArticleRejected:
            continue
        articles += 1
        of[article.key.locale] += statements_of(article.key, article)
    return articles, [each for locale, said in sorted(of.items()) for each in found(said, locale)]


def tell(judged: Sequence[Judged], others: int) -> str:
    """Precision and recall as lines."""
    lines = []
    for name, half in HALVES.items():
        own = [one for one in judged if one.place % 2 == half]
        true, said = [one for one in own if one.kind], [one for one in own if one.reported]
        right = sum(bool(one.kind) for one in said)
        lines.append(
            f"{name}: precision {shown(share(right, len(said)))}, recall {shown(share(right, len(true)))}"
        )
        for kind in ("number", "date", "negation"):
            of_kind = [one for one in true if one.kind == kind]
            lines.append(f"  {kind}: {sum(bool(one.reported) for one in of_kind)} of {len(of_kind)}")
    lines.append(f"sentences of different pairs held against each other: {others}")
    return "\n".join(lines)


def main(folders: Sequence[str]) -> None:
    """Prints figures, and the mistakes of the half that may be looked at."""
    if not folders:
        pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
        judged, others = judge(pairs)
        for one in judged:
            if bool(one.kind) != bool(one.reported) and one.place % 2 == HALVES["looked at"]:
                sys.stdout.write(
                    f"{one.kind or 'none'}: {one.reported or '-'}\n  {one.first}\n  {one.second}\n"
                )
        sys.stdout.write(f"{tell(judged, others)}\n")
    for folder in folders:
        articles, said = of_folder(Path(folder))
        sys.stdout.write(f"{folder}: {articles} articles, {len(said)} pairs\n")
        for each in said:
            sys.stdout.write(
                f"  {each.question}\n"
                f"    {each.first.key} {each.first.heading}: {each.first.text}\n"
                f"    {each.second.key} {each.second.heading}: {each.second.text}\n"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
