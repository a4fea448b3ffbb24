"""“My requests”: a link by mail instead of a password. What is shown is the customer's own talk, never the team's."""

from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from bot.desk.life import Action, ImpossibleStep, possible
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation
from bot.errors import BadRequest, BotError, NotFound, NotSignedIn
from bot.help_centre.own_requests import SESSION_HOLDS, Link
from bot.web import languages
from bot.web.contact import checked
from bot.web.desk.access import refuse_foreign
from bot.web.desk.forms import fields_of
from bot.web.live.hub import hub_of
from bot.web.origins import is_encrypted
from bot.web.pages import pages_of
from bot.web.problems import ForeignOrigin
from bot.web.schemas import clean_text, is_identifier
from bot.web.services import services_of

router = APIRouter(prefix="/help/requests", include_in_schema=False)

_COOKIE: Final = "tierzero_requests"
_PATH: Final = "/help/requests"
#: Who may look at it must not be kept, nor told to pages that a message links to.
_PRIVATE: Final = {"cache-control": "no-store", "referrer-policy": "same-origin", "x-robots-tag": "noindex"}

Token = Annotated[str, Path(max_length=2_000)]
Reference = Annotated[str, Path(pattern=r"^TZ-[0-9A-Z]{4}-[0-9A-Z]{4}$")]


