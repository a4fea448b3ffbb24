"""Hits in, what else the customer may mean out: articles that fit about equally, and what they chose of those; pure."""

from collections.abc import Sequence

from bot.dialogue.choices import same_choice
from index.generation import ArticleFacts
from index.hit import Hit

#: Choices of one question back.
MOST_CHOICES = 3


def titled(articles: Sequence[ArticleFacts], title: str, locale: str) -> tuple[str, ...]:
    """Ids of the articles of a locale with a title."""
    wanted = " ".join(title.split()).casefold()
    return tuple(
        facts.key.id
        for facts in articles
        if facts.key.locale == locale and " ".join(facts.title.split()).casefold() == wanted
    )


def headed(hits: Sequence[Hit], places: Sequence[int], heading: str) -> list[int]:
    """Those of `places` whose last heading is the one chosen."""
    return [
        place
        for place in places
        if hits[place].chunk.heading_path and same_choice(heading, hits[place].chunk.heading_path[-1:])
    ]


def near(hits: Sequence[Hit], share: float) -> list[Hit]:
    """The best passage of each other article whose score is at least this share of the first hit's."""
    first, least = hits[0].chunk.key, share * hits[0].score
    best: dict[object, Hit] = {}
    for hit in hits[1:]:
        if hit.score >= least and hit.chunk.key != first:
            best.setdefault(hit.chunk.key, hit)
    return list(best.values())


def choices(first: Hit, near: Sequence[Hit]) -> tuple[str, ...]:
    """Titles to choose from; none where they say the same, since a choice between equals helps nobody."""
    titles = list(dict.fromkeys([first.chunk.title, *(hit.chunk.title for hit in near)]))
    return tuple(titles[:MOST_CHOICES]) if len(titles) > 1 else ()
