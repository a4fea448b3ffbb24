"""The page where a message is tried on the triggers: what would bring in a person, what nearly would, and why."""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

from bot.dialogue.triggers.meaning import MOST_WORDS_OVERRULED, OVERRULED_FROM
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import Requires
from bot.web.desk.forms import check_token, fields_of
from bot.web.desk.page import page
from bot.web.schemas import clean_text
from bot.web.services import services_of

router = APIRouter(prefix="/desk/triggers", include_in_schema=False)

Trying = Annotated[Principal, Depends(Requires(Permission.TRIGGERS_TRY))]

_TOO_LONG: Final = "This message is longer than customers may write: at most {most} characters."


@router.get("")
def empty(request: Request, who: Trying) -> Response:
    """The form alone."""
    return _shown(request, who, "", "")


@router.post("")
async def tried(request: Request, who: Trying) -> Response:
    """What the triggers make of the message. It is sent in the body: addresses are logged, messages are not."""
    fields = await fields_of(request)
    if who.session is not None:
        check_token(request, who.session, fields)
    text, language = clean_text(fields.get("text", "")).strip(), fields.get("language", "")
    return await to_thread.run_sync(lambda: _shown(request, who, text, language))


def _shown(request: Request, who: Principal, text: str, language: str) -> Response:
    services = services_of(request)
    language = language if language in services.settings.locales else ""
    problem = ""
    if len(text) > services.settings.max_message_chars:
        problem = _TOO_LONG.format(most=services.settings.max_message_chars)
    return page(
        request,
        who,
        "triggers",
        status=400 if problem else 200,
        text=text,
        language=language,
        locales=services.settings.locales,
        problem=problem,
        overruled_from=OVERRULED_FROM,
        overruled_words=MOST_WORDS_OVERRULED,
        tried=services.trying.tried(text, language) if text and not problem else None,
    )
