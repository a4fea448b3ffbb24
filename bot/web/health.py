"""Two questions of a supervisor: is the process alive, and can it serve."""

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from bot.web.problems import NotReadyParts
from bot.web.services import services_of

router = APIRouter(tags=["health"])

_ALIVE = to_json({"status": "ok"})


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> Response:
    """Answers as long as the process does; touches nothing else."""
    return Response(_ALIVE, headers={"cache-control": "no-store"}, media_type="application/json")


@router.get(
    "/readyz", summary="Can it serve?", responses={503: {"description": "A part is not usable; it is named."}}
)
def readyz(request: Request) -> Response:
    """Asks every part the service needs: database, model, index."""
    parts = services_of(request).ready()
    if any(state != "ok" for state in parts.values()):
        raise NotReadyParts(parts)
    body = to_json({"status": "ready", "parts": dict(parts)})
    return Response(body, headers={"cache-control": "no-store"}, media_type="application/json")
