"""Minutes, recap and all sheets: what they say, how fast, and what they never run."""

import csv
import io
import time
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from documents import rendering
from documents.models import IssuedDocument
from judging import minutes, services, workbooks
from judging.models import Assignment, Score, ScoreSheet
from tests.factories.judging import JurorFactory, scoring_round, seal
from tests.factories.plenary import (
    agree,
    apply,
    judged_round,
    open_plenary,
    panel_of,
    secretary_of,
    vote,
)
from tests.factories.submissions import ProposalFactory
from tests.judging.pages import content_of, login_secretariat

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    round = judged_round(80, 80, (50, 60, 70, 80, 90))
    one, two, three = round.proposal_set.order_by("pk")
    plenary = open_plenary(round, present=4)
    panel = panel_of(round)
    agree(
        plenary,
        three,
        95,
        agreeing=panel[:3],
        notes={panel[3]: "Bukti belum cukup."},
        reason="Dampak dihitung ulang.",
    )
    vote(plenary, two, one)
    apply(plenary)
    return round


def issue(round, **typed):
    return services.issue_minutes(
        round=round,
        typed=minutes.Typed(legal_basis="SK Wali Kota 1/2027\n\nPerwal 2", **typed),
        actor=secretary_of(round),
        at=timezone.now(),
    )


@translation.override("id")
def test_opening_writes_day_and_year_in_words():
    round = judged_round(80)
    moment = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)

    text = minutes.opening(moment, "Aula", round)

    for part in (
        "Senin",
        "Tiga Puluh Satu",
        "Januari",
        "Dua Ribu Dua Puluh Dua",
        "31-01-2022",
        "Aula",
    ):
        assert part in text


def test_minutes_say_who_what_and_how(decided):
    result = seal(decided)
    panel = panel_of(decided)

    values = issue(decided).values

    assert values["legal_basis"] == ["SK Wali Kota 1/2027", "Perwal 2"]
    assert [each["name"] for each in values["present"]] == [
        each.user.name for each in panel[:4]
    ]
    assert [each["role"] for each in values["present"]] == [
        "Chair",
        "Member",
        "Member",
        "Member",
    ]
    assert [each["name"] for each in values["absent"]] == [panel[4].user.name]
    assert len(values["signers"]) == 5
    assert values["digest"] == result.digest
    assert [each["votes"] for each in values["decisions"]] == [
        "3 of 4 jurors agreed.",
        "4 of 4 jurors agreed.",
    ]
    assert values["dissents"] == [
        {"name": panel[3].user.name, "note": "Bukti belum cukup."}
    ]
    one, two, three = decided.proposal_set.order_by("pk")
    assert [(row["title"], row["rank"]) for row in values["rows"]] == [
        (two.title, 1),
        (one.title, 2),
        (three.title, 3),
    ]
    assert values["rows"][2]["total"] == "80.00"  # 0.4 * 95 + 0.6 * 70
    assert values["is_draft"] is False


def test_minutes_wait_for_the_seal(decided):
    with pytest.raises(services.MinutesNotIssued, match="Seal the result"):
        issue(decided)

    draft = minutes.values_of(decided, None, minutes.Typed(), timezone.now())

    assert (draft["is_draft"], draft["digest"]) == (True, "")
    assert len(draft["decisions"]) == 2


def test_minutes_are_issued_once_with_the_number_typed(decided):
    seal(decided)

    first = issue(decided, number="000.8/12/OR")

    assert first.number == "000.8/12/OR"
    assert issue(decided).pk == first.pk


def test_paper_is_made_of_stored_values(decided):
    seal(decided)
    document = issue(decided)

    assert rendering.render(document_id=document.pk, at=timezone.now())

    document.refresh_from_db()
    assert document.is_rendered


def test_pages(client, decided):
    login_secretariat(client, decided)
    url = reverse("judging:minutes_issue", args=[decided.slug])
    draft = reverse("judging:minutes_draft", args=[decided.slug])
    file = reverse("judging:minutes_file", args=[decided.slug])

    assert "a draft until" in client.get(url).content.decode()
    assert client.get(draft).content.startswith(b"%PDF")
    assert client.get(file).status_code == 404
    seal(decided)
    assert set(client.post(url, {}).context["form"].errors) == {
        "legal_basis",
        "witness_position",
        "witness_name",
    }
    client.post(
        url,
        {
            "legal_basis": "SK",
            "witness_position": "Kepala Bagian Organisasi",
            "witness_name": "Sri",
        },
    )
    document = IssuedDocument.objects.get()
    assert document.number in client.get(url).content.decode()
    rendering.render(document_id=document.pk, at=timezone.now())
    assert content_of(client.get(file)).startswith(b"%PDF")


