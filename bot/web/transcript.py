"""A customer keeps their conversation: as a file, or by mail to the address that it has."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from bot.errors import TooManyRequests
from bot.web.rights import START_ANEW, conversation_for
from bot.web.schemas import problem_responses
from bot.web.services import services_of

router = APIRouter(tags=["chat"])

Identifier = Annotated[str, Path(max_length=80)]
_NO_STORE: Final = {"cache-control": "no-store"}


class TranscriptMail(BaseModel):
    """Where a conversation was sent."""

    email: str = Field(description="The address, half hidden.", examples=["a…@shop.example"])


@router.get(
    "/chat/{conversation_id}/transcript",
    summary="Keep a conversation as text",
    response_class=Response,
    responses=problem_responses(_404=START_ANEW),
)
def download(request: Request, conversation_id: Identifier) -> Response:
    """What both sides said, as plain text."""
    conversation = conversation_for(request, conversation_id)
    told = services_of(request).transcripts.text(conversation)
    name = {"content-disposition": 'attachment; filename="conversation.txt"'}
    return Response(told, headers=_NO_STORE | name, media_type="text/plain; charset=utf-8")


@router.post(
    "/chat/{conversation_id}/transcript",
    summary="Have a conversation sent by mail",
    status_code=202,
    response_model=TranscriptMail,
    responses=problem_responses(
        _404=START_ANEW,
        _409="The conversation has no e-mail address, or no mails are sent from here.",
        _429="Too many mails at once; wait `Retry-After` seconds.",
    ),
)
def mail(request: Request, conversation_id: Identifier) -> Response:
    """Sends it to the address that the customer left in this conversation; there is no way to name another."""
    conversation = conversation_for(request, conversation_id)
    wait = request.app.state.mail_buckets.take(conversation.id)
    if wait > 0:
        raise TooManyRequests("This conversation was sent several times just now.", wait)
    told = TranscriptMail(email=services_of(request).transcripts.mail(conversation))
    return Response(told.model_dump_json(), 202, _NO_STORE, "application/json")
