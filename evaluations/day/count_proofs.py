"""Notes and what was counted in, whether both agree out: events at the receiver, surveys, the ledger."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from evaluations.day.lines import Line
from evaluations.day.notes import Notes, Talk
from evaluations.day.running import Day
from evaluations.day.stored import Reading


def events(day: Day, rows: Reading) -> Iterator[Line]:
    """The receiver against the history: each event that is to be told had one effect there, in its ticket's order."""
    heard, notes = day.receiver.heard, day.notes
    stored = {
        f"evt_{id_}": (reference, what)
        for id_, reference, what in rows("SELECT id, reference, what FROM ticket_events")
    }
    told = {id_ for id_, (_, what) in stored.items() if what not in ("note", "article")}
    faults = [f"{id_} {stored[id_]} never came" for id_ in told - set(heard.effects)]
    faults += [f"{id_} was told and did not happen" for id_ in set(heard.effects) - set(stored)]
    faults += [f"{id_} came again, and otherwise" for id_ in heard.differing]
    faults += [f"{heard.forged} were not signed rightly"] * (heard.forged > 0)
    yield Line("every event had one effect at the receiver", len(told), tuple(faults))
    last: dict[str, int] = {}
    late = []
    for id_, body in heard.effects.items():
        reference = body["data"]["reference"]
        late += [id_] * (body["sequence"] < last.get(reference, 0))
        last[reference] = body["sequence"]
    yield Line("the events of each ticket came in order", len(last), tuple(late))
    kinds = Counter(body["type"] for body in heard.effects.values())
    wanted = {
        "ticket.opened": sum(len(talk.tickets) for talk in notes.talks),
        "ticket.replied": len(notes.replies),
        "ticket.solved": len(notes.solved),
        "survey.answered": sum(bool(talk.survey) for talk in notes.talks),
    }
    wrong = [
        f"{name} {kinds[name]} times, not {count}" for name, count in wanted.items() if kinds[name] != count
    ]
    yield Line("the receiver counts as the customers and agents do", sum(wanted.values()), tuple(wrong))


def surveys(notes: Notes, rows: Reading) -> Line:
    """Each that was answered is stored and counted once, as it was answered."""
    stored = Counter(
        (reference, bool(solved), satisfaction, recommendation)
        for reference, solved, satisfaction, recommendation in rows(
            "SELECT reference, solved, satisfaction, recommendation FROM surveys WHERE answered_at IS NOT NULL"
        )
    )
    said = Counter(
        (talk.survey, one.solved, one.satisfaction, one.recommendation)
        for talk in notes.talks
        if talk.survey and (one := talk.visit.survey) is not None
    )
    faults = [
        f"{key} {stored[key]} times, not {said[key]}" for key in stored | said if stored[key] != said[key]
    ]
    rated = Counter(rows("SELECT conversation_id, score FROM facts WHERE kind = 'rated'"))
    wanted = Counter(
        (talk.conversation, one.satisfaction)
        for talk in notes.talks
        if talk.survey and (one := talk.visit.survey) is not None
    )
    faults += [
        f"{key} counted {rated[key]} times, not {wanted[key]}"
        for key in rated | wanted
        if rated[key] != wanted[key]
    ]
    return Line(
        "every survey that was answered is counted once, as it was answered",
        sum(said.values()),
        tuple(faults),
    )


#: Reasons of replies in which nothing was asked.
_SMALL_TALK: Final = frozenset({"greeting", "thanks", "goodbye"})


def ledger(notes: Notes, rows: Reading) -> Line:
    """What the product counted of the day against what the customers know."""
    counted: dict[str, Any] = {}
    for (text,) in rows("SELECT counts FROM ledger_days"):
        for name, value in json.loads(text).items():
            counted[name] = _sum(counted.get(name), value)
    rated = Counter(str(t.visit.survey.satisfaction) for t in notes.talks if t.survey and t.visit.survey)
    asked = [talk for talk in notes.talks if not _only_small_talk(talk)]
    wanted: dict[str, Any] = {
        "conversations": len(asked),
        "small_talk": len(notes.talks) - len(asked),
        "answered": _with(asked, lambda reply: bool(reply["kind"] == "answer")),
        "handed_off": sum(bool(talk.tickets) for talk in asked),
        "contained": sum(not talk.tickets for talk in asked),
        "ratings": dict(rated),
    }
    faults = [
        f"{name} is {counted.get(name)}, not {value}"
        for name, value in wanted.items()
        if counted.get(name) != value
    ]
    return Line("the ledger counts as the customers do", len(wanted), tuple(faults))


def _sum(before: Any, value: Any) -> Any:
    """Counts of two days together; what is neither a number nor counts by name is not looked at."""
    if isinstance(value, dict):
        return dict(Counter(before or {}) + Counter(value))
    return (before or 0) + value if isinstance(value, int) else None


def _only_small_talk(talk: Talk) -> bool:
    return all(one.reply["reason"] in _SMALL_TALK for one in talk.sent)


def _with(talks: Iterable[Talk], true: Callable[[dict[str, Any]], bool]) -> int:
    return sum(any(true(one.reply) for one in talk.sent) for talk in talks)
