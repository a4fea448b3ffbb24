"""The conversations behind a line, and each of them; personal data is masked for those who may not read it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from bot.errors import BadRequest, NotFound
from bot.insights.evidence import Cut
from bot.ledger.evidence import LINES, line_of
from bot.ledger.records import Flag
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.page import page
from bot.web.heat import DAYS
from bot.web.insights.address import Address, address_of, day_of, text_of
from bot.web.insights.overview import about
from bot.web.insights.tables import Table, as_csv
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/insights/conversations", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]

_PARTS = ("figure", "reason", "article", "agent", "day", "hour")
_SAID = {
    Flag.ANSWERED: "answered",
    Flag.CONFIRMED: "customer said it helped",
    Flag.ABANDONED: "left unanswered",
    Flag.HANDED_OFF: "handed off",
    Flag.RETURNED: "came back",
    Flag.SOLVED_BY_PERSON: "solved by a person",
    Flag.REOPENED: "reopened",
    Flag.PASSED_UP: "escalated",
}


@router.get("")
def conversations(
    request: Request, who: Reader, at: Annotated[int, Query(alias="page", ge=1, le=10**6)] = 1
) -> Response:
    """Those behind a line, in pages."""
    address, cut, parts = _asked(request)
    found = services_of(request).evidence.page(who, address.period, address.wanted, cut, at)
    return page(
        request,
        who,
        "insights/conversations",
        **about(request, address),
        evidence=found,
        cut=cut,
        parts=parts,
        what=_what(cut, request),
        said=said,
    )


@router.get("/export.csv")
def export(request: Request, who: Reader) -> Response:
    """The same as a file: what happened, without anybody's words."""
    address, cut, _ = _asked(request)
    rows = services_of(request).evidence.all(address.period, address.wanted, cut)
    head = (
        *("conversation", "opened_at", "channel", "language", "product", "hand_off_reason"),
        *("first_response_s", "resolution_s", "handle_time_s", "rated", "recommends", "what_happened"),
    )
    table = tuple(
        (
            *(one.mark, one.opened_at.isoformat(), one.channel, one.language, one.product),
            *(one.hand_off, one.first_response, one.resolution, one.handled, one.rated, one.recommends),
            ", ".join(said(one.flags)),
        )
        for one in rows
    )
    return as_csv(Table(head, table), f"conversations-{address.period.first}")


@router.get("/{day}/{mark}")
def conversation(request: Request, who: Reader, day: str, mark: str) -> Response:
    """One of them with all that was said, by the day it was opened and its mark: its id is a key, and stays inside."""
    opened_on = day_of(clean_text(day))
    if opened_on is None:
        raise NotFound("There is no such conversation.")
    opened = services_of(request).evidence.conversation(who, opened_on, clean_text(mark))
    return page(
        request,
        who,
        "insights/conversation",
        **about(request, address_of(request, services_of(request).insights.newest())),
        opened=opened,
        conversation=opened.conversation,
        mark=opened.mark,
    )


def said(flags: int) -> list[str]:
    """What happened in a conversation, in words."""
    return [word for flag, word in _SAID.items() if flags & flag]


def _asked(request: Request) -> tuple[Address, Cut, dict[str, str]]:
    parts = {name: text_of(request, name) for name in _PARTS}
    parts = {name: value for name, value in parts.items() if value}
    line = line_of(parts.get("figure", "conversations"))
    if line is None:
        raise BadRequest(f"There is no such figure; the ones there are: {', '.join(LINES)}.")
    hour = parts.get("hour")
    if hour is not None and not (hour.isascii() and hour.isdigit() and int(hour) < 168):
        raise BadRequest("An hour of the week is a number from 0 (Monday after midnight) to 167.")
    cut = Cut(
        line,
        reason=parts.get("reason", ""),
        article=parts.get("article", ""),
        agent=parts.get("agent", ""),
        day=day_of(parts.get("day", "")),
        hour=int(hour) if hour is not None else None,
    )
    return address_of(request, services_of(request).insights.newest()), cut, parts


def _what(cut: Cut, request: Request) -> str:
    """The line in words."""
    parts = [cut.line.title]
    if cut.reason:
        parts.append(f"handed off for “{cut.reason.replace('_', ' ')}”")
    if cut.article:
        titles = dict(services_of(request).article_titles())
        parts.append(f"quoting “{titles.get(cut.article, cut.article)}”")
    if cut.agent:
        parts.append("solved by one person")
    if cut.day is not None:
        parts.append(f"opened on {cut.day}")
    if cut.hour is not None:
        parts.append(f"opened on a {DAYS[cut.hour // 24]} from {cut.hour % 24}:00")
    return ", ".join(parts)
