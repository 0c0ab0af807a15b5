"""Sealed decisions of plenaries, their proof, and corrections that name the old."""

import json
from decimal import Decimal

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from judging import minutes, proof, sealing, services, verify_ranking
from judging.models import Correction, PlenaryDecision, Result
from submissions.models import ProposalState
from tests.factories.judging import seal
from tests.factories.plenary import (
    agree,
    apply,
    judged_round,
    open_plenary,
    panel_of,
    secretary_of,
    vote,
)
from tests.judging.pages import login_secretariat

pytestmark = pytest.mark.django_db


def export_of(result):
    """What the proof package holds, as the script reads it."""
    content = json.loads(result.payload)
    return {
        "format": verify_ranking.FORMAT,
        "digest": result.digest,
        "parts": [
            [name, verify_ranking.sha256(part)]
            for name, part in verify_ranking.parts_of(content)
        ],
        "result": content,
    }


@pytest.fixture
def decided():
    """A sealed round: one proposal was raised by a plenary, two equals were ordered."""
    round = judged_round(80, 80, (50, 60, 70, 80, 90))
    one, two, three = round.proposal_set.order_by("pk")
    plenary = open_plenary(round, present=4)
    agree(
        plenary,
        three,
        95,
        None,
        agreeing=panel_of(round)[:3],
        notes={panel_of(round)[3]: "Tidak setuju."},
    )
    vote(plenary, two, one)
    apply(plenary)
    seal(round)
    return round


def begin(round, actor=None):
    return services.begin_correction(
        round=round,
        reason="Nilai salah catat.",
        actor=actor or secretary_of(round),
        at=timezone.now(),
    )


def seal_new(round, actor=None):
    return services.seal_correction(
        round=round, actor=actor or secretary_of(round), at=timezone.now()
    )


def test_decisions_are_sealed_and_proved(decided):
    result = Result.objects.get()
    payload = json.loads(result.payload)

    assert payload["format"] == "kipp-result/3"
    (agreed,) = payload["agreed"]
    assert (agreed["scores"], agreed["agreed_by"], agreed["dissented"]) == (
        {"kebaruan": "95.00"},
        [1, 2, 3],
        [4],
    )
    assert "Tidak setuju." not in result.payload
    (tie,) = payload["ties"]
    one, two, three = decided.proposal_set.order_by("pk")
    assert (tie["order"], tie["shared"]) == ([two.code, one.code], False)
    assert [row["proposal"] for row in payload["rows"]] == [
        two.code,
        one.code,
        three.code,
    ]
    assert payload["rows"][0]["tie_rule"] == "plenary"
    assert payload["plenaries"][0]["absent"] == [5]
    assert proof.check_one(result) == []
    assert verify_ranking.verify(export_of(result), result.digest) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            lambda r: r["agreed"][0]["scores"].update(kebaruan="96.00"),
            "agreed 1",
        ),
        (lambda r: r["ties"][0]["order"].reverse(), "ties 1"),
        (lambda r: r["plenaries"][0]["present"].append(5), "plenaries 1"),
        (lambda r: r["sheets"][0]["scores"].update(kebaruan="81.00"), "sheets 1"),
    ],
)
def test_changed_byte_is_named(decided, change, named):
    export = export_of(Result.objects.get())
    change(export["result"])

    faults = verify_ranking.verify(export)

    assert [each for each in faults if each.startswith(named)]
    if named != "plenaries 1":  # attendance moves no rank
        assert [each for each in faults if "does not follow from the scores" in each]


def test_result_of_the_format_before_still_holds():
    round = judged_round(80, 80, 70)
    payload = json.loads(seal(round).payload)
    for key in ("plenaries", "agreed", "ties", "replaces", "correction_reason"):
        del payload[key]
    for sheet in payload["sheets"]:
        del sheet["abstained"]
    payload["format"] = "kipp-result/2"
    text = sealing.canonical(payload)
    digest = sealing.digest(text)

    faults = sealing.faults_of(text, stored_digest=digest, previous_digest="")

    assert faults == []
    result = Result(payload=text, digest=digest)
    assert verify_ranking.verify(export_of(result), digest) == []


