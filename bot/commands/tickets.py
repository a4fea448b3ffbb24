"""`tierzero tickets [REFERENCE]`: what was handed off, newest first, or one ticket with its conversation."""

import argparse
from dataclasses import asdict

from bot.commands.shared import common, emit, services
from bot.desk.ticket import Ticket


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("reference", nargs="?", default="", help="show this ticket, such as TZ-4F7K-9Q2M")
    parser.add_argument("--limit", type=int, default=20, help="how many to list (default: 20)")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Lists, or shows one; an unknown reference is an error."""
    from bot.errors import NotFound

    with services(options, reads_only=True) as opened:
        log = opened.conversations
        if not options.reference:
            _list(list(log.tickets(max(1, options.limit))), as_json=options.json)
            return 0
        ticket = log.ticket(options.reference.upper())
        if ticket is None:
            raise NotFound(f"There is no ticket {options.reference}. `tierzero tickets` lists them.")
        conversation = log.get(ticket.conversation_id)
    said = [(one.at, one.role.value, one.text) for one in conversation.messages] if conversation else []
    if options.json:
        messages = [{"at": at, "role": role, "text": text} for at, role, text in said]
        emit({**asdict(ticket), "messages": messages})
        return 0
    print(f"{ticket.reference}  {ticket.status.value}  {ticket.priority.value}  queue {ticket.queue}")
    if ticket.packet.summary:
        print(f"summary    {ticket.packet.summary}")
    for name, value in ticket.packet.where.told():
        print(f"{name:<10} {value}")
    print(f"reason     {ticket.reason.value}{f' (rule {ticket.rule})' if ticket.rule else ''}")
    print(
        f"customer   {ticket.contact or 'left no address'}, writes {ticket.language}, {ticket.packet.mood.value}"
    )
    print(f"due        first response {ticket.first_response_due:%Y-%m-%d %H:%M} UTC, ", end="")
    print(f"resolution {ticket.resolution_due:%Y-%m-%d %H:%M} UTC")
    for one in ticket.packet.tried:
        outcome = {True: ", which helped", False: ", which did not help", None: ""}[one.helpful]
        print(f"tried      {one.what.value}: {one.title}{outcome}")
    for citation in ticket.considered:
        print(f"suggested  {citation.article_id}: {' '.join(citation.text.split())[:100]}")
    for at, role, text in said:
        print(f"\n{at:%H:%M} {role}\n{text}")
    return 0


def _list(tickets: list[Ticket], *, as_json: bool) -> None:
    if as_json:
        emit({"tickets": tickets})
        return
    if not tickets:
        print("Nothing was handed off yet.")
    for ticket in tickets:
        opened = f"{ticket.created_at:%Y-%m-%d %H:%M}"
        print(
            f"{ticket.reference}  {opened}  {ticket.priority.value:8} {ticket.reason.value:16} {ticket.subject}"
        )
