"""The page that replays history at other error budgets: what would have been answered, handed on, wrong."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import Markup

from bot.dialogue.replay import BUDGETS, Replay, RepliedTurn, replay
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.redaction import Level
from bot.web.desk.access import Requires
from bot.web.desk.page import page
from bot.web.desk.plots import curve, diagram
from bot.web.services import services_of

router = APIRouter(prefix="/desk", include_in_schema=False)

Simulating = Annotated[Principal, Depends(Requires(Permission.SIMULATE))]

#: Turns looked at; more would slow the page and change little.
MOST_TURNS = 10_000


@router.get("/confidence")
def confidence(
    request: Request, who: Simulating, budget: Annotated[float, Query(ge=0.001, le=0.5)] = 0.05
) -> Response:
    """History at each budget, with the curves, and questions on either side of the line."""
    services = services_of(request)
    serving = services.serving
    turns = services.turns.replied(MOST_TURNS)
    found = replay(turns, serving.model.threshold, sorted({*BUDGETS, round(budget, 3)}))
    line = next((row.threshold for row in found.rows if row.promise.budget.wrong == round(budget, 3)), None)
    if line is not None:
        found = replay(turns, line, [row.promise.budget.wrong for row in found.rows])
    return page(
        request,
        who,
        "confidence",
        statement=serving.statement,
        threshold=serving.model.threshold,
        line=serving.model.threshold if line is None else line,
        wanted=round(budget, 3),
        found=found,
        most=MOST_TURNS,
        risk=curve(found.risks) if found.risks else Markup(),
        reliability=diagram(found.bins) if found.bins else Markup(),
        examples=_examples(request, who, found),
    )


def _examples(
    request: Request, who: Principal, found: Replay
) -> list[tuple[str, list[tuple[str, RepliedTurn]]]]:
    """Questions on either side; without personal data for those who may not see it."""
    redactor = services_of(request).redactor

    def shown(turn: RepliedTurn) -> str:
        if who.may(Permission.PERSONAL_READ):
            return turn.question
        return redactor.redact(turn.question, Level.MASKING, turn.reply.language).text

    return [
        ("Just sure enough", [(shown(turn), turn) for turn in found.above]),
        ("Not quite sure enough", [(shown(turn), turn) for turn in found.below]),
    ]
