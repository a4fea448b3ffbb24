"""A rule file in, compiled rules out."""

from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.matching import Found, Index, Line, Reader, find
from bot.dialogue.phrases import Phrase, PhraseBook, PhraseInvalid
from bot.dialogue.reply import Reason
from bot.dialogue.triggers.negations import Negations, Standing
from bot.dialogue.triggers.reasons import PRIORITIES

#: Reasons that a customer's own words can give; the others come from what we know of ourselves.
TRIGGERED = (
    Reason.DANGER,
    Reason.SECURITY,
    Reason.LEGAL,
    Reason.PRIVACY,
    Reason.PAYMENT_DISPUTE,
    Reason.ABUSE,
    Reason.PERSON,
    Reason.UPSET,
)


#: What a rule file says of negations, as `bot.dialogue.triggers.negations` has them.
_NEGATIONS = ("negations", "within", "around", "refusals", "joints", "turns")
#: Stands for the phrase in what stands around it.
_PHRASE = "_"


@dataclass(frozen=True, slots=True)
class Rule:
    """When to bring in a person, as one entry of a rule file."""

    name: str
    """`reason/what-it-is-about`, unique in its language."""
    reason: Reason
    language: str
    says: str
    """What it means when the rule fires, for the people who read the ticket."""
    when: tuple[Phrase, ...]
    """Any of these fires the rule."""
    likely: tuple[Phrase, ...]
    """Any of these fires it too, but for the meaning to agree with: about as often they only mention it."""
    unless: tuple[Phrase, ...]
    """Any of these in the same sentence keeps it from firing."""
    negatable: bool
    """Whether a negation right before the phrase keeps it from firing."""
    loud: bool
    """Fires only where the message shouts (capitals, several exclamation marks)."""
    priority: str
    """Other than the reason's, or empty."""
    queue: str
    """Other than the reason's, or empty."""
    sentence: str
    """Other than the reason's, or empty."""


@dataclass(frozen=True, slots=True)
class Stands:
    """A place where a phrase of a rule stands in a sentence."""

    rule: Rule
    found: Found
    denial: Found | None
    """What denies it there."""
    sure: bool
    """Whether the phrase is one of those that fire the rule for sure."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules of one language, and the reader that knows their words."""

    language: str
    rules: tuple[Rule, ...]
    negations: Negations
    doubts: tuple[Phrase, ...]
    """Where one of these stands in a message, no rule is sure of it but those of danger."""
    reader: Reader
    index: Index
    """Over the phrases of all rules, in order."""
    owners: tuple[Rule, ...]
    """The rule that each phrase of the index belongs to."""
    likely: frozenset[int]
    """Which phrases of the index are only likely."""

    def standing(self, line: Line) -> list[Stands]:
        """Each place where a phrase of a rule stands in a sentence, and what denies it there."""
        places = list(self.index.find(line))
        found = [(self.owners[position], self.index[position], place) for position, place in places]
        deniable = [
            Standing(rule.name, rule.reason, phrase, place) for rule, phrase, place in found if rule.negatable
        ]
        denials = iter(self.negations.of(line, deniable))
        return [
            Stands(rule, place, next(denials) if rule.negatable else None, position not in self.likely)
            for (position, place), (rule, _, _) in zip(places, found, strict=True)
        ]

    def doubts_in(self, line: Line) -> bool:
        """Whether a sentence says what is over, supposed, or somebody else's matter."""
        return any(next(find(doubt, line), None) is not None for doubt in self.doubts)


