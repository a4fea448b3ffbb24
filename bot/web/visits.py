"""`POST /chat/session`: pages of allowed sites get a short-lived session, and renew it."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.web.files import limits_body
from bot.web.schemas import problem_responses
from bot.web.services import services_of

router = APIRouter(tags=["chat"])

_JSON = "application/json"


class SessionRequest(BaseModel):
    """What a page knows of its customer; nothing at the first visit."""

    model_config = ConfigDict(extra="ignore", strict=True)

    renewal: Annotated[str, Field(max_length=2_000)] = Field(
        "", description="`renewal` of the session before."
    )
    identity: Annotated[str, Field(max_length=4_000)] = Field(
        "",
        description="JWT that the site's own server signed with HS256 and `TIERZERO_IDENTITY_SECRET`; needs `sub`, "
        "which names the customer, and `exp`.",
    )


class FileLimits(BaseModel):
    """Which files are taken; what is refused says why."""

    types: list[str] = Field(description="Endings of names.", examples=[["png", "pdf"]])
    largest: int = Field(description="Bytes of one file.", examples=[10_000_000])
    most: int = Field(description="Files of one conversation.", examples=[20])


class SessionBody(BaseModel):
    """A session."""

    session: str = Field(description="Goes into the header `Tierzero-Session` of every request.")
    renewal: str = Field(
        description="Begins the next session of the same customer within a day. Empty where `identity` was given: "
        "give that again."
    )
    expires_in: int = Field(description="Seconds until the session ends.", examples=[900])
    conversation_id: str = Field(
        description="The last conversation of an identified customer, on whatever device; else empty."
    )
    streams: bool = Field(description="Whether a language model writes, so that asking for events is of use.")
    files: FileLimits = Field(description="Which files a conversation takes.")


_PROBLEMS = problem_responses(
    _401="The identity is not signed with the secret that is set up, or has ended.",
    _403="A page of a site that is not allowed asked.",
    _422="A value cannot be used; `errors` names each.",
    _429="Too many at once; wait `Retry-After` seconds.",
)


@router.post(
    "/chat/session",
    summary="Begin or renew a session",
    response_model=SessionBody,
    responses=_PROBLEMS,
)
def begin(request: Request, asked: SessionRequest) -> Response:
    """A conversation that is opened with a session can be read with a session of the same customer alone.

    Programs need none: without one, the id of a conversation is the key to it.
    """
    services = services_of(request)
    visit = services.visitors.begin(asked.renewal, asked.identity)
    told = SessionBody(
        session=visit.session,
        renewal=visit.renewal,
        expires_in=int(visit.lasts.total_seconds()),
        conversation_id=services.chat.newest_of(visit.owner) if visit.is_identified else "",
        streams=bool(services.settings.llm_model),
        files=FileLimits.model_validate(limits_body(services.attachments.rules)),
    )
    return Response(told.model_dump_json(), headers={"cache-control": "no-store"}, media_type=_JSON)
