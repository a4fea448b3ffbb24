"""The body of a form in, its fields out, once the token proves that the form is ours."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.errors import BadRequest
from bot.people import tokens
from bot.people.accounts import Session
from bot.web.problems import ForeignOrigin
from bot.web.services import services_of

_MOST_FIELDS = 50


async def fields_of(request: Request) -> dict[str, str]:
    """Fields of a URL-encoded form; of a field that comes twice, the last. Raises `BadRequest`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise BadRequest("Send a form (application/x-www-form-urlencoded).")
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as exc:
        raise BadRequest("The form cannot be read.") from exc


def check_token(request: Request, session: Session, fields: dict[str, str]) -> None:
    """Raises `ForeignOrigin` for a form without its session's token (CSRF).

    Scripts of our own pages may send it as the header `X-CSRF-Token` instead.
    """
    given = fields.get("csrf") or request.headers.get("x-csrf-token", "")
    if not tokens.same(given, services_of(request).signing_in.form_token(session)):
        raise ForeignOrigin(
            "This form is out of date. Open the page again, then repeat; nothing was changed."
        )
