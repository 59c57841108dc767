"""Files that come over HTTP go into the library, told one by one."""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import PurePosixPath

import anyio
from fastapi import UploadFile
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel

from api.error_reply import ErrorBody, ErrorOut
from api.errors import KNOWN_ERRORS, Failure, failure_of
from api.present import Catalogue, add_report, added_out
from api.replies import AddReport, SkippedOut, UploadFileEvent, UploadPageEvent
from api.threads import Threads
from api.wiring import Application
from corpus.errors import CorpusError
from corpus.types import ParsedDocument, SkippedFile
from index.types import AddOutcome

Tell = Callable[[str, BaseModel], None]
"""Told of each step: the event's name, and what is sent with it."""

_MOST_REASONS = 10
_QUIET_SECONDS = 15.0


class Upload:
    """The files of one request, in their order. Each is stored before it is told: what ends the run later
    takes nothing back. ``is_wanted`` False ends it before the next file."""

    def __init__(
        self,
        application: Application,
        catalogue: Catalogue,
        files: Sequence[UploadFile],
        tell: Tell = lambda event, what: None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._application = application
        self._catalogue = catalogue
        self._files = files
        self._tell = tell
        self._is_wanted = is_wanted
        self._outcomes: list[AddOutcome] = []
        self._skipped: list[SkippedFile] = []
        self._warnings: list[tuple[str, str]] = []

    def run(self) -> AddReport | Failure:
        """What became of the files; a Failure where none could be taken. Raises ModelError and StoreError."""
        library = self._application.library
        with self._application.pages.told_to(self._page):
            library.add(self._readable(), told=self._take)
        if not self._outcomes:
            return _nothing_taken(self._skipped)
        return add_report(self._outcomes, self._skipped, self._warnings, library.snapshot)

    def _readable(self) -> Iterator[ParsedDocument]:
        loader = self._application.loader
        for number, file in enumerate(self._files, start=1):
            if not self._is_wanted():
                return
            # Some browsers send a folder along, and old ones a Windows path.
            name = PurePosixPath((file.filename or "").replace("\\", "/")).name or "未命名文件"
            self._tell("file", UploadFileEvent(number=number, total=len(self._files), source_name=name))
            # One byte past the limit is enough for the loader to refuse it.
            data = file.file.read(loader.largest_file + 1)
            if outcome := self._known(data, name):
                self._take(outcome)
                continue
            try:
                parsed = loader.parse(data, name)
            except CorpusError as error:
                self._skipped.append(SkippedFile(name, str(error)))
                self._tell("skipped", SkippedOut(source_name=name, reason=str(error)))
                continue
            self._warnings += [(parsed.document.source_name, text) for text in parsed.warnings]
            yield parsed

    def _known(self, data: bytes, name: str) -> AddOutcome | None:
        """A file that is known already isn't read again."""
        document_id = self._application.library.has_file(hashlib.sha256(data).hexdigest())
        record = self._catalogue.records().get(document_id) if document_id else None
        return AddOutcome(record.id, name, "unchanged", record.passages) if record else None

    def _take(self, outcome: AddOutcome) -> None:
        self._outcomes.append(outcome)
        self._tell("document", added_out(outcome))

    def _page(self, name: str, done: int, pages: int) -> None:
        self._tell("page", UploadPageEvent(source_name=name, page=done, pages=pages))


async def upload_events(
    application: Application, catalogue: Catalogue, files: Sequence[UploadFile], threads: Threads
) -> AsyncIterator[bytes]:
    """Server-sent events: ``file``, ``page``, ``document`` and ``skipped`` as they come, and at the end
    ``report`` or ``error``. A client that goes away ends the upload before the next file."""
    send, receive = anyio.create_memory_object_stream[bytes](math.inf)
    is_wanted = True

    def tell(event: str, what: BaseModel) -> None:
        data = what.model_dump_json(exclude_none=isinstance(what, ErrorOut))
        with contextlib.suppress(anyio.BrokenResourceError):  # nobody listens any more
            anyio.from_thread.run_sync(send.send_nowait, format_sse_event(event=event, data_str=data))

    def work() -> None:
        upload = Upload(application, catalogue, files, tell, lambda: is_wanted)
        try:
            report = upload.run()
        except KNOWN_ERRORS as error:
            report = failure_of(error)
        tell(*(("error", _error_out(report)) if isinstance(report, Failure) else ("report", report)))

    async def work_to_the_end() -> None:
        async with send:
            await threads.upload(work)

    async with anyio.create_task_group() as group, receive:
        group.start_soon(work_to_the_end)
        try:
            while True:
                event = KEEPALIVE_COMMENT
                with anyio.move_on_after(_QUIET_SECONDS):
                    event = await receive.receive()
                yield event
        except anyio.EndOfStream:
            pass
        finally:
            is_wanted = False


def _error_out(failure: Failure) -> ErrorOut:
    return ErrorOut(error=ErrorBody(**failure.body()["error"]))


def _nothing_taken(skipped: Sequence[SkippedFile]) -> Failure:
    reasons = "\n".join(file.reason for file in skipped[:_MOST_REASONS])
    more = f"\n另有 {len(skipped) - _MOST_REASONS} 份。" if len(skipped) > _MOST_REASONS else ""
    return Failure(
        422, "nothing_added", "invalid_request_error", f"没有一份文件能收入：\n{reasons}{more}", "files"
    )
