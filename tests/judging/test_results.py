"""Sealing, its proof, and the ranking from the database."""

import json
from decimal import Decimal
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import AuditEntry
from judging import proof, queries, ranking, sealing, services, standings
from judging.models import Juror, Result, ResultRow, Score, ScoreSheet
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import (
    ConflictFactory,
    scoring_round,
    seal,
    sealed_round,
    write_sheet,
)

pytestmark = pytest.mark.django_db


def sheets_of(round):
    """Sheets by proposal, then by juror."""
    return list(
        ScoreSheet.objects.filter(assignment__juror__round=round)
        .select_related("assignment__scoring_stage", "assignment__proposal")
        .order_by("assignment__proposal", "assignment__juror")
    )


@pytest.fixture
def round():
    """Two jurors, three proposals: 82 and 84, 82 and 82, one sheet of 90."""
    round = scoring_round(jurors=2, proposals=3, phase="plenary")
    a1, a2, b1, b2, c1, _c2 = sheets_of(round)
    write_sheet(a1, 85, 80)  # 40 % and 60 %: 82
    write_sheet(a2, 90, 80)  # 84
    write_sheet(b1, 85, 80)  # 82
    write_sheet(b2, 82, 82)  # 82
    write_sheet(c1, 90, 90)  # 90
    return round


def current(round):
    judged = standings.current(round, queries.scoring_of(round))
    return standings.stage_places(judged)


def test_ranking_from_the_database(round):
    a, b, c = round.proposal_set.order_by("pk")

    places = current(round)

    assert [
        (place.code, place.rank, place.total, place.sheet_count) for place in places
    ] == [(c.code, 1, 90, 1), (a.code, 2, 83, 2), (b.code, 3, 82, 2)]
    judged = standings.current(round, queries.scoring_of(round))
    assert standings.live_means(judged)[a.pk] == [Decimal("87.5"), 80]


def test_ranking_equals_that_of_single_scores(round):
    scoring = queries.scoring_of(round)

    outcome = sealing.judge_sheets(
        [standings.rules_of(each) for each in scoring],
        list(standings.contestants_of(round, scoring).values()),
        standings.papers_to_seal(round, scoring),
    )

    assert [
        (place.code, place.rank, place.total, place.tie_rule)
        for place in current(round)
    ] == [
        (each.proposal, each.rank, ranking.readable(each.total), each.tie_rule)
        for each in outcome.stages[0].standings
    ]


def test_conflict_and_withdrawal_change_the_denominators(round):
    a, b, c = round.proposal_set.order_by("pk")
    second = Juror.objects.filter(round=round).order_by("pk")[1]
    ConflictFactory(juror=second, proposal=a)
    c.state = "withdrawn"
    c.save()

    places = current(round)

    # Both have 82; signifikansi, first in the chain, decides: 81 to 80.
    assert [
        (place.code, place.rank, place.total, place.sheet_count, place.tie_rule)
        for place in places
    ] == [(b.code, 1, 82, 2, "signifikansi"), (a.code, 2, 82, 1, "signifikansi")]


def test_seal_keeps_rows_digest_and_audit(round):
    secretary = SecretariatFactory(government=round.competition.government)
    at = timezone.now()

    result = services.seal_result(round=round, actor=secretary, at=at)

    assert result.is_sealed
    assert (result.sequence, result.previous_digest) == (1, "")
    assert result.digest == sealing.digest(result.payload)
    assert list(
        result.resultrow_set.order_by("position").values_list(
            "rank", "total", "resultpart__spread", "sheet_count", "is_shortlisted"
        )
    ) == [(1, 90, 0, 1, True), (2, 83, 2, 2, True), (3, 82, 0, 2, True)]
    entry = AuditEntry.objects.get(action="result.sealed")
    assert (entry.actor, entry.changes["digest"]) == (secretary, result.digest)


def test_seal_names_inputs_and_outcome(round):
    result = seal(round)

    payload = json.loads(result.payload)

    assert sealing.canonical(payload) == result.payload
    (stage,) = payload["rules"]["stages"]
    assert stage["criteria"] == [
        {"code": "kebaruan", "tie_break": 2, "tracks": [], "weight": "40.00"},
        {"code": "signifikansi", "tie_break": 1, "tracks": [], "weight": "60.00"},
    ]
    assert [row["total"] for row in payload["rows"]] == ["90/1", "83/1", "82/1"]
    assert len(payload["sheets"]) == 6
    assert sorted(sheet["final"] for sheet in payload["sheets"]) == [
        False,
        True,
        True,
        True,
        True,
        True,
    ]
    names = Juror.objects.values_list("user__name", flat=True)
    assert not any(name in result.payload for name in names)


