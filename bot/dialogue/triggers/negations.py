"""The places of phrases in a sentence in, for each the words that deny it out.

A phrase is denied by words that stand
- right before it ("**don't** want an agent"), or in it before what it goes on with ("take you **not** to court");
- around its verb, or at the end of its clause ("je **ne** vous poursuis **pas**", "ich verklage Sie **nicht**");
- before other words that it depends on, where somebody says what they will not do ("**no pienso** ir a juicio");
- before another phrase of its rule that it goes on from ("**pas** vous poursuivre *en justice*").
What asks is denied by words before it alone: "could not somebody help me?" wants it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.dialogue.matching import Found, Line, begins_at, ends_at, find, stands
from bot.dialogue.phrases import Phrase
from bot.dialogue.reply import Reason

#: A negation is at most this many words long, gaps included.
_LONGEST: Final = 6
#: Words at most between what somebody will not do and the phrase that it is about. Further off another wish may begin
#: without a mark: “I am not going to pay this bill see you in court”.
_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a phrase of a rule that may be denied stands."""

    rule: str
    reason: Reason
    phrase: Phrase
    found: Found


@dataclass(frozen=True, slots=True)
class Negations:
    """How people deny something in one language."""

    before: tuple[Phrase, ...]
    """Right before a phrase."""
    within: tuple[Phrase, ...]
    """Inside a phrase, right before what it goes on with."""
    around: tuple[tuple[Phrase | None, Phrase], ...]
    """Before and after a phrase or its first word; with nothing before it, after a phrase at the end of a clause."""
    refusals: tuple[Phrase, ...]
    """What somebody will not do, a few words before a phrase."""
    joints: tuple[Phrase, ...]
    """Words after which another matter begins."""
    turns: tuple[Phrase, ...]
    """Words that may take a denial back: “I do not want to sue you, **but** you leave me no choice”."""

    def of(self, line: Line, standing: Sequence[Standing]) -> tuple[Found | None, ...]:
        """What denies each phrase, in their order; None for those that nothing denies."""
        denied = [self._own(line, one) for one in standing]
        #: Of each rule the last phrase that is denied.
        last: dict[str, tuple[Found, Found]] = {}
        for place in sorted(range(len(standing)), key=lambda place: standing[place].found.first):
            one = standing[place]
            if denied[place] is None and one.rule in last:
                denied[place] = _carried(line, one.found, *last[one.rule])
            negation = denied[place]
            if negation is not None:
                last[one.rule] = one.found, negation
        return tuple(denied)

    def are_taken_back(self, line: Line) -> bool:
        """Whether a sentence has words that may take back what is denied in it or before it."""
        return any(next(find(turn, line), None) is not None for turn in self.turns)

    def _own(self, line: Line, one: Standing) -> Found | None:
        """What denies a phrase by itself."""
        before = _right_before(self.before, line, one.found.first)
        # “Do not share my number” is the very wish that the rules of privacy are about.
        if before is not None or "?" in line.mark or one.reason is Reason.PRIVACY:
            return before
        return self._inside(line, one) or self._framing(line, one) or self._refused(line, one)

    def _inside(self, line: Line, one: Standing) -> Found | None:
        first = one.found.first
        for place in range(first + 2, one.found.last):
            negation = _right_before(self.within, line, place)
            if negation is None or negation.first <= first or not _one_clause(line, first, place):
                continue
            if not _says(line, one, negation.first) and _says(line, one, place):
                return None if self._parted(line, first, place) else negation
        return None

    def _framing(self, line: Line, one: Standing) -> Found | None:
        first, last = one.found.first, one.found.last
        for before, after in self.around:
            if before is None:
                end = begins_at(after, line, last)
                if end is not None and _one_clause(line, last - 1, end.last - 1) and _closes(line, end.last):
                    return end
            elif any(_has(line, one, before, place) for place in range(first, last)):
                for place in range(first + 1, last + 1):
                    end = begins_at(after, line, place)
                    if end is not None and _one_clause(line, first, place) and not _says(line, one, place):
                        return None if self._parted(line, first, place) else end
        return None

    def _refused(self, line: Line, one: Standing) -> Found | None:
        # What is announced, and nothing else: a report is none, and “I don't want a bot give me a human” wants one.
        if one.reason is not Reason.LEGAL:
            return None
        for place in range(one.found.first, max(0, one.found.first - _REACH - 1), -1):
            refusal = _right_before(self.refusals, line, place)
            if refusal is not None and _one_clause(line, place, one.found.first):
                return None if self._parted(line, refusal.last, one.found.last) else refusal
        return None

    def _parted(self, line: Line, first: int, last: int) -> bool:
        """Whether another matter begins between two words."""
        return any(begins_at(joint, line, place) for joint in self.joints for place in range(first, last))


def _carried(line: Line, found: Found, before: Found, negation: Found) -> Found | None:
    """What denies a phrase that begins in a denied one before it, or right after that."""
    goes_on = negation.last <= found.first <= before.last
    return negation if goes_on and _one_clause(line, negation.last - 1, found.first) else None


def _right_before(negations: Sequence[Phrase], line: Line, place: int) -> Found | None:
    """The first negation that ends right before a word, in its clause."""
    for negation in negations:
        before = ends_at(negation, line, place, furthest=_LONGEST)
        if before is not None and _one_clause(line, before.last - 1, place):
            return before
    return None


def _has(line: Line, one: Standing, negation: Phrase, place: int) -> bool:
    """Whether a negation that a phrase does not need itself ends right before a word of it."""
    found = _right_before((negation,), line, place)
    return found is not None and (found.first < one.found.first or not _says(line, one, found.first))


def _says(line: Line, one: Standing, place: int) -> bool:
    """Whether a phrase needs the word there and has it in no gap: “a charge that I did **not** make” does."""
    return place < one.found.last and stands(one.phrase, line, one.found.first, barred=1 << place)


def _closes(line: Line, end: int) -> bool:
    """Whether a clause ends before a word."""
    return end == len(line.words) or not _one_clause(line, end - 1, end)


def _one_clause(line: Line, one: int, other: int) -> bool:
    return line.words[one].clause == line.words[other].clause
