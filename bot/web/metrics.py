"""`/metrics` for Prometheus."""

from ipaddress import ip_address

from fastapi import APIRouter, Request, Response

from bot.errors import NotAllowed, NotSignedIn
from bot.meters import MEDIA_TYPE
from bot.people.roles import Permission
from bot.web.desk.access import principal_of
from bot.web.services import services_of

router = APIRouter(include_in_schema=False)

#: A request that came through a proxy is somebody else's, though the proxy is on this machine.
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Counters and gauges. Answers this machine itself, and else whoever brings a key with `metrics:read`."""
    if not _is_local(request):
        principal = principal_of(request)
        if principal is None:
            raise NotSignedIn(
                "Send a key with metrics:read as `Authorization: Bearer …`, or ask from this machine."
            )
        if not principal.may(Permission.METRICS_READ):
            raise NotAllowed("This key or role does not include metrics:read.")
    return Response(
        services_of(request).meters.text(), headers={"cache-control": "no-store", "content-type": MEDIA_TYPE}
    )


def _is_local(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
