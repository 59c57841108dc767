"""What the reader of doc, wps, rtf and odt must give, with LibreOffice and without."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from corpus.errors import UnreadableFileError
from corpus.readers import office
from corpus.readers.archive import OLE_SIGNATURE
from corpus.readers.office import OfficeReader, find_program

needs_office = pytest.mark.skipif(find_program() is None, reason="LibreOffice (soffice) isn't installed here")
RTF = rb"{\rtf1\ansi\ansicpg936 {\b \u26611?\u28286?\u21439?}\par \u35758?\u20107?\u20141?\u12290?\par}"


def program(folder: Path, body: str) -> str:
    """A stand-in for soffice: a script run by this Python, its arguments in ``sys.argv``."""
    path = folder / "soffice"
    path.write_text(f"#!{sys.executable}\nimport pathlib, subprocess, sys, time\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def odt() -> bytes:
    """A minimal OpenDocument text."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>'
            "<text:p>柳湾县</text:p><text:p>议事亭。</text:p></office:text></office:body></office:document-content>",
        )
    return target.getvalue()


@needs_office
@pytest.mark.parametrize("kind", ["rtf", "odt", "doc"])
def test_real_conversion(kind: str, tmp_path: Path) -> None:
    """LibreOffice's reading of each format comes out as blocks, with the format's own media type."""
    data = odt() if kind == "odt" else RTF
    if kind == "doc":
        (tmp_path / "a.rtf").write_bytes(RTF)
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [str(find_program()), "--headless", profile, "--convert-to", "doc:MS Word 97", "--outdir"]
        subprocess.run(
            [*command, str(tmp_path), str(tmp_path / "a.rtf")], check=True, timeout=120, capture_output=True
        )
        data = (tmp_path / "a.doc").read_bytes()
        assert data.startswith(OLE_SIGNATURE)
    raw = OfficeReader().read(data, f"简报.{kind}")
    assert [b.text for b in raw.blocks] == ["柳湾县", "议事亭。"]
    assert (
        raw.media_type
        == {
            "rtf": "application/rtf",
            "odt": "application/vnd.oasis.opendocument.text",
            "doc": "application/msword",
        }[kind]
    )


@needs_office
def test_a_damaged_file_is_refused() -> None:
    """What LibreOffice can't open is refused with what to do."""
    with pytest.raises(UnreadableFileError, match=r"简报\.wps：.*(读不了|没有可读的文字)"):
        OfficeReader().read(OLE_SIGNATURE + b"\0" * 3000, "简报.wps")


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where LibreOffice isn't installed the error says what to install and what to do instead."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnreadableFileError, match=r"简报\.doc：.*请安装.*libreoffice-writer.*另存为 docx"):
        OfficeReader().read(OLE_SIGNATURE + b"\0" * 3000, "简报.doc")


def test_encrypted_and_foreign_files_are_refused() -> None:
    """A password or a wrong kind of content is told before any program is started."""
    encrypted = OLE_SIGNATURE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(UnreadableFileError, match="已加密（有密码）"):
        OfficeReader().read(encrypted, "简报.doc")
    with pytest.raises(UnreadableFileError, match="不是 doc、wps、rtf 或 odt 文件"):
        OfficeReader().read("只是文字".encode(), "简报.doc")


def test_a_conversion_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After the time limit the program and all it started are gone, and the error says so."""
    mark = tmp_path / "alive"
    beat = f"import pathlib,time\nfor i in range(200): pathlib.Path({str(mark)!r}).write_text(str(i)); time.sleep(0.05)"
    path = program(tmp_path, f"subprocess.Popen([sys.executable, '-c', {beat!r}])\ntime.sleep(60)")
    monkeypatch.setattr(office, "find_program", lambda: path)
    with pytest.raises(UnreadableFileError, match=r"简报\.rtf：LibreOffice 转换超过 1 秒"):
        OfficeReader(timeout=1.0).read(RTF, "简报.rtf")
    count = mark.read_text()
    time.sleep(0.3)
    assert mark.read_text() == count


def test_a_conversion_without_result_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A program that ends without a file, or can't be started, is a refusal, not a crash."""
    path = program(tmp_path, "sys.exit(0)")
    monkeypatch.setattr(office, "find_program", lambda: path)
    with pytest.raises(UnreadableFileError, match=r"简报\.rtf：LibreOffice 读不了这个文件"):
        OfficeReader().read(RTF, "简报.rtf")
    monkeypatch.setattr(office, "find_program", lambda: str(tmp_path / "missing"))
    with pytest.raises(UnreadableFileError, match=r"简报\.rtf：LibreOffice 启动不了"):
        OfficeReader().read(RTF, "简报.rtf")


def test_the_conversion_sees_a_profile_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The program gets a new profile in which macros and links are switched off, and nothing is left behind."""
    seen = tmp_path / "seen"
    path = program(
        tmp_path,
        "place = [a for a in sys.argv if 'UserInstallation' in a][0].split('file://')[1]\n"
        "settings = pathlib.Path(place, 'user', 'registrymodifications.xcu').read_text()\n"
        f"pathlib.Path({str(seen)!r}).write_text(place + '\\n' + settings)",
    )
    monkeypatch.setattr(office, "find_program", lambda: path)
    with pytest.raises(UnreadableFileError):
        OfficeReader().read(RTF, "简报.rtf")
    place, settings = seen.read_text().split("\n", 1)
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in settings
    assert '"BlockUntrustedRefererLinks" oor:op="fuse"><value>true<' in settings
    assert not Path(place).parent.exists()
