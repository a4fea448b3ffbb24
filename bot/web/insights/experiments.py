"""Experiments on screen: two settings side by side, and whether the difference between them is real."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest, Conflict, NotAllowed
from bot.experimenting.running import Watched
from bot.experiments.comparison import TITLES
from bot.experiments.experiment import COUNTS, WEIGHTS, Kind
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.addresses import article_url
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.insights.evidence import said
from bot.web.insights.gaps import around
from bot.web.insights.tables import Table, as_csv
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/insights/experiments", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]
Experimenter = Annotated[Principal, Depends(Requires(Permission.EXPERIMENTS))]


@router.get("")
def listing(request: Request, who: Reader) -> Response:
    """All experiments, and a form to start one."""
    return _listing(request, who, {})


@router.post("")
async def start(request: Request, who: Experimenter) -> Response:
    """Starts one; what cannot be served side by side is refused with a sentence."""
    fields = {name: clean_text(value) for name, value in (await fields_of(request)).items()}
    if who.session is not None:
        check_token(request, who.session, fields)
    if fields.get("kind") == Kind.BUDGET and not who.may(Permission.BUDGET_SET):
        raise NotAllowed("Error budgets are set by managers; ask one to start this experiment.")
    given = [fields.get(name, "") for name in ("title", "kind", "setting")]
    flow = services_of(request).experimenting
    try:
        begun = await to_thread.run_sync(lambda: flow.start(*given, by=who.name))
    except (BadRequest, Conflict) as error:
        problem, status = str(error), error.status
        return await to_thread.run_sync(lambda: _listing(request, who, fields, problem, status))
    return RedirectResponse(f"/insights/experiments/{begun.id}", 303)


@router.get("/{experiment_id}")
def one(request: Request, experiment_id: str, who: Reader) -> Response:
    """Both arms beside each other; `format=csv` gives a file."""
    found = services_of(request).experimenting.watched(clean_text(experiment_id))
    if request.query_params.get("format") == "csv":
        return _file(found)
    people = {f"account:{one.id}": one.name or one.email for one in services_of(request).team.accounts()}
    return page(
        request,
        who,
        "insights/experiment",
        **around(request),
        watched=found,
        text=_text(request, found),
        people=people,
        may_stop=who.may(Permission.EXPERIMENTS),
    )


@router.get("/{experiment_id}/{figure}/{arm}")
def evidence(
    request: Request,
    experiment_id: str,
    figure: str,
    arm: str,
    who: Reader,
    at: Annotated[int, Query(alias="page", ge=1, le=10**6)] = 1,
) -> Response:
    """The conversations behind a figure of an arm, in pages."""
    services = services_of(request)
    names = [clean_text(one) for one in (experiment_id, figure, arm)]
    experiment, ids = services.experimenting.behind(*names)
    return page(
        request,
        who,
        "insights/experiment_behind",
        **around(request),
        evidence=services.evidence.some(who, ids, at),
        experiment=experiment,
        figure=TITLES[figure],
        arm=arm,
        own=request.url.path,
        said=said,
    )


@router.post("/{experiment_id}/stop")
async def stop(request: Request, experiment_id: str, who: Experimenter) -> Response:
    """Serves everybody alike again."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    experiment_id = clean_text(experiment_id)
    flow = services_of(request).experimenting
    await to_thread.run_sync(lambda: flow.stop(experiment_id, by=who.name))
    return RedirectResponse(f"/insights/experiments/{experiment_id}", 303)


def _text(request: Request, found: Watched) -> dict[str, str] | None:
    """Where the text that is tried can be read; None where none is."""
    if found.experiment.kind is not Kind.ARTICLE:
        return None
    trial = services_of(request).article_trials.text(found.experiment.id)
    return {"page": f"{article_url(trial.key.locale, trial.key.id)}?revision={trial.revision}"}


def _listing(
    request: Request, who: Principal, given: dict[str, Any], problem: str = "", status: int = 200
) -> Response:
    return page(
        request,
        who,
        "insights/experiments",
        status=status,
        **around(request),
        experiments=services_of(request).experimenting.all(),
        given=given,
        problem=problem,
        parts=(*WEIGHTS, *COUNTS),
        may_start=who.may(Permission.EXPERIMENTS),
        may_budget=who.may(Permission.BUDGET_SET),
        may_write=who.may(Permission.KNOWLEDGE_APPROVE),
    )


def _file(found: Watched) -> Response:
    head = ("figure", "a", "of_a", "b", "of_b", "difference", "low", "high", "verdict")
    rows = tuple(
        (
            *(line.title, line.a.count, line.a.of, line.b.count, line.b.of),
            *(line.difference.value, line.difference.low, line.difference.high, line.verdict),
        )
        for line in found.lines
    )
    return as_csv(Table(head, rows), f"experiment-{found.experiment.id}")
