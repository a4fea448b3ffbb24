"""The sections of the right article in, how well each fits the question out: the one that answers is chosen by it."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.choices import names_heading, related, telling_words
from bot.dialogue.quoting import Matrix, named_row
from bot.dialogue.words import fold, sentences
from kb.article import Span, SpanKind

#: Weights that choose a section, chosen together on the sample questions whose article was found right (hard ones /
#: routine ones): the quote holds at least half of the right passage for .797 / .793 of them. Without the likeness of
#: the quote itself, and with weights chosen without it, for .778 / .727.
RANKED, FOCUS, SUPPORT = 0.6, 0.7, 0.8
#: What steps are worth when somebody asks how, and the row of a table whose first cell the customer names.
STEPS_WHEN_ASKED_HOW, ROW_WHEN_NAMED = 0.35, 0.4
#: What that row is worth more where the better section does not say the name: “most other countries” is no answer for
#: Germany beside Germany's own row.
ROW_WHEN_UNSAID = 0.2
#: What it is worth that the heading says a word of the question which the title does not.
HEADING_NAMED = 0.1
#: What it is worth that the title offers “reset or change” and the heading is the one that says which was asked for;
#: taken from a heading that says the other one.
ALTERNATIVE_NAMED = 0.3
#: What it costs a heading to be about “if you do not have it” where the question is not, and another heading is alike
#: but for that; and the other way round.
OPPOSITE = 0.3
#: What it costs a heading to begin where the rest of the article did not help (“If that does not help”): only who says
#: that it did not is answered with that. None of the 410 answers that the sample's questions want stands below one.
AFTERWARDS = 0.3
#: Of two headings that are alike but for a word, one is meant when a word of the question is so much more like it than
#: like the other: “remove” has .76 with “delete” and .31 with “add”. Where an English question says nothing of it, no
#: word differs by .06; in a language that the model hardly knows, by up to .23.
MEANT, MEANT_ELSEWHERE = 0.2, 0.35
_WELL_KNOWN = "en"
#: Share of their telling words that two such headings have in common at least.
_ALIKE = 0.6
#: Headings and questions whose words are remembered: each section of an article is held against all the others.
_REMEMBERED = 2048

_WORD = re.compile(r"\w+")
_NOT_ENGLISH = (
    "not",
    "no",
    "without",
    "dont",
    "doesnt",
    "cant",
    "cannot",
    "wont",
    "didnt",
    "isnt",
    "never",
    "lost",
)
_NOT_ELSEWHERE = ("nicht", "kein", "keine", "keinen", "ohne", "sin", "nunca", "pas", "sans", "jamais")
_NOT = frozenset((*_NOT_ENGLISH, *_NOT_ELSEWHERE))
#: Headings for those whom the rest of the article did not help, in en, de, es and fr; of folded words.
_AFTERWARDS = re.compile(
    r"^still\b|^(if|when) (that|this|it|the above|none|nothing) .*(help|work|fix|solve)"
    r"|^immer noch\b|^hilft (das|alles)|^(wenn|falls) (das|es|dies|alles|nichts) .*(hilft|half|klappt|reicht)"
    r"|^(si|cuando) (eso|esto|nada) .*(ayuda|funciona|sirve|basta)|^sigue (sin|igual)"
    r"|^si (cela|ca|rien) .*(aide|suffit|marche|fonctionne)|^toujours (pas|rien)"
)
#: Words of messages that say so.
_TRIED = re.compile(
    r"\b(still|tried|nothing|persists?|immer noch|weiterhin|probiert|versucht|nichts"
    r"|sigue|nada|probado|toujours|essaye|rien)\b"
)
#: “Or” and “and” in en, de, es and fr: “missing or wrong”, “Heron and Wren”.
_OR = frozenset(("or", "oder", "o", "u", "ou"))
_AND = frozenset(("and", "und", "y", "e", "et"))
_LISTED = re.compile(r"[,/]")
#: What German verbs part with: “setze mein Passwort zurück” asks for “zurücksetzen”.
_PARTED = frozenset(
    (
        "ab",
        "an",
        "auf",
        "aus",
        "bei",
        "durch",
        "ein",
        "fest",
        "frei",
        "her",
        "hin",
        "los",
        "mit",
        "vor",
        "zuruck",
    )
)


@dataclass(frozen=True, slots=True)
class Headings:
    """What stands above a section."""

    title: str
    heading: str
    """The last one of its path, or empty."""
    others: tuple[str, ...]
    """The last headings of the article's other sections."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a section fits, part by part."""

    ranked: float
    """Its best passage's ranking score."""
    focus: float
    """Likeness of its headings with the question."""
    support: float
    """Likeness of the question with what would be quoted of it."""
    steps: float
    """What its steps add where the question asks how."""
    named: float
    """What a row or heading adds that the question names."""

    @property
    def worth(self) -> float:
        """Higher is better; comparable within one article."""
        return RANKED * self.ranked + FOCUS * self.focus + SUPPORT * self.support + self.steps + self.named


