"""A place where a phrase of a rule stands in, why the rule does not fire there out."""

from bot.dialogue.matching import Found, Line, find
from bot.dialogue.triggers.rules import Rule

#: A message shouts when it has this many capital letters and hardly any small ones, and marks to go with it.
_SHOUTED_LETTERS = 8
_SHOUTED_SHARE = 0.7
_SHOUTED_MARKS = "!!"


def held_back(rule: Rule, negation: Found | None, line: Line, found: Found, loud: bool, text: str) -> str:
    """Why a rule does not fire although its phrase stands there; empty if it does."""
    if rule.loud and not loud:
        return "it fires only where the message shouts"
    if negation is not None:
        where = _where(negation, found)
        return f"negated: “{typed(text, line, negation)}” stands {where} it"
    for guard in rule.unless:
        spared = next(find(guard, line), None)
        if spared is not None:
            return f"spared: “{typed(text, line, spared)}” ({guard.text})"
    return ""


def _where(negation: Found, found: Found) -> str:
    if negation.last <= found.first:
        return "before"
    return "in" if negation.first < found.last else "after"


def typed(text: str, line: Line, found: Found) -> str:
    """The words of a place in a sentence, as they stand in the message."""
    return text[line.words[found.first].start : line.words[found.last - 1].end]


def shouts(text: str) -> bool:
    """Whether a message is in capitals, with marks to go with them."""
    # Few messages have such marks; the letters of the others need no counting.
    if _SHOUTED_MARKS not in text:
        return False
    capitals = sum(letter.isupper() for letter in text)
    letters = sum(letter.isalpha() for letter in text)
    return capitals >= _SHOUTED_LETTERS and capitals >= _SHOUTED_SHARE * letters