def test_reason_of_an_abstention_is_sealed_as_a_digest_only():
    round = judged_round(80, (80, 80, 80, 80, None))
    sheet = round.scoringstage_set.get().assignment_set.latest("pk").scoresheet
    sheet.state, sheet.abstain_reason = "abstained", "Teman sekolah."
    sheet.finalised_at = timezone.now()
    sheet.save()

    result = seal(round)

    payload = json.loads(result.payload)
    (sealed,) = [each for each in payload["sheets"] if each["abstained"]]
    assert (sealed["sheet"], sealed["final"]) == (sheet.key, False)
    assert sealed["abstained"] == sealing.digest(f"{sheet.key}\nTeman sekolah.")
    assert "Teman sekolah." not in result.payload
    assert verify_ranking.verify(export_of(result)) == []


def test_stored_decision_that_was_altered_is_found(decided):
    with pgtrigger.ignore("judging.PlenaryDecision:while_open"):
        PlenaryDecision.objects.filter(kind="scores").update(reason="Lain.")

    assert proof.check_one(Result.objects.get()) == [
        "what plenary 1 decided differs from the seal"
    ]


def test_decisions_of_a_closed_plenary_stay_in_sql_too(decided):
    for statement in (
        "UPDATE judging_plenary SET place = 'x'",
        "UPDATE judging_plenaryattendance SET is_present = NOT is_present",
        "UPDATE judging_plenarydecision SET reason = 'x'",
        "UPDATE judging_agreedscore SET value = 1",
        "UPDATE judging_plenaryvote SET agrees = NOT agrees",
        "DELETE FROM judging_plenaryvote",
        "DELETE FROM judging_tieplace",
        "DELETE FROM judging_agreedscore",
    ):
        with (
            pytest.raises(InternalError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_correction_is_a_new_result_that_names_the_old(decided):
    old = Result.objects.get()
    three = decided.proposal_set.order_by("pk")[2]
    begin(decided)
    plenary = open_plenary(decided)
    agree(plenary, three, 60, None)
    with pytest.raises(services.ResultNotSealed, match="plenary is open"):
        seal_new(decided)
    apply(plenary)

    new = seal_new(decided)

    assert new.replaces == old
    payload = json.loads(new.payload)
    assert (payload["replaces"], payload["correction_reason"]) == (
        old.digest,
        "Nilai salah catat.",
    )
    assert payload["previous_digest"] == old.digest
    assert len(payload["agreed"]) == 2
    assert Result.objects.standing().get() == new
    assert [faults for _result, faults in proof.check_chain(old.government)] == [
        [],
        [],
    ]
    assert verify_ranking.verify(export_of(new), new.digest) == []
    assert Correction.objects.get().state == "sealed"


def test_disqualified_since_is_left_out_of_the_new_result(decided):
    begin(decided)
    proposal = decided.proposal_set.order_by("pk")[0]
    with pgtrigger.ignore():
        type(proposal).objects.filter(pk=proposal.pk).update(
            state=ProposalState.DISQUALIFIED
        )

    new = seal_new(decided)

    assert not new.resultrow_set.filter(proposal=proposal).exists()
    assert verify_ranking.verify(export_of(new)) == []


def test_correction_takes_a_second_person(decided):
    one = secretary_of(decided)
    begin(decided, one)

    with pytest.raises(services.CorrectionNotMade, match="second person"):
        seal_new(decided, one)

    assert Result.objects.count() == 1
    with (
        pytest.raises(Exception, match="by_a_second_person"),
        transaction.atomic(),
    ):
        Correction.objects.update(
            state="sealed", closed_by=one, closed_at=timezone.now()
        )


def test_correction_begins_once_and_only_of_what_is_sealed(decided):
    with pytest.raises(services.CorrectionNotMade, match="not sealed"):
        begin(judged_round(80))
    begin(decided)

    with pytest.raises(services.CorrectionNotMade, match="already"):
        begin(decided)


def test_correction_given_up_leaves_the_result(decided):
    begin(decided)
    services.give_up_correction(
        round=decided, actor=secretary_of(decided), at=timezone.now()
    )

    assert Result.objects.count() == 1
    with pytest.raises(services.PlenaryNotOpened, match="sealed"):
        open_plenary(decided)
    with pytest.raises(services.CorrectionNotMade, match="No correction"):
        seal_new(decided)


def test_what_a_plenary_decided_is_not_given_up(decided):
    begin(decided)
    apply(open_plenary(decided))

    with pytest.raises(services.CorrectionNotMade, match="decided"):
        services.give_up_correction(
            round=decided, actor=secretary_of(decided), at=timezone.now()
        )


def test_what_a_correction_changes_is_shown_before_and_after(client, decided):
    one, _two, three = decided.proposal_set.order_by("pk")
    actor = login_secretariat(client, decided)
    begin(decided, actor)
    plenary = open_plenary(decided)
    agree(plenary, one, 70, None)
    apply(plenary)
    detail = reverse("judging:result_detail", args=[decided.slug])

    prepared = client.get(detail).context["prepared"]
    seal_new(decided)
    context = client.get(detail).context

    # 0.4 * 70 + 0.6 * 80 in place of 80; it was second and is third.
    found = [
        (each.title, each.old.rank, each.new.rank, each.new.total)
        for each in context["changes"]
    ]
    assert [each.title for each in prepared] == [one.title, three.title]
    assert found == [
        (one.title, 2, 3, Decimal("76")),
        (three.title, 3, 2, Decimal("80")),
    ]
    assert context["reason"] == "Nilai salah catat."
    assert "Why: Nilai salah catat." in client.get(detail).content.decode()
    assert context["prepared"] == []


def test_papers_of_the_old_result_stand_no_longer(decided):
    actor = secretary_of(decided)
    paper = services.issue_minutes(
        round=decided, typed=minutes.Typed(), actor=actor, at=timezone.now()
    )
    recap = services.issue_recap(round=decided, actor=actor, at=timezone.now())
    begin(decided)
    assert paper.is_valid

    seal_new(decided)

    for each in (paper, recap):
        each.refresh_from_db()
        assert (each.state, each.end_reason) == (
            "revoked",
            "A corrected result, number 2 of the chain, stands now.",
        )


def test_pages_of_a_correction(client, decided):
    user = login_secretariat(client, decided)
    detail = reverse("judging:result_detail", args=[decided.slug])
    url = reverse("judging:correction_begin", args=[decided.slug])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": " "}).status_code == 200

    client.post(url, {"reason": "Nilai salah catat."})

    assert Correction.objects.get().opened_by == user
    assert client.get(url).status_code == 404
    page = client.get(detail).content.decode()
    assert "Nilai salah catat." in page
    assert "a colleague seals it" in page
    assert "would be the same as this one" in page
    word = {"confirmation": "seal"}
    client.post(reverse("judging:correction_seal", args=[decided.slug]), word)
    assert Result.objects.count() == 1
    login_secretariat(client, decided)
    client.post(reverse("judging:correction_seal", args=[decided.slug]), {})
    assert Result.objects.count() == 1
    client.post(reverse("judging:correction_seal", args=[decided.slug]), word)

    new, old = Result.objects.order_by("-sequence")
    assert new.replaces == old
    assert (
        old.digest
        in client.get(
            reverse("judging:result_version", args=[decided.slug, old.sequence])
        ).content.decode()
    )
    assert new.digest in client.get(detail).content.decode()
