"""Formats that LibreOffice converts: doc, wps, rtf, odt."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableFileError
from corpus.readers.archive import OLE_SIGNATURE, open_archive, read_part, refuse_encrypted
from corpus.readers.docx import DocxReader
from corpus.types import RawDocument

LONGEST_CONVERSION = 120.0
"""Seconds."""
_PROGRAMS = ("soffice", "libreoffice")
_ZIP_SIGNATURE = b"PK\x03\x04"
_INSTALL = (
    "读取 doc、wps、rtf、odt 要用本机的 LibreOffice。请安装（"
    "Debian、Ubuntu：sudo apt install libreoffice-writer；Windows、macOS："
    "https://zh-cn.libreoffice.org/download/），或在 Word、WPS 里另存为 docx 后再添加。"
)
# No macro runs, no linked file or address is opened: the conversion sees the one file and nothing else.
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)
_MEDIA_TYPES = {
    ".doc": "application/msword",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
}


@dataclass(frozen=True, slots=True)
class OfficeReader:
    """Reads doc, wps, rtf and odt by way of docx. ``timeout`` is in seconds."""

    timeout: float = LONGEST_CONVERSION

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError where LibreOffice isn't installed, can't read ``data``, or takes longer
        than ``timeout``; and as ``DocxReader.read`` does."""
        refuse_encrypted(data, name)
        suffix = _suffix(data, name)
        program = find_program()
        if program is None:
            raise UnreadableFileError(f"{name}：{_INSTALL}")
        with tempfile.TemporaryDirectory(prefix="jianbao-office-", ignore_cleanup_errors=True) as folder:
            converted = _convert(program, data, suffix, Path(folder), name, timeout=self.timeout)
        raw = DocxReader().read(converted, name)
        return dataclasses.replace(raw, media_type=_MEDIA_TYPES[suffix])


def find_program() -> str | None:
    """The path of LibreOffice's program; None where it isn't installed."""
    return next((path for program in _PROGRAMS if (path := shutil.which(program))), None)


def _suffix(data: bytes, name: str) -> str:
    """The ending by content. A wps of WPS Office is a doc by another name."""
    if data.startswith(OLE_SIGNATURE):
        return ".doc"
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(_ZIP_SIGNATURE):
        archive = open_archive(data, name)
        if "mimetype" in archive.namelist():
            kind = read_part(archive, "mimetype", name).decode("ascii", "replace")
            if kind.strip().startswith(_MEDIA_TYPES[".odt"]):
                return ".odt"
    raise UnreadableFileError(f"{name}：不是 doc、wps、rtf 或 odt 文件，或开头已损坏。请重新取得原件。")


def _convert(program: str, data: bytes, suffix: str, folder: Path, name: str, *, timeout: float) -> bytes:
    source, target = folder / f"document{suffix}", folder / "out" / "document.docx"
    source.write_bytes(data)
    profile = _write_profile(folder / "profile")
    command = [
        program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target.parent), str(source),
    ]  # fmt: skip
    _run(command, folder, name, timeout)
    if not target.is_file():
        raise UnreadableFileError(
            f"{name}：LibreOffice 读不了这个文件，可能已损坏或有密码。"
            "请在 Word、WPS 里打开并另存为 docx 后再添加。"
        )
    return target.read_bytes()


def _run(command: list[str], folder: Path, name: str, timeout: float) -> None:
    """Runs the conversion in a process group of its own: soffice is a script that starts the program."""
    environment = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise UnreadableFileError(f"{name}：LibreOffice 启动不了（{error.strerror}）。{_INSTALL}") from error
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError(
            f"{name}：LibreOffice 转换超过 {timeout:.0f} 秒，已停止。请在 Word、WPS 里另存为 docx 后再添加。"
        ) from error
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _write_profile(folder: Path) -> Path:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{prop}" oor:op="fuse">'
        f"<value>{setting}</value></prop></item>"
        for path, prop, setting in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>',
        encoding="utf-8",
    )
    return folder
