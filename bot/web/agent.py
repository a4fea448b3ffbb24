"""The API for agents' tools: suggestions for a text, a conversation or a ticket, and what became of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic_core import to_json

from bot.assist.suggestions import Suggestions
from bot.desk.suggested import Subject
from bot.errors import BadRequest, NotAllowed
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token
from bot.web.schemas import clean_text, problem_responses
from bot.web.services import services_of
from bot.web.suggestion_bodies import OutcomeRequest, SuggestionsBody
from kb.article import ArticleKey

router = APIRouter(prefix="/api/agent", tags=["agent"])

Reader = Annotated[Principal, Depends(Requires(Permission.SUGGESTIONS_READ))]

_NO_STORE = {"cache-control": "no-store"}
_ONE = "Give one of text, conversation and ticket."


_SHARED = {
    "_401": "Send a key as `Authorization: Bearer …`.",
    "_403": "The key lacks the scope `suggestions:read`.",
    "_413": "A text is too long.",
    "_422": "A value cannot be used; `errors` names each.",
    "_503": "A part of the service is not usable yet.",
}


@router.get(
    "/suggestions",
    summary="Suggestions for an agent",
    response_model=SuggestionsBody,
    responses=problem_responses(_400=_ONE, _404="There is no such conversation or ticket.", **_SHARED),
)
def suggestions(
    request: Request,
    who: Reader,
    text: Annotated[
        str | None,
        Query(description="A question, at most 4000 characters.", examples=["Where is my parcel?"]),
    ] = None,
    ticket: Annotated[str | None, Query(max_length=64, description="Reference of a ticket.")] = None,
    conversation: Annotated[str | None, Query(max_length=64, description="Id of a conversation.")] = None,
) -> Response:
    """Articles with the quote that fits, a draft reply made of quotes of public articles, and why.

    Send one of `text`, `ticket` and `conversation`. Articles that are for agents only are among them, and marked, for
    who has the scope `knowledge:read` too; solved tickets like it, for who has `tickets:read`. Nothing is stored.
    """
    flow = services_of(request).suggestions
    subject = _subject(flow, text, ticket, conversation)
    found = flow.suggest(
        subject,
        internal=who.may(Permission.KNOWLEDGE_READ),
        tickets=who.may(Permission.TICKETS_READ),
        personal=who.may(Permission.PERSONAL_READ),
    )
    return Response(to_json(found), headers=_NO_STORE, media_type="application/json")


@router.post(
    "/suggestions/outcome",
    summary="Say what became of a suggestion",
    status_code=204,
    response_class=Response,
    responses=problem_responses(
        _400="There is no question.", _404="There is no such article or ticket.", **_SHARED
    ),
)
def outcome(request: Request, who: Reader, said: OutcomeRequest) -> Response:
    """Keeps what an agent made of a suggested article or solved ticket; the last word of each counts.

    An accepted one is found sooner for questions like this one, a rejected one later. A solved ticket needs the scope
    `tickets:read`. A page in a browser sends the header `X-CSRF-Token` too.
    """
    services = services_of(request)
    if who.session is not None:
        check_token(request, who.session, {})
    question = said.text
    if said.ticket:
        told = services.suggestions.of_ticket(said.ticket).text
        question = question or told
    if bool(said.similar_ticket) == bool(said.article_id):
        raise BadRequest("Say either article_id (with its locale) or similar_ticket.")
    if said.similar_ticket:
        if not who.may(Permission.TICKETS_READ):
            raise NotAllowed("Solved tickets: this needs tickets:read.")
        similar = clean_text(said.similar_ticket)
        services.outcomes.record_of_ticket(
            said.outcome, similar, question, who.name, reply=said.reply, ticket=said.ticket
        )
        return Response(status_code=204, headers=_NO_STORE)
    services.outcomes.record(
        said.outcome,
        ArticleKey(said.article_id, said.locale),
        question,
        who.name,
        reply=said.reply,
        ticket=said.ticket,
        internal=who.may(Permission.KNOWLEDGE_READ),
    )
    return Response(status_code=204, headers=_NO_STORE)


def _subject(flow: Suggestions, text: str | None, ticket: str | None, conversation: str | None) -> Subject:
    given = [one for one in (text, ticket, conversation) if one is not None]
    if len(given) != 1:
        raise BadRequest(_ONE)
    if text is not None:
        return flow.of_text(clean_text(text))
    return (
        flow.of_ticket(clean_text(ticket))
        if ticket is not None
        else flow.of_conversation(clean_text(given[0]))
    )
