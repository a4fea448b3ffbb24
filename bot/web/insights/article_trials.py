"""Another text of an article on screen: the article, how long it takes, the text, the start; and the text as a file."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from bot.errors import BadRequest, BotError, Conflict, NotAllowed, NotFound
from bot.experiments.planning import LOOKED_BACK, in_words
from bot.experiments.trial import MOST_CHARS
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.insights.gaps import around
from bot.web.schemas import clean_text
from bot.web.services import services_of
from kb.article import ArticleKey

router = APIRouter(prefix="/insights/experiments", include_in_schema=False)

Reader = Annotated[Principal, Depends(Requires(Permission.INSIGHTS_READ))]
Experimenter = Annotated[Principal, Depends(Requires(Permission.EXPERIMENTS))]


@router.get("/article")
def ask(request: Request, who: Experimenter, article: str = "") -> Response:
    """Which article; once it is named (`article=en/returns/send-back`), its text and what to expect."""
    _may_write(who)
    return _form(request, who, clean_text(article), {})


@router.post("/article")
async def start(request: Request, who: Experimenter) -> Response:
    """Starts it; what cannot be tried is refused with a sentence, and nothing that was written is lost."""
    _may_write(who)
    fields = {name: clean_text(value) for name, value in (await fields_of(request)).items()}
    if who.session is not None:
        check_token(request, who.session, fields)
    flow, name = services_of(request).article_trials, fields.get("article", "")
    title, text = fields.get("title", ""), fields.get("text", "")
    try:
        begun = await to_thread.run_sync(lambda: flow.start(title, _key(name), text, by=who.name))
    except (BadRequest, Conflict, NotFound) as error:
        problem = error
        return await to_thread.run_sync(lambda: _form(request, who, name, fields, problem))
    return RedirectResponse(f"/insights/experiments/{begun.id}", 303)


@router.get("/{experiment_id}/text")
def text(request: Request, experiment_id: str, who: Reader) -> Response:
    """The text that is tried, as a file to put in the place of the published one."""
    found = services_of(request).article_trials.text(clean_text(experiment_id))
    name = found.path.rpartition("/")[2].encode("ascii", "ignore").decode().replace('"', "") or "article.md"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(found.source, headers=headers, media_type="text/markdown; charset=utf-8")


def _may_write(who: Principal) -> None:
    """Half of the new customers are answered from the text, so who starts it is one who may publish."""
    if not who.may(Permission.KNOWLEDGE_APPROVE):
        raise NotAllowed("Texts that customers are answered from are started by those who approve articles.")


def _key(name: str) -> ArticleKey:
    locale, slash, article_id = name.partition("/")
    if not slash or not locale or not article_id:
        raise BadRequest("Name the article by language and id, such as en/returns/send-back.")
    return ArticleKey(article_id, locale)


def _form(
    request: Request, who: Principal, name: str, given: dict[str, str], problem: BotError | None = None
) -> Response:
    flow = services_of(request).article_trials
    asked = None
    if name:
        try:
            asked = flow.asked(_key(name))
        except (BadRequest, NotFound) as error:
            problem = problem or error
    return page(
        request,
        who,
        "insights/article_trial",
        status=problem.status if problem else 200,
        **around(request),
        asked=asked,
        article=name,
        given=given,
        problem=str(problem) if problem else "",
        articles=[(str(key), title) for key, title in flow.articles()] if asked is None else [],
        running=next((one for one in services_of(request).experimenting.all() if one.runs), None),
        days=LOOKED_BACK,
        in_words=in_words,
        most=MOST_CHARS,
    )
