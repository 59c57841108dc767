"""How a material pack looks in Word: page and styles near the layout of official documents (GB/T 9704-2012).

Fonts are named, not embedded: 仿宋, 黑体, 楷体 and 宋体 come with Windows, macOS's Office and WPS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

INFORMATION, LEAD, SOURCE, CELL = "素材说明", "素材篇目", "素材出处", "素材表格"
QUOTATION = "Quote"
_LATIN = "Times New Roman"
_TEXT_GREY = RGBColor(0x40, 0x40, 0x40)
_CENTRE, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True, slots=True)
class _Look:
    """``style_id`` is Word's own for its built-in styles. Sizes and distances are in points, ``indent`` (of
    the first line) in characters; ``line`` None is single spacing. ``bar``: a grey rule on the left, as
    quotations are set off."""

    name: str
    style_id: str
    font: str
    size: float
    align: Any = _BOTH
    bold: bool = False
    line: float | None = None
    before: float = 0
    after: float = 0
    indent: int = 0
    keep_with_next: bool = False
    bar: bool = False
    color: RGBColor | None = None


_LOOKS = (
    _Look("Normal", "Normal", "仿宋", 14, line=26),
    _Look("Title", "Title", "宋体", 22, _CENTRE, bold=True, line=34, after=16),
    _Look("Heading 1", "Heading1", "黑体", 16, line=28, before=14, after=2, keep_with_next=True),
    _Look(LEAD, "PackLead", "楷体", 14, line=26, before=6, keep_with_next=True),
    _Look(QUOTATION, "Quote", "仿宋", 14, line=26, after=4, indent=2, bar=True),
    _Look(SOURCE, "PackSource", "楷体", 12, line=22, before=6, keep_with_next=True, color=_TEXT_GREY),
    _Look(INFORMATION, "PackInformation", "仿宋", 12, line=22),
    _Look(CELL, "PackCell", "宋体", 9, WD_ALIGN_PARAGRAPH.LEFT, line=13),
    _Look("footer", "Footer", "宋体", 14, _CENTRE),
    _Look("footnote text", "FootnoteText", "宋体", 9, line=13),
)


def set_page(document: Document) -> None:
    """A4 with the margins of official documents (5.2.1, 5.2.2): 37 mm above, 28 mm on the left, 156 mm of
    text."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)


def set_styles(document: Document) -> None:
    """Give the template's styles our looks, and add those that it lacks."""
    _set_language(document)
    for look in _LOOKS:
        _apply(_style(document, look), look)
    reference = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.element.set(qn("w:styleId"), "FootnoteReference")
    reference.font.superscript = True


def _style(document: Document, look: _Look) -> ParagraphStyle:
    for style in document.styles:
        if style.style_id == look.style_id and isinstance(style, ParagraphStyle):
            return style
    is_builtin = look.name.isascii()
    added = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH, builtin=is_builtin)
    added.element.set(qn("w:styleId"), look.style_id)
    assert isinstance(added, ParagraphStyle)
    added.base_style = document.styles["Normal"]
    return added


def _apply(style: ParagraphStyle, look: _Look) -> None:
    # The template's own looks (borders, theme fonts and colours) would show through.
    for properties in ("w:pPr", "w:rPr"):
        for old in style.element.findall(qn(properties)):
            style.element.remove(old)
    font, layout = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = _LATIN, Pt(look.size), look.bold, False
    style.element.rPr.rFonts.set(qn("w:eastAsia"), look.font)
    if look.color is not None:
        font.color.rgb = look.color
    layout.alignment = look.align
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE if look.line is None else WD_LINE_SPACING.EXACTLY
    if look.line is not None:
        layout.line_spacing = Pt(look.line)
    layout.first_line_indent = Pt(look.size * look.indent)
    # in characters too, which Word prefers: the indent then follows the size that text is pasted at
    style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * look.indent))
    layout.keep_with_next = look.keep_with_next
    layout.widow_control = True
    if look.bar:
        layout.left_indent = Pt(10)
        _add_bar(style)
    if look.style_id == "Heading1":
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "0")
        style.element.pPr.append(level)


def _add_bar(style: ParagraphStyle) -> None:
    borders, bar = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", "BFBFBF")):
        bar.set(qn(f"w:{name}"), value)
    borders.append(bar)
    # the schema wants borders before spacing and indents
    style.element.pPr.find(qn("w:spacing")).addprevious(borders)


def _set_language(document: Document) -> None:
    """Chinese throughout (else a reader without our fonts may pick Japanese glyphs), and the layout rules of
    today's Word instead of a compatibility mode."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    settings = document.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    _declare_separators(settings)


def _declare_separators(settings: Any) -> None:
    """The notes that draw the line above footnotes (ids as ``docx_plus`` makes them), as Word does."""
    properties = OxmlElement("w:footnotePr")
    for number in ("-1", "0"):
        separator = OxmlElement("w:footnote")
        separator.set(qn("w:id"), number)
        properties.append(separator)
    settings.find(qn("w:compat")).addprevious(properties)
