"""What a customer wrote in, the line that people know the ticket by out: without greeting and name; pure."""

import re
from collections.abc import Sequence
from typing import Final

#: Characters of a subject line; more does not fit a queue's row.
SUBJECT_CHARS: Final = 120
#: A first sentence shorter than this, such as “I have a problem.”, is followed by the next one.
_ENOUGH_CHARS: Final = 40
#: Letters and digits that a sentence must have left to tell a matter.
_FEWEST_SIGNS: Final = 4

_END = re.compile(r"(?<=[.!?…。！？؟])\s+|\n+")
_SIGN = re.compile(r"[^\W_]")
_GREETING = re.compile(
    r"""(?:
      hi|hello|hey|greetings|good\s(?:morning|afternoon|evening|day)|to\swhom\sit\smay\sconcern|dear
    | hola|buen(?:os|as)\s(?:d[ií]as|tardes|noches)|buenas|saludos|estimad[oa]s?
    | hallo|moin|servus|guten\s(?:morgen|tag|abend)|grüß\sgott|sehr\sgeehrte[rn]?|liebe[rs]?
    | bonjour|bonsoir|salut|madame,?\smonsieur|ch(?:er|ère)s?
    | مرحبا|أهلا|السلام\sعليكم|تحية\sطيبة
    )\b(?:\s[\w'’-]+){0,4}?\s*(?:[,،;:!.–—]+\s*|$)""",
    re.IGNORECASE | re.VERBOSE,
)
#: Behind “I am” only what is written like a name is one.
_INTRODUCTION = re.compile(
    r"""(?:
      (?:my\s(?:full\s)?name(?:\sis|['’]s)|i\sam\scalled|me\sllamo|mi\snombre\ses
        |mein\sname\sist|ich\shei(?:ß|ss)e|je\sm['’]appelle|mon\snom\sest|اسمي)(?:\s[\w'’-]+){1,3}?
    | (?:this\sis|i\sam|i['’]m|soy|ich\sbin|je\ssuis)(?:\s(?-i:[A-ZÀ-Þ])[\w'’-]*){1,3}
    )\s*(?:[.,،;!–—]+\s*(?:(?:and|y|und|et)\s)?|\s(?:and|y|und|et)\s|\sو\s?|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_PLEASANTRY = re.compile(
    r"""(?:i\s)?hope\s(?:you|this|all)\b.*|how\sare\syou\b.*|(?:many\s)?thank(?:s|\syou)(?:\sin\sadvance)?\W*
    |espero\sque\s(?:est[eé]|todo)\b.*|ich\shoffe,?\ses\sgeht\b.*|j['’]espère\sque\svous\b.*""",
    re.IGNORECASE | re.VERBOSE,
)


def subject(messages: Sequence[str]) -> str:
    """The customer's own words, on one line: of the longest of the last three messages, since that tells the matter.

    It begins with the first sentence that neither greets nor says who writes, and is cut at `SUBJECT_CHARS`.
    """
    recent = [message.strip() for message in messages[-3:]]
    written = max(recent, key=lambda one: len(" ".join(one.split())), default="")
    words = _telling([" ".join(part.split()) for part in _END.split(written)]) or " ".join(written.split())
    return words if len(words) <= SUBJECT_CHARS else words[: SUBJECT_CHARS - 1].rstrip() + "…"


def _telling(sentences: Sequence[str]) -> str:
    """The first sentence that tells a matter, with the next ones while it is short; empty where none does."""
    told = ""
    for sentence in sentences:
        matter = sentence if told else _without_manners(sentence)
        if len(_SIGN.findall(matter)) < _FEWEST_SIGNS or _PLEASANTRY.fullmatch(matter):
            continue
        told = f"{told} {matter}".strip()
        if len(told) >= _ENOUGH_CHARS:
            break
    return told


def _without_manners(sentence: str) -> str:
    """Without a greeting and a name at its beginning."""
    left = sentence
    for manner in (_GREETING, _INTRODUCTION):
        found = manner.match(left)
        left = left[found.end() :] if found else left
    return left if left == sentence else left[:1].upper() + left[1:]
