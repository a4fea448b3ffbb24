"""The files of a ticket on its page: added with a form, downloaded, removed."""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from bot.errors import BadRequest, BotError
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.tickets.attachments import Sent
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.tickets import ticket_page
from bot.web.files import downloaded
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/desk/tickets", include_in_schema=False)

Worker = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]
Confidant = Annotated[Principal, Depends(Requires(Permission.PERSONAL_READ))]

#: Files that one form may bring.
_MOST_FILES: Final = 5


@router.post("/{reference}/files")
async def attach(request: Request, reference: str, who: Worker) -> Response:
    """Adds the files of a form; those before one that is refused stay. Scripts, which want JSON, get no page."""
    fields, sent = await _form(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    of, shared = clean_text(reference), fields.get("shared") == "yes"
    by_script = "application/json" in request.headers.get("accept", "")

    def kept() -> Response:
        try:
            if not sent:
                raise BadRequest("Choose a file first.")
            for one in sent:
                services_of(request).attachments.by_member(who, of, one, shared=shared)
        except BotError as refused:
            if by_script or refused.status not in (400, 413, 409):
                raise
            return ticket_page(request, who, of, status=refused.status, problem=str(refused))
        return Response(status_code=204) if by_script else _back(of)

    return await to_thread.run_sync(kept)


@router.get("/{reference}/files/{file_id}")
def download(request: Request, reference: str, file_id: str, who: Confidant) -> Response:
    """A file, as a download."""
    return downloaded(
        *services_of(request).attachments.for_member(who, clean_text(reference), clean_text(file_id))
    )


@router.post("/{reference}/files/{file_id}/remove")
async def remove(request: Request, reference: str, file_id: str, who: Worker) -> Response:
    """Removes a file for good."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    of = clean_text(reference)

    def gone() -> Response:
        try:
            kept = services_of(request).attachments
            kept.remove(who, of, clean_text(file_id), clean_text(fields.get("why", "")))
        except BadRequest as refused:
            return ticket_page(request, who, of, status=400, problem=str(refused))
        return _back(of)

    return await to_thread.run_sync(gone)


def _back(reference: str) -> Response:
    return RedirectResponse(f"/desk/tickets/{reference}?done=done#files", 303)


async def _form(request: Request) -> tuple[dict[str, str], list[Sent]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        # Who may is told apart from who may not by the token alone; nothing is read of what is no form.
        return {}, []
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=10) as form:
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
            files = [one for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename]
            return fields, [Sent(one.filename or "", await one.read()) for one in files]
    except HTTPException as exc:
        raise BadRequest(f"The form cannot be read; send at most {_MOST_FILES} files at once.") from exc
