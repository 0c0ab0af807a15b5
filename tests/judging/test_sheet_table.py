"""The workbook of a juror's sheets: out, filled in, and in again."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.spreadsheets import XLSX_TYPE
from judging import queries, services
from judging.models import ScoreSheet
from judging.sheet_table import (
    TableUnreadable,
    cells,
    from_cells,
    read_table,
    write_table,
)
from tests.factories.judging import ConflictFactory, scoring_round, write_sheet
from tests.judging.pages import stored

pytestmark = pytest.mark.django_db
FIRST, NOTE, SECOND = 6, 7, 8  # columns: score and note of one, score of the next


@pytest.fixture
def desk(client):
    """Three drafts of a juror who is signed in; the first holds scores."""
    round = scoring_round(jurors=2, proposals=3)
    stage = round.scoringstage_set.get()
    stage.round = round
    juror = round.juror_set.order_by("pk").first()
    sheets = list(ScoreSheet.objects.filter(assignment__juror=juror).order_by("key"))
    write_sheet(sheets[0], 80, "72.50", is_final=False)
    client.force_login(juror.user)
    return Desk(client, stage, juror, sheets)


class Desk:
    """The juror's pages of the workbook, and what is in it."""

    def __init__(self, client, stage, juror, sheets):
        self.client, self.stage, self.juror, self.sheets = client, stage, juror, sheets

    def url(self, name):
        place = [self.stage.round.slug, self.stage.code]
        return reverse(f"judging:{name}", args=place)

    def book(self):
        answer = self.client.get(self.url("sheet_export"))
        assert answer.headers["Content-Type"] == XLSX_TYPE
        return openpyxl.load_workbook(BytesIO(answer.content))

    def upload(self, book):
        out = BytesIO()
        book.save(out)
        file = SimpleUploadedFile("lembar.xlsx", out.getvalue(), XLSX_TYPE)
        return self.client.post(self.url("sheet_import"), {"file": file})

    def apply(self, shown):
        plan = {"plan": shown.context["signed"]}
        return self.client.post(self.url("sheet_import"), plan)

    def row(self, book, sheet):
        keys = [row[0].value for row in book.worksheets[0].iter_rows()]
        return keys.index(sheet.key) + 1


def fill(desk, book, sheet, **values):
    """Type into the row of `sheet`: first, note, second."""
    page, row = book.worksheets[0], desk.row(book, sheet)
    for name, column in (("first", FIRST), ("note", NOTE), ("second", SECOND)):
        if name in values:
            page.cell(row, column).value = values[name]


def faults(answer):
    return [
        (fault.column, fault.value, fault.reason)
        for fault in answer.context["plan"].faults
    ]


def test_workbook_holds_the_drafts_and_locks_all_but_the_scores(desk):
    services.abstain(
        sheet=desk.sheets[2],
        reason="Bukan bidang saya.",
        base_version=0,
        actor=desk.juror.user,
        at=timezone.now(),
    )

    page = desk.book().worksheets[0]

    rows = list(page.iter_rows(min_row=3, values_only=True))
    assert [row[:2] for row in rows] == [
        (desk.sheets[0].key, 1),
        (desk.sheets[1].key, 0),
    ]
    assert rows[0][5:9] == (80, "Catatan.", 72.5, "Catatan.")
    assert rows[1][5:9] == (None, None, None, None)
    assert page.protection.sheet
    assert page.row_dimensions[1].hidden
    assert page.column_dimensions["A"].hidden
    locked = [cell.protection.locked for cell in page[3]]
    assert locked == [True] * 5 + [False] * 4
    rules = page.data_validations.dataValidation
    assert [(rule.formula1, rule.formula2) for rule in rules] == [("0", "100")] * 2


def test_text_in_the_workbook_is_never_run(desk):
    proposal = desk.sheets[0].assignment.proposal
    score = desk.sheets[0].score_set.first()
    score.note = "=1+1"
    score.save()
    proposal.title = '=HYPERLINK("http://jahat.example")'

    content = write_table(
        desk.stage, queries.criteria_of(desk.stage), [_with_title(desk, proposal.title)]
    )

    page = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    assert [page.cell(3, column).data_type for column in (4, NOTE)] == ["s", "s"]
    lines, found = read_table(content, desk.stage, queries.criteria_of(desk.stage))
    assert (found, lines[0].notes["kebaruan"]) == ([], "=1+1")


