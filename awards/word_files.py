"""The draft of a decree for a word processor, where legal sections work on it.

It says what the PDF says, from the same values, with lists that number themselves and
a table whose head comes again on each page. Source: rule AWD-09 in docs/rules.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from core.cleaning import without_tricks

MIME_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "Bookman Old Style"  # of official papers of regions
_LETTERS, _NUMBERS = "lowerLetter", "decimal"
_CENTRE, _JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_CLAUSES = (Mm(36), Mm(5), Mm(124))  # what a clause is, its colon, what it says
_WINNERS = (Mm(10), Mm(27), Mm(56), Mm(42), Mm(30))
_WINNERS_HEAD = ("No.", "Penghargaan", "Judul inovasi", "Instansi", "Hadiah")


def write_decree(values: Mapping[str, Any], *, at: datetime) -> bytes:
    """Write what `decrees.values_of` collected as DOCX, dated `at`."""
    document = _blank(values, at)
    _write_head(document, values)
    _write_clauses(document, values)
    _write_end(document, values)
    _write_annex(document, values)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _blank(values: Mapping[str, Any], at: datetime) -> DocumentType:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(330)
    section.top_margin, section.bottom_margin = Mm(20), Mm(22)
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.15
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID")
    normal.element.get_or_add_rPr().append(language)
    facts = document.core_properties
    facts.title = _plain(f"Keputusan {values['official']} tentang {values['subject']}")[
        :255
    ]
    facts.author, facts.language = _plain(values["issuer"])[:255], "id-ID"
    facts.created = facts.modified = at
    facts.comments = ""
    if values["is_demonstration"]:
        _write(section.header.paragraphs[0], "SPESIMEN", bold=True, alignment=_CENTRE)
    return document


def _write_head(document: DocumentType, values: Mapping[str, Any]) -> None:
    """The head, with room for the emblem of the state, and the title."""
    official = values["official"].upper()
    number = values["number"] or f"{values['blank']} TAHUN {values['year']}"
    _line(document, official, bold=True, before=Mm(26))
    if values["above"]:
        _line(document, values["above"].upper(), bold=True)
    _line(document, f"KEPUTUSAN {official}", bold=True, before=Mm(6))
    _line(document, f"NOMOR {number}", before=Mm(1.5))
    _line(document, "TENTANG", before=Mm(3))
    _line(document, values["subject"].upper(), bold=True, before=Mm(3))
    _line(
        document, f"{official},", bold=True, before=Mm(4)
    ).paragraph_format.space_after = Mm(6)


def _write_clauses(document: DocumentType, values: Mapping[str, Any]) -> None:
    grounds = _table(document, _CLAUSES)
    _clause(grounds, "Menimbang", values["considering"], _LETTERS)
    _clause(grounds, "Mengingat", values["remembering"], _NUMBERS)
    if values["noting"]:
        _clause(grounds, "Memperhatikan", values["noting"], _NUMBERS)
    _line(
        document, "MEMUTUSKAN:", bold=True, before=Mm(4)
    ).paragraph_format.space_after = Mm(4)
    rulings = _table(document, _CLAUSES)
    heading = f"Keputusan {values['official']} tentang {values['subject']}.".upper()
    _clause(rulings, "Menetapkan", [heading], _NUMBERS, bold=True)
    for each in values["rulings"]:
        _clause(rulings, each["name"], [each["text"]], _NUMBERS)


def _write_end(document: DocumentType, values: Mapping[str, Any]) -> None:
    _write_signature(
        document,
        values,
        before=[
            f"Ditetapkan di {values['place']}",
            f"pada tanggal {values['day'] or values['blank']}",
        ],
    )
    if values["copies"]:
        head = document.add_paragraph()
        _write(head, "Tembusan disampaikan kepada Yth.:", size=Pt(9), before=Mm(6))
        head.paragraph_format.keep_with_next = True
        list_id = _new_list(document, _NUMBERS, size=Pt(9))
        for line in values["copies"]:
            _write(_item(document.add_paragraph(), list_id), line, size=Pt(9))


def _write_annex(document: DocumentType, values: Mapping[str, Any]) -> None:
    number = values["number"] or f"{values['blank']} Tahun {values['year']}"
    for place, text in enumerate(
        (
            f"Lampiran Keputusan {values['official']}",
            f"Nomor: {number}",
            f"Tanggal: {values['day'] or values['blank']}",
            f"Tentang: {values['subject']}",
        )
    ):
        line = document.add_paragraph()
        line.paragraph_format.left_indent = Mm(72)
        line.paragraph_format.page_break_before = place == 0
        _write(line, text, size=Pt(9))
    title = f"Daftar {values['subject']}".upper()
    _line(document, title, bold=True, before=Mm(8)).paragraph_format.space_after = Mm(5)
    for group in values["groups"]:
        if group["name"]:
            name = document.add_paragraph()
            _write(name, group["name"], bold=True, before=Mm(4))
            name.paragraph_format.keep_with_next = True
        _write_winners(document, group["rows"])
    _write_signature(document, values, before=[])


def _write_winners(document: DocumentType, rows: Iterable[Mapping[str, Any]]) -> None:
    table = _table(document, _WINNERS)
    table.style = "Table Grid"
    head = _row(table)
    _mark(head._tr.get_or_add_trPr(), "w:tblHeader")
    for cell, text in zip(head.cells, _WINNERS_HEAD, strict=True):
        _write(cell.paragraphs[0], text, bold=True, size=Pt(9))
    for each in rows:
        row = _row(table)
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
        texts = (
            str(each["number"]),
            each["award"],
            each["title"],
            each["institution"],
            each["prize"] or "–",
        )
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell.paragraphs[0], text, size=Pt(9))
    _set_widths(table, _WINNERS)


def _write_signature(
    document: DocumentType, values: Mapping[str, Any], *, before: Sequence[str]
) -> None:
    """The block of who signs, on the right, never torn apart."""
    number = values["signatory_number"]
    lines = [
        *before,
        f"{values['signatory_position'].upper()},",
        "",
        "",
        "",
        values["signatory_name"] or values["blank"],
        values["signatory_rank"],
        f"{values['signatory_number_name'] or 'NIP'} {number}" if number else "",
    ]
    while not lines[-1]:
        lines.pop()
    for place, text in enumerate(lines):
        line = document.add_paragraph()
        line.paragraph_format.left_indent = Mm(82)
        line.paragraph_format.keep_with_next = place < len(lines) - 1
        is_name = place == len(before) + 4
        _write(line, text, bold=is_name, before=Mm(8) if place == 0 else None)


def _clause(
    table: Table, name: str, lines: Sequence[str], numbering: str, *, bold: bool = False
) -> None:
    """Add a clause; several lines number themselves, and so does "a" of letters."""
    row = _row(table)
    _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
    for cell, width in zip(row.cells, _CLAUSES, strict=True):
        cell.width = width
    _write(row.cells[0].paragraphs[0], name)
    _write(row.cells[1].paragraphs[0], ":")
    is_list = len(lines) > 1 or numbering == _LETTERS
    list_id = _new_list(table, numbering) if is_list else 0
    for place, text in enumerate(lines):
        said = row.cells[2]
        line = said.paragraphs[0] if place == 0 else said.add_paragraph()
        if is_list:
            _item(line, list_id)
        _write(line, text, bold=bold, alignment=_JUSTIFIED)
        line.paragraph_format.space_after = Mm(1.5)


def _table(document: DocumentType, widths: Sequence[Length]) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    _set_widths(table, widths)
    return table


def _row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def _set_widths(table: Table, widths: Sequence[Length]) -> None:
    # Word goes by the cells, LibreOffice by the columns.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _line(
    document: DocumentType,
    text: str,
    *,
    bold: bool = False,
    before: Length | None = None,
) -> Paragraph:
    """Add a line in the middle that stays with what follows it."""
    line = document.add_paragraph()
    line.paragraph_format.keep_with_next = True
    _write(line, text, bold=bold, alignment=_CENTRE, before=before)
    return line


def _write(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    size: Length | None = None,
    alignment: WD_ALIGN_PARAGRAPH | None = None,
    before: Length | None = None,
) -> None:
    run = paragraph.add_run(_plain(text))
    run.bold = bold or None
    run.font.size = size
    if alignment is not None:
        paragraph.alignment = alignment
    paragraph.paragraph_format.space_before = before


def _plain(text: str) -> str:
    """Take out what no XML may hold."""
    return without_tricks(text).replace("\ufffe", "").replace("\uffff", "")


# Lists that number themselves: the library has no words for them. ---------------------


def _new_list(
    part_of: DocumentType | Table, numbering: str, *, size: Length | None = None
) -> int:
    """Begin a list that counts from one; give its id."""
    part = part_of.part.numbering_part  # type: ignore[attr-defined]
    root: BaseOxmlElement = part.element
    abstract_id = str(len(root.findall(qn("w:abstractNum"))) + 100)
    abstract = _element("w:abstractNum", abstractNumId=abstract_id)
    abstract.append(_element("w:multiLevelType", val="singleLevel"))
    level = _element("w:lvl", ilvl="0")
    for child in (
        _element("w:start", val="1"),
        _element("w:numFmt", val=numbering),
        _element("w:lvlText", val="%1."),
        _element("w:lvlJc", val="left"),
    ):
        level.append(child)
    layout = OxmlElement("w:pPr")
    hanging = str(Mm(7).twips)
    layout.append(_element("w:ind", left=hanging, hanging=hanging))
    level.append(layout)
    if size is not None:
        letters = OxmlElement("w:rPr")
        letters.append(_element("w:sz", val=str(int(size.pt * 2))))
        level.append(letters)
    abstract.append(level)
    # Word wants all abstract lists before the first that uses one.
    first = root.find(qn("w:num"))
    if first is None:
        root.append(abstract)
    else:
        first.addprevious(abstract)
    number: BaseOxmlElement = root.add_num(int(abstract_id))
    return int(number.numId)


def _item(paragraph: Paragraph, list_id: int) -> Paragraph:
    """Make `paragraph` an item of the list with this id."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = list_id
    return paragraph


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _mark(properties: BaseOxmlElement, name: str) -> None:
    properties.append(OxmlElement(name))
