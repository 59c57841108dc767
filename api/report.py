"""What became of each file that was to be added: short on the screen, whole in a file."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TextIO

from rich.console import Console

from api.errors import ReportFileError
from api.render import show_text
from index.types import Reprint

FileStatus = Literal["added", "replaced", "unchanged", "skipped", "duplicate"]

STATUS_WORDS: dict[FileStatus, str] = {
    "added": "新增",
    "replaced": "替换",
    "unchanged": "未变",
    "skipped": "跳过",
    "duplicate": "重复",
}
_COLUMNS = ("状态", "文件", "编号", "段数", "说明")
_JSON_ENDINGS = {".json", ".jsonl", ".ndjson"}
_FEW = 10
"""So many files are listed one by one."""
_MOST = 5
"""Lines of one kind on the screen."""
_MOST_NAMES = 3
_DOUBTFUL = re.compile(r"第\d+页识别可信度低")


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. ``reason``: why it was skipped, or which file it repeats; ``warnings``: what
    a person should check in a document that was taken."""

    name: str
    status: FileStatus
    document_id: str = ""
    passages: int = 0
    reason: str = ""
    reprints: tuple[Reprint, ...] = ()
    warnings: tuple[str, ...] = ()


class ReportWriter:
    """Writes each file's line to ``path`` at once: JSON lines where the name ends in .json, .jsonl or
    .ndjson, else tab-separated (with a mark that tells Excel the encoding). Raises ReportFileError."""

    def __init__(self, path: Path) -> None:
        self._is_json = path.suffix.lower() in _JSON_ENDINGS
        try:
            self._file: TextIO = path.open("w", encoding="utf-8" if self._is_json else "utf-8-sig")
        except OSError as error:
            raise ReportFileError(f"报告写不到 {path}（{error.strerror}）。请换一个路径。") from error
        if not self._is_json:
            self._write("\t".join(_COLUMNS))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, file: FileReport) -> None:
        """One line, on the disk (as far as the system cares) when this returns."""
        if self._is_json:
            self._write(json.dumps(asdict(file), ensure_ascii=False))
            return
        reprints = [f"转载：{reprint_text(reprint)}" for reprint in file.reprints]
        notes = "；".join([*filter(None, [file.reason]), *reprints, *file.warnings])
        passages = str(file.passages) if file.passages else ""
        cells = (STATUS_WORDS[file.status], file.name, file.document_id, passages, notes)
        self._write("\t".join(re.sub(r"\s+", " ", cell) for cell in cells))

    def _write(self, line: str) -> None:
        self._file.write(line + "\n")
        self._file.flush()


def reprint_text(reprint: Reprint) -> str:
    """In words for the user."""
    is_same = reprint.original_title == reprint.title
    original = "的同名文章" if is_same else f"的《{reprint.original_title}》"
    return f"《{reprint.title}》与{reprint.document_title}{original}相同"


def show_report(console: Console, files: Sequence[FileReport], written_to: Path | None = None) -> None:
    """Counts, then what a person should look at: like things together, at most about thirty lines."""
    counts = Counter(file.status for file in files)
    words = [f"{word} {counts[s]}" for s, word in STATUS_WORDS.items() if s != "duplicate" or counts[s]]
    show_text(console, f"完成：{'，'.join(words)}。", style="bold")
    is_cut = _show_taken(console, files)
    skipped = _grouped((f.name, _without_name(f)) for f in files if f.status == "skipped")
    is_cut |= _show_groups(console, "跳过", skipped, "red")
    repeated = [f"{f.name}：{_without_name(f)}" for f in files if f.status == "duplicate"]
    is_cut |= _show_lines(console, "重复", repeated, "dim")
    reprints = [f"{f.name}：{reprint_text(reprint)}" for f in files for reprint in f.reprints]
    is_cut |= _show_lines(console, "转载", reprints, "cyan")
    told = [(file.name, warning) for file in files for warning in file.warnings]
    doubtful = [f"{name}：{text}" for name, text in told if _DOUBTFUL.match(text)]
    is_cut |= _show_lines(console, "核对", doubtful, "yellow")
    others = _grouped((name, text) for name, text in told if not _DOUBTFUL.match(text))
    is_cut |= _show_groups(console, "提醒", others, "yellow")
    if written_to:
        show_text(console, f"逐份的结果见 {written_to}。", style="dim")
    elif is_cut:
        show_text(console, "要看逐份的结果，加上 --report 文件名（.tsv 或 .jsonl）。", style="dim")


def _show_taken(console: Console, files: Sequence[FileReport]) -> bool:
    taken = [file for file in files if file.status in {"added", "replaced", "unchanged"}]
    if len(taken) <= _FEW:
        for file in taken:
            passages = f"（{file.passages} 段）" if file.passages else ""
            text = f"{STATUS_WORDS[file.status]}　{file.document_id}　{file.name}{passages}"
            show_text(console, text, indent=2)
        return False
    replaced = [f"{file.document_id}　{file.name}" for file in taken if file.status == "replaced"]
    _show_lines(console, "替换", replaced)
    return True


def _show_lines(console: Console, word: str, lines: Sequence[str], style: str = "") -> bool:
    """True where some were left out."""
    for line in lines[:_MOST]:
        show_text(console, f"{word}　{line}", indent=2, style=style)
    if len(lines) > _MOST:
        show_text(console, f"{word}　……共 {len(lines)} 处", indent=2, style=style)
    return len(lines) > _MOST


def _show_groups(console: Console, word: str, groups: Sequence[tuple[str, list[str]]], style: str) -> bool:
    lines = []
    for message, names in groups:
        if len(names) == 1:
            lines.append(f"{names[0]}：{message}")
        else:
            shown = "、".join(names[:_MOST_NAMES]) + (" 等" if len(names) > _MOST_NAMES else "")
            lines.append(f"{len(names)} 份：{message}（{shown}）")
    is_cut = _show_lines(console, word, lines, style)
    return is_cut or any(len(names) > _MOST_NAMES for _, names in groups)


def _grouped(told: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Messages that differ only in figures go together, under the first of them; most files first."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for name, message in told:
        _, names = groups.setdefault(re.sub(r"\d+", "0", message), (message, []))
        if name not in names[-1:]:
            names.append(name)
    return sorted(groups.values(), key=lambda group: -len(group[1]))


def _without_name(file: FileReport) -> str:
    name, mark, rest = file.reason.partition("：")
    return rest if mark and name and file.name.endswith(name) else file.reason