def test_nothing_is_taken_away_while_jurors_score(client):
    round = scoring_round(jurors=2, proposals=1)
    login_secretariat(client, round)

    for name in ("minutes_issue", "minutes_draft", "recap_export", "sheets_export"):
        url = reverse(f"judging:{name}", args=[round.slug])
        assert client.get(url).status_code == 404


def test_recap_has_a_table_for_all_and_one_for_each_stage(client, decided):
    seal(decided)
    login_secretariat(client, decided)
    url = reverse("judging:recap_export", args=[decided.slug])

    book = load_workbook(io.BytesIO(client.get(url).content))

    recap, stage = (list(each.values) for each in book.worksheets)
    assert [row[0] for row in recap] == ["Rank", 1, 2, 3]
    assert recap[3][6] == 80
    assert recap[3][7].startswith("In: ")
    assert stage[3][5:] == (95, 70)


def test_sheets_run_no_formula(client):
    round = judged_round(80)
    proposal = round.proposal_set.get()
    sheet = ScoreSheet.objects.order_by("pk").first()
    sheet.state, sheet.finalised_at = "draft", None
    sheet.reopened_at, sheet.reopen_reason = timezone.now(), "Keliru."
    sheet.save()
    for score, note in zip(
        sheet.score_set.order_by("criterion__order"),
        ('=HYPERLINK("x")', ""),
        strict=True,
    ):
        score.note = note
        score.save()
    sheet.state, sheet.finalised_at = "final", timezone.now()
    sheet.save()
    login_secretariat(client, round)
    url = reverse("judging:sheets_export", args=[round.slug])

    book = load_workbook(io.BytesIO(client.get(url).content))
    rows = list(book.worksheets[0].rows)
    lines = content_of(client.get(url + "?bentuk=csv")).decode("utf-8-sig")

    assert len(rows) == 6
    assert rows[1][0].value == proposal.code
    assert rows[1][-1].value.startswith("=HYPERLINK")
    assert rows[1][-1].data_type == "s"
    table = list(csv.reader(io.StringIO(lines), delimiter=";"))
    assert len(table) == 11
    assert [row[-1] for row in table if "HYPERLINK" in row[-1]] == [
        "'" + '=HYPERLINK("x")'
    ]
    assert table[1][-2] == "80,00"


@pytest.mark.parametrize("row_count", [1, 3])
def test_tables_ask_a_constant_number_of_questions(
    django_assert_num_queries, row_count
):
    round = judged_round(*[80] * row_count, jurors=row_count + 1)
    target = io.BytesIO()

    with django_assert_num_queries(5):
        workbooks.write_sheets(target, round)
    with django_assert_num_queries(3):
        list(workbooks.sheets_csv(round))
    with django_assert_num_queries(7):
        workbooks.write_recap(target, round, None)


def test_five_hundred_sheets_within_a_tenth_of_the_budget():
    # 5,000 sheets are to take 3 s as CSV, 10 s and 150 MiB as XLSX. Processor time: the
    # tests share the machine.
    round = scoring_round(jurors=1, proposals=0, phase="plenary")
    stage = round.scoringstage_set.get()
    criteria = list(stage.criterion_set.order_by("order"))
    jurors = [*panel_of(round), *JurorFactory.create_batch(19, round=round)]
    entries = ProposalFactory.create_batch(25, round=round, state="screened_passed")
    with pgtrigger.ignore():
        sheets = _sheets(stage, criteria, jurors, entries)
    assert len(sheets) == 500

    begin = time.process_time()
    lines = sum(1 for _line in workbooks.sheets_csv(round))
    csv_seconds = time.process_time() - begin
    begin = time.process_time()
    workbooks.write_sheets(io.BytesIO(), round)
    xlsx_seconds = time.process_time() - begin
    tracemalloc.start()
    workbooks.write_sheets(io.BytesIO(), round)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert lines == 1 + 500 * len(criteria)
    assert csv_seconds < 0.3
    assert xlsx_seconds < 1
    assert peak < 15 * 1024 * 1024


def _sheets(stage, criteria, jurors, entries):
    at = timezone.now()
    given = Assignment.objects.bulk_create(
        Assignment(scoring_stage=stage, juror=juror, proposal=entry, assigned_at=at)
        for juror in jurors
        for entry in entries
    )
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(assignment=each, key=f"l{number}")
        for number, each in enumerate(given)
    )
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion=criterion, value=Decimal(80), note="Cukup.")
        for sheet in sheets
        for criterion in criteria
    )
    ScoreSheet.objects.update(state="final", finalised_at=at)
    return sheets
