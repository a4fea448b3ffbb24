"""The queue of tickets and the page of one: who wrote what, why people have it, what is due, and what may help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from bot.desk.attachments import shown_size
from bot.desk.escalation import MANUAL
from bot.desk.life import possible
from bot.desk.suggested import Suggested, Verdict
from bot.desk.ticket import Event, Priority, Status
from bot.desk.views import View
from bot.dialogue.triggers import Handlings
from bot.errors import BadRequest, BotError, NotAllowed
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.tickets.attachments import hidden
from bot.web.desk.access import Requires
from bot.web.desk.asked import DUE, FIELDS, filter_of
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.schemas import clean_text
from bot.web.services import services_of
from kb.article import ArticleKey

router = APIRouter(prefix="/desk/tickets", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.TICKETS_READ))]
Helped = Annotated[Principal, Depends(Requires(Permission.SUGGESTIONS_READ))]

_REASONS: Final = tuple(handling.reason for handling in Handlings.load())
_LONGEST: Final = 200
_DONE: Final = {"sent": "Sent.", "noted": "Noted for the team.", "done": "Done."}


@router.get("")
def queue(
    request: Request, who: Reader, at: Annotated[int, Query(alias="page", ge=1, le=10**6)] = 1
) -> Response:
    """Tickets by what is due first; what they are filtered by stands in the address."""
    chosen = {name: clean_text(request.query_params.get(name, ""))[:_LONGEST] for name in FIELDS}
    return queue_page(request, who, chosen, at)


def queue_page(
    request: Request, who: Principal, chosen: Mapping[str, str], at: int = 1, *, problem: str = ""
) -> Response:
    """A page of the queue, with the views that there are."""
    services = services_of(request)
    now = services.chance.now()
    shown = services.tickets.queue(who, filter_of(chosen, who, now), at)
    kept = {name: value for name, value in chosen.items() if value}
    return page(
        request,
        who,
        "tickets",
        status=400 if problem else 200,
        problem=problem,
        views=_views(request, who, kept),
        due_choices=DUE,
        may_share=who.may(Permission.TICKETS_ASSIGN),
        shown=shown,
        chosen=chosen,
        kept=kept,
        filtered=bool(kept),
        statuses=list(Status),
        priorities=list(Priority),
        reasons=_REASONS,
        languages=sorted({*shown.languages, *filter(None, [chosen["language"]])}),
        earlier=_address({**kept, "page": str(shown.page - 1)}) if shown.page > 1 else "",
        later=_address({**kept, "page": str(shown.page + 1)}) if shown.page < shown.pages else "",
        names=services.tickets.names([row for row, _ in shown.rows]),
        policy=services.desk.policy,
        words=_words,
    )


@dataclass(frozen=True, slots=True)
class ShownView:
    """A view as the queue shows it."""

    view: View
    count: int | None
    """Tickets in it; None for one that looks for a text."""
    here: bool
    """Whether it is what is shown now."""
    removable: bool


def _views(request: Request, who: Principal, kept: Mapping[str, str]) -> list[ShownView]:
    services = services_of(request)
    now, found = services.chance.now(), []
    for view in services.views.of(who):
        fields = view.fields
        try:
            wanted = filter_of({name: fields.get(name, "") for name in FIELDS}, who, now)
        except BadRequest:
            continue  # the policy has no such queue or reason any more
        count = None if wanted.text else services.tickets.count(wanted)
        found.append(ShownView(view, count, fields == kept, services.views.may_remove(who, view)))
    return found


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the editor."""

    text: str = ""
    then: str = ""


