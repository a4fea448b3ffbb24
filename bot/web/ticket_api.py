"""The API of tickets, for desks and programs elsewhere: list, read, and every step that a person can take."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic_core import to_json

from bot.desk.escalation import Trigger
from bot.desk.life import Action
from bot.desk.ticket import Ticket
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.tickets.tickets import Tickets
from bot.web.desk.access import Requires
from bot.web.desk.asked import FIELDS, filter_of
from bot.web.desk.forms import check_token
from bot.web.schemas import clean_text, problem_responses
from bot.web.services import services_of
from bot.web.ticket_bodies import (
    AssignBody,
    Body,
    EditBody,
    EscalateBody,
    LinkedArticleBody,
    NoteBody,
    OtherBody,
    ReplyBody,
    StatusBody,
    opened_body,
    row_body,
    summary,
)

router = APIRouter(prefix="/api/tickets", tags=["tickets"])

Reader = Annotated[Principal, Depends(Requires(Permission.TICKETS_READ))]
Worker = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]

_NO_STORE = {"cache-control": "no-store"}


_READING = problem_responses(
    _401="Send a key as `Authorization: Bearer …`.",
    _403="The key lacks the scope `tickets:read`.",
    _404="There is no such ticket.",
)
_WORKING = problem_responses(
    _400="A value cannot be used for this ticket.",
    _401="Send a key as `Authorization: Bearer …`.",
    _403="The key lacks the scope `tickets:work`, or `tickets:assign` for this step.",
    _404="There is no such ticket.",
    _409="The ticket has another `version` by now (`changes` says what was done), or its status forbids the step.",
    _422="A value cannot be used; `errors` names each.",
)


@router.get("", summary="List tickets", response_class=Response, responses=_READING)
def tickets(request: Request, who: Reader, page: Annotated[int, Query(ge=1, le=10**6)] = 1) -> Response:
    """Tickets by what is due first, 50 a page.

    Filters: `status` (or `all`; unfinished ones without it), `priority`, `reason`, `language`, `queue`, `category`,
    `assignee` (`me`, `nobody`, `account:ID`), `tag`, `level`, `due` (`overdue`, `1h`, `4h`, `1d`), `text`. Personal
    data is masked without the scope `personal:read`.
    """
    asked = {name: clean_text(request.query_params.get(name, "")) for name in FIELDS}
    services = services_of(request)
    shown = services.tickets.queue(who, filter_of(asked, who, services.chance.now()), page)
    rows = [row_body(row, due) for row, due in shown.rows]
    return _json({"tickets": rows, "total": shown.total, "page": shown.page, "pages": shown.pages})


@router.get("/{reference}", summary="Read a ticket", response_class=Response, responses=_READING)
def ticket(request: Request, reference: str, who: Reader) -> Response:
    """A ticket with its conversation, history, clocks and links.

    Without the scope `personal:read` personal data is masked and `conversation_id` is null: it is the key to all words.
    """
    return _json(opened_body(services_of(request).tickets.ticket(who, clean_text(reference))))


def _step(
    request: Request, who: Principal, reference: str, step: Callable[[Tickets, str], Ticket]
) -> Response:
    if who.session is not None:
        check_token(request, who.session, {})
    services = services_of(request)
    stepped = step(services.desk, clean_text(reference))
    return _json(summary(services.tickets.shown(who, stepped)))


@router.post("/{reference}/take", summary="Take a ticket", response_class=Response, responses=_WORKING)
def take(request: Request, reference: str, who: Worker, said: Body) -> Response:
    """Makes it one's own."""
    return _step(request, who, reference, lambda desk, of: desk.take(who, of, seen=said.version))


@router.post("/{reference}/assign", summary="Give a ticket", response_class=Response, responses=_WORKING)
def assign(request: Request, reference: str, who: Worker, said: AssignBody) -> Response:
    """Gives it to somebody, or back to its queue. Giving it to others needs `tickets:assign`."""
    to = who.name if said.assignee == "me" else said.assignee
    return _step(request, who, reference, lambda desk, of: desk.assign(who, of, to, seen=said.version))


