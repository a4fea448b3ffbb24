"""Draft articles: begun from a solved ticket, changed, handed to review, approved or sent back."""

from collections.abc import Callable
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.desk.drafting import Draft, DraftState
from bot.desk.suggested import Suggested
from bot.errors import BadRequest, BotError, NotAllowed
from bot.knowledge.drafts import DraftMoved, Wanted
from bot.knowledge.learning import LONGEST_QUESTION
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.schemas import clean_text
from bot.web.services import services_of
from kb.article import Audience

router = APIRouter(prefix="/desk", include_in_schema=False)

Author = Annotated[Principal, Depends(Requires(Permission.KNOWLEDGE_DRAFT))]
Specialist = Annotated[Principal, Depends(Requires(Permission.KNOWLEDGE_APPROVE))]

_OPEN: Final = (DraftState.SUBMITTED, DraftState.DRAFT, DraftState.REJECTED)


@router.get("/drafts")
def drafts(request: Request, who: Author) -> Response:
    """What waits for a review first, then what is being written, then what was published."""
    found = services_of(request).drafts
    opened = sorted(found.all(_OPEN), key=lambda one: _OPEN.index(one.state))
    done = found.all((DraftState.PUBLISHED,))[:50]
    return page(request, who, "drafts", opened=opened, done=done, names=_names(request))


@router.post("/tickets/{reference}/draft")
async def begin(request: Request, reference: str, who: Author) -> Response:
    """Begins a draft from a solved ticket."""
    await _checked(request, who)
    draft = await to_thread.run_sync(services_of(request).drafts.begin, who, clean_text(reference))
    return RedirectResponse(f"/desk/drafts/{draft.id}", 303)


@router.get("/drafts/{draft_id}")
def draft(request: Request, draft_id: str, who: Author) -> Response:
    """A draft with the articles that are nearest to it, and its history."""
    return _draft_page(request, who, services_of(request).drafts.get(clean_text(draft_id)))


@router.post("/drafts/{draft_id}")
async def save(request: Request, draft_id: str, who: Author) -> Response:
    """Keeps what was written; the button says whether it goes to review."""
    fields = await _checked(request, who)
    wanted = Wanted(
        title=clean_text(fields.get("title", "")),
        body=clean_text(fields.get("body", "")),
        locale=fields.get("locale", ""),
        audience=_audience(fields),
    )
    submit = fields.get("then") == "submit"
    return await _changed(
        request,
        who,
        clean_text(draft_id),
        lambda: services_of(request).drafts.save(
            who, clean_text(draft_id), wanted, _seen(fields), submit=submit
        ),
        wanted,
    )


@router.post("/drafts/{draft_id}/review")
async def review(request: Request, draft_id: str, who: Specialist) -> Response:
    """Approves a draft, which publishes it, or sends it back with a reason."""
    fields = await _checked(request, who)
    draft_id, flow = clean_text(draft_id), services_of(request).drafts
    verdict = fields.get("verdict", "")
    if verdict not in ("approve", "reject"):
        raise BadRequest("Say whether the draft is approved or sent back.")

    def decide() -> Draft:
        if verdict == "approve":
            return flow.approve(who, draft_id, _seen(fields))
        return flow.reject(who, draft_id, clean_text(fields.get("reason", "")), _seen(fields))

    return await _changed(request, who, draft_id, decide)


async def _changed(
    request: Request,
    who: Principal,
    draft_id: str,
    change: Callable[[], Draft],
    wanted: Wanted | None = None,
) -> Response:
    """Makes a change and shows the draft; what stood against it is shown with all that was written."""
    try:
        await to_thread.run_sync(change)
    except (BadRequest, DraftMoved) as error:
        problem, status = str(error), error.status
        found = await to_thread.run_sync(services_of(request).drafts.get, draft_id)
        return await to_thread.run_sync(
            lambda: _draft_page(request, who, found, wanted=wanted, problem=problem, status=status)
        )
    return RedirectResponse(f"/desk/drafts/{draft_id}", 303)


def _draft_page(
    request: Request,
    who: Principal,
    found: Draft,
    *,
    wanted: Wanted | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    services = services_of(request)
    near, unavailable = _near(request, who, found)
    return page(
        request,
        who,
        "draft",
        status=status,
        problem=problem,
        draft=found,
        wanted=wanted or Wanted(found.title, found.body, found.locale, found.audience),
        locales=services.drafts.locales,
        audiences=list(Audience),
        history=services.drafts.history(found.id),
        near=near,
        unavailable=unavailable,
        may_review=who.may(Permission.KNOWLEDGE_APPROVE),
        names=_names(request),
    )


def _near(request: Request, who: Principal, found: Draft) -> tuple[Suggested | None, str]:
    """Articles that may say the same already; a draft opens without an index too."""
    if not who.may(Permission.SUGGESTIONS_READ):
        return None, ""
    flow = services_of(request).suggestions
    try:
        subject = flow.of_text(f"{found.title}\n{found.body}"[:LONGEST_QUESTION])
        return flow.suggest(subject, internal=who.may(Permission.KNOWLEDGE_READ)), ""
    except BotError as error:
        return None, str(error)


async def _checked(request: Request, who: Principal) -> dict[str, str]:
    fields = await fields_of(request)
    if who.session is None:
        raise NotAllowed("Drafts are for people, not for programs.")
    check_token(request, who.session, fields)
    return fields


def _seen(fields: dict[str, str]) -> int:
    text = fields.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest("The form is incomplete; open the draft again.")
    return int(text)


def _audience(fields: dict[str, str]) -> Audience:
    try:
        return Audience(fields.get("audience", ""))
    except ValueError as exc:
        raise BadRequest("Please choose who the article is for.") from exc


def _names(request: Request) -> dict[str, str]:
    return {f"account:{one.id}": one.name for one in services_of(request).team.accounts()}
