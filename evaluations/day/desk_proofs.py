"""Notes and database in, whether the desk did its work out: tickets, notes, timers, what was to be sent."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from evaluations.day.lines import Line
from evaluations.day.notes import Notes
from evaluations.day.running import Day
from evaluations.day.stored import Reading, moment


def notes_of_colleagues(notes: Notes, rows: Reading) -> Line:
    """Each note is in the history of its ticket once."""
    stored = Counter(rows("SELECT reference, after FROM ticket_events WHERE what = 'note'"))
    faults = [f"{note} is there {stored[note]} times" for note in notes.notes if stored[note] != 1]
    faults += [f"{note} was written by nobody" for note in stored if note not in set(notes.notes)]
    return Line("every note is in its ticket's history once", len(notes.notes), tuple(faults))


def tickets(notes: Notes, rows: Reading) -> Line:
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


def timers_done(day: Day, rows: Reading) -> Line:
    """All that was due has fired, and nothing before its time."""
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


def timers_once(rows: Reading) -> Iterator[Line]:
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


def left_to_breach(day: Day, rows: Reading) -> Line:
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


def outbox(rows: Reading) -> Line:
    """What was to leave has left, and no webhook's message was let go."""
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
