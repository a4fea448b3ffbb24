"""Renders a page of the desk for who looks at it: with their name, what they may open, and their form token."""

from starlette.requests import Request
from starlette.responses import Response

from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.pages import pages_of
from bot.web.services import services_of

#: The navigation, what is used most first: label, address, and what one must be allowed to see it.
SECTIONS = (
    ("Tickets", "/desk/tickets", Permission.TICKETS_READ),
    ("Live chats", "/desk/live", Permission.TICKETS_WORK),
    ("Board", "/desk/board", Permission.BOARD_READ),
    ("Insights", "/insights", Permission.INSIGHTS_READ),
    ("Quality", "/desk/quality", Permission.QUALITY_REVIEW),
    ("People", "/desk/people", Permission.TICKETS_WORK),
    ("Drafts", "/desk/drafts", Permission.KNOWLEDGE_DRAFT),
    ("Macros", "/desk/macros", Permission.TICKETS_WORK),
    ("My reviews", "/desk/my-reviews", Permission.TICKETS_WORK),
    ("Outgoing", "/desk/outgoing", Permission.OUTBOX_MANAGE),
    ("Confidence", "/desk/confidence", Permission.SIMULATE),
    ("Triggers", "/desk/triggers", Permission.TRIGGERS_TRY),
    ("Team", "/desk/team", Permission.ACCOUNTS_MANAGE),
    ("Keys", "/desk/keys", Permission.KEYS_MANAGE),
    ("Audit log", "/desk/audit", Permission.AUDIT_READ),
)

#: So many stand in the header, which has one line on a small laptop; the others stand behind "More".
_SHOWN = 6


def page(request: Request, who: Principal, name: str, *, status: int = 200, **values: object) -> Response:
    """`templates/desk/NAME.html`; never kept by a browser or on the way."""
    token = services_of(request).signing_in.form_token(who.session) if who.session else ""
    sections = [(label, path) for label, path, permission in SECTIONS if who.may(permission)]
    # A menu for a single place would take as much room as the place.
    shown = _SHOWN if len(sections) > _SHOWN + 1 else len(sections)
    response = pages_of(request).render(
        request,
        f"desk/{name}.html",
        "en",
        status=status,
        who=who,
        csrf=token,
        sections=sections,
        foremost=sections[:shown],
        further=sections[shown:],
        inside=next((label for label, path in sections[shown:] if request.url.path.startswith(path)), ""),
        here=request.url.path,
        **values,
    )
    response.headers["cache-control"] = "no-store"
    return response
