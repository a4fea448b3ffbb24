"""The customers' API: say something, judge an answer, read the conversation again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from bot.chat.incoming import Handled, Incoming
from bot.chat.relay import to_a_person
from bot.dialogue.conversation import Conversation
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from bot.errors import NotFound, TooLarge
from bot.web.files import file_body
from bot.web.live.hub import hub_of
from bot.web.plain_body import PlainBody
from bot.web.rights import START_ANEW, conversation_for, owner_of, permitted
from bot.web.schemas import ChatReply, ChatRequest, FeedbackRequest, History, is_identifier, problem_responses
from bot.web.services import services_of
from bot.web.streaming import EVENT_STREAM, streamed
from bot.web.wire import handled_json, history_json

router = APIRouter(tags=["chat"], route_class=PlainBody)

NO_ANSWER = "No answer has this id."

_NO_STORE = {"cache-control": "no-store"}

Identifier = Annotated[str, Path(examples=["m_7Jd0aQx93LkE"])]


_SHARED = {
    "_400": "The body is not JSON.",
    "_401": "The session has ended or was not issued here.",
    "_413": "The body or the message is too long.",
    "_422": "A value cannot be used; `errors` names each.",
    "_429": "Too many messages at once; wait `Retry-After` seconds.",
}


@router.post(
    "/chat",
    summary="Say something",
    response_model=ChatReply,
    responses=problem_responses(_404=START_ANEW, _503="A part of the service is not usable yet.", **_SHARED),
)
def say(request: Request, said: ChatRequest) -> Response:
    """Answers with verbatim quotes, asks back, or hands the conversation to people.

    An error loses nothing: the conversation stays as it was, and the same `client_id` may be sent again.

    With `Accept: text/event-stream` the answer comes as events: `sentence` (`{"text": …}`) for each sentence that a
    language model writes, as soon as it has been checked; then `reply` with all of it, which counts, or `problem`.
    """
    services = services_of(request)
    longest = services.settings.max_message_chars
    if len(said.message) > longest:
        raise TooLarge(f"A message may have at most {longest} characters; this one has {len(said.message)}.")
    owner = owner_of(request)
    conversation_id = permitted(request, said.conversation_id) if said.conversation_id else ""
    incoming = Incoming(
        text=said.message,
        conversation_id=conversation_id,
        locale=said.locale or "",
        contact=said.contact or "",
        client_id=said.client_id or "",
        where=Whereabouts(**said.context.model_dump()) if said.context else NOWHERE,
        owner=owner,
    )
    if EVENT_STREAM in request.headers.get("accept", ""):
        events = streamed(request, lambda tell: _told(request, services.chat.reply(incoming, tell)))
        return StreamingResponse(events, headers=_NO_STORE, media_type=EVENT_STREAM)
    try:
        handled = _told(request, services.chat.reply(incoming))
    except NotFound as exc:
        raise NotFound(START_ANEW) from exc
    return Response(handled_json(handled), headers=_NO_STORE, media_type="application/json")


def _agent(request: Request, conversation: Conversation) -> str:
    if not to_a_person(conversation):
        return ""
    chat = services_of(request).live_store.chat(conversation.id)
    return chat.name if chat else ""


def _told(request: Request, handled: Handled) -> Handled:
    """The same; who watches the conversation sees it at once."""
    hub_of(request.app).changed(handled.conversation_id)
    return handled


@router.post(
    "/chat/{message_id}/feedback",
    summary="Say whether an answer helped",
    status_code=204,
    response_class=Response,
    responses=problem_responses(_404=NO_ANSWER, **_SHARED),
)
def judge(request: Request, message_id: Identifier, said: FeedbackRequest) -> Response:
    """Keeps what a customer says of one answer; saying it again adds to it and replaces nothing."""
    if not is_identifier(message_id):
        raise NotFound(NO_ANSWER)
    try:
        comment = " ".join(filter(None, (f"[{said.reason}]" if said.reason else "", said.comment)))
        services_of(request).chat.feedback(message_id, said.helpful, comment, owner_of(request))
    except NotFound as exc:
        raise NotFound(NO_ANSWER) from exc
    return Response(status_code=204, headers=_NO_STORE)


@router.get(
    "/chat/{conversation_id}/messages",
    summary="Read a conversation again",
    response_model=History,
    responses=problem_responses(_401="The session has ended or was not issued here.", _404=START_ANEW),
)
def messages(
    request: Request,
    conversation_id: Identifier,
    present: Annotated[bool, Query(description="Whether a customer looks at it: agents see that.")] = False,
) -> Response:
    """Everything said so far, for a page that was reloaded.

    Where a session opened the conversation, only a session of the same customer reads it; else the id is the key:
    keep it secret.
    """
    conversation = conversation_for(request, conversation_id)
    if present:
        services_of(request).live_desk.customer_is_here(conversation_id)
    survey = services_of(request).surveys.token_of(conversation_id) if conversation.ticket else ""
    standing = services_of(request).chat.standing(conversation)
    files = [file_body(one) for one in services_of(request).attachments.of_conversation(conversation_id)]
    told = history_json(conversation, survey, _agent(request, conversation), standing, files)
    return Response(told, headers=_NO_STORE, media_type="application/json")
