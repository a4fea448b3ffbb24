"""Articles on screen: what needs a person's eye, with the conversations behind each figure one click away."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from bot.dialogue.conversation import conversation_mark
from bot.errors import BadRequest, NotFound
from bot.help_centre.votes import Why
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.upkeep.lines import ArticleReport, Line, Trouble
from bot.upkeep.pairs import Contradiction
from bot.web.desk.access import Requires
from bot.web.desk.page import page
from bot.web.insights.gaps import around
from bot.web.insights.tables import Table, as_csv
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/insights/articles", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]

_FIELDS: Final = ("trouble", "language", "owner")
#: Rows of the page; the file has all.
MOST_SHOWN: Final = 200
SAID: Final = {
    Trouble.NOT_HELPED: "did not help",
    Trouble.READERS: "readers say no",
    Trouble.TICKET: "led to a ticket",
    Trouble.NEVER_FOUND: "never found",
    Trouble.OVERDUE: "overdue for review",
    Trouble.LINKS: "broken links",
    Trouble.TRANSLATION: "translation missing or old",
    Trouble.COPY: "near copies",
    Trouble.CONTRADICTION: "possible contradictions",
    Trouble.HARD: "hard to read",
}
KINDS: Final = {
    "shown": "Shown",
    "quoted": "Quoted",
    "helped": "Helped",
    "not_helped": "Did not help",
    "ticket": "Led to a ticket",
    "near": "Nearest to a hand-off",
}
#: Votes of readers, behind which there is no conversation.
VOTES: Final = {"page_helped": "Readers say yes", "page_not_helped": "Readers say no"}
WHY: Final = {
    Why.MISSING: "does not say what they wanted to know",
    Why.UNCLEAR: "hard to understand",
    Why.WRONG: "not (any more) as it says",
    Why.FAILED: "did what it says, and it did not work",
}


@router.get("")
def listing(request: Request, who: Reader) -> Response:
    """Every article, what costs most first; what is filtered by stands in the address. `format=csv` gives a file."""
    chosen = {name: clean_text(request.query_params.get(name, ""))[:100] for name in _FIELDS}
    if chosen["trouble"] not in ("", *Trouble):
        raise BadRequest("Articles cannot be filtered by this: choose one of the tiles.")
    report = services_of(request).article_health.last()
    lines = [line for line in _seen(report, who) if _fits(line, chosen)]
    if request.query_params.get("format") == "csv":
        return _file(lines)
    kept = {name: value for name, value in chosen.items() if value}
    every = _seen(report, who)
    return page(
        request,
        who,
        "insights/articles",
        **around(request),
        report=report,
        lines=lines[:MOST_SHOWN],
        total=len(lines),
        chosen=chosen,
        tiles=[
            (
                SAID[trouble],
                _link({**kept, "trouble": trouble.value}),
                count,
                trouble.value == chosen["trouble"],
            )
            for trouble in Trouble
            if (count := sum(trouble in line.troubles for line in every))
        ],
        contradictions=_doubts(report, who) if chosen["trouble"] == Trouble.CONTRADICTION else [],
        languages=sorted({line.key.locale for line in every}),
        owners=sorted({line.owner for line in every if line.owner}),
        file=_link({**kept, "format": "csv"}),
        said=SAID,
    )


@router.get("/{locale}/{article_id:path}")
def one(request: Request, locale: str, article_id: str, who: Reader, kind: str = "") -> Response:
    """One article; `kind` lists the conversations behind a figure, `mark` opens one of them."""
    report = services_of(request).article_health.last()
    wanted = (clean_text(locale), clean_text(article_id))
    line = next((one for one in _seen(report, who) if (one.key.locale, one.key.id) == wanted), None)
    if report is None or line is None or (kind and kind not in KINDS):
        raise NotFound("There is no such article, or it has not been looked at yet.")
    own = f"/insights/articles/{locale}/{article_id}"
    mark = clean_text(request.query_params.get("mark", ""))[:64]
    if mark and kind:
        conversation, masked = services_of(request).gaps.evidence(who, line.behind[kind], mark)
        return page(
            request,
            who,
            "insights/behind",
            **around(request),
            conversation=conversation,
            masked=masked,
            back=f"{own}?kind={kind}",
            back_to="The article",
            tickets=who.may(Permission.TICKETS_READ),
        )
    return page(
        request,
        who,
        "insights/article",
        **around(request),
        report=report,
        may_try=who.may(Permission.EXPERIMENTS) and who.may(Permission.KNOWLEDGE_APPROVE),
        line=line,
        own=own,
        kind=kind,
        kinds=KINDS,
        opinion=services_of(request).votes.opinion(line.key, report.days),
        why=WHY,
        marks=[conversation_mark(each) for each in line.behind.get(kind, ())],
        contradictions=[one for one in _doubts(report, who) if line.key in (one.first.key, one.second.key)],
        said=SAID,
    )


def _seen(report: ArticleReport | None, who: Principal) -> list[Line]:
    """Articles for agents are for those who may read them."""
    lines = report.lines if report else ()
    internal = who.may(Permission.KNOWLEDGE_READ)
    return [line for line in lines if internal or line.audience == "public"]


def _doubts(report: ArticleReport | None, who: Principal) -> list[Contradiction]:
    seen = {line.key for line in _seen(report, who)}
    return [one for one in report.contradictions if {one.first.key, one.second.key} <= seen] if report else []


def _fits(line: Line, chosen: dict[str, str]) -> bool:
    trouble, language, owner = (chosen[name] for name in _FIELDS)
    if trouble and trouble not in line.troubles:
        return False
    return (not language or line.key.locale == language) and (not owner or line.owner == owner)


def _link(values: dict[str, str]) -> str:
    return f"/insights/articles?{urlencode(values)}"


_HEAD: Final = (
    *("article", "language", "title", "owner", *KINDS, *VOTES, "last_reviewed", "next_review"),
    *("troubles", "broken_links", "missing_translations", "outdated", "reading_ease"),
)


def _file(lines: list[Line]) -> Response:
    rows = tuple(
        (
            *(line.key.id, line.key.locale, line.title, line.owner),
            *(line.counts.get(kind, 0) for kind in (*KINDS, *VOTES)),
            *(line.last_reviewed or "", line.next_review or ""),
            "; ".join(SAID[trouble] for trouble in line.troubles),
            "; ".join(f"{link.target}: {link.why}" for link in line.broken),
            " ".join(line.missing),
            line.outdated,
            "" if line.ease is None else round(line.ease),
        )
        for line in lines
    )
    return as_csv(Table(_HEAD, rows), "articles")
