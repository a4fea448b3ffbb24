"""Everybody's notes and the database of a day in, what must be true of them out: one line each, with its figures."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from evaluations.day.notes import Notes, Talk
from evaluations.day.running import Day
from evaluations.day.stored import Reading, moment, reading

#: Faults of one kind that a line names.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """Something that must be true of the day."""

    title: str
    of: int
    """How many things it was looked at for."""
    faults: tuple[str, ...]
    """Those for which it is not true."""

    @property
    def holds(self) -> bool:
        """Whether it is true of all of them, and there are any."""
        return not self.faults and self.of > 0

    @property
    def told(self) -> str:
        """As it is printed."""
        named = "; ".join(self.faults[:_NAMED])
        return f"{'holds' if self.holds else 'BROKEN'}  {self.title}: {self.of}" + (
            f", {len(self.faults)} not: {named}" if self.faults else ""
        )


def proofs(day: Day) -> list[Line]:
    """All of them."""
    notes = day.notes
    with reading(day.house.url) as rows:
        return [
            Line("no customer or agent met with the unexpected", len(notes.talks), tuple(notes.problems)),
            _messages(notes, rows),
            _orders(notes, rows),
            _answers(notes, rows),
            _replies(notes, rows),
            _heard(notes, rows),
            _notes_of_colleagues(notes, rows),
            _tickets(notes, rows),
            _timers_done(day, rows),
            *_timers_once(rows),
            _left_to_breach(day, rows),
            _outbox(rows),
            *_events(day, rows),
            _surveys(notes, rows),
            _ledger(notes, rows),
            Line("the product's own checks are content", len(day.commands), tuple(_said(day))),
        ]


def _said(day: Day) -> Iterator[str]:
    return (f"{name}: {text}" for name, text in day.commands.items() if text)


def _messages(notes: Notes, rows: Reading) -> Line:
    """Each that was acknowledged is there once, in its conversation; and there is none that nobody sent."""
    stored = Counter(rows("SELECT conversation_id, client_id FROM messages WHERE role = 'customer'"))
    sent = {(talk.conversation, one.client_id) for talk in notes.talks for one in talk.sent}
    faults = [f"{key} is there {stored[key]} times" for key in sent if stored[key] != 1]
    faults += [f"{key} was sent by nobody" for key in stored if key not in sent]
    return Line(
        "every message of a customer is stored once, and none that nobody sent", len(sent), tuple(faults)
    )


def _orders(notes: Notes, rows: Reading) -> Line:
    """Places have no gap, and a customer's messages stand in the order in which they were sent."""
    order: dict[str, list[str]] = {}
    places: dict[str, list[int]] = {}
    for conversation, seq, role, client_id in rows(
        "SELECT conversation_id, seq, role, client_id FROM messages ORDER BY conversation_id, seq"
    ):
        places.setdefault(conversation, []).append(seq)
        if role == "customer":
            order.setdefault(conversation, []).append(client_id)
    counts = dict(rows("SELECT id, message_count FROM conversations"))
    faults = [f"{one} has gaps" for one, found in places.items() if found != list(range(counts[one]))]
    faults += [
        f"customer {talk.visit.number} is out of order"
        for talk in notes.talks
        if order.get(talk.conversation) != [one.client_id for one in talk.sent]
    ]
    faults += [f"{one} is nobody's" for one in counts if one not in notes.talk_of()]
    return Line("every conversation is whole and in order", len(counts), tuple(faults))


def _answers(notes: Notes, rows: Reading) -> Line:
    """What a customer was answered stands right behind what they said."""
    found = {
        (conversation, id_): (seq, role)
        for conversation, seq, id_, role in rows("SELECT conversation_id, seq, id, role FROM messages")
    }
    asked = dict(rows("SELECT client_id, seq FROM messages WHERE role = 'customer'"))
    faults, count = [], 0
    for talk in notes.talks:
        for one in talk.sent:
            if not one.reply["text"]:
                continue  # people have the conversation: nothing is answered by itself
            count += 1
            seq, role = found.get((talk.conversation, one.reply["message_id"]), (-1, ""))
            if role not in ("bot", "system") or seq <= asked.get(one.client_id, 10**9):
                faults.append(f"the answer to {one.client_id} is not behind it")
    return Line("every answer that was read is stored behind its question", count, tuple(faults))


def _replies(notes: Notes, rows: Reading) -> Line:
    stored = Counter(rows("SELECT conversation_id, client_id, text FROM messages WHERE role = 'agent'"))
    sent = {(one.conversation, one.client_id, one.text) for one in notes.replies}
    faults = [f"{key[1]} is there {stored[key]} times" for key in sent if stored[key] != 1]
    faults += [f"{key[1]} was sent by nobody" for key in stored if key not in sent]
    return Line("every reply of an agent is stored once, and none that nobody sent", len(sent), tuple(faults))


def _heard(notes: Notes, rows: Reading) -> Line:
    stored = {(one, seq): id_ for one, seq, id_ in rows("SELECT conversation_id, seq, id FROM messages")}
    chats = [talk for talk in notes.talks if talk.heard]
    faults = [f"customer {talk.visit.number} had {talk.twice} messages twice" for talk in chats if talk.twice]
    for talk in chats:
        if sorted(talk.heard) != list(range(len(talk.heard))):
            faults.append(f"customer {talk.visit.number} missed a message in the chat")
        if any(stored.get((talk.conversation, seq)) != id_ for seq, id_ in talk.heard.items()):
            faults.append(f"customer {talk.visit.number} read what is not stored there")
    return Line("every live chat came whole, in order and once", len(chats), tuple(faults))


