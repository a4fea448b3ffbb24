"""Quality review: the week's sample, the scorecard of a drawn ticket, agreement of reviewers; and one's own results."""

import datetime as dt
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from bot.desk.quality import Mark, bounds, week_of
from bot.errors import BadRequest, BotError
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/desk", include_in_schema=False)

Reviewer = Annotated[Principal, Depends(Requires(Permission.QUALITY_REVIEW))]
Agent = Annotated[Principal, Depends(Requires(Permission.TICKETS_WORK))]

_DAY: Final = dt.timedelta(days=1)
#: What a reviewer may choose, and how it is shown.
MARKS: Final = {Mark.YES: "yes", Mark.PARTLY: "partly", Mark.NO: "no", Mark.NOT_APPLICABLE: "not applicable"}


@router.get("/quality")
def sample(request: Request, who: Reviewer, week: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The sample of a week, by default of the last one that is over."""
    quality = services_of(request).quality
    this = quality.this_week()
    before = week_of(bounds(this)[0] - _DAY)
    shown = quality.week(who, clean_text(week) or before)
    start, end = bounds(shown.name)
    return page(
        request,
        who,
        "quality",
        shown=shown,
        share=quality.rules.share,
        agreements=quality.agreements(),
        names=_names(request),
        earlier=week_of(start - _DAY),
        later=week_of(end) if shown.name != this else "",
        running=quality.week(who, this),
    )


@router.get("/quality/{week}/{reference}")
def scorecard(request: Request, week: str, reference: str, who: Reviewer) -> Response:
    """A drawn ticket with its conversation, and the scorecard; those of others are shown once one's own is given."""
    return _card(request, who, clean_text(week), clean_text(reference))


@router.post("/quality/{week}/{reference}")
async def review(request: Request, week: str, reference: str, who: Reviewer) -> Response:
    """Keeps a scorecard."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    quality = services_of(request).quality
    week, reference = clean_text(week), clean_text(reference)
    try:
        given = {
            one.name: Mark(fields[f"mark-{one.name}"])
            for one in quality.rules.questions
            if fields.get(f"mark-{one.name}")
        }
    except ValueError as exc:
        raise BadRequest("A question is answered with yes, partly, no or not applicable.") from exc
    needed = {"yes": True, "no": False}.get(fields.get("hand_off", ""))
    comment = clean_text(fields.get("comment", ""))
    try:
        await to_thread.run_sync(
            lambda: quality.review(who, week, reference, given, hand_off_needed=needed, comment=comment)
        )
    except BotError as error:
        if error.status not in (400, 403, 409, 413):
            raise
        problem, status = str(error), error.status
        return await to_thread.run_sync(
            lambda: _card(request, who, week, reference, problem=problem, status=status, fields=fields)
        )
    return RedirectResponse(f"/desk/quality/{week}/{reference}", 303)


@router.get("/my-reviews")
def mine(request: Request, who: Agent) -> Response:
    """What reviewers said of one's own tickets."""
    quality = services_of(request).quality
    found = quality.of_agent(who.name)
    scores = [one.score for one in found if one.score is not None]
    return page(
        request,
        who,
        "my_reviews",
        reviews=found,
        mean=sum(scores) / len(scores) if scores else None,
        questions={one.name: one.text for one in quality.rules.questions},
        marks=MARKS,
    )


def _card(
    request: Request,
    who: Principal,
    week: str,
    reference: str,
    *,
    problem: str = "",
    status: int = 200,
    fields: dict[str, str] | None = None,
) -> Response:
    services = services_of(request)
    drawn = services.quality.drawn(who, week, reference)
    others = [
        one
        for one in services.quality.of_agent(drawn.solved.agent)
        if drawn.mine is not None and (one.week, one.reference) == (week, reference)
    ]
    return page(
        request,
        who,
        "scorecard",
        status=status,
        problem=problem,
        fields=fields or {},
        week=week,
        drawn=drawn,
        opened=services.tickets.ticket(who, reference),
        surveys=services.surveys.of_ticket(reference),
        questions=services.quality.rules.questions,
        marks=MARKS,
        reviews=others,
        names=_names(request),
    )


def _names(request: Request) -> dict[str, str]:
    return {f"account:{one.id}": one.name for one in services_of(request).team.accounts()}
