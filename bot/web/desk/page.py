"""Renders a page of the desk for who looks at it: with their name, what they may open, and their form token."""

from starlette.requests import Request
from starlette.responses import Response

from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.pages import pages_of
from bot.web.services import services_of

#: The navigation: label, address, and what one must be allowed to see it.
SECTIONS = (
    ("Tickets", "/desk/tickets", Permission.TICKETS_READ),
    ("Live chats", "/desk/live", Permission.TICKETS_WORK),
    ("Board", "/desk/board", Permission.BOARD_READ),
    ("People", "/desk/people", Permission.TICKETS_WORK),
    ("Drafts", "/desk/drafts", Permission.KNOWLEDGE_DRAFT),
    ("Macros", "/desk/macros", Permission.TICKETS_WORK),
    ("My reviews", "/desk/my-reviews", Permission.TICKETS_WORK),
    ("Quality", "/desk/quality", Permission.QUALITY_REVIEW),
    ("Insights", "/insights", Permission.INSIGHTS_READ),
    ("Outgoing", "/desk/outgoing", Permission.OUTBOX_MANAGE),
    ("Confidence", "/desk/confidence", Permission.SIMULATE),
    ("Triggers", "/desk/triggers", Permission.TRIGGERS_TRY),
    ("Team", "/desk/team", Permission.ACCOUNTS_MANAGE),
    ("Keys", "/desk/keys", Permission.KEYS_MANAGE),
    ("Audit log", "/desk/audit", Permission.AUDIT_READ),
)


def page(request: Request, who: Principal, name: str, *, status: int = 200, **values: object) -> Response:
    """`templates/desk/NAME.html`; never kept by a browser or on the way."""
    token = services_of(request).signing_in.form_token(who.session) if who.session else ""
    response = pages_of(request).render(
        request,
        f"desk/{name}.html",
        "en",
        status=status,
        who=who,
        csrf=token,
        sections=[(label, path) for label, path, permission in SECTIONS if who.may(permission)],
        here=request.url.path,
        **values,
    )
    response.headers["cache-control"] = "no-store"
    return response
