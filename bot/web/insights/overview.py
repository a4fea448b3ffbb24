"""The overview: each figure against its target, with its definition, its source, and a way to what is behind it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from bot.errors import NotFound
from bot.insights.overview import Overview
from bot.ledger.evidence import line_of
from bot.ledger.figures import PAIR_NOTE
from bot.ledger.sources import source_of
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.page import page
from bot.web.heat import DAYS, heat
from bot.web.insights.address import Address, address_of
from bot.web.insights.navigation import PAGES
from bot.web.insights.tables import as_csv, tables
from bot.web.review import interval, moved, shown, target_shown
from bot.web.services import services_of

router = APIRouter(prefix="/insights", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]

#: The way of a conversation, from all to those surely settled: figure, bound, label.
_FUNNEL = (
    ("conversations", "", "All conversations that count"),
    ("involved", "", "Something was asked of the bot"),
    ("answered", "", "An article was quoted"),
    ("contained", "", "No person took part"),
    ("deflection", "", "Nothing speaks against its being settled"),
    ("deflection_low", "low", "The customer said so"),
)


@router.get("")
def overview(request: Request, who: Reader) -> Response:
    """Figures of a period beside the one before."""
    address, found = _found(request)
    return page(
        request,
        who,
        "insights/overview",
        **about(request, address, found),
        note=PAIR_NOTE,
        funnel=_funnel(found),
        heat=heat(found.hours),
        weekdays=DAYS,
        titles=_titles(request),
        names=_names(request),
        targets=services_of(request).insights.targets,
    )


@router.get("/{table}.csv")
def export(request: Request, who: Reader, table: str) -> Response:
    """One of the overview's tables, of the same period and filter. Raises `NotFound`."""
    address, found = _found(request)
    every = tables(found, _titles(request))
    if table not in every:
        raise NotFound("There is no such table.")
    return as_csv(every[table], f"{table}-{address.period.first}-{address.period.span.value}")


def about(request: Request, address: Address, found: Overview | None = None) -> dict[str, Any]:
    """What every page under /insights shows around its own."""
    return {
        "address": address,
        "found": found,
        "review": found.review if found else None,
        "pages": PAGES,
        "shown": shown,
        "interval": interval,
        "moved": moved,
        "source_of": source_of,
        "line_of": line_of,
        "target_shown": target_shown,
        "words": lambda value: str(value).replace("_", " "),
    }


def _found(request: Request) -> tuple[Address, Overview]:
    insights = services_of(request).insights
    address = address_of(request, insights.newest())
    return address, insights.overview(address.period, address.wanted)


def _titles(request: Request) -> dict[str, str]:
    return dict(services_of(request).article_titles())


def _names(request: Request) -> dict[str, str]:
    """What colleagues are called, by their accounts' ids."""
    return {one.id: one.name for one in services_of(request).team.accounts()}


def _funnel(found: Overview) -> list[tuple[str, str, int, float]]:
    """Label, figure, count, and share of all."""
    counted = found.review.counted
    counts = {
        "conversations": counted.conversations,
        "involved": counted.involved,
        "answered": counted.answered,
        "contained": counted.contained,
        "deflection": counted.at_most_deflected,
        "deflection_low": counted.surely_deflected,
    }
    every = counted.conversations or 1
    return [(label, name, counts[name], counts[name] / every) for name, _, label in _FUNNEL]