def _with_title(desk, title):
    sheet = (
        ScoreSheet.objects.select_related(
            "assignment__proposal__track", "assignment__proposal__category"
        )
        .prefetch_related("score_set")
        .get(pk=desk.sheets[0].pk)
    )
    sheet.assignment.proposal.title = title
    return sheet


def test_filled_in_is_shown_first_and_saved_then(desk):
    book = desk.book()
    fill(desk, book, desk.sheets[1], first=91, note="Jelas.", second="82,25")

    shown = desk.upload(book)

    plan = shown.context["plan"]
    assert [(row.changes, row.remark) for row in plan.rows] == [(2, "")]
    assert (plan.unchanged, plan.faults) == (2, [])
    assert stored(desk.sheets[1]) == []
    done = desk.apply(shown)
    assert done.url.startswith(reverse("judging:assignment_list"))
    assert stored(desk.sheets[1]) == [(91, "Jelas."), (Decimal("82.25"), "")]
    desk.sheets[1].refresh_from_db()
    assert (desk.sheets[1].version, desk.sheets[1].is_final) == (1, False)
    assert AuditEntry.objects.get(action="sheets.imported").changes == {
        "taken": 1,
        "refused": 0,
    }


def test_bad_cells_are_named_and_the_good_rows_taken(desk):
    book = desk.book()
    fill(desk, book, desk.sheets[0], first=101, second="delapan")
    fill(desk, book, desk.sheets[1], first="=90+1")
    fill(desk, book, desk.sheets[2], first=55, second=70)

    shown = desk.upload(book)

    assert shown.status_code == 422
    assert faults(shown) == [
        ("F, Kebaruan", "101", "Give a number from 0 to 100."),
        ("H, Signifikansi", "delapan", "Type a number, such as 82 or 82,5."),
        ("F, Kebaruan", "=90+1", "Type the number itself, not a formula."),
    ]
    (row,) = shown.context["plan"].rows
    assert row.remark == "Still needs a note: Kebaruan."
    desk.apply(shown)
    assert stored(desk.sheets[0]) == [(80, "Catatan."), (Decimal("72.5"), "Catatan.")]
    assert stored(desk.sheets[1]) == []
    assert stored(desk.sheets[2]) == [(55, ""), (70, "")]


def test_sheet_saved_since_the_download_is_left_alone(desk):
    book = desk.book()
    fill(desk, book, desk.sheets[0], first=10)
    first = queries.criteria_of(desk.stage)[0]
    services.save_scores(
        sheet=desk.sheets[0],
        scores={first: Decimal(90)},
        notes={},
        base_version=1,
        actor=desk.juror.user,
        at=timezone.now(),
    )

    shown = desk.upload(book)

    ((column, _value, reason),) = faults(shown)
    assert (column, reason) == (
        "",
        "The sheet was saved since this file was downloaded. Download it anew.",
    )
    assert shown.context["plan"].rows == []


def test_sheet_saved_between_the_look_and_the_press_is_left_alone(desk):
    book = desk.book()
    fill(desk, book, desk.sheets[0], first=10)
    fill(desk, book, desk.sheets[1], first=20)
    shown = desk.upload(book)
    services.finalise_sheet(
        sheet=desk.sheets[0], base_version=1, actor=desk.juror.user, at=timezone.now()
    )

    done = desk.apply(shown)

    assert faults(done) == [
        (
            "",
            desk.sheets[0].assignment.proposal.code,
            "This sheet is finished and locked.",
        )
    ]
    assert stored(desk.sheets[0])[0][0] == 80
    assert stored(desk.sheets[1]) == [(20, "")]


def test_rows_of_others_and_of_conflicts_are_refused(desk):
    other = ScoreSheet.objects.exclude(assignment__juror=desk.juror).first()
    book = desk.book()
    row = desk.row(book, desk.sheets[1])
    book.worksheets[0].cell(row, 1).value = other.key
    fill(desk, book, desk.sheets[2], first=50)
    ConflictFactory(juror=desk.juror, proposal=desk.sheets[2].assignment.proposal)

    shown = desk.upload(book)

    reasons = {reason for _column, _value, reason in faults(shown)}
    assert reasons == {"This row belongs to no sheet of yours."}
    assert len(faults(shown)) == 2
    assert stored(other) == []