@router.get("/{reference}")
def ticket(
    request: Request,
    reference: str,
    who: Reader,
    noted: Annotated[str, Query(max_length=20)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """A ticket with its conversation, and suggestions beside it for those who may have them."""
    return ticket_page(request, who, clean_text(reference), noted=noted, done=done)


def ticket_page(
    request: Request,
    who: Principal,
    reference: str,
    *,
    status: int = 200,
    noted: str = "",
    done: str = "",
    problem: str = "",
    changes: Sequence[Event] = (),
    draft: Draft | None = None,
) -> Response:
    """The page of a ticket; `draft` is what somebody typed, `changes` what was done meanwhile."""
    services = services_of(request)
    opened = services.tickets.ticket(who, reference)
    suggested, unavailable = _suggested(request, who, opened.ticket.reference)
    works = who.may(Permission.TICKETS_WORK) and who.session is not None
    attached = services.attachments.of_ticket(reference)
    files = [hidden(one) for one in attached] if opened.masked else attached
    may_assign = who.may(Permission.TICKETS_ASSIGN)
    return page(
        request,
        who,
        "ticket",
        status=status,
        opened=opened,
        files=files,
        file_names={one.id: one.name for one in files},
        shown_size=shown_size,
        largest=shown_size(services.attachments.rules.largest),
        ticket=opened.ticket,
        suggested=suggested,
        unavailable=unavailable,
        noted=noted if noted in list(Verdict) else "",
        done=_DONE.get(done, ""),
        problem=problem,
        changes=changes,
        draft=draft or Draft(),
        works=works,
        may_assign=may_assign,
        possible=possible(opened.ticket.status),
        policy=services.desk.policy if works else None,
        macros=services.macros.of_ticket(reference) if works else (),
        priorities=list(Priority),
        manual=MANUAL,
        workers=services.members.workers() if works and may_assign else (),
        words=_words,
    )


@router.post("/{reference}/suggestions")
async def judge(request: Request, reference: str, who: Helped) -> Response:
    """Keeps what an agent made of a suggestion, and shows the ticket again."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    try:
        verdict = Verdict(fields.get("outcome", ""))
    except ValueError as exc:
        raise BadRequest("Say whether the suggestion was accepted, edited or rejected.") from exc
    reference, similar = clean_text(reference), clean_text(fields.get("similar_ticket", ""))
    if similar:
        await to_thread.run_sync(_record_of_ticket, request, who, reference, verdict, similar)
        return RedirectResponse(f"/desk/tickets/{reference}?noted={verdict}#suggestions", 303)
    article = ArticleKey(clean_text(fields.get("article_id", "")), clean_text(fields.get("locale", "")))
    await to_thread.run_sync(_record, request, who, reference, verdict, article)
    return RedirectResponse(f"/desk/tickets/{reference}?noted={verdict}#suggestions", 303)


def _record(request: Request, who: Principal, reference: str, verdict: Verdict, article: ArticleKey) -> None:
    services = services_of(request)
    question = services.suggestions.of_ticket(reference).text
    internal = who.may(Permission.KNOWLEDGE_READ)
    services.outcomes.record(verdict, article, question, who.name, ticket=reference, internal=internal)


def _record_of_ticket(
    request: Request, who: Principal, reference: str, verdict: Verdict, similar: str
) -> None:
    if not who.may(Permission.TICKETS_READ):
        raise NotAllowed("Solved tickets: your role does not include reading them.")
    services = services_of(request)
    question = services.suggestions.of_ticket(reference).text
    services.outcomes.record_of_ticket(verdict, similar, question, who.name, ticket=reference)


def _suggested(request: Request, who: Principal, reference: str) -> tuple[Suggested | None, str]:
    """Suggestions, or why there are none; a ticket must open without an index too."""
    if not who.may(Permission.SUGGESTIONS_READ):
        return None, ""
    try:
        flow = services_of(request).suggestions
        found = flow.suggest(
            flow.of_ticket(reference),
            internal=who.may(Permission.KNOWLEDGE_READ),
            tickets=True,
            personal=who.may(Permission.PERSONAL_READ),
        )
        return found, ""
    except BotError as error:
        return None, str(error)


def _address(values: dict[str, str]) -> str:
    return f"/desk/tickets?{urlencode(values)}"


def _words(value: object) -> str:
    """`waiting_for_customer` -> `waiting for customer`."""
    return str(value).replace("_", " ")
