"""Files go into the library one by one, with progress and a report: the work of ``jianbao add``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.progress import Progress

from api.render import bars, make_console
from api.report import FileReport, ReportWriter, show_report
from api.wiring import Application
from corpus.load import count_files
from corpus.types import KnownFile, ParsedDocument, SkippedFile
from index.types import AddOutcome


def add_files(application: Application, paths: Sequence[Path], report: Path | None = None) -> int:
    """Read, embed and store file by file, so that memory stays flat and nothing that was told as added is
    lost, whatever ends the run; the next run goes on where it ended. Returns the exit code: 1 where a
    file was skipped (but for duplicates) or there was none."""
    with contextlib.ExitStack() as stack:
        writer = stack.enter_context(ReportWriter(report)) if report else None
        progress = stack.enter_context(bars(make_console(stderr=True)))
        run = _Run(application, _Bars(progress, count_files(paths)), writer.write if writer else None)
        stack.enter_context(application.pages.told_to(run.bars.page))
        try:
            run.add(paths)
        except KeyboardInterrupt:
            progress.stop()
            show_report(make_console(), run.files, report)
            raise
    show_report(make_console(), run.files, report)
    return 1 if not run.files or any(file.status == "skipped" for file in run.files) else 0


class _Bars:
    """Files, and below them the pages of a file that takes long."""

    def __init__(self, progress: Progress, files: int) -> None:
        self._progress = progress
        self._files = progress.add_task("收入", total=files)
        self._pages = progress.add_task("识别", visible=False)

    def file(self) -> None:
        self._progress.advance(self._files)
        self._progress.update(self._pages, visible=False)

    def page(self, name: str, done: int, pages: int) -> None:
        visible = pages > 1 and done < pages
        self._progress.update(
            self._pages, description=f"{name[-20:]} 页", completed=done, total=pages, visible=visible
        )


class _Run:
    """One call's files, in the order in which they were done."""

    def __init__(
        self, application: Application, bars: _Bars, write: Callable[[FileReport], None] | None
    ) -> None:
        self.files: list[FileReport] = []
        self.bars = bars
        self._application = application
        self._write = write
        self._warnings: tuple[str, ...] = ()
        self._names: dict[str, str] = {}

    def add(self, paths: Sequence[Path]) -> None:
        self._application.library.add(self._readable(paths), told=self._take)

    def _readable(self, paths: Sequence[Path]) -> Iterator[ParsedDocument]:
        library = self._application.library
        for found in self._application.loader.load(paths, library.has_file):
            match found:
                case ParsedDocument():
                    self._warnings = found.warnings
                    yield found
                case KnownFile(name, document_id):
                    self._names.setdefault(document_id, name)
                    self._done(FileReport(name, "unchanged", document_id))
                case SkippedFile(name, reason, duplicate_of):
                    self._done(FileReport(name, "duplicate" if duplicate_of else "skipped", reason=reason))

    def _take(self, outcome: AddOutcome) -> None:
        """The library tells of each document before it asks for the next."""
        id_, name = outcome.document_id, outcome.source_name
        warnings = self._warnings
        if outcome.status == "replaced" and id_ in self._names:
            warnings = (
                f"与 {self._names[id_]} 是同一期（编号 {id_}），内容不同，以后读的这份为准。",
                *warnings,
            )
        self._names[id_] = name
        self._done(FileReport(name, outcome.status, id_, outcome.passages, "", outcome.reprints, warnings))

    def _done(self, file: FileReport) -> None:
        self.files.append(file)
        self.bars.file()
        if self._write:
            self._write(file)