def test_hidden_cells_that_were_touched_are_named(desk):
    book = desk.book()
    page = book.worksheets[0]
    page.cell(3, 1).value = None
    page.cell(4, 2).value = "banyak"
    page.cell(5, 1).value = page.cell(4, 1).value

    shown = desk.upload(book)

    assert [reason for _c, _v, reason in faults(shown)] == [
        "The hidden key of this row is gone.",
        "The hidden version of this row was changed.",
        "This sheet stands in the file twice.",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"%PDF-1.7", b"kunci;versi\n"]
)
def test_other_files_are_refused_with_what_to_do(desk, content):
    file = SimpleUploadedFile("lembar.xlsx", content or b" ", XLSX_TYPE)

    answer = desk.client.post(desk.url("sheet_import"), {"file": file})

    (said,) = answer.context["form"].errors["file"]
    assert said.startswith("This is not the workbook of this stage.")
    assert answer.context["plan"] is None


def test_workbook_of_another_stage_or_of_anything_is_refused(desk):
    criteria = queries.criteria_of(desk.stage)
    content = write_table(desk.stage, criteria, [])
    desk.stage.code = "lain"
    empty = BytesIO()
    openpyxl.Workbook().save(empty)

    for each in (content, empty.getvalue(), b"x" * 6_000_000):
        with pytest.raises(TableUnreadable):
            read_table(each, desk.stage, criteria)


def test_lines_survive_the_way_through_the_page(desk):
    book = desk.book()
    fill(desk, book, desk.sheets[1], first=91, note="Jelas.")
    out = BytesIO()
    book.save(out)
    lines, _faults = read_table(
        out.getvalue(), desk.stage, queries.criteria_of(desk.stage)
    )

    assert from_cells(list(cells(lines))) == lines


def test_plan_of_somebody_else_is_not_taken(desk, client):
    book = desk.book()
    fill(desk, book, desk.sheets[1], first=91)
    shown = desk.upload(book)
    other = desk.stage.round.juror_set.exclude(pk=desk.juror.pk).get()
    client.force_login(other.user)

    for plan in (shown.context["signed"], "x"):
        answer = client.post(desk.url("sheet_import"), {"plan": plan})
        assert answer.url == desk.url("sheet_import")
    assert stored(desk.sheets[1]) == []


def test_pages_are_for_those_who_sit_and_have_signed(desk, client):
    desk.juror.__class__.objects.filter(pk=desk.juror.pk).update(
        ended_at=timezone.now(), end_reason="Sakit."
    )

    for name in ("sheet_export", "sheet_import", "sheet_print"):
        assert client.get(desk.url(name)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_workbook_query_count(client, django_assert_num_queries, count):
    round = scoring_round(jurors=1, proposals=count)
    client.force_login(round.juror_set.get().user)
    place = [round.slug, round.scoringstage_set.get().code]
    url = reverse("judging:sheet_export", args=place)
    client.get(url)

    with django_assert_num_queries(6):
        # user, juror, stages, criteria, sheets, scores
        client.get(url)


@pytest.mark.parametrize("count", [1, 3])
def test_print_query_count(client, django_assert_num_queries, count):
    round = scoring_round(jurors=1, proposals=count)
    client.force_login(round.juror_set.get().user)
    place = [round.slug, round.scoringstage_set.get().code]
    url = reverse("judging:sheet_print", args=place)
    client.get(url)

    with django_assert_num_queries(14):
        # user, juror, stages, criteria, count, sheets, answers, files, links, fields,
        # sections, memberships, role of juror, unread
        client.get(url)


def test_print_shows_proposals_with_empty_sheets(desk, client):
    page = client.get(desk.url("sheet_print"))

    shown = [entry["sheet"].pk for entry in page.context["entries"]]
    assert shown == [sheet.pk for sheet in desk.sheets]
    text = page.content.decode()
    assert text.count("bundle__table") == 3
    assert "72.5" not in text
