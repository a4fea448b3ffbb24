"""A POST with a plain JSON body in, its route's own function called with what the body says: for what is asked often.

FastAPI looks at each request for all that a route may want of it, which takes as long as some steps of an answer.
Here a body of JSON is read by its model alone. Whatever is not as it should be goes FastAPI's usual way, and is
refused there.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

_JSON = "application/json"


class PlainBody(APIRoute):
    """A route whose function takes the request and, where there is a body, its model; and gives a response."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        usual = super().get_route_handler()
        model = _model(self)
        if model is None:
            return usual
        function = self.endpoint

        async def handled(request: Request) -> Response:
            if request.headers.get("content-type") != _JSON:
                return await usual(request)
            try:
                said = model.model_validate_json(await request.body())
            except ValidationError:
                return await usual(request)
            response: Response = await run_in_threadpool(function, request, said)
            return response

        return handled


def _model(route: APIRoute) -> type[BaseModel] | None:
    """The model of a route that wants nothing but a body, and of that the whole; None for any other."""
    wants, field = route.dependant, route.body_field
    others = (
        wants.path_params,
        wants.query_params,
        wants.header_params,
        wants.cookie_params,
        wants.dependencies,
    )
    if field is None or any(others) or len(wants.body_params) != 1:
        return None
    kind = field.field_info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
