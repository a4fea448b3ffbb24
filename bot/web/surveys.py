"""The survey after a solution: a signed link that needs no sign-in. Looking changes nothing, only sending does."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.desk.survey import COMMENT_CHARS, RECOMMENDATION, SATISFACTION, Answer, Survey
from bot.errors import BadRequest
from bot.web import languages
from bot.web.desk.forms import fields_of
from bot.web.pages import pages_of, told_date
from bot.web.schemas import clean_text, problem_responses
from bot.web.services import services_of

router = APIRouter(tags=["surveys"])

Token = Annotated[str, Path(max_length=2_000)]
_JSON = "application/json"
#: The link is the key: it must not leak to the sites that a page links to, nor be kept.
_PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


class SurveyAnswer(BaseModel):
    """What a customer says; what is left out stays as it was said before."""

    model_config = ConfigDict(extra="ignore", strict=True)

    solved: bool | None = Field(None, description="Whether the matter is settled; `false` goes on with it.")
    satisfaction: int | None = Field(None, ge=SATISFACTION[0], le=SATISFACTION[1], examples=[5])
    recommendation: int | None = Field(None, ge=RECOMMENDATION[0], le=RECOMMENDATION[1], examples=[9])
    comment: str | None = Field(None, max_length=COMMENT_CHARS)


class SurveyState(BaseModel):
    """How a survey stands."""

    reference: str = Field(examples=["TZ-4F7K-9Q2M"])
    open: bool = Field(description="Whether an answer is taken, or changed.")
    closes_at: str = Field(description="ISO 8601 time in UTC.", examples=["2026-12-11T09:30:00+00:00"])
    solved: bool | None
    satisfaction: int | None
    recommendation: int | None


@router.get("/surveys/{token}", include_in_schema=False)
def show(request: Request, token: Token) -> Response:
    """The page of a survey; programs that follow links, such as mail scanners, change nothing by it."""
    found = services_of(request).surveys.of_token(token)
    if _JSON in request.headers.get("accept", ""):
        return _state(request, found)
    return _page(request, token, found)


@router.post(
    "/surveys/{token}",
    summary="Answer a survey",
    response_model=SurveyState,
    responses=problem_responses(
        _400="Nothing was answered, or a score is on no scale.",
        _404="The link does not work (any more).",
        _409="The survey is closed, or was changed at the same time.",
        _429="Too many at once; wait `Retry-After` seconds.",
    ),
    openapi_extra={
        "requestBody": {"content": {_JSON: {"schema": SurveyAnswer.model_json_schema()}}, "required": True}
    },
)
async def answer(request: Request, token: Token) -> Response:
    """Keeps an answer. It may be changed until the survey closes; the newest counts.

    The token of the survey that a conversation may answer is `survey` in `GET /chat/{conversation_id}/messages`.
    """
    by_form = not request.headers.get("content-type", "").startswith(_JSON)
    given = _of_form(await fields_of(request)) if by_form else _of_json(await request.body())
    surveys = services_of(request).surveys
    try:
        found = await to_thread.run_sync(surveys.answer, token, given)
    except BadRequest as error:
        if not by_form or error.status != 400:
            raise
        shown = await to_thread.run_sync(surveys.of_token, token)
        return await to_thread.run_sync(lambda: _page(request, token, shown, problem=True))
    if not by_form:
        return _state(request, found)
    return await to_thread.run_sync(lambda: _page(request, token, found, saved=True))


def _of_json(body: bytes) -> Answer:
    try:
        said = SurveyAnswer.model_validate_json(body)
    except ValidationError as exc:
        fields = ", ".join(str(error["loc"][0]) for error in exc.errors() if error["loc"])
        raise BadRequest(f"This is no answer to a survey: {fields or 'not a JSON object'}.") from exc
    return Answer(said.solved, said.satisfaction, said.recommendation, clean_text(said.comment or ""))


def _of_form(fields: dict[str, str]) -> Answer:
    return Answer(
        {"yes": True, "no": False}.get(fields.get("solved", "")),
        _number(fields.get("satisfaction", "")),
        _number(fields.get("recommendation", "")),
        clean_text(fields.get("comment", "")),
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise BadRequest("A score is a whole number.")
    return int(text)


def _state(request: Request, survey: Survey) -> Response:
    state = SurveyState(
        reference=survey.reference,
        open=services_of(request).surveys.is_open(survey),
        closes_at=survey.closes_at.isoformat(),
        solved=survey.answer.solved,
        satisfaction=survey.answer.satisfaction,
        recommendation=survey.answer.recommendation,
    )
    return Response(state.model_dump_json(), headers=_PRIVATE, media_type=_JSON)


def _page(
    request: Request, token: str, survey: Survey, *, saved: bool = False, problem: bool = False
) -> Response:
    services, pages = services_of(request), pages_of(request)
    locale = languages.known(request, survey.language)
    response = pages.render(
        request,
        "survey.html",
        locale,
        status=400 if problem else 200,
        survey=survey,
        answer=survey.answer,
        token=token,
        is_open=services.surveys.is_open(survey),
        until=told_date(survey.closes_at, pages.texts(locale)),
        saved=saved,
        problem=problem,
        satisfactions=range(SATISFACTION[0], SATISFACTION[1] + 1),
        recommendations=range(RECOMMENDATION[0], RECOMMENDATION[1] + 1),
    )
    response.headers.update(_PRIVATE)
    return response
