"""Everybody's notes and the database of a day in, what must be true of them out: one line each, with its figures."""

from collections.abc import Iterator

from evaluations.day import count_proofs, desk_proofs, talk_proofs
from evaluations.day.lines import Line
from evaluations.day.running import Day
from evaluations.day.stored import reading


def proofs(day: Day) -> list[Line]:
    """All of them."""
    notes = day.notes
    with reading(day.house.url) as rows:
        return [
            Line("no customer or agent met with the unexpected", len(notes.talks), tuple(notes.problems)),
            talk_proofs.messages(notes, rows),
            talk_proofs.orders(notes, rows),
            talk_proofs.answers(notes, rows),
            talk_proofs.replies(notes, rows),
            talk_proofs.heard(notes, rows),
            desk_proofs.notes_of_colleagues(notes, rows),
            desk_proofs.tickets(notes, rows),
            desk_proofs.timers_done(day, rows),
            *desk_proofs.timers_once(rows),
            desk_proofs.left_to_breach(day, rows),
            desk_proofs.outbox(rows),
            *count_proofs.events(day, rows),
            count_proofs.surveys(notes, rows),
            count_proofs.ledger(notes, rows),
            Line("the product's own checks are content", len(day.commands), tuple(_said(day))),
        ]


def _said(day: Day) -> Iterator[str]:
    return (f"{name}: {text}" for name, text in day.commands.items() if text)
