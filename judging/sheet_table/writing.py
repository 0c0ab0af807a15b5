"""Writing the workbook: what may be filled in is open, all else is locked."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from competitions.models import Criterion, ScoringStage
from core import numbers
from core.spreadsheets import is_formula_like
from judging import scoring
from judging.models import Score, ScoreSheet
from judging.sheet_table.shapes import FIRST_ROW, LEADING, NOTE, VALUE, marked

_WIDTHS = [14, 8, 18, 46, 24]
_INPUT = PatternFill("solid", fgColor="FFF8E5")
_HEAD = PatternFill("solid", fgColor="E8EDF7")
_LINE = Side(style="thin", color="C9CFDA")


def write_table(
    stage: ScoringStage, criteria: Sequence[Criterion], sheets: Sequence[ScoreSheet]
) -> bytes:
    """Write `sheets`, drafts of one juror, with all they hold; no institution is named.

    `sheets` have their scores prefetched, their proposals and tracks loaded.
    Source: rule SCO-43 in docs/rules.md.
    """
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = _("Score sheets")
    _write_heads(page, stage, criteria)
    for row, sheet in enumerate(sheets, start=FIRST_ROW):
        _write_row(page, row, criteria, sheet)
    last = max(FIRST_ROW, FIRST_ROW + len(sheets) - 1)
    for place in range(len(criteria)):
        letter = get_column_letter(len(LEADING) + 1 + 2 * place)
        rule = _validation(stage)
        rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        page.add_data_validation(rule)
    page.freeze_panes = f"E{FIRST_ROW}"
    page.row_dimensions[1].hidden = True
    for letter in "AB":
        page.column_dimensions[letter].hidden = True
    page.protection.enable()
    page.protection.formatColumns = False
    page.protection.formatRows = False
    _write_help(book, stage, criteria)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_heads(
    page: Worksheet, stage: ScoringStage, criteria: Sequence[Criterion]
) -> None:
    codes = [*LEADING]
    codes[2] = marked(stage)
    heads = ["", "", _("Code"), _("Innovation"), _("Category")]
    widths = [*_WIDTHS]
    for each in criteria:
        codes += [f"{VALUE}{each.code}", f"{NOTE}{each.code}"]
        weight = numbers.decimal(each.weight, 2).rstrip("0").rstrip(",.")
        heads += [
            _("%(criterion)s (%(weight)s%%)")
            % {"criterion": each.name, "weight": weight},
            _("Note"),
        ]
        widths += [14, 34]
    for column, (code, head, width) in enumerate(
        zip(codes, heads, widths, strict=True), start=1
    ):
        _text(page.cell(1, column), code)
        cell = page.cell(2, column)
        _text(cell, head)
        cell.font = Font(bold=True)
        cell.fill = _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        page.column_dimensions[get_column_letter(column)].width = width
    page.row_dimensions[2].height = 48


def _write_row(
    page: Worksheet, row: int, criteria: Sequence[Criterion], sheet: ScoreSheet
) -> None:
    proposal = sheet.assignment.proposal
    _text(page.cell(row, 1), sheet.key)
    page.cell(row, 2, sheet.version)
    category = str(proposal.category) if proposal.category else ""
    for column, text in enumerate([proposal.code, proposal.title, category], start=3):
        _text(page.cell(row, column), text)
        page.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    written: dict[int, Score] = {
        score.criterion_id: score for score in sheet.score_set.all()
    }
    for place, each in enumerate(criteria):
        value, note = (page.cell(row, len(LEADING) + 1 + 2 * place + n) for n in (0, 1))
        if not each.is_for(proposal.track.code):
            continue
        if score := written.get(each.pk):
            value.value = score.value
            _text(note, score.note)
        for cell in (value, note):
            cell.protection = Protection(locked=False)
            cell.fill = _INPUT
            cell.border = Border(bottom=_LINE, right=_LINE)
            cell.alignment = Alignment(wrap_text=cell is note, vertical="top")


def _text(cell: Any, text: str) -> None:
    """Write text that stays text, whatever it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text) or None
    if cell.value is not None:
        cell.data_type = "s"
    if is_formula_like(text):
        cell.quotePrefix = True


def _validation(stage: ScoringStage) -> DataValidation:
    low, high = scoring.plain(stage.scale_min), scoring.plain(stage.scale_max)
    is_whole = stage.scale_step % 1 == 0 and stage.scale_min % 1 == 0
    rule = DataValidation(
        type="whole" if is_whole else "decimal",
        operator="between",
        formula1=f"{stage.scale_min.normalize():f}",
        formula2=f"{stage.scale_max.normalize():f}",
        allow_blank=True,
        showErrorMessage=True,
    )
    rule.errorTitle = _("Score")
    rule.error = _("Give a number from %(low)s to %(high)s.") % {
        "low": low,
        "high": high,
    }
    return rule


def _write_help(
    book: openpyxl.Workbook, stage: ScoringStage, criteria: Sequence[Criterion]
) -> None:
    page = book.create_sheet(_("How to"))
    page.column_dimensions["A"].width = 100
    scale = {
        "low": scoring.plain(stage.scale_min),
        "high": scoring.plain(stage.scale_max),
    }
    lines = [
        _("Fill in the coloured cells only; the others are locked."),
        _("A score is a number from %(low)s to %(high)s.") % scale,
        scoring.note_rule(stage),
        _("Upload the file where you downloaded it. You see first what it would do."),
        _("Finish each sheet in the portal: a file never locks one."),
        "",
    ]
    for each in criteria:
        lines += [each.name, each.description]
        lines += [
            f"{a['from']}–{a['to']}: {a['label']}. {a['text']}" for a in each.anchors
        ]
        lines.append("")
    for row, line in enumerate(lines, start=1):
        cell = page.cell(row, 1)
        _text(cell, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.protection.enable()