@router.post(
    "/{reference}/reply", summary="Write to the customer", response_class=Response, responses=_WORKING
)
def reply(request: Request, reference: str, who: Worker, said: ReplyBody) -> Response:
    """Writes to the customer, who sees it in the conversation under the key's name."""
    links = [one.link() for one in said.articles]
    return _step(
        request,
        who,
        reference,
        lambda desk, of: desk.reply(
            who,
            of,
            said.text,
            then=Action(said.then),
            seen=said.version,
            articles=links,
            client_id=clean_text(said.client_id),
        ),
    )


@router.post("/{reference}/note", summary="Write a note", response_class=Response, responses=_WORKING)
def note(request: Request, reference: str, who: Worker, said: NoteBody) -> Response:
    """Writes what only the team reads."""
    return _step(request, who, reference, lambda desk, of: desk.note(who, of, said.text, seen=said.version))


@router.post("/{reference}/status", summary="Change the status", response_class=Response, responses=_WORKING)
def status(request: Request, reference: str, who: Worker, said: StatusBody) -> Response:
    """Says whose turn it is, or that it is solved, closed or open again."""
    return _step(request, who, reference, lambda desk, of: desk.act(who, of, said.value(), seen=said.version))


@router.patch("/{reference}", summary="Change fields", response_class=Response, responses=_WORKING)
def edit(request: Request, reference: str, who: Worker, said: EditBody) -> Response:
    """Changes priority, category, service, queue, level or tags."""
    return _step(
        request, who, reference, lambda desk, of: desk.edit(who, of, said.value(), seen=said.version)
    )


@router.post("/{reference}/escalate", summary="Escalate", response_class=Response, responses=_WORKING)
def escalate(request: Request, reference: str, who: Worker, said: EscalateBody) -> Response:
    """Gives it to the next level that is for tickets like it, or to another unit."""
    why = Trigger(said.why)
    return _step(
        request,
        who,
        reference,
        lambda desk, of: desk.escalate(who, of, why, unit=clean_text(said.unit), seen=said.version),
    )


@router.post("/{reference}/link", summary="Link a ticket", response_class=Response, responses=_WORKING)
def link(request: Request, reference: str, who: Worker, said: OtherBody) -> Response:
    """Says that two tickets belong together."""
    other = clean_text(said.reference)
    return _step(
        request, who, reference, lambda desk, of: desk.joining.link(who, of, other, seen=said.version)
    )


@router.post("/{reference}/unlink", summary="Take a link away", response_class=Response, responses=_WORKING)
def unlink(request: Request, reference: str, who: Worker, said: OtherBody) -> Response:
    """Says that they do not."""
    other = clean_text(said.reference)
    return _step(
        request, who, reference, lambda desk, of: desk.joining.unlink(who, of, other, seen=said.version)
    )


@router.post("/{reference}/merge", summary="Merge into another", response_class=Response, responses=_WORKING)
def merge(request: Request, reference: str, who: Worker, said: OtherBody) -> Response:
    """Closes it; the other ticket goes on for it and hears what the customer writes."""
    other = clean_text(said.reference)
    return _step(
        request, who, reference, lambda desk, of: desk.joining.merge(who, of, other, seen=said.version)
    )


@router.post("/{reference}/article", summary="Link an article", response_class=Response, responses=_WORKING)
def article(request: Request, reference: str, who: Worker, said: LinkedArticleBody) -> Response:
    """Links an article that helped."""
    return _step(
        request,
        who,
        reference,
        lambda desk, of: desk.joining.article(who, of, said.link(), seen=said.version),
    )


def _json(value: Any) -> Response:
    return Response(to_json(value), headers=_NO_STORE, media_type="application/json")