def test_seal_holds_drafts_too(round):
    draft = sheets_of(round)[5]
    Score.objects.create(
        sheet=draft,
        criterion=draft.assignment.scoring_stage.criterion_set.order_by("order")[0],
        value=55,
    )

    payload = json.loads(seal(round).payload)

    found = next(each for each in payload["sheets"] if each["sheet"] == draft.key)
    assert found["final"] is False
    assert found["scores"] == {"kebaruan": "55.00", "signifikansi": None}


def test_results_of_a_government_form_a_chain():
    first = Result.objects.get(round=sealed_round())
    second_round = sealed_round(government=first.government)
    other = Result.objects.get(round=sealed_round())
    second = Result.objects.get(round=second_round)

    assert (second.sequence, second.previous_digest) == (2, first.digest)
    assert (other.sequence, other.previous_digest) == (1, "")


@pytest.mark.parametrize(
    ("phase", "message"),
    [("scoring", "may still score"), ("plenary", "No sheet is finished")],
)
def test_seal_too_early_is_refused(phase, message):
    round = scoring_round(jurors=1, proposals=1, phase=phase)

    with pytest.raises(services.ResultNotSealed, match=message):
        seal(round)

    assert not Result.objects.exists()


def test_seal_before_closing_when_all_sheets_are_final():
    round = scoring_round(jurors=1, proposals=1)
    write_sheet(sheets_of(round)[0], 80, 80)

    assert seal(round).is_sealed


def test_seal_is_given_once(round):
    seal(round)

    with pytest.raises(services.ResultNotSealed, match="already"):
        seal(round)

    assert Result.objects.count() == 1


def test_failure_half_way_seals_nothing(round, monkeypatch):
    monkeypatch.setattr("judging.sealing.digest", _fail)

    with pytest.raises(RuntimeError):
        seal(round)

    assert not Result.objects.exists()
    assert not ResultRow.objects.exists()


def _fail(*args):
    raise RuntimeError


def test_sealed_results_hold():
    result = Result.objects.get(round=sealed_round())
    sealed_round(government=result.government)
    out = StringIO()

    call_command("verify_results", stdout=out)

    assert out.getvalue().splitlines()[-1] == "2 sealed results hold."
    assert proof.check_one(result) == []


def alter(result, **changes):
    """Write past the locks, as somebody with the keys of the database could."""
    with pgtrigger.ignore("judging.Result:sealed_fixed"):
        Result.objects.filter(pk=result.pk).update(**changes)


def test_altered_text_is_found():
    result = Result.objects.get(round=sealed_round())
    alter(result, payload=result.payload.replace("90.00", "91.00", 1))

    with pytest.raises(CommandError, match="1 of 1"):
        call_command("verify_results", stdout=StringIO())


def test_altered_text_with_new_digest_is_found():
    result = Result.objects.get(round=sealed_round())
    text = result.payload.replace('"rank":1,', '"rank":3,', 1)
    alter(result, payload=text, digest=sealing.digest(text))
    result.refresh_from_db()

    faults = proof.check_one(result)

    assert "row 1 does not follow from the scores" in faults


def test_altered_score_is_found():
    result = Result.objects.get(round=sealed_round())
    with pgtrigger.ignore("judging.Score:while_draft"):
        score = Score.objects.order_by("pk").first()
        Score.objects.filter(pk=score.pk).update(value=12)

    (fault,) = proof.check_one(result)

    assert score.sheet.key in fault


def test_altered_row_is_found():
    result = Result.objects.get(round=sealed_round())
    with pgtrigger.ignore("judging.ResultRow:unless_sealed"):
        row = result.resultrow_set.order_by("position").first()
        ResultRow.objects.filter(pk=row.pk).update(rank=2)

    (fault,) = proof.check_one(result)

    assert row.code in fault


def test_result_taken_out_of_the_chain_is_found():
    first = Result.objects.get(round=sealed_round())
    sealed_round(government=first.government)
    with pgtrigger.ignore(
        "judging.Result:sealed_fixed",
        "judging.ResultRow:unless_sealed",
        "judging.ResultPart:unless_sealed",
    ):
        first.delete()

    with pytest.raises(CommandError):
        call_command("verify_results", stdout=StringIO())


@pytest.mark.parametrize("jurors", [1, 3])
def test_ranking_query_count(django_assert_num_queries, jurors):
    round = scoring_round(jurors=jurors, proposals=jurors)
    for sheet in sheets_of(round):
        write_sheet(sheet, 80, 80)
    scoring = queries.scoring_of(round)

    with django_assert_num_queries(4):  # clusters, proposals, sums, decisions
        standings.current(round, scoring)
