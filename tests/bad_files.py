"""Maker of the files that a reader must refuse or survive, each with what its owner must be told."""

# ruff: noqa: PLW0108 - nothing is made before its test runs

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

GOOD = (
    "文明实践工作简报\n第3期\n某市文明办　2024年5月6日\n\n灌南县：流动书屋进乡村\n"
    "灌南县把流动书屋开进二十个村，每周三下午为孩子们借书、讲故事，三个月来借出图书四千余册，村里的老人也来看报。\n"
)
BODY = "全市开展文明实践活动，志愿者走进社区，帮助老人使用手机，群众反映良好，活动将长期坚持下去。\n"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class BadFile:
    """``says``: a pattern that the reason must hold; None where the file is read after all, within the
    limits, ``says_read`` then being a text that must stand in the document. ``needs`` is a module.
    ``is_long`` is one that takes seconds to read."""

    id: str
    make: Callable[[], bytes]
    name: str = "bad.txt"
    says: str | None = None
    says_read: str = ""
    needs: str = "corpus.load"
    is_long: bool = False


def zipped(entries: list[tuple[str, bytes | str]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(body: str = f"<w:p><w:r><w:t>{BODY.strip()}</w:t></w:r></w:p>", **more: bytes | str) -> bytes:
    """A docx of the fewest parts; ``more`` adds or replaces parts, their names with __ for /."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
    }
    parts |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in more.items()}
    return zipped([(name, content) for name, content in parts.items() if content != b""])


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE file ([MS-CFB]) with these streams of at least 4096 bytes, or empty."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    fat, body = [0xFFFFFFFD, end], b""
    entries = [_ole_entry("Root Entry", 5, child=1, start=end)]
    for number, (name, content) in enumerate(streams.items(), start=1):
        count = -(-len(content) // 512)
        first = len(fat) if count else end
        fat += [len(fat) + i + 1 for i in range(count - 1)] + ([end] if count else [])
        body += content.ljust(count * 512, b"\0")
        right = number + 1 if number < len(streams) else free
        entries.append(_ole_entry(name, 2, right=right, start=first, size=len(content)))
    header = (
        _OLE
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    )
    header += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", *(fat + [free] * (128 - len(fat))))
    return header + table + b"".join(entries).ljust(512, b"\0") + body


def _ole_entry(
    name: str, kind: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF, start: int, size: int = 0
) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    head = title.ljust(64, b"\0") + struct.pack("<HBBIII", len(title), kind, 1, 0xFFFFFFFF, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def pdf(objects: list[str], trailer: str = "") -> bytes:
    """A pdf of these objects, the first being its catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n"
    return out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


_CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
_ONE_PAGE = [_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", _PAGE]


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A white 1-bit PNG; ``rows`` fewer than ``height`` cut it short."""
    row = b"\0" + b"\xff" * (-(-width // 8))
    packer = zlib.compressobj(1)
    pixels = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def noise(size: int, seed: int = 7) -> bytes:
    """The same random bytes every time."""
    return random.Random(seed).randbytes(size)


def _headed(line: str) -> bytes:
    return (GOOD + line + "\n" + BODY).encode()


_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + f']><w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
)
_OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
)
_HEAD = GOOD.splitlines()[0]
_LINE = "灌南县把流动书屋开进二十个村"
_NEEDS_DOCX, _NEEDS_PDF = "corpus.readers.docx", "corpus.readers.pdf"
_NEEDS_IMAGE, _NEEDS_HTML = "corpus.readers.image", "corpus.readers.html"
_TEXT = "txt、md|编码|二进制|控制字符|没有可读"

TEXTS = [
    BadFile("empty", lambda: b"", says="文件是空的"),
    BadFile("white-space-only", lambda: b" \r\n\t\n" * 50, says="文件是空的"),
    BadFile("bom-only", lambda: b"\xef\xbb\xbf", says="没有可读的文字"),
    BadFile("utf16-bom-only", lambda: b"\xff\xfe", says="没有可读的文字"),
    BadFile("binary-noise", lambda: noise(50_000), says=_TEXT),
    BadFile("latin1-noise", lambda: bytes(b | 0x80 for b in noise(50_000)), says="编码"),
    BadFile("nul-in-text", lambda: GOOD.encode().replace("，".encode(), b"\0"), says="二进制"),
    BadFile("utf16-without-bom", lambda: GOOD.encode("utf-16-le"), says="二进制"),
    BadFile("utf16-cut-in-a-character", lambda: GOOD.encode("utf-16")[:-1], says="读不下去"),
    BadFile("utf8-mark-before-gb18030", lambda: b"\xef\xbb\xbf" + GOOD.encode("gb18030"), says="读不下去"),
    BadFile("truncated-utf8", lambda: GOOD.encode()[:-2], says="编码"),
    BadFile("control-characters", lambda: ("\x01\x02\x03" * 99 + GOOD).encode(), says="控制字符|二进制"),
    BadFile("punctuation-only", lambda: "。，；——\n".encode() * 99, says="没有可读的文字"),
    BadFile("masthead-only", lambda: "\n".join(GOOD.splitlines()[:3]).encode(), says="没有正文"),
    BadFile("gb18030", lambda: GOOD.encode("gb18030"), says_read=_LINE),
    BadFile("utf16", lambda: GOOD.encode("utf-16"), says_read=_LINE),
    BadFile(
        "big5",
        lambda: (
            "臺北市文明實踐工作簡報\n" + "我們的志願服務隊為社區的老人服務，發展新時代的文明實踐工作。" * 9
        ).encode("big5"),
        says_read="志願服務隊",
    ),
    BadFile(
        "line-of-5-megabytes",
        lambda: ("全市开展文明实践活动，" * 160_000).encode(),
        says_read="全市",
        is_long=True,
    ),
    BadFile(
        "40k-lines",
        lambda: "\n".join(f"文明实践站第{i}号建成。" for i in range(40_000)).encode(),
        says_read="39999号",
        is_long=True,
    ),
]
BOMBS = [
    BadFile(f"bomb-{name}", lambda line=line: _headed(line), says_read=_LINE)  # type: ignore[misc]
    for name, line in {
        "numbered": "一、" * 100_000,
        "brackets": "（" * 100_000,
        "quotes": "“" * 100_000,
        "quoted-stops": "“。" * 100_000,
        "stops-in-brackets": "（（。）" * 25_000,
        "stops": "。" * 100_000 + "完",
        "colons": "：" * 100_000 + "完",
        "dates": "年月日" * 100_000,
        "dots": "." * 100_000,
        "dashes": "—" * 100_000 + "完",
        "dot-leaders": "…" * 100_000 + "12",
        "spaces": "始" + " " * 1_000_000 + "末",
        "wide-spaces": "文明实践　" * 50_000,
        "digits": "1" * 1_000_000,
        "offices": "（中共某市委宣传部部长 " * 20_000,
        "endless-title": "关于进一步加强文明实践工作的" * 20_000,
        "places": "江苏" * 100_000,
    }.items()
]
BOMBS += [
    BadFile(
        "md-nested-lists",
        lambda: "".join(f"{'  ' * (i % 400)}- 第{i}项工作\n" for i in range(4000)).encode(),
        "bad.md",
        says_read="第3项",
    ),
    BadFile("md-nested-quotes", lambda: (">" * 50_000 + BODY).encode(), "bad.md", says="没有|出错|超过|嵌套"),
    BadFile("md-open-brackets", lambda: (BODY + "[" * 50_000).encode(), "bad.md", says_read="志愿者"),
    BadFile("md-stars", lambda: (BODY + "\n" + "**a *" * 10_000).encode(), "bad.md", says_read="志愿者"),
]
PACKED = [
    BadFile("docx-flat-bomb", lambda: docx(word__media__a_dot_bin=bytes(300 * 2**20)), "bad.docx", "炸弹"),
    BadFile("docx-bomb-in-text", lambda: docx("<w:p/>" * 5_000_000), "bad.docx", "炸弹"),
    BadFile(
        "docx-nested-bomb",
        lambda: docx(
            word__embeddings__a_dot_zip=zipped(
                [(f"{i}.zip", zipped([("z", bytes(2**20))])) for i in range(9)]
            )
        ),
        "bad.docx",
        says_read="志愿者",
        needs=_NEEDS_DOCX,
    ),
    BadFile(
        "docx-with-macro",
        lambda: docx(word__vbaProject_dot_bin=noise(999)),
        "bad.docm",
        says_read="志愿者",
        needs=_NEEDS_DOCX,
    ),
    BadFile(
        "docx-external-entity",
        lambda: docx(word__document_dot_xml=_OUTSIDE),
        "bad.docx",
        "实体",
        needs=_NEEDS_DOCX,
    ),
    BadFile(
        "docx-billion-laughs",
        lambda: docx(word__document_dot_xml=_LAUGHS),
        "bad.docx",
        "实体",
        needs=_NEEDS_DOCX,
    ),
    BadFile("docx-truncated", lambda: docx()[:-200], "bad.docx", "不完整|损坏"),
    BadFile(
        "docx-without-document",
        lambda: docx(word__document_dot_xml=b"", word__styles_dot_xml="<a/>"),
        "bad.docx",
        "缺少|损坏|不完整",
        needs=_NEEDS_DOCX,
    ),
    BadFile(
        "docx-broken-xml",
        lambda: docx(word__document_dot_xml="<w:document"),
        "bad.docx",
        "损坏|不完整",
        needs=_NEEDS_DOCX,
    ),
    BadFile(
        "docx-nested-deep",
        lambda: docx("<w:sdt><w:sdtContent>" * 20_000),
        "bad.docx",
        "bad.docx",
        needs=_NEEDS_DOCX,
    ),
    BadFile(
        "docx-encrypted",
        lambda: ole({"EncryptionInfo": b"", "EncryptedPackage": noise(5000)}),
        "bad.docx",
        "加密",
    ),
    BadFile(
        "doc-encrypted",
        lambda: ole({"WordDocument": struct.pack("<5HH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100).ljust(5000, b"\0")}),
        "bad.doc",
        "加密",
    ),
    BadFile("doc-truncated", lambda: ole({"WordDocument": noise(5000)})[:700], "bad.doc", "损坏|不能作为"),
    BadFile("xls", lambda: ole({"Workbook": noise(5000)}), "bad.xls", "Excel"),
    BadFile(
        "xlsx",
        lambda: zipped([("[Content_Types].xml", "<a/>"), ("xl/workbook.xml", "<a/>")]),
        "bad.docx",
        "Excel",
    ),
    BadFile(
        "zip-path-traversal",
        lambda: zipped([("../../../tmp/x.txt", BODY), ("/etc/x", BODY)]),
        "bad.zip",
        "先解压",
    ),
    BadFile(
        "zip-encrypted",
        lambda: zipped([("a.txt", BODY)]).replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
        ),
        "bad.zip",
        "加密|密码",
    ),
    BadFile("zip-of-many", lambda: zipped([(f"{i}", "") for i in range(20_000)]), "bad.docx", "20000 个"),
    BadFile("gz", lambda: gzip.compress(GOOD.encode()), "bad.txt", "先解压"),
    BadFile("rar", lambda: b"Rar!\x1a\x07\x01\0" + noise(500), "bad.rar", "先解压"),
    BadFile("7z", lambda: b"7z\xbc\xaf'\x1c\0\x04" + noise(500), "bad.7z", "先解压"),
    BadFile("program", lambda: b"MZ\x90\0" + noise(5000), "简报.pdf", "程序"),
    BadFile("film", lambda: b"\0\0\0\x18ftypmp42" + noise(5000), "bad.mp4", "视频"),
    BadFile("sound", lambda: b"RIFF\x10\0\0\0WAVEfmt " + noise(500), "bad.wav", "音频"),
]
PAGES = [
    BadFile("pdf-truncated", lambda: pdf(_ONE_PAGE)[:150], "bad.pdf", "bad.pdf", needs=_NEEDS_PDF),
    BadFile("pdf-head-only", lambda: b"%PDF-1.7\n" + noise(5000), "bad.pdf", "bad.pdf", needs=_NEEDS_PDF),
    BadFile(
        "pdf-encrypted",
        lambda: pdf(
            [
                *_ONE_PAGE,
                f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <{'5a' * 32}> /U <{'a5' * 32}> >>",
            ],
            f"/Encrypt 4 0 R /ID [<{'00' * 16}> <{'00' * 16}>]",
        ),
        "bad.pdf",
        "密码|加密",
        needs=_NEEDS_PDF,
    ),
    BadFile(
        "pdf-page-loop",
        lambda: pdf([_CATALOGUE, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"]),
        "bad.pdf",
        "bad.pdf",
        needs=_NEEDS_PDF,
    ),
    BadFile(
        "image-20000x20000", lambda: png(20_000, 20_000), "bad.png", "20000×20000|像素", needs=_NEEDS_IMAGE
    ),
    BadFile("image-broken-head", lambda: png(64, 64)[:8] + noise(500), "bad.png", "图片", needs=_NEEDS_IMAGE),
    BadFile("image-cut-short", lambda: png(64, 64)[:60], "bad.png", "图片", needs=_NEEDS_IMAGE),
    BadFile("image-size-zero", lambda: png(0, 0), "bad.png", "图片", needs=_NEEDS_IMAGE),
    BadFile(
        "gif-head-only", lambda: b"GIF89a\xff\xff\xff\xff\x80\0\0", "bad.gif", "图片", needs=_NEEDS_IMAGE
    ),
    BadFile(
        "html-nested-deep",
        lambda: b"<html><body>" + b"<div>" * 1_000_000,
        "bad.html",
        "bad.html",
        needs=_NEEDS_HTML,
    ),
    BadFile(
        "html-without-text",
        lambda: b"<html><head><script>var a = 1</script></head><body><img src='a'></body></html>",
        "bad.html",
        "bad.html",
        needs=_NEEDS_HTML,
    ),
    BadFile(
        "html-entities",
        lambda: b"<html><body><p>" + b"&nbsp;" * 300_000 + b"</p></body></html>",
        "bad.html",
        "bad.html",
        needs=_NEEDS_HTML,
    ),
]
PAGES_WITHOUT_END = BadFile(
    "pdf-100k-pages-declared",
    lambda: pdf([_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 100000 >>", _PAGE]),
    "bad.pdf",
    "bad.pdf",
    needs=_NEEDS_PDF,
)
BAD_FILES = [*TEXTS, *BOMBS, *PACKED, *PAGES]
