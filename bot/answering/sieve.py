"""Ranked hits in, those that fit what the customer named out: no answer about the machine they do not have."""

from collections.abc import Sequence

from bot.dialogue.choices import already_said, is_copy, undecided
from bot.dialogue.names import Name, Names, Titled
from bot.knowledge.once import OncePerGeneration
from index.generation import Generation
from index.hit import Hit
from index.searcher import Found
from kb.article import Audience

#: An article whose title differs from the best one's in an unsaid name may well be meant when its ranking score is at
#: least this share of the best one's. Only the customer knows.
RIVAL = 0.8


class Sieve:
    """Knows the names that a knowledge base tells apart. Reads one generation's titles once."""

    def __init__(self) -> None:
        self._names = OncePerGeneration(_names)

    def names(self, generation: Generation) -> Names:
        """The names of the articles for customers."""
        return self._names.of(generation)

    def fitting(self, found: Found, places: Sequence[int], said: Sequence[str], language: str) -> list[int]:
        """Those of `places` that are not about a rival of what the customer named, best first.

        What was named in an earlier message counts too, as long as an article about it fits about as well.
        """
        names = self.names(found.generation)
        meant = names.said(found.query.text)
        if meant:
            return [place for place in places if not self._rules_out(names, meant, found, place)]
        carried = next((earlier for earlier in map(names.said, said) if earlier), frozenset())
        # As a rule nothing was named before, and nothing is ruled out then.
        kept = [place for place in places if not carried or not self._rules_out(names, carried, found, place)]
        if not kept or found.hits[kept[0]].score < RIVAL * found.hits[places[0]].score:
            kept = list(places)
        return _as_said_before(found, kept, said, language)

    def rivals(
        self,
        found: Found,
        first: Hit,
        near: Sequence[Hit],
        wider: Sequence[Hit],
        said: Sequence[str],
        language: str,
    ) -> tuple[str, ...]:
        """Titles to choose from, the first hit's first: they differ in a name that the customer did not say.

        `near` fits about as well as the first hit, `wider` somewhat less.
        """
        names = self.names(found.generation)
        spoken = "\n".join((found.query.text, *said))
        titles = [first.chunk.title, *(hit.chunk.title for hit in wider)]
        if (apart := undecided(spoken, titles, language)) or names.said(spoken):
            return apart
        own = _about(found, first)
        others = [hit.chunk.title for hit in near if names.differ(own, _about(found, hit))]
        return tuple(dict.fromkeys((first.chunk.title, *others))) if others else ()

    def names_something(self, found: Found) -> bool:
        """Whether the question names one of several things that are told apart."""
        return bool(self.names(found.generation).said(found.query.text))

    def is_copy(self, found: Found, first: Hit, other: Hit) -> bool:
        """Whether two passages say the same about the same thing."""
        titles = (first.chunk.title, other.chunk.title)
        if undecided("", titles, first.chunk.key.locale) or not is_copy(_text(first), _text(other)):
            return False
        return not self.names(found.generation).differ(_about(found, first), _about(found, other))

    @staticmethod
    def _rules_out(names: Names, meant: frozenset[Name], found: Found, place: int) -> bool:
        hit = found.hits[place]
        headings = " ".join(hit.chunk.heading_path)
        # A section named for a machine is about that one, whatever else its article is about.
        head = next((head for head in (headings, _about_at(found, place)) if names.said(head)), "")
        return names.rules_out(meant, head, _text(hit))


def _names(generation: Generation) -> Names:
    return Names.read(
        Titled(facts.title, facts.key.locale, facts.product)
        for facts in generation.articles
        if facts.audience == Audience.PUBLIC
    )


def _as_said_before(found: Found, places: Sequence[int], said: Sequence[str], language: str) -> list[int]:
    """The places without the first article where an earlier message said that its rival is meant."""
    if not places or not said:
        return list(places)
    first = found.hits[places[0]]
    for place in places:
        other = found.hits[place]
        if other.score < RIVAL * first.score:
            break
        if already_said(found.query.text, said, other.chunk.title, first.chunk.title, language):
            return [one for one in places if found.hits[one].chunk.key != first.chunk.key]
    return list(places)


def _about(found: Found, hit: Hit) -> str:
    """The title with the products of a hit's article."""
    return _about_at(found, next(place for place, one in enumerate(found.hits) if one is hit))


def _about_at(found: Found, place: int) -> str:
    return f"{found.hits[place].chunk.title}\n{found.generation.facts(found.positions[place]).product}"


def _text(hit: Hit) -> str:
    return "\n".join(span.text for span in hit.chunk.spans)