@router.get("")
def listing(request: Request, locale: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The tickets of whoever has opened a link; for all others the form that asks for one."""
    try:
        who = _who(request)
    except NotSignedIn:
        return _page(request, "help_requests_ask.html", languages.known(request, locale), asked=False)
    tickets = services_of(request).own_requests.tickets(who)
    return _page(request, "help_requests.html", _chosen(request, who), who=who, tickets=tickets)


@router.post("")
async def ask(request: Request) -> Response:
    """Sends a link, perhaps; what is said does not depend on whether the address is known."""
    refuse_foreign(request)
    fields = await fields_of(request)
    locale = languages.known(request, fields.get("locale", ""))
    address = clean_text(fields.get("email", ""))[:400]

    def answer() -> Response:
        wrong, meant = checked(address, fields.get("insisted", ""))
        shown = {"email": address, "wrong": wrong, "meant": meant}
        if wrong or not _can_send(request):
            status = 400 if wrong else 503
            return _page(request, "help_requests_ask.html", locale, status=status, asked=False, **shown)
        services_of(request).own_requests.ask(address, locale)
        return _page(request, "help_requests_ask.html", locale, asked=True)

    return await to_thread.run_sync(answer)


@router.get("/open/{token}")
def arrive(request: Request, token: Token) -> Response:
    """The page of a link. Looking at it opens nothing: programs that check mails follow links too."""
    try:
        services_of(request).own_requests.check(token)
    except NotFound:
        return _gone(request)
    return _page(request, "help_requests_open.html", languages.of_address(request), token=token)


@router.post("/open/{token}")
async def open_(request: Request, token: Token) -> Response:
    """Opens a link, once, and gives the browser what it shows from now on."""
    refuse_foreign(request)
    try:
        session = await to_thread.run_sync(services_of(request).own_requests.open, token)
    except NotFound:
        return await to_thread.run_sync(lambda: _gone(request))
    response = RedirectResponse(_PATH, 303, dict(_PRIVATE))
    response.set_cookie(
        _COOKIE,
        session,
        max_age=int(SESSION_HOLDS.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=is_encrypted(request),
    )
    return response


@router.post("/leave")
async def leave(request: Request) -> Response:
    """Ends every session and every link of the address."""
    who, _ = await _form(request)
    await to_thread.run_sync(services_of(request).own_requests.leave, who)
    response = RedirectResponse(f"{_PATH}?locale={_chosen(request, who)}", 303, dict(_PRIVATE))
    response.delete_cookie(_COOKIE, path=_PATH)
    return response


@router.get("/{reference}")
def one(request: Request, reference: Reference) -> Response:
    """One ticket: what was said, and the form to answer."""
    try:
        who = _who(request)
    except NotSignedIn:
        return RedirectResponse(f"{_PATH}{_kept(request, '?')}", 303, dict(_PRIVATE))
    ticket, conversation = services_of(request).own_requests.ticket(who, reference)
    return _ticket(request, who, ticket, conversation)


@router.post("/{reference}")
async def answer(request: Request, reference: Reference) -> Response:
    """A further message; it reaches the people who have the ticket, and opens one that was solved."""
    who, fields = await _form(request)
    text, client_id = clean_text(fields.get("message", "")), fields.get("client_id", "")
    longest = services_of(request).settings.max_message_chars

    def keep() -> Response:
        own = services_of(request).own_requests
        try:
            if len(text) > longest:
                raise BadRequest(f"A message may have at most {longest} characters.")
            written = own.answer(who, reference, text, client_id if is_identifier(client_id) else "")
        except BadRequest as error:
            ticket, conversation = own.ticket(who, reference)
            return _ticket(request, who, ticket, conversation, problem=error, message=text)
        hub_of(request.app).changed(written.ticket.conversation_id)
        return RedirectResponse(
            f"{_PATH}/{reference}?done=sent{_kept(request, '&')}#last", 303, dict(_PRIVATE)
        )

    return await to_thread.run_sync(keep)


@router.post("/{reference}/solved")
async def solve(request: Request, reference: Reference) -> Response:
    """The customer says that it is solved; said twice, it is said once."""
    who, _ = await _form(request)

    def keep() -> None:
        try:
            services_of(request).own_requests.solve(who, reference)
        except ImpossibleStep:
            return

    await to_thread.run_sync(keep)
    return RedirectResponse(f"{_PATH}/{reference}?done=solved{_kept(request, '&')}", 303, dict(_PRIVATE))


def _who(request: Request) -> Link:
    return services_of(request).own_requests.who(request.cookies.get(_COOKIE, "")[:200])


async def _form(request: Request) -> tuple[Link, dict[str, str]]:
    """Who sends a form of ours, and its fields. Raises `NotSignedIn` and `ForeignOrigin`."""
    refuse_foreign(request)
    fields = await fields_of(request)
    who = await to_thread.run_sync(_who, request)
    if not services_of(request).own_requests.is_form(who, fields.get("csrf", "")):
        raise ForeignOrigin(
            "This form is out of date. Open the page again, then repeat; nothing was changed."
        )
    return who, fields


def _can_send(request: Request) -> bool:
    """Whether a link can be sent at all."""
    settings = services_of(request).settings
    return bool(settings.smtp_host and settings.public_url)


def _gone(request: Request) -> Response:
    locale = languages.of_address(request)
    return _page(request, "help_requests_ask.html", locale, status=404, asked=False, gone=True)


def _chosen(request: Request, who: Link) -> str:
    """The language of a page: chosen on it, else the one that the link was asked for in."""
    wanted = request.query_params.get("locale", "")
    return wanted if wanted in languages.readable(services_of(request).settings) else who.locale


def _kept(request: Request, sign: str) -> str:
    """What carries a choice of language on, after `?` or `&`."""
    wanted = request.query_params.get("locale", "")
    return f"{sign}locale={wanted}" if wanted in languages.readable(services_of(request).settings) else ""


def _ticket(
    request: Request,
    who: Link,
    ticket: Ticket,
    conversation: Conversation,
    *,
    problem: BotError | None = None,
    message: str = "",
) -> Response:
    return _page(
        request,
        "help_request.html",
        _chosen(request, who),
        status=problem.status if problem else 200,
        who=who,
        ticket=ticket,
        said=conversation.messages,
        can_solve=Action.SOLVE in possible(ticket.status),
        problem=problem,
        message=message,
        client_id=services_of(request).chance.new_id(),
        done=request.query_params.get("done", ""),
    )


def _page(request: Request, template: str, locale: str, *, status: int = 200, **values: Any) -> Response:
    services, pages = services_of(request), pages_of(request)
    who: Link | None = values.get("who")
    empty = {"email": "", "wrong": "", "meant": "", "gone": False}
    # A form was sent to its own page, except the one of a link, which is no place to come back to.
    path = request.url.path if template != "help_requests_ask.html" else _PATH
    response = pages.render(
        request,
        template,
        locale,
        status=status,
        **{**empty, **values},
        csrf=services.own_requests.form_token(who) if who else "",
        can_send=_can_send(request),
        longest=services.settings.max_message_chars,
        kept=_kept(request, "?"),
        other_locales=languages.switch(request, pages, locale, lambda other: f"{path}?locale={other}"),
    )
    response.headers.update(_PRIVATE)
    return response