def fit(
    ranked: float,
    focus: float,
    support: float,
    spans: Sequence[Span],
    above: Headings,
    question: str,
    language: str,
    *,
    asks_how: bool,
) -> Fit:
    """How well a section fits. Who asks how is answered with steps, and who names a row with that row."""
    steps = asks_how and any(span.kind is SpanKind.STEP for span in spans)
    named = ROW_WHEN_NAMED if named_row(spans, question) is not None else 0.0
    if names_heading(question, above.title, (above.heading,), language):
        named += HEADING_NAMED
    if is_opposite(question, above, language):
        named -= OPPOSITE
    if comes_afterwards(above.heading) and not _TRIED.search(_words(question)):
        named -= AFTERWARDS
    named += ALTERNATIVE_NAMED * alternative(question, above, language, steps=steps)
    return Fit(ranked, focus, support, STEPS_WHEN_ASKED_HOW if steps else 0.0, named)


def meant(first: Matrix, other: Matrix, language: str) -> int:
    """Of two headings that are alike but for a word: 1 where the question means the first, -1 the other, 0 neither.

    Each is the best cosine of each token of the question with a heading.
    """
    lead = first - other
    least = MEANT if language.split("-")[0] == _WELL_KNOWN else MEANT_ELSEWHERE
    return int(lead.max(initial=0.0) >= least) - int(lead.min(initial=0.0) <= -least)


def alternative(question: str, above: Headings, language: str, *, steps: bool = False) -> int:
    """Of a title that lists several things: 1 where the heading alone says the one asked for, -1 where another does.

    A heading that says more than that is only taken for it with `steps` that are asked for. 0 where the title lists
    nothing, or no heading tells which is meant.
    """
    joins = set(_WORD.findall(fold(above.title)))
    if not (joins & (_OR | _AND) or _LISTED.search(above.title)):
        return 0
    said = _said(question, above.title, language)
    own = _listed(above.heading, above.title, language)
    others = [_listed(other, above.title, language) for other in above.others]
    if (own & said).difference(*others):
        return int(steps or len(own) == len(telling_words(above.heading, language)))
    meant = any(
        (other & said).difference(own, *others[:at], *others[at + 1 :]) for at, other in enumerate(others)
    )
    return -int(bool(joins & _OR) and meant and bool(own - said))


def is_opposite(question: str, above: Headings, language: str) -> bool:
    """Whether another heading is like this one, and only that one agrees with the question on “not”."""
    denied = _denies(question)
    if _denies(above.heading) == denied:
        return False
    own = telling_words(above.heading, language) - _NOT
    for other in above.others:
        words = telling_words(other, language) - _NOT
        if _denies(other) == denied and len(own & words) >= _ALIKE * max(len(own | words), 1):
            return True
    return False


@lru_cache(maxsize=_REMEMBERED)
def comes_afterwards(heading: str) -> bool:
    """Whether a heading is for those whom what stands before it did not help."""
    return _AFTERWARDS.search(_words(heading)) is not None


def _words(text: str) -> str:
    """The folded words of a text, one blank between."""
    return " ".join(_WORD.findall(fold(text.replace("'", " "))))


@lru_cache(maxsize=_REMEMBERED)
def _denies(text: str) -> bool:
    return not _NOT.isdisjoint(_WORD.findall(fold(text.replace("'", "").replace("’", ""))))


@lru_cache(maxsize=_REMEMBERED)
def _listed(heading: str, title: str, language: str) -> frozenset[str]:
    """The words of the title that a heading says in some form."""
    return _in_some_form(telling_words(title, language), telling_words(heading, language))


@lru_cache(maxsize=_REMEMBERED)
def _said(question: str, title: str, language: str) -> frozenset[str]:
    """The words of the title that a question says in some form."""
    asked = telling_words(question, language) | _joined(question, language)
    return _in_some_form(telling_words(title, language), asked)


def _in_some_form(words: Set[str], said: Set[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(related(word, own) for own in said))


def _joined(question: str, language: str) -> set[str]:
    """German verbs whose parts stand apart, joined as titles have them."""
    if language.split("-")[0] != "de":
        return set()
    runs = ([word.text for word in sentence.words] for sentence in sentences(question))
    return {run[-1] + word for run in runs if run[-1] in _PARTED for word in run[:-1]}