def load(file: Path) -> RuleFile:
    """Read and check one file. Raises `bot.errors.SettingsInvalid` naming the file and the rule."""
    top = MappingReader(file, "the file", read_yaml(file))
    top.only("language", "fillers", "spellings", "known", "masked", "lists", *_NEGATIONS, "doubts", "rules")
    language = top.text("language")
    if language != file.stem:
        top.refuse(f"the rules of “{language}” must be in {language}.yaml")
    book = _book(file, top)
    negations = _negations(file, book, top)
    doubts = _compile(book, MappingReader(file, "doubts", {"doubts": top.lines("doubts")}), "doubts")
    rules: dict[str, Rule] = {}
    for position, fields in enumerate(top.parts("rules"), start=1):
        rule = _rule(file, position, fields, language, book)
        if rule.name in rules:
            top.refuse(f"two rules are called “{rule.name}”")
        rules[rule.name] = rule
    reader = Reader(book, top.folded("known"), top.texts("spellings"), top.folded("masked"))
    owned = [(rule, phrase) for rule in rules.values() for phrase in (*rule.when, *rule.likely)]
    sure = [
        number < len(rule.when) for rule in rules.values() for number in range(len(rule.when + rule.likely))
    ]
    return RuleFile(
        language=language,
        rules=tuple(rules.values()),
        negations=negations,
        doubts=doubts,
        reader=reader,
        index=Index([phrase for _, phrase in owned]),
        owners=tuple(rule for rule, _ in owned),
        likely=frozenset(position for position, is_sure in enumerate(sure) if not is_sure),
    )


def _book(file: Path, top: MappingReader) -> PhraseBook:
    try:
        return PhraseBook(top.texts("lists"), top.words("fillers"))
    except PhraseInvalid as exc:
        MappingReader(file, "lists", {}).refuse(str(exc))


def _rule(file: Path, position: int, fields: object, language: str, book: PhraseBook) -> Rule:
    name = MappingReader(file, f"rule {position}", fields).text("name")
    reader = MappingReader(file, f"rule “{name}”", fields)
    reader.only(
        "name", "says", "when", "likely", "unless", "negatable", "loud", "priority", "queue", "sentence"
    )
    reason = reader.choice_of(name.partition("/")[0], TRIGGERED)
    if not name.partition("/")[2]:
        reader.refuse("a name is a reason, a slash and a few words, such as person/ask-for-human")
    when, likely = _compile(book, reader, "when"), _compile(book, reader, "likely")
    if not when and not likely:
        reader.refuse("“when” or “likely” needs at least one phrase")
    if likely and reason == Reason.DANGER:
        reader.refuse("danger has no “likely”: it is never explained away")
    priority = reader.text("priority", "")
    return Rule(
        name=name,
        reason=Reason(reason),
        language=language,
        says=reader.text("says"),
        when=when,
        likely=likely,
        unless=_compile(book, reader, "unless"),
        negatable=reader.flag("negatable", True),
        loud=reader.flag("loud", False),
        priority=reader.choice_of(priority, PRIORITIES) if priority else "",
        queue=reader.text("queue", ""),
        sentence=reader.text("sentence", ""),
    )


def _negations(file: Path, book: PhraseBook, top: MappingReader) -> Negations:
    parts = {name: MappingReader(file, name, {name: top.lines(name)}) for name in _NEGATIONS}
    around = []
    for line in top.lines("around"):
        before, mark, after = line.partition(_PHRASE)
        if not mark:
            parts["around"].refuse(f"“{line}” lacks the {_PHRASE} that stands for the phrase")
        first = _phrase(book, parts["around"], before) if before.strip() else None
        around.append((first, _phrase(book, parts["around"], after)))
    return Negations(
        before=_compile(book, parts["negations"], "negations"),
        within=_compile(book, parts["within"], "within"),
        around=tuple(around),
        refusals=_compile(book, parts["refusals"], "refusals"),
        joints=_compile(book, parts["joints"], "joints"),
        turns=_compile(book, parts["turns"], "turns"),
    )


def _compile(book: PhraseBook, reader: MappingReader, name: str) -> tuple[Phrase, ...]:
    return tuple(_phrase(book, reader, line) for line in reader.lines(name))


def _phrase(book: PhraseBook, reader: MappingReader, line: str) -> Phrase:
    try:
        return book.compile(line)
    except PhraseInvalid as exc:
        reader.refuse(str(exc))
