"""Ranked passages in, the same out: of those that fit about equally, one about the page's own product goes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.dialogue.whereabouts import Whereabouts
from bot.knowledge.once import OncePerGeneration
from index.facets import ArticleFacts
from index.generation import Generation
from index.searcher import Found

#: An article about what the page is about goes before a better one when its ranking score is at least this share of
#: that one's. Of 73 questions of the sample that are answered from the right article, a page about something else
#: costs 2 at .93, 1 at .95 and 4 at .9: the words of the customer tell more than the page they happen to be on.
LEAN: Final = 0.93


@dataclass(frozen=True, slots=True)
class _Known:
    """Words that stand for articles, in small letters."""

    products: frozenset[str]
    subjects: frozenset[str]


class Leaning:
    """Knows the products, tags and categories of a knowledge base. Reads one generation's articles once."""

    def __init__(self) -> None:
        self._known = OncePerGeneration(_known)

    def fitting(self, found: Found, places: Sequence[int], where: Whereabouts) -> list[int]:
        """All of `places`, best first. Values that no article has change nothing."""
        known = self._known.of(found.generation)
        product = where.product.casefold()
        product = product if product in known.products else ""
        subjects = {said.casefold() for said in (where.plan, where.page)} & known.subjects
        if not product and not subjects:
            return list(places)

        def worth(place: int) -> float:
            score, facts = found.hits[place].score, found.generation.facts(found.positions[place])
            meant = product in _products(facts) or bool(subjects & _subjects(facts))
            return score / LEAN if meant and score > 0 else score

        return sorted(places, key=lambda place: -worth(place))


def _known(generation: Generation) -> _Known:
    products: set[str] = set()
    subjects: set[str] = set()
    for facts in generation.articles:
        products |= _products(facts)
        subjects |= _subjects(facts)
    return _Known(frozenset(products - {""}), frozenset(subjects - {""}))


def _products(facts: ArticleFacts) -> set[str]:
    return {one.strip() for one in facts.product.casefold().split(",")}


def _subjects(facts: ArticleFacts) -> set[str]:
    """Tags, the category, and the article itself."""
    article = facts.key.id.casefold()
    return {*(tag.casefold() for tag in facts.tags), article.partition("/")[0], article}
