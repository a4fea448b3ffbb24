"""`tierzero search "words"`: ranked passages with every raw score."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from bot.commands.shared import common, emit, services
from bot.ports import Published
from index.hit import Filters, Hit
from kb.article import Audience


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("words", help="what to look for")
    parser.add_argument("--k", type=int, default=10, help="how many passages (default: 10)")
    parser.add_argument("--locale", default="", help="only this language, such as en")
    parser.add_argument(
        "--audience", choices=("public", "agent"), default="public", help="agent: agents' articles too"
    )
    parser.add_argument(
        "--tag", action="append", default=[], help="only articles with this tag; may be repeated"
    )
    parser.add_argument("--product", default="", help="only articles of this product")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Searches."""
    if options.k < 1:
        raise SystemExit("tierzero search: --k must be at least 1")
    with services(options, reads_only=True) as opened:
        searcher = opened.knowledge.searcher
        filters = Filters(
            audience=options.audience,
            locales=_locales(options.locale, searcher.generation.locales()),
            tags=tuple(options.tag),
            product=options.product,
        )
        question = searcher.question(options.words, locales=filters.locales)
        found = searcher.search(question, filters, options.k)
        published = opened.shelf.published({hit.chunk.key for hit in found.hits})
    # The index may be a moment behind the database; what is not published now is not shown.
    hits = [hit for hit in found.hits if _shown(hit, published.get(hit.chunk.key), options.audience)]
    if options.json:
        emit({"query": options.words, "hits": [_described(hit) for hit in hits]})
        return 0
    if not hits:
        print("Nothing found. Check the filters, or ingest articles about it.")
    for place, hit in enumerate(hits, 1):
        scores = "  ".join(f"{name} {value:.3f}" for name, value in asdict(hit.scores).items())
        print(f"{place:2}. {hit.chunk.key}  {' › '.join((hit.chunk.title, *hit.chunk.heading_path))}")
        print(f"    score {hit.score:.3f}  {scores}")
        print(f"    {_text(hit)[:200]}")
    return 0


def _locales(wanted: str, known: Sequence[str]) -> tuple[str, ...]:
    """The locale as the index writes it: people write EN and pt_br too."""
    if not wanted:
        return ()
    folded = wanted.replace("_", "-").casefold()
    return tuple(one for one in known if one.casefold() == folded) or (wanted,)


def _shown(hit: Hit, current: Published | None, audience: str) -> bool:
    return (
        current is not None
        and current.revision == hit.chunk.revision
        and (audience == "agent" or current.audience is Audience.PUBLIC)
    )


def _text(hit: Hit) -> str:
    return " ".join(span.text for span in hit.chunk.spans)


def _described(hit: Hit) -> dict[str, object]:
    chunk = hit.chunk
    return {
        "article_id": chunk.key.id,
        "locale": chunk.key.locale,
        "title": chunk.title,
        "heading_path": chunk.heading_path,
        "anchor": chunk.anchor,
        "revision": chunk.revision,
        "start": chunk.start,
        "end": chunk.end,
        "text": _text(hit),
        "audience": hit.audience,
        "tags": hit.tags,
        "score": hit.score,
        "scores": asdict(hit.scores),
    }
