"""The format of a file is told by its content, not by its name."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile

import pytest
from bad_files import BODY, GOOD, docx, noise, ole, pdf, png, zipped

from corpus.errors import UnreadableFileError
from corpus.formats import build_readers
from corpus.readers.markdown import MarkdownReader
from corpus.readers.text import TextReader
from corpus.sniff import Format, is_plain, sniff

HTML = f"<html><body><p>{BODY}</p></body></html>"


def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (GOOD.encode(), "text"),
        (GOOD.encode("gb18030"), "text"),
        (GOOD.encode("utf-16"), "text"),
        (b"BMW, MZ and ID3 are words, too. " * 9, "text"),
        (b"GIF89a is a format of images. " * 9, "text"),
        ("5 < 6，而 7 > 6。".encode(), "text"),
        ("见 <br> 与 <p> 两个标签的说明。".encode(), "text"),
        ("# 简报\n\n正文。".encode(), "text"),
        (HTML.encode(), "html"),
        (HTML.encode("gb18030"), "html"),
        (HTML.encode("utf-16"), "html"),
        (f"\ufeff\n  <!DOCTYPE HTML>\n{HTML}".encode(), "html"),
        (f'<?xml version="1.0"?>\n<!DOCTYPE html>{HTML}'.encode(), "html"),
        (f"<div class='a'><p>{BODY}".encode(), "html"),
        (f"首页 简报 {'<a href=x>' * 12}{BODY}".encode(), "html"),
        (docx(), "docx"),
        (docx(word__vbaProject_dot_bin=b"x"), "docx"),
        (zipped([("customXml/item1.xml", "<a/>"), ("word\\document.xml", "<a/>")]), "docx"),
        (zipped([("OFD.xml", "<a/>"), ("Doc_0/Document.xml", "<a/>")]), "ofd"),
        (zipped([("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>")]), "odt"),
        (ole({"WordDocument": bytes(5000)}), "office"),
        (b"{\\rtf1\\ansi " + b"x" * 50, "rtf"),
        (pdf(["<< /Type /Catalog >>"]), "pdf"),
        (b"\r\nsent by a scanner\r\n" + pdf(["<< /Type /Catalog >>"]), "pdf"),
        (png(8, 8), "image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + noise(99), "image"),
        (b"II*\0\x08\0\0\0" + noise(99), "image"),
        (b"MM\0*\0\0\0\x08" + noise(99), "image"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + noise(99), "image"),
        (b"GIF89a\x01\0\x01\0" + noise(99), "image"),
        (b"RIFF\x20\0\0\0WEBPVP8 " + noise(99), "image"),
        (b"", "text"),
        (noise(500, seed=3), "text"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a", "a.PDF"])
def test_format_is_told_by_content_whatever_the_name(data: bytes, kind: Format, name: str) -> None:
    """A wrong ending, or none, changes nothing; bytes of no format are left to the reader of text."""
    assert sniff(data, name) == kind


def test_ending_tells_markdown_from_text_and_scarce_html_from_text() -> None:
    """Markdown is text by its content, and a page of one tag is a page only by its name."""
    assert sniff(b"# a\n<br><br>", "a.MD") == "markdown"
    assert sniff(png(8, 8), "a.md") == "image"
    assert sniff(HTML.encode(), "a.md") == "html"
    assert sniff(f"{BODY}<br>{BODY}".encode(), "a.htm") == "html"
    assert sniff(f"{BODY}<br>{BODY}".encode(), "a.txt") == "text"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            zipped([("xl/workbook.xml", "<a/>")]),
            "这是 Excel 表格（xlsx），不能作为简报读取。请另存为 docx 或 pdf",
        ),
        (zipped([("ppt/presentation.xml", "<a/>")]), "这是 PowerPoint 演示文稿（pptx）"),
        (zipped([("visio/document.xml", "<a/>")]), "这是 Visio 图"),
        (zipped([("a.txt", "a")]), "这是压缩包（zip），不能作为简报读取。请先解压"),
        (b"PK\x05\x06" + bytes(18), "压缩包（zip）"),
        (bz2.compress(b"a" * 999), "压缩包（bz2）"),
        (lzma.compress(b"a" * 999), "压缩包（xz）"),
        (tar(), "压缩包（tar）"),
        (ole({"Book": bytes(5000)}), "Excel 表格（xls）"),
        (ole({"PowerPoint Document": bytes(5000)}), "演示文稿（ppt）"),
        (ole({"__properties_version1.0": bytes(5000)}), "邮件（msg）"),
        (ole({"Catalog": bytes(5000)}), "OLE 复合文件"),
        (ole({"EncryptedPackage": bytes(5000)}), "这是加密的 Office 文件"),
        (b"\x7fELF\x02\x01\x01" + noise(99), "程序"),
        (b"ID3\x03\0\0\0\0" + noise(99), "音频或视频文件"),
        (b"\0\0\0\x18ftypheic\0\0\0\0" + noise(99), "手机照片（heic）"),
        (b"8BPS\0\x01" + noise(99), "图片（psd）"),
        (b"SQLite format 3\0" + noise(99), "sqlite 文件"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "XML 文件"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n\n", "网页归档（mht）"),
        (b"%!PS-Adobe-3.0\n", "PostScript 文件"),
    ],
)
def test_what_is_no_bulletin_is_refused_with_advice(data: bytes, says: str) -> None:
    """The owner is told what the file is and what to do, with its name before."""
    with pytest.raises(UnreadableFileError) as refused:
        sniff(data, "简报.txt")
    assert str(refused.value).startswith("简报.txt：")
    assert says in str(refused.value)


def test_plain_files_are_those_that_are_never_large() -> None:
    """Text and html are plain; what holds pictures of pages isn't."""
    heads = [GOOD.encode(), HTML.encode(), GOOD.encode("utf-16"), pdf([]), png(8, 8), docx(), b"{\\rtf1 "]
    assert [is_plain(head) for head in heads] == [True, True, True, False, False, False, False]


def test_readers_are_made_when_first_asked_for_and_kept() -> None:
    """Every format has a reader; the same one serves every file."""
    readers = build_readers()
    assert set(readers) == {"text", "markdown", "html", "docx", "odt", "ofd", "office", "rtf", "pdf", "image"}
    assert isinstance(readers["text"], TextReader)
    assert isinstance(readers["markdown"], MarkdownReader)
    assert readers["text"] is readers["text"]
    assert all(hasattr(readers[kind], "read") for kind in readers)
