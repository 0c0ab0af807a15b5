"""Rounds of several scoring stages: services, locks, pages."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from judging import services
from judging.models import Assignment, Juror, Result, ResultPart, Score, ScoreSheet
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import (
    JurorFactory,
    ScoreFactory,
    ScoreSheetFactory,
    seal,
    staged_round,
)
from tests.factories.judging import write_sheet as write
from tests.judging.pages import apply_shown, login_secretariat

pytestmark = pytest.mark.django_db


def sheets(round, code):
    return list(
        ScoreSheet.objects.filter(
            assignment__scoring_stage__round=round,
            assignment__scoring_stage__code=code,
        )
        .select_related(
            "assignment__juror__user",
            "assignment__scoring_stage__round",
            "assignment__proposal",
        )
        .order_by("assignment__proposal", "assignment__juror")
    )


def assign(round, code):
    return services.assign_all(
        scoring_stage=round.scoringstage_set.get(code=code),
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )


def score_proposals(round):
    """90, 80 and 70 by every juror, in the order of the proposals."""
    order = list(round.proposal_set.order_by("pk"))
    for sheet in sheets(round, "proposal"):
        value = 90 - 10 * order.index(sheet.assignment.proposal)
        write(sheet, value, value)
    return order


def visit(sheet, verdict):
    sheet.verdict, sheet.note, sheet.version = verdict, "Dilihat.", 1
    sheet.state, sheet.finalised_at = ScoreSheet.State.FINAL, timezone.now()
    sheet.save()


@pytest.fixture
def judged():
    """All three stages done: A 90 and 3 of 5, B 80 and 5 of 5, C 70."""
    round = staged_round(phase="plenary")
    order = score_proposals(round)
    assign(round, "presentasi")
    for sheet in sheets(round, "presentasi"):
        write(sheet, 3 if sheet.assignment.proposal == order[0] else 5)
    assign(round, "lapangan")
    for sheet in sheets(round, "lapangan"):
        visit(sheet, "passes")
    return round


def url(round, name="ranking", *args, **query):
    address = reverse(f"judging:{name}", args=[round.slug, *args])
    return f"{address}?tahap={query['tahap']}" if query else address


# Assignment --------------------------------------------------------------------------


def test_later_stage_waits_for_the_one_before():
    round = staged_round(phase="scoring")

    with pytest.raises(services.NothingAssigned, match="not over yet"):
        assign(round, "presentasi")

    assert not Assignment.objects.filter(scoring_stage__code="presentasi").exists()


def test_only_the_shortlisted_are_assigned_to_the_next_stage():
    round = staged_round(phase="presentation")
    first, second, _third = score_proposals(round)

    report = assign(round, "presentasi")

    assert report.added == 4
    assert {sheet.assignment.proposal for sheet in sheets(round, "presentasi")} == {
        first,
        second,
    }


def test_next_in_line_moves_up_when_one_withdraws():
    round = staged_round(phase="presentation")
    first, _second, third = score_proposals(round)
    assign(round, "presentasi")
    first.state = "withdrawn"
    first.save()

    report = assign(round, "presentasi")

    assert report.added == 2
    assert third in {each.assignment.proposal for each in sheets(round, "presentasi")}


def test_so_many_jurors_as_the_stage_wants_by_load():
    round = staged_round(jurors=0, proposals=6)
    JurorFactory.create_batch(4, round=round)
    stage = round.scoringstage_set.get(code="proposal")
    stage.jurors_per_proposal = 2
    stage.save()

    first = assign(round, "proposal")
    again = assign(round, "proposal")

    assert (first.added, again.added, again.kept) == (12, 0, 12)
    loads = [
        Assignment.objects.filter(juror=juror).count()
        for juror in Juror.objects.filter(round=round)
    ]
    assert loads == [3, 3, 3, 3]


def test_sheets_of_a_stage_are_not_given_back_once_the_next_is_assigned():
    round = staged_round(phase="presentation")
    score_proposals(round)
    assign(round, "presentasi")
    sheet = sheets(round, "proposal")[0]

    with pytest.raises(services.SheetNotReopened, match="Presentasi"):
        services.reopen_sheet(
            sheet=sheet,
            reason="Salah ketik.",
            actor=SecretariatFactory(),
            at=timezone.now(),
        )


# Scoring -----------------------------------------------------------------------------


@pytest.fixture
def talk():
    round = staged_round(phase="presentation")
    score_proposals(round)
    assign(round, "presentasi")
    return sheets(round, "presentasi")[0]


def save(sheet, value):
    criterion = sheet.assignment.scoring_stage.criterion_set.get()
    return services.save_scores(
        sheet=sheet,
        scores={criterion: Decimal(value)},
        notes={},
        base_version=sheet.version,
        actor=sheet.assignment.juror.user,
        at=timezone.now(),
    )


def test_each_stage_is_scored_in_its_own_window(talk):
    assert save(talk, 4).version == 1
    desk = sheets(talk.assignment.scoring_stage.round, "proposal")[0]
    draft = ScoreSheetFactory(
        assignment__juror=desk.assignment.juror,
        assignment__scoring_stage=desk.assignment.scoring_stage,
    )
    with pytest.raises(services.SheetLocked, match="not open"):
        services.save_scores(
            sheet=draft,
            scores={},
            notes={},
            base_version=0,
            actor=draft.assignment.juror.user,
            at=timezone.now(),
        )


@pytest.mark.parametrize("value", ["4.5", "0", "6"])
def test_value_that_is_no_step_is_refused(talk, value):
    with pytest.raises(services.ScoreNotValid):
        save(talk, value)

    with pytest.raises(DatabaseError, match="does not fit"), transaction.atomic():
        ScoreFactory(sheet=talk, value=value)

    assert not Score.objects.filter(sheet=talk).exists()


def test_short_scale_is_a_row_of_buttons(client, talk):
    client.force_login(talk.assignment.juror.user)
    address = talk.get_absolute_url()

    page = client.get(address).content.decode()
    for value in "12345":
        assert f'name="value-paparan" value="{value}"' in page
    client.post(address, {"version": 0, "value-paparan": "4"})
    bad = client.post(address, {"version": 1, "value-paparan": "9"})

    assert Score.objects.get(sheet=talk).value == 4
    assert bad.status_code == 200
    assert "Choose one of the steps." in bad.content.decode()
    assert 'value="4" checked' in client.get(address).content.decode()


# The gate ----------------------------------------------------------------------------


@pytest.fixture
def gate():
    round = staged_round(phase="field_visit")
    score_proposals(round)
    assign(round, "presentasi")
    for sheet in sheets(round, "presentasi"):
        write(sheet, 4)
    assign(round, "lapangan")
    return sheets(round, "lapangan")[0]


def test_gate_is_filled_in_and_finished(client, gate):
    client.force_login(gate.assignment.juror.user)
    finish = reverse("judging:sheet_finalise", args=[gate.key])

    assert client.get(gate.get_absolute_url()).status_code == 200
    empty = client.post(finish, {"version": 0})
    bare = client.post(finish, {"version": 0, "verdict": "fails", "note": " "})
    full = client.post(finish, {"version": 1, "verdict": "fails", "note": "Tidak ada."})

    assert "Choose what you found." in empty.content.decode()
    assert "Write down what differs" in bare.content.decode()
    assert full.status_code == 302
    gate.refresh_from_db()
    assert (gate.state, gate.verdict, gate.note) == ("final", "fails", "Tidak ada.")
    locked = client.get(gate.get_absolute_url()).content.decode()
    assert "Not as described" in locked


def test_gate_autosaves_and_sees_the_other_window(client, gate):
    client.force_login(gate.assignment.juror.user)

    def post(**data):
        return client.post(
            gate.get_absolute_url(), data, headers={"X-Requested-With": "autosave"}
        )

    saved = post(version=0, verdict="passes", note="")
    stale = post(version=0, verdict="fails", note="Lain.")
    wrong = post(version=1, verdict="entah", note="")

    assert saved.json()["state"] == "saved"
    assert (stale.status_code, stale.json()["state"]) == (409, "conflict")
    assert (wrong.status_code, wrong.json()["state"]) == (422, "invalid")
    plain = client.post(gate.get_absolute_url(), {"version": 0, "verdict": "fails"})
    assert plain.status_code == 409


def test_database_wants_verdicts_at_gates_alone(gate, talk):
    gate.state, gate.finalised_at = "final", timezone.now()
    with pytest.raises(DatabaseError, match="have a verdict"), transaction.atomic():
        gate.save()

    talk.verdict = "passes"
    with pytest.raises(DatabaseError, match="have a verdict"), transaction.atomic():
        talk.save()

    talk.verdict = "mungkin"
    with pytest.raises(DatabaseError), transaction.atomic():
        talk.save()


# Sealing -----------------------------------------------------------------------------


def test_seal_covers_all_stages(judged):
    first, second, third = judged.proposal_set.order_by("pk")

    result = seal(judged)

    # A: 0.7 * 90 + 0.3 * 60 = 81; B: 0.7 * 80 + 0.3 * 100 = 86
    rows = result.resultrow_set.order_by("position")
    assert [(row.proposal, row.rank, row.total) for row in rows] == [
        (second, 1, 86),
        (first, 2, 81),
        (third, None, None),
    ]
    parts = ResultPart.objects.filter(row__proposal=second).order_by("scoring_stage")
    assert [(part.rank, part.total, part.verdict) for part in parts] == [
        (2, 80, ""),
        (1, 5, ""),
        (None, None, "passes"),
    ]


def test_seal_waits_for_every_stage():
    round = staged_round(phase="presentation")
    score_proposals(round)

    with pytest.raises(services.ResultNotSealed, match="Presentasi"):
        seal(round)

    assert not Result.objects.exists()


@pytest.mark.parametrize("code", ["proposal", "presentasi", "lapangan"])
def test_sealed_stage_is_locked(judged, code):
    draft = ScoreSheetFactory(
        assignment__juror=Juror.objects.filter(round=judged).first(),
        assignment__scoring_stage=judged.scoringstage_set.get(code=code),
    )
    seal(judged)

    for change in (
        lambda: ScoreSheet.objects.filter(pk=draft.pk).update(version=9),
        lambda: Assignment.objects.filter(pk=draft.assignment_id).update(
            assigned_at=timezone.now()
        ),
        lambda: ResultPart.objects.filter(scoring_stage__code=code).update(position=9),
        lambda: ResultPart.objects.filter(scoring_stage__code=code).delete(),
    ):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            change()


def test_part_has_total_with_its_rank(judged):
    row = seal(judged).resultrow_set.first()
    for changes in ({"rank": 1, "total": None}, {"rank": None, "total": 3}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ResultPart.objects.create(
                row=row,
                scoring_stage=judged.scoringstage_set.first(),
                position=1,
                means=[],
                sheet_count=0,
                passes=True,
                is_shortlisted=True,
                **changes,
            )


# Pages -------------------------------------------------------------------------------


def test_ranking_has_a_tab_for_each_stage_and_one_for_all(client, judged):
    login_secretariat(client, judged)

    together = client.get(url(judged))
    desk = client.get(url(judged, tahap="proposal"))
    visits = client.get(url(judged, tahap="lapangan"))

    assert [tab["label"] for tab in together.context["tabs"]] == [
        "Penilaian proposal",
        "Presentasi",
        "Verifikasi lapangan",
        "Together",
    ]
    assert [row.place.rank for row in together.context["rows"]] == [1, 2, None]
    assert together.context["rows"][2].stopped_at == "Penilaian proposal"
    assert [row.place.rank for row in desk.context["rows"]] == [1, 2, 3]
    assert [row.verdict for row in visits.context["rows"]] == ["As described"] * 2


def test_ranking_reads_the_same_once_sealed(client, judged):
    login_secretariat(client, judged)
    pages = [url(judged), *(url(judged, tahap=c) for c in ("proposal", "presentasi"))]

    def seen():
        return [
            [
                (row.place.rank, row.place.total, row.proposal.pk)
                for row in client.get(page).context["rows"]
            ]
            for page in pages
        ]

    before = seen()
    seal(judged)

    assert seen() == before
    detail = client.get(url(judged, "result_detail") + "?periksa=1")
    assert detail.context["faults"] == []


def test_nothing_of_an_open_stage_is_shown(client):
    round = staged_round(phase="presentation")
    order = score_proposals(round)
    assign(round, "presentasi")
    write(sheets(round, "presentasi")[0], 3)
    login_secretariat(client, round)

    for tab in ("presentasi", "lapangan", "gabungan"):
        page = client.get(url(round, tahap=tab))
        assert "rows" not in page.context
        assert client.get(url(round, "ranking_export", tahap=tab)).status_code == 404
    detail = client.get(url(round, "ranking_detail", order[0].code))
    assert [each.stage.code for each in detail.context["details"]] == ["proposal"]
    assert detail.context["outcome"] is None
    assert client.get(url(round, tahap="proposal")).context["rows"]


def test_detail_shows_the_arithmetic(client, judged):
    login_secretariat(client, judged)
    second = judged.proposal_set.order_by("pk")[1]

    page = client.get(url(judged, "ranking_detail", second.code))

    assert [part.points for part in page.context["outcome"]["parts"]] == [80, 100]
    assert page.context["outcome"]["place"].total == 86
    assert len(page.context["details"]) == 3


def test_exports_of_stages_and_of_all(client, judged):
    login_secretariat(client, judged)

    def table(tab):
        text = b"".join(client.get(url(judged, "ranking_export", tahap=tab)))
        return list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))

    assert table("gabungan")[1][5:] == [
        "80,000000",
        "5,000000",
        "As described",
        "86,000000",
        "",
        "yes",
        "",
        "",
    ]
    assert [row[0] for row in table("proposal")] == ["Rank", "1", "2", "3"]
    assert table("lapangan")[1][5] == "As described"


def test_jury_page_by_stage(client):
    round = staged_round(phase="presentation")
    score_proposals(round)
    login_secretariat(client, round)

    now = client.get(url(round, "coverage")).context
    apply_shown(client, url(round, "assignment_create", tahap="presentasi"))
    after = client.get(url(round, "coverage", tahap="presentasi")).context
    gate = client.get(url(round, "coverage", tahap="lapangan")).context

    assert (now["stage"].code, now["board"].waiting) == ("presentasi", 2)
    assert (after["board"].waiting, after["board"].total.total) == (0, 4)
    assert gate["waiting_for"].code == "presentasi"


def test_queue_by_stage(client, talk):
    client.force_login(talk.assignment.juror.user)

    now = client.get(reverse("judging:assignment_list"))
    desk = client.get(reverse("judging:assignment_list"), {"tahap": "proposal"})

    assert (now.context["stage"].code, now.context["progress"].total) == (
        "presentasi",
        2,
    )
    assert (desk.context["stage"].code, desk.context["progress"].done) == (
        "proposal",
        3,
    )
    assert now.context["next_sheet"].assignment.scoring_stage.code == "presentasi"


@pytest.mark.parametrize("row_count", [1, 3])
@pytest.mark.parametrize("tab", ["proposal", "gabungan"])
def test_ranking_query_count(client, django_assert_max_num_queries, row_count, tab):
    round = staged_round(phase="plenary", jurors=row_count, proposals=row_count)
    score_proposals(round)
    login_secretariat(client, round)
    client.get(url(round, tahap=tab))

    with django_assert_max_num_queries(19):
        assert len(client.get(url(round, tahap=tab)).context["rows"]) == row_count
