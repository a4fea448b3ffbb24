"""Hits in, what else the customer may mean out: articles that fit about equally, and what they chose of those; pure."""

from collections.abc import Iterable, Sequence

from bot.dialogue.choices import related, same_choice, telling_words
from index.generation import ArticleFacts
from index.hit import Hit

#: Choices of one question back.
MOST_CHOICES = 3
#: Likeness of question and title, -1..1, below which a title is not offered: a customer sees the title alone, and
#: “Someone else is using my account” is no sensible reply to “what are your opening hours”. Of the 61 right ones among
#: 184 titles offered to the sample's questions none is below it; from .15 on right ones are.
TITLE_APART = 0.1
#: Words of a message that names a subject and asks nothing: “cancel”, “my invoice”.
_SUBJECT_WORDS = 2


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
    fit = [hit for hit in (first, *near) if hit.scores.title >= TITLE_APART]
    titles = list(dict.fromkeys(hit.chunk.title for hit in fit))
    return tuple(titles[:MOST_CHOICES]) if len(titles) > 1 else ()


def of_one_subject(question: str, titles: Sequence[str], language: str) -> tuple[str, ...]:
    """The first title and the others that name all that a message says, where it names a subject and asks nothing.

    Who writes “cancel” wants one of the things that can be cancelled. Empty where no other title names it.
    """
    said = telling_words(question, language)
    if len(said) != 1 or len(question.split()) > _SUBJECT_WORDS:
        return ()
    (subject,) = said
    naming = [
        title for title in titles if any(related(subject, word) for word in telling_words(title, language))
    ]
    return tuple(naming) if len(naming) > 1 and naming[0] == titles[0] else ()


def titles_in(
    articles: Iterable[ArticleFacts], hits: Sequence[Hit], titles: Sequence[str], language: str
) -> tuple[str, ...]:
    """Titles of hits, those of articles that are there in `language` too by the titles that they have there."""
    ids = {hit.chunk.title: hit.chunk.key.id for hit in hits}
    wanted = {ids[title] for title in titles if title in ids}
    own = {
        facts.key.id: facts.title
        for facts in articles
        if facts.key.locale == language and facts.key.id in wanted
    }
    return tuple(own.get(ids.get(title, ""), title) for title in titles)
