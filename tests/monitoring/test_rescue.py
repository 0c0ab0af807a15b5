"""The rescue board's reads and services."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, close_old_connections, transaction
from django.utils import timezone, translation

from accounts.models import Institution
from core.models import AuditEntry
from monitoring import rescue, services, trend
from monitoring.models import Nudge
from notifications.models import Message
from submissions import requirements
from submissions.dossier import load_dossier
from submissions.dossiers import load_dossiers
from submissions.models import Proposal, ProposalState
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.competitions import (
    CompetitionFactory,
    RequirementFactory,
    small_round,
)
from tests.factories.events import StageExceptionFactory
from tests.factories.innovations import InnovationFactory
from tests.factories.monitoring import NudgeFactory
from tests.factories.submissions import (
    AnswerFactory,
    ProposalFactory,
    complete_proposal,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def round(db):
    return small_round(phase="submission")


@pytest.fixture
def stage(round):
    return rescue.submission_stage(round)


@pytest.fixture
def dinas(round):
    return InstitutionFactory(government=round.competition.government)


@pytest.fixture
def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def board(round, stage):
    drafts = rescue.drafts_of(round, stage)
    return list(drafts.order_by("pk").values_list("pk", flat=True))


def test_findings_of_many_are_those_of_each(round, dinas):
    """Loaded together or one by one, drafts lack the same."""
    rule = RequirementFactory(round=round, code="kuota-uji", rule="quota")
    rule.params = {"maximum": 1}
    rule.save()
    RequirementFactory(round=round, code="judul-uji", rule="unique_title")
    past = RequirementFactory(round=round, code="juara-uji", rule="earlier_awards")
    past.params = {"maximum": 0}
    past.save()
    innovation = InnovationFactory(institution=dinas, title="Pernah Juara")
    innovation.achievement_set.create(
        level="Juara I",
        competition="KIPP",
        year=2020,
        public_from=timezone.now() - DAY,
        recorded_at=timezone.now(),
        confirmed_at=timezone.now(),
    )
    ProposalFactory(round=round, title="Judul  Kembar", state=ProposalState.SUBMITTED)
    ProposalFactory(round=round, institution=dinas, state=ProposalState.SUBMITTED)
    complete_proposal(round=round)
    ProposalFactory(round=round, institution=dinas, title="judul kembar")
    ProposalFactory(round=round, innovation=innovation, institution=dinas)
    half = ProposalFactory(round=round, state=ProposalState.RETURNED)
    AnswerFactory(proposal=half, section=half.form.section_set.first(), text="a " * 900)
    drafts = list(Proposal.objects.unsent().for_page().order_by("pk"))
    singly = [load_dossier(each) for each in drafts]

    together = load_dossiers(
        drafts, {each.institution_id: singly[0].submission for each in drafts}
    )

    assert len(together) == 4
    assert [_told(each) for each in together] == [_told(each) for each in singly]
    assert any("Juara I" in text for text in _told(together[2]))


def _told(dossier):
    return [each.in_full for each in requirements.evaluate_all(dossier)]


def test_row_says_what_is_missing_and_who_wrote_last(round, stage, dinas):
    proposal = ProposalFactory(round=round, institution=dinas)
    section = proposal.form.section_set.order_by("order").first()
    answer = AnswerFactory(proposal=proposal, section=section, text="Satu dua tiga.")

    (row,) = rescue.draft_rows(board(round, stage), round, stage, timezone.now())

    assert row.words == 3
    assert row.fullness.startswith("1 of ")
    full = rescue.fullness_of(rescue.drafts_of(round, stage))[proposal.pk]
    assert full.answered == 1
    assert row.gaps
    assert answer.saved_by.name in row.touched
    assert not row.was_told_today


def test_own_closing_counts_for_time_left(round, stage, dinas):
    at = stage.closes_at - 2 * HOUR
    ProposalFactory(round=round, institution=dinas)
    ProposalFactory(round=round, title="Zebra")
    StageExceptionFactory(
        stage=stage,
        institution=dinas,
        closes_at=stage.closes_at + 10 * DAY,
        granted_at=stage.opens_at,
    )

    rows = rescue.draft_rows(board(round, stage), round, stage, at)
    urgent = rescue.still_to_save(rescue.drafts_of(round, stage), at)

    assert [row.left for row in rows] == ["10 days left", "2 hours left"]
    assert [Proposal.objects.get(pk=pk).title for pk in urgent] == ["Zebra"]
    late = rescue.draft_rows(board(round, stage), round, stage, stage.closes_at)
    assert [row.is_late for row in late] == [False, True]


def test_least_missing_comes_first(round, stage):
    empty = ProposalFactory(round=round, title="A kosong")
    fuller = ProposalFactory(round=round, title="B terisi")
    AnswerFactory(proposal=fuller, section=fuller.form.section_set.first())

    found = rescue.still_to_save(rescue.drafts_of(round, stage), stage.closes_at - HOUR)

    assert found == [fuller.pk, empty.pk]


def test_absent_are_those_that_may_enter_and_have_nothing(round):
    city = round.competition.government

    def body(**fields):
        return InstitutionFactory(government=city, **fields)

    alone, busy, sent, gone = body(), body(), body(), body()
    below = body(parent=busy)
    ended = body()
    Institution.objects.filter(pk=ended.pk).update(
        active_to=timezone.localdate() - 2 * DAY
    )
    body(kind=Institution.Kind.COMMUNITY)
    InstitutionFactory()
    ProposalFactory(round=round, institution=below)
    ProposalFactory(round=round, institution=sent, state=ProposalState.SUBMITTED)
    ProposalFactory(round=round, institution=gone, state=ProposalState.WITHDRAWN)

    found = rescue.absent_institutions(round, timezone.now())

    assert set(found) == {alone, gone}
    lower = body(parent=alone)
    assert lower not in found.all()
    assert lower in rescue.absent_institutions(round, timezone.now(), all_levels=True)
    round.institution_kinds = [Institution.Kind.SCHOOL]
    assert not rescue.absent_institutions(round, timezone.now()).exists()


def test_remind_writes_to_the_people_once_a_day(round, dinas, secretary):
    author = AuthorFactory(institution=dinas)
    head = InstitutionAdminFactory(institution=dinas)
    proposal = ProposalFactory(round=round, institution=dinas, title="Antre Daring")
    given = {"round": round, "institution": dinas, "actor": secretary}
    at = timezone.now()

    nudge = services.remind(**given, proposal=proposal, at=at)
    with pytest.raises(services.AlreadyReminded) as refusal:
        services.remind(**given, proposal=proposal, at=at)

    assert nudge.told == 2
    assert set(Message.objects.values_list("recipient", flat=True)) == {
        author.pk,
        head.pk,
    }
    assert "Antre Daring" in Message.objects.first().subject
    assert secretary.name in refusal.value.message
    entry = AuditEntry.objects.get(action="rescue.reminded")
    assert (entry.actor_id, entry.target_label) == (secretary.pk, "Antre Daring")
    # Another matter, and another day, are told anew.
    services.remind(**given, at=at)
    services.remind(**given, proposal=proposal, at=at + DAY)
    assert Nudge.objects.count() == 3


def test_remind_refuses_what_makes_no_sense(round, stage, dinas, secretary):
    given = {"round": round, "institution": dinas, "actor": secretary}
    at = timezone.now()

    with pytest.raises(services.NotReminded, match="nobody in the portal"):
        services.remind(**given, at=at)
    AuthorFactory(institution=dinas)
    sent = ProposalFactory(
        round=round, institution=dinas, state=ProposalState.SUBMITTED
    )
    with pytest.raises(services.NotReminded, match="sent meanwhile"):
        services.remind(**given, proposal=sent, at=at)
    with pytest.raises(services.NotReminded, match="takes no proposals"):
        services.remind(**given, at=stage.closes_at)

    assert not Nudge.objects.exists()
    assert not Message.objects.exists()


def test_failure_half_way_leaves_nothing(round, dinas, secretary, monkeypatch):
    AuthorFactory(institution=dinas)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("monitoring.notices.institution_reminded", broken)

    with pytest.raises(RuntimeError):
        services.remind(
            round=round, institution=dinas, actor=secretary, at=timezone.now()
        )

    assert not Nudge.objects.exists()
    assert not AuditEntry.objects.filter(action="rescue.reminded").exists()


def test_remind_all_goes_on_after_a_refusal(round, secretary):
    city = round.competition.government
    mute, *others = InstitutionFactory.create_batch(3, government=city)
    for each in others:
        AuthorFactory(institution=each)

    tally = services.remind_all(
        round=round,
        targets=[services.Target(each) for each in (mute, *others)],
        actor=secretary,
        at=timezone.now(),
    )

    assert tally.reminded == 2
    assert len(tally.left_out) == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_remind_once():
    round = small_round(phase="submission")
    city = round.competition.government
    dinas, secretary = InstitutionFactory(government=city), SecretariatFactory()
    AuthorFactory(institution=dinas)
    barrier, outcomes = Barrier(4), []

    def press():
        barrier.wait()
        try:
            services.remind(
                round=round, institution=dinas, actor=secretary, at=timezone.now()
            )
            outcomes.append("sent")
        except services.AlreadyReminded:
            outcomes.append("already")
        finally:
            close_old_connections()

    threads = [Thread(target=press) for _n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(outcomes) == ["already", "already", "already", "sent"]
    assert Message.objects.count() == 1


def test_nudge_constraints(round, dinas):
    kept = NudgeFactory(round=round, institution=dinas)
    values = {"round": round, "institution": dinas}

    for broken in (
        {},  # a second one of the same day
        {"day": kept.day + DAY, "told": 0},
        {"channel": Nudge.Channel.PHONE, "told": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            NudgeFactory(**values, **broken)
    with pytest.raises(InternalError), transaction.atomic():
        Nudge.objects.update(note="lain")
    NudgeFactory.create_batch(2, **values, channel=Nudge.Channel.PHONE)
    with pytest.raises(ValidationError):
        Nudge(**values, channel="surat").clean_fields()


@pytest.mark.django_db
def test_trend_compares_the_same_moment_before_closing():
    series = CompetitionFactory(government=GovernmentFactory())
    now = small_round(phase="submission", competition=series)
    stage = rescue.submission_stage(now)
    at = stage.closes_at - 3 * DAY - HOUR
    alone = trend.load_trend(now, stage, at)
    before = small_round(
        phase="after", competition=series, year=now.year - 1, edition=now.edition + 50
    )
    then = rescue.submission_stage(before)

    def submitted(round, closes_at, early):
        ProposalFactory(
            round=round,
            state=ProposalState.SUBMITTED,
            created_at=closes_at - 20 * DAY,
            submitted_at=closes_at - early,
        )

    submitted(now, stage.closes_at, 5 * DAY)
    for early in (6 * DAY, 4 * DAY, 3 * DAY, HOUR):
        submitted(before, then.closes_at, early)
    # Given back after it was submitted: a draft again, as in all other figures.
    ProposalFactory(
        round=now,
        state=ProposalState.REOPENED,
        created_at=at - DAY,
        submitted_at=at - HOUR,
    )

    found = trend.load_trend(now, stage, at)

    assert alone.before is None
    assert alone.finding == "There is no earlier round to compare with."
    assert found.day == 3
    assert found.finding == (
        f"3 days before closing 1 are submitted; in {before.year} it were 2 at that "
        "time."
    )
    by_day = {row["day"]: row["cells"] for row in found.rows}
    assert by_day[5] == [1, 0, 1, 3]
    assert by_day[3] == [1, 1, 3, 1]
    assert by_day[2] == [None, None, 3, 1]
    assert by_day[0] == [None, None, 4, 0]
