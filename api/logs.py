"""How the running service writes its log: a JSON object a line, or lines for people at a terminal."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from asgi_correlation_id import correlation_id
from structlog.typing import EventDict, Processor, WrappedLogger

from api.settings import Settings


def configure_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Everything that is logged in this process goes to ``stream`` (None: stderr), in place of what was set
    before. Chinese stays Chinese; tracebacks have no values of variables, which could be a question."""
    stream = stream or sys.stderr
    is_json = settings.log_format == "json" or (settings.log_format == "auto" and not stream.isatty())
    final: list[Processor]
    if is_json:
        final = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        plain = structlog.dev.plain_traceback
        final = [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso"),
                _with_request,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    # it tells of each X-Request-ID that it won't take, which anybody can send
    logging.getLogger("asgi_correlation_id").setLevel(logging.ERROR)


def _with_request(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event.pop("color_message", None)  # uvicorn's own colours
    if request := correlation_id.get():
        event["request_id"] = request
    return event
