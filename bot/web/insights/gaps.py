"""Gaps on screen: the list with its filters, one gap with its questions and what to write, and what people do to it."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest
from bot.gaps.cure import Cure
from bot.gaps.gap import BY_HAND, Gap, State
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.insights.address import address_of
from bot.web.insights.overview import about
from bot.web.insights.tables import Table, as_csv
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/insights/gaps", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]
Writer = Annotated[Principal, Depends(Requires(Permission.KNOWLEDGE_DRAFT))]

_FIELDS: Final = ("state", "cure", "language", "assignee")
_ALL: Final = "all"
#: Rows of the page; the file has all.
MOST_SHOWN: Final = 200
MINE: Final = "me"


@dataclass(frozen=True, slots=True)
class Line:
    """A gap with its name."""

    gap: Gap
    name: str


@router.get("")
def listing(request: Request, who: Reader) -> Response:
    """The costliest first; what is filtered by stands in the address. `format=csv` gives a file."""
    chosen = {name: clean_text(request.query_params.get(name, ""))[:100] for name in _FIELDS}
    viewing = services_of(request).gaps
    gaps = viewing.listing()
    wanted = [gap for gap in gaps if _fits(gap, chosen, who)]
    people = viewing.people()
    if request.query_params.get("format") == "csv":
        return _file([Line(gap, viewing.name(gap)) for gap in wanted], people)
    kept = {name: value for name, value in chosen.items() if value}
    return page(
        request,
        who,
        "insights/gaps",
        **around(request),
        lines=[Line(gap, viewing.name(gap)) for gap in wanted[:MOST_SHOWN]],
        total=len(wanted),
        chosen=chosen,
        filtered=bool(kept),
        known=len(gaps),
        states=list(State),
        cures=list(Cure),
        languages=sorted({gap.language for gap in gaps}),
        people=people,
        file=f"/insights/gaps?{urlencode({**kept, 'format': 'csv'})}",
        cured=CURED,
    )


@router.get("/{gap_id}")
def one(request: Request, gap_id: str, who: Reader) -> Response:
    """A gap with its questions, the nearest articles, what to write, and its history."""
    viewing = services_of(request).gaps
    opened = viewing.opened(who, clean_text(gap_id))
    may_write = who.may(Permission.KNOWLEDGE_DRAFT)
    return page(
        request,
        who,
        "insights/gap",
        **around(request),
        opened=opened,
        gap=opened.gap,
        advice=opened.gap.advice,
        may_write=may_write,
        by_hand=[state for state in BY_HAND[opened.gap.state] if state is not State.ASSIGNED],
        writers=viewing.writers() if may_write else [],
        people=viewing.people(),
        cured=CURED,
        troubled=TROUBLED,
        now=NOW,
    )


@router.get("/{gap_id}/{mark}")
def evidence(request: Request, gap_id: str, mark: str, who: Reader) -> Response:
    """A conversation behind a gap."""
    gap_id = clean_text(gap_id)
    conversation, masked = services_of(request).gaps.conversation(who, gap_id, clean_text(mark))
    return page(
        request,
        who,
        "insights/behind",
        **around(request),
        conversation=conversation,
        masked=masked,
        back=f"/insights/gaps/{gap_id}",
        back_to="The gap",
        tickets=who.may(Permission.TICKETS_READ),
    )


@router.post("/{gap_id}")
async def change(request: Request, gap_id: str, who: Writer) -> Response:
    """Assigns a gap, says that something was written, or opens it again."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    gap_id = clean_text(gap_id)
    try:
        before, after = State(fields.get("before", "")), State(fields.get("after", ""))
    except ValueError as exc:
        raise BadRequest("Say which state the gap has, and which it shall have.") from exc
    await to_thread.run_sync(_change, request, who, gap_id, before, after, fields.get("assignee", ""))
    return RedirectResponse(f"/insights/gaps/{gap_id}", 303)


def around(request: Request) -> dict[str, Any]:
    """What every page under /insights shows around its own."""
    return about(request, address_of(request, services_of(request).insights.newest()))


def _change(
    request: Request, who: Principal, gap_id: str, before: State, after: State, assignee: str
) -> None:
    viewing = services_of(request).gaps
    if after is not State.ASSIGNED:
        viewing.mark(who, gap_id, after, before)
        return
    own = who.account.id if who.account else ""
    viewing.assign(who, gap_id, own if assignee == MINE else assignee, before)


def _fits(gap: Gap, chosen: dict[str, str], who: Principal) -> bool:
    own = who.account.id if who.account else ""
    state, cure, language, assignee = (chosen[name] for name in _FIELDS)
    if state not in ("", _ALL, *State) or cure not in ("", *Cure):
        raise BadRequest("Gaps cannot be filtered by this: choose a state and a cure that the page offers.")
    if state != _ALL and (gap.state is State.VERIFIED if not state else gap.state != state):
        return False
    if cure and (gap.advice is None or gap.advice.cure != cure):
        return False
    if language and gap.language != language:
        return False
    return not assignee or gap.assignee == (own if assignee == MINE else assignee)


_HEAD: Final = (
    *("id", "question", "language", "state", "assignee", "tickets", "minutes", "questions"),
    *("conversations", "answered_now", "asked_again", "cure", "article", "why", "nearest"),
)


def _file(lines: list[Line], people: dict[str, str]) -> Response:
    rows = []
    for line in lines:
        gap, advice = line.gap, line.gap.advice
        rows.append(
            (
                gap.id,
                line.name,
                gap.language,
                gap.state.value,
                people.get(gap.assignee, ""),
                gap.tickets,
                round(gap.minutes, 1),
                len(gap.questions),
                gap.conversations,
                gap.answered,
                gap.asked_again,
                advice.cure.value if advice else "",
                str(advice.article) if advice and advice.article else "",
                advice.why if advice else "",
                "; ".join(str(one.key) for one in advice.nearest) if advice else "",
            )
        )
    return as_csv(Table(_HEAD, tuple(rows)), "gaps")


CURED: Final = {
    Cure.NEW: "a new article",
    Cure.BETTER: "a better article",
    Cure.TITLE: "a title customers would use",
}
TROUBLED: Final = {
    "not_helpful": "answered, did not help",
    "handed_off": "not answered",
    "solved_by_agent": "a person settled it",
    "asked_back": "asked back, customer left",
}
NOW: Final = {
    "answered": "answered",
    "same": "the same passage again",
    "asked_back": "asked back",
    "handed_off": "not answered",
    "": "not asked again",
}