def _notes_of_colleagues(notes: Notes, rows: Reading) -> Line:
    stored = Counter(rows("SELECT reference, after FROM ticket_events WHERE what = 'note'"))
    faults = [f"{note} is there {stored[note]} times" for note in notes.notes if stored[note] != 1]
    faults += [f"{note} was written by nobody" for note in stored if note not in set(notes.notes)]
    return Line("every note is in its ticket's history once", len(notes.notes), tuple(faults))


def _tickets(notes: Notes, rows: Reading) -> Line:
    """What customers were told is just what there is: a ticket for each hand-off, in its own conversation."""
    stored = dict(rows("SELECT reference, conversation_id FROM tickets"))
    told = {reference: talk.conversation for talk in notes.talks for reference in talk.tickets}
    faults = [f"{one} was told and is not there" for one in told if one not in stored]
    faults += [f"{one} was told to nobody" for one in stored if one not in told]
    faults += [f"{one} is another conversation's" for one in told if stored.get(one, told[one]) != told[one]]
    opened = Counter(one for (one,) in rows("SELECT reference FROM ticket_events WHERE what = 'opened'"))
    faults += [f"{one} was opened {opened[one]} times" for one in stored if opened[one] != 1]
    faults += [
        f"customer {talk.visit.number} was handed off and has no ticket"
        for talk in notes.talks
        if any(one.reply["kind"] == "handoff" for one in talk.sent) and not talk.tickets
    ]
    return Line("every hand-off has one ticket, every ticket its conversation", len(stored), tuple(faults))


def _timers_done(day: Day, rows: Reading) -> Line:
    found = rows("SELECT name, due_at, fired_at, problem FROM timers")
    late = [name for name, due, fired, _ in found if fired is None and moment(due) < day.ended]
    early = [name for name, due, fired, _ in found if fired is not None and moment(fired) < moment(due)]
    faults = [f"{name} is due and has not fired" for name in late]
    faults += [f"{name} fired before its time" for name in early]
    faults += [f"{name} has a problem: {problem}" for name, _, fired, problem in found if fired and problem]
    fired_ones = sum(fired is not None for _, _, fired, _ in found)
    return Line("every timer that was due has fired, none before its time", fired_ones, tuple(faults))


#: What a kind of timer writes into the history, and by whom.
_WRITES: Final = {
    "warn": "SELECT reference, after FROM ticket_events WHERE what = 'warned'",
    "breach": "SELECT reference, after FROM ticket_events WHERE what = 'breached'",
    "escalate": "SELECT reference, before FROM ticket_events WHERE what = 'escalated' AND who = 'clock'",
    "route": "SELECT reference, '' FROM ticket_events WHERE what = 'assignee' AND who = 'routing'",
}


def _timers_once(rows: Reading) -> Iterator[Line]:
    """An effect for each firing at most: a second one would be one more than there were timers of that name."""
    for kind, query in _WRITES.items():
        detail = "''" if kind == "route" else "detail"
        fired = Counter(
            rows(f"SELECT subject, {detail} FROM timers WHERE kind = '{kind}' AND fired_at IS NOT NULL")  # noqa: S608
        )
        written = Counter(rows(query))
        faults = [
            f"{key} {written[key]} times by {fired[key]} timers"
            for key in written
            if written[key] > fired[key]
        ]
        yield Line(f"no timer of the kind {kind} had its effect twice", sum(written.values()), tuple(faults))


def _left_to_breach(day: Day, rows: Reading) -> Line:
    """Tickets that nobody of the team touched: each clock that ran out is in the history, once."""
    touched = {
        one for (one,) in rows("SELECT DISTINCT reference FROM ticket_events WHERE who LIKE 'account:%'")
    }
    breached = Counter(rows("SELECT reference, after FROM ticket_events WHERE what = 'breached'"))
    faults, count = [], 0
    for reference, response, resolution in rows(
        "SELECT reference, first_response_due, resolution_due FROM tickets WHERE status IN ('new', 'open')"
    ):
        if reference in touched:
            continue
        for clock, at in (("first response", response), ("resolution", resolution)):
            if moment(at) < day.ended:
                count += 1
                found = breached[reference, clock]
                if found != 1:
                    faults.append(f"{clock} of {reference} ran out {found} times")
    return Line("every clock that ran out on a ticket left alone is told once", count, tuple(faults))


def _outbox(rows: Reading) -> Line:
    found = rows("SELECT key, channel, standing, problem FROM outbox")
    faults = [
        f"{key} is {standing}: {problem}"
        for key, _, standing, problem in found
        if standing not in ("done", "void")
    ]
    faults += [
        f"{key} was void: {problem}"
        for key, channel, standing, problem in found
        if (channel, standing) == ("webhook", "void")
    ]
    return Line("everything that was to leave has left", len(found), tuple(faults))


def _events(day: Day, rows: Reading) -> Iterator[Line]:
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


def _surveys(notes: Notes, rows: Reading) -> Line:
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


def _ledger(notes: Notes, rows: Reading) -> Line:
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
