"""Routes whose clients expect errors in a form, and with codes, of their own."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from api.errors import KNOWN_ERRORS, Failure
from api.failures import invalid, known

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def speaking(form: Callable[[Failure], Response]) -> type[APIRoute]:
    """A class of routes that answer wrong requests and known errors in ``form``."""

    class Dialect(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def handle_in_dialect(request: Request) -> Response:
                try:
                    return await handle(request)
                except RequestValidationError as error:
                    return form(invalid(error))
                except KNOWN_ERRORS as error:
                    return form(known(request, error))

            return handle_in_dialect

    return Dialect
