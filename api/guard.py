"""Everything that a request passes on its way in, from the outside to the inside."""

from __future__ import annotations

import re
import uuid

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.access import Access, Reach
from api.admission import Admission, AdmissionControl
from api.headers import SecurityHeaders
from api.keys import KeyFile
from api.limits import BodyLimit
from api.metrics import Metrics
from api.settings import Settings
from api.watch import FaultBarrier, RequestWatch

REQUEST_ID = "X-Request-ID"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def guard(
    app: FastAPI, *, settings: Settings, reach: Reach, keys: KeyFile, admission: Admission, metrics: Metrics
) -> None:
    """Put the middleware around ``app``. What is added first lies innermost."""
    app.add_middleware(FaultBarrier, admission=admission)
    app.add_middleware(BodyLimit, largest_upload=settings.largest_upload)
    app.add_middleware(Access, keys=keys, settings=settings, reach=reach)
    app.add_middleware(AdmissionControl, admission=admission)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "If-None-Match", REQUEST_ID),
            expose_headers=("ETag", "Retry-After", "Content-Disposition", REQUEST_ID),
        )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestWatch, metrics=metrics)
    app.add_middleware(
        CorrelationIdMiddleware,
        header_name=REQUEST_ID,
        generator=lambda: uuid.uuid4().hex,
        validator=lambda value: _REQUEST_ID.fullmatch(value) is not None,
    )
