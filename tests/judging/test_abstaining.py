"""A juror abstains: no score, no harm, and a way back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from judging import queries, services
from judging.models import ScoreSheet
from tests.factories.accounts import SecretariatFactory, UserFactory
from tests.factories.judging import (
    ConflictFactory,
    scoring_round,
    sealed_round,
    staged_round,
    write_sheet,
)
from tests.judging.pages import AUTOSAVE, payload, sheet_of, stored

pytestmark = pytest.mark.django_db
REASON = "Bukan bidang saya."


@pytest.fixture
def sheet(client):
    """A draft with two scores, of a juror who is signed in."""
    sheet = sheet_of(scoring_round(jurors=1, proposals=2))
    write_sheet(sheet, 80, 70, is_final=False)
    client.force_login(sheet.assignment.juror.user)
    return sheet


def abstain(sheet, **changes):
    given = {
        "sheet": sheet,
        "reason": REASON,
        "base_version": sheet.version,
        "actor": sheet.assignment.juror.user,
        "at": timezone.now(),
    }
    return services.abstain(**given | changes)


def take_back(sheet):
    return services.take_abstention_back(
        sheet=sheet, actor=sheet.assignment.juror.user, at=timezone.now()
    )


def test_abstention_is_kept_with_its_reason(sheet):
    abstain(sheet)

    sheet.refresh_from_db()
    assert (sheet.is_abstained, sheet.is_done, sheet.is_final) == (True, True, False)
    assert sheet.abstain_reason == REASON
    assert sheet.finalised_at is not None
    entry = AuditEntry.objects.get(action="sheet.abstained")
    assert (entry.reason, entry.actor) == (REASON, sheet.assignment.juror.user)


def test_abstention_counts_as_work_done_and_as_no_score(sheet):
    stage = sheet.assignment.scoring_stage
    criteria = queries.criteria_of(stage)
    abstain(sheet)

    progress = queries.progress_of(ScoreSheet.objects.open())

    assert (progress.total, progress.done, progress.left) == (2, 1, 1)
    assert (progress.abstained, progress.started) == (1, 0)
    assert queries.coverage(stage)[sheet.assignment.juror_id] == progress
    assert list(queries.score_sums(stage, criteria)) == []
    assert list(queries.sheet_values(stage, criteria)) == []


def test_abstention_lowers_nothing():
    round = scoring_round(jurors=2, proposals=1)
    first, second = ScoreSheet.objects.order_by("pk")
    stage = first.assignment.scoring_stage
    criteria = queries.criteria_of(stage)
    write_sheet(first, 90, 90)
    before = list(queries.score_sums(stage, criteria))
    write_sheet(second, 10, 10, is_final=False)

    abstain(second)

    assert list(queries.score_sums(stage, criteria)) == before
    assert queries.scores_may_be_shown(
        stage, queries.scoring_window(round), timezone.now()
    )


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_abstention_without_reason_is_refused(sheet, reason):
    with pytest.raises(services.NoAbstention):
        abstain(sheet, reason=reason)

    sheet.refresh_from_db()
    assert not sheet.is_done


def test_abstention_is_the_jurors_own(sheet):
    with pytest.raises(services.SheetLocked, match="Only the juror"):
        abstain(sheet, actor=UserFactory())


def test_abstention_from_a_stale_page_is_refused(sheet):
    with pytest.raises(services.SheetConflict):
        abstain(sheet, base_version=0)


def test_abstained_sheet_takes_no_scores(sheet):
    abstain(sheet)
    first = queries.criteria_of(sheet.assignment.scoring_stage)[0]

    for call, more in [
        (services.save_scores, {"scores": {first: None}, "notes": {}}),
        (services.finalise_sheet, {}),
        (services.abstain, {"reason": REASON}),
    ]:
        with pytest.raises(services.SheetLocked, match="abstained"):
            call(
                sheet=sheet,
                base_version=1,
                actor=sheet.assignment.juror.user,
                at=timezone.now(),
                **more,
            )
    assert stored(sheet) == [(80, "Catatan."), (70, "Catatan.")]


def test_finished_sheet_is_not_abstained_from(sheet):
    services.finalise_sheet(
        sheet=sheet,
        base_version=1,
        actor=sheet.assignment.juror.user,
        at=timezone.now(),
    )

    with pytest.raises(services.SheetLocked, match="finished"):
        abstain(sheet)


def test_juror_takes_an_abstention_back_and_finds_what_was_written(sheet):
    abstain(sheet)

    take_back(sheet)

    sheet.refresh_from_db()
    assert (sheet.is_done, sheet.abstain_reason) == (False, "")
    assert stored(sheet) == [(80, "Catatan."), (70, "Catatan.")]
    assert AuditEntry.objects.filter(action="sheet.abstention_taken_back").exists()
    with pytest.raises(services.NoAbstention):
        take_back(sheet)


def test_nothing_is_taken_back_once_scoring_is_closed():
    sheet = sheet_of(scoring_round(jurors=1, proposals=1))
    abstain(sheet)
    sheet.assignment.scoring_stage.round.stage_set.update(
        opens_at=timezone.now() - timezone.timedelta(days=9),
        closes_at=timezone.now() - timezone.timedelta(days=8),
    )

    with pytest.raises(services.SheetLocked, match="not open"):
        take_back(sheet)


def test_secretariat_gives_an_abstained_sheet_back(sheet):
    abstain(sheet)

    services.reopen_sheet(
        sheet=sheet,
        reason="Mohon dinilai, juri kurang.",
        actor=SecretariatFactory(),
        at=timezone.now(),
    )

    sheet.refresh_from_db()
    assert (sheet.is_done, sheet.abstain_reason) == (False, "")
    assert sheet.reopen_reason == "Mohon dinilai, juri kurang."


def test_gate_is_abstained_from_as_well():
    round = staged_round(phase="field_visit")
    gate = round.scoringstage_set.get(code="lapangan")
    sheet = sheet_of(round)
    sheet.assignment.__class__.objects.filter(pk=sheet.assignment.pk)
    other = ScoreSheet(
        key="gerbang",
        assignment=sheet.assignment.__class__.objects.create(
            scoring_stage=gate,
            juror=sheet.assignment.juror,
            proposal=sheet.assignment.proposal,
            assigned_at=timezone.now(),
        ),
    )
    other.save()

    abstain(other)

    other.refresh_from_db()
    assert other.is_abstained
    assert list(queries.verdict_counts([gate])) == []


# Pages --------------------------------------------------------------------------------


def test_page_abstains_and_goes_on(client, sheet):
    url = reverse("judging:sheet_abstain", args=[sheet.key])
    page = client.get(url)
    assert page.context["form"]["version"].value() == 1
    assert client.post(url, {"version": 1, "reason": " "}).status_code == 200

    response = client.post(url, {"version": 1, "reason": REASON})

    following = ScoreSheet.objects.exclude(pk=sheet.pk).get()
    assert response.url == following.get_absolute_url()
    shown = client.get(sheet.get_absolute_url())
    assert not shown.context["is_writable"]
    assert REASON in shown.content.decode()
    saved = client.post(sheet.get_absolute_url(), payload(1), headers=AUTOSAVE)
    assert (saved.status_code, saved.json()["state"]) == (403, "refused")
    queue = client.get(reverse("judging:assignment_list"), {"status": "selesai"})
    assert [each.pk for each in queue.context["page"]] == [sheet.pk]
    assert "Abstained" in queue.content.decode()


def test_second_press_of_abstain_says_so(client, sheet):
    url = reverse("judging:sheet_abstain", args=[sheet.key])
    client.post(url, {"version": 1, "reason": REASON})

    response = client.post(url, {"version": 1, "reason": REASON}, follow=True)

    assert "You have abstained from this proposal." in response.content.decode()
    assert AuditEntry.objects.filter(action="sheet.abstained").count() == 1
    assert "form" in client.get(url).context


def test_page_takes_an_abstention_back(client, sheet):
    abstain(sheet)
    url = reverse("judging:abstention_take_back", args=[sheet.key])
    assert url in client.get(sheet.get_absolute_url()).content.decode()

    response = client.post(url)

    assert response.url == sheet.get_absolute_url()
    assert client.get(sheet.get_absolute_url()).context["is_writable"]
    again = client.post(url, follow=True)
    assert "You have not abstained" in again.content.decode()


def test_conflicted_juror_finds_no_page_to_abstain_on(client, sheet):
    ConflictFactory(juror=sheet.assignment.juror, proposal=sheet.assignment.proposal)

    for name in ("sheet_abstain", "abstention_take_back"):
        url = reverse(f"judging:{name}", args=[sheet.key])
        assert client.post(url, {"reason": REASON}).status_code == 404


def test_sealed_round_takes_no_abstention(client):
    sheet = sheet_of(sealed_round(jurors=1, proposals=1))
    client.force_login(sheet.assignment.juror.user)
    url = reverse("judging:sheet_abstain", args=[sheet.key])

    client.post(url, {"version": 1, "reason": REASON})

    sheet.refresh_from_db()
    assert sheet.is_final
