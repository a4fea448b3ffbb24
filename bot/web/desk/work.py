"""The forms of a ticket: reply, note, take, give, change, escalate, link. What was typed survives a refusal."""

from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.changes import TicketMoved
from bot.desk.escalation import Trigger
from bot.desk.life import Action, ImpossibleStep
from bot.desk.steps import Edit
from bot.desk.ticket import Priority, Ticket
from bot.errors import BadRequest
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.tickets.tickets import Tickets
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.tickets import Draft, ticket_page
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/desk/tickets", include_in_schema=False)

Worker = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]
Step = Callable[[Tickets, str, int | None], Ticket]


@router.post("/{reference}/write")
async def write(request: Request, reference: str, who: Worker) -> Response:
    """Sends a reply or keeps a note; or puts a suggestion or text block into the editor, where there are no scripts."""
    fields = await _fields(request, who)
    text = clean_text(fields.get("text", ""))
    inserted = clean_text(fields.get("insert", ""))
    if fields.get("use") == "block":
        inserted = await to_thread.run_sync(
            _block, request, who, clean_text(reference), fields.get("block", "")
        )
    if inserted:
        draft = Draft("\n\n".join(part for part in (text, inserted) if part), fields.get("then", ""))
        return await to_thread.run_sync(lambda: ticket_page(request, who, clean_text(reference), draft=draft))

    def step(desk: Tickets, of: str, seen: int | None) -> Ticket:
        if fields.get("as") == "note":
            return desk.note(who, of, text, seen=seen)
        return desk.reply(who, of, text, then=_action(fields.get("then", "wait")), seen=seen)

    done = "noted" if fields.get("as") == "note" else "sent"
    return await _taken(request, who, reference, fields, step, done, Draft(text, fields.get("then", "")))


@router.post("/{reference}/step")
async def step(request: Request, reference: str, who: Worker) -> Response:
    """Takes it, gives it back, or says whose turn it is."""
    fields = await _fields(request, who)
    asked = fields.get("action", "")

    def taken(desk: Tickets, of: str, seen: int | None) -> Ticket:
        if asked == Action.TAKE:
            return desk.take(who, of, seen=seen)
        if asked == Action.RELEASE:
            return desk.assign(who, of, "", seen=seen)
        return desk.act(who, of, _action(asked), seen=seen)

    return await _taken(request, who, reference, fields, taken, "done")


@router.post("/{reference}/edit")
async def edit(request: Request, reference: str, who: Worker) -> Response:
    """Changes fields, and who has it."""
    fields = await _fields(request, who)

    def changed(desk: Tickets, of: str, seen: int | None) -> Ticket:
        ticket = desk.edit(who, of, _edit(fields), seen=seen)
        assignee = fields.get("assignee", "same")
        return ticket if assignee == "same" else desk.assign(who, of, assignee, seen=ticket.version)

    return await _taken(request, who, reference, fields, changed, "done")


@router.post("/{reference}/escalate")
async def escalate(request: Request, reference: str, who: Worker) -> Response:
    """Gives it to the next level, or to another unit."""
    fields = await _fields(request, who)
    unit = clean_text(fields.get("unit", ""))

    def up(desk: Tickets, of: str, seen: int | None) -> Ticket:
        try:
            why = Trigger(fields.get("why", ""))
        except ValueError as exc:
            raise BadRequest("Say why it is escalated.") from exc
        return desk.escalate(who, of, why, unit=unit, seen=seen)

    return await _taken(request, who, reference, fields, up, "done")


@router.post("/{reference}/join")
async def join(request: Request, reference: str, who: Worker) -> Response:
    """Links it to another ticket, takes the link away, or merges it into the other."""
    fields = await _fields(request, who)
    other = clean_text(fields.get("other", "")).upper()

    def joined(desk: Tickets, of: str, seen: int | None) -> Ticket:
        if fields.get("how") == "merge":
            return desk.joining.merge(who, of, other, seen=seen)
        if fields.get("how") == "unlink":
            return desk.joining.unlink(who, of, other, seen=seen)
        return desk.joining.link(who, of, other, seen=seen)

    return await _taken(request, who, reference, fields, joined, "done")


def _block(request: Request, who: Principal, reference: str, name: str) -> str:
    """A text block filled for a ticket; empty where there is none of that name."""
    macros = services_of(request).macros
    one = next((one for one in macros.of_ticket(reference) if one.name == clean_text(name)), None)
    return macros.filled(who, reference, one.name, one.language) if one else ""


async def _fields(request: Request, who: Principal) -> dict[str, str]:
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    return fields


async def _taken(
    request: Request,
    who: Principal,
    reference: str,
    fields: dict[str, str],
    step: Step,
    done: str,
    draft: Draft | None = None,
) -> Response:
    """Takes a step, then shows the ticket; where it is refused, with what was typed and what was done meanwhile."""
    version = fields.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() else None
    of = clean_text(reference)

    def run() -> Response:
        try:
            step(services_of(request).desk, of, seen)
        except TicketMoved as moved:
            return ticket_page(
                request, who, of, status=409, problem=str(moved), changes=moved.changes, draft=draft
            )
        except (BadRequest, ImpossibleStep) as refused:
            return ticket_page(request, who, of, status=refused.status, problem=str(refused), draft=draft)
        return RedirectResponse(f"/desk/tickets/{of}?done={done}#conversation-end", 303)

    return await to_thread.run_sync(run)


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError as exc:
        raise BadRequest("Choose one of the steps on the page.") from exc


def _edit(fields: dict[str, str]) -> Edit:
    try:
        priority = Priority(fields["priority"]) if fields.get("priority") else None
        level = int(fields["level"]) if fields.get("level") else None
    except ValueError as exc:
        raise BadRequest(f"This cannot be changed to that: {exc}.") from exc
    tags = tuple(clean_text(fields["tags"]).split(",")) if "tags" in fields else None
    return Edit(
        priority,
        fields.get("category") or None,
        fields.get("service") or None,
        fields.get("queue") or None,
        level,
        tags,
    )
