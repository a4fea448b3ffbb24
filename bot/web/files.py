"""Files over HTTP: customers send them into their conversation, programs to a ticket; each is only ever downloaded."""

from collections.abc import Iterable
from typing import Annotated, Any, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic_core import to_json

from bot.desk.attachments import Attachment, AttachmentRules
from bot.errors import NotFound
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.tickets.attachments import Sent, hidden
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token
from bot.web.live.hub import hub_of
from bot.web.rights import START_ANEW, conversation_for
from bot.web.schemas import clean_text, is_identifier, problem_responses
from bot.web.services import services_of

router = APIRouter()

#: What is downloaded is never shown, run, or taken for something else, whatever a browser makes of it.
_DOWNLOAD: Final = {
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
_NO_STORE: Final = {"cache-control": "no-store"}
_LONGEST_NAME: Final = 500

Reader = Annotated[Principal, Depends(Requires(Permission.TICKETS_READ))]
Confidant = Annotated[Principal, Depends(Requires(Permission.PERSONAL_READ))]
Worker = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]
Identifier = Annotated[str, Path(max_length=80)]
Name = Annotated[
    str,
    Query(min_length=1, max_length=_LONGEST_NAME, description="The file's name.", examples=["screen.png"]),
]


_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "The file itself, byte for byte.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_TAKING: Final = problem_responses(
    _400="The file is empty, of a kind that is not taken, not what its name says, or one too many.",
    _404=START_ANEW,
    _413="The file is too large.",
    _429="Too many files at once; wait `Retry-After` seconds.",
    _503="There is no room for more files now.",
)


@router.post(
    "/chat/{conversation_id}/files",
    tags=["chat"],
    summary="Send a file",
    status_code=201,
    response_class=Response,
    responses=_TAKING,
    openapi_extra=_BODY,
)
async def send(request: Request, conversation_id: Identifier, name: Name) -> Response:
    """Adds a file to a conversation; the body is the file. Its ticket, now or later, shows it to the team."""
    content = await request.body()

    def kept() -> Attachment:
        conversation = conversation_for(request, conversation_id)
        return services_of(request).attachments.by_customer(conversation, Sent(name, content))

    one = await to_thread.run_sync(kept)
    hub_of(request.app).changed(conversation_id)
    return _json(file_body(one), 201)


@router.get(
    "/chat/{conversation_id}/files",
    tags=["chat"],
    summary="List the files of a conversation",
    response_class=Response,
    responses=problem_responses(_404=START_ANEW),
)
def files(request: Request, conversation_id: Identifier) -> Response:
    """What the customer sent and the team sent them, oldest first; and what may be sent: `limits`."""
    conversation = conversation_for(request, conversation_id)
    found = services_of(request).attachments
    return _json(
        {"files": _bodies(found.of_conversation(conversation.id)), "limits": limits_body(found.rules)}
    )


@router.get(
    "/chat/{conversation_id}/files/{file_id}",
    tags=["chat"],
    summary="Download a file of a conversation",
    response_class=Response,
    responses=problem_responses(_404="There is no such file, or it was removed."),
)
def download(request: Request, conversation_id: Identifier, file_id: Identifier) -> Response:
    """The file, as a download."""
    conversation = conversation_for(request, conversation_id)
    if not is_identifier(file_id):
        raise NotFound("There is no such file.")
    return downloaded(*services_of(request).attachments.for_customer(conversation.id, file_id))


@router.post(
    "/api/tickets/{reference}/files",
    tags=["tickets"],
    summary="Attach a file",
    status_code=201,
    response_class=Response,
    responses=_TAKING,
    openapi_extra=_BODY,
)
async def attach(
    request: Request,
    reference: Identifier,
    who: Worker,
    name: Name,
    shared: Annotated[bool, Query(description="Whether the customer may have it.")] = False,
) -> Response:
    """Adds a file to a ticket; the body is the file. The team alone has it, unless it is `shared`."""
    if who.session is not None:
        check_token(request, who.session, {})
    content = await request.body()
    kept = services_of(request).attachments
    one = await to_thread.run_sync(
        lambda: kept.by_member(who, clean_text(reference), Sent(name, content), shared=shared)
    )
    return _json(file_body(one), 201)


@router.get("/api/tickets/{reference}/files", tags=["tickets"], summary="List files", response_class=Response)
def listed(request: Request, reference: Identifier, who: Reader) -> Response:
    """Files of a ticket, oldest first, with those that were removed; without `personal:read` their names are hidden."""
    found = services_of(request).attachments.of_ticket(clean_text(reference))
    shown = found if who.may(Permission.PERSONAL_READ) else map(hidden, found)
    return _json({"files": _bodies(shown)})


@router.get(
    "/api/tickets/{reference}/files/{file_id}",
    tags=["tickets"],
    summary="Download a file",
    response_class=Response,
)
def download_of_ticket(
    request: Request, reference: Identifier, file_id: Identifier, who: Confidant
) -> Response:
    """The file, as a download. Needs `tickets:read` and `personal:read`."""
    return downloaded(
        *services_of(request).attachments.for_member(who, clean_text(reference), clean_text(file_id))
    )


@router.delete(
    "/api/tickets/{reference}/files/{file_id}",
    tags=["tickets"],
    summary="Remove a file",
    status_code=204,
    response_class=Response,
)
def remove(
    request: Request,
    reference: Identifier,
    file_id: Identifier,
    who: Worker,
    why: Annotated[str, Query(max_length=200, description="Why, in a few words.")] = "",
) -> Response:
    """Removes a file for good, content and name; the history keeps that it was there, who removed it and why."""
    if who.session is not None:
        check_token(request, who.session, {})
    kept = services_of(request).attachments
    kept.remove(who, clean_text(reference), clean_text(file_id), clean_text(why))
    return Response(status_code=204, headers=_NO_STORE)


def downloaded(one: Attachment, content: bytes) -> Response:
    """A file as a download under its own name (RFC 6266)."""
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in one.name
    )
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(one.name, safe='')}"
    return Response(
        content, headers={**_DOWNLOAD, "content-disposition": disposition}, media_type=one.media_type
    )


def _bodies(found: Iterable[Attachment]) -> list[dict[str, Any]]:
    return [file_body(one) for one in found]


def limits_body(rules: AttachmentRules) -> dict[str, Any]:
    """What may be sent: kinds, bytes of one, how many of one conversation."""
    return {"types": rules.types, "largest": rules.largest, "most": rules.most}


def file_body(one: Attachment) -> dict[str, Any]:
    """A file as programs see it."""
    return {
        "id": one.id,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "at": one.at.isoformat(),
        "by": "customer" if one.by == "customer" else "team",
        "shared": one.shared,
        "removed": not one.is_there,
    }


def _json(value: Any, status: int = 200) -> Response:
    return Response(to_json(value), status, headers=_NO_STORE, media_type="application/json")
