"""Calling jurors, their integrity, and what they are to score."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry
from judging import services
from judging.models import Assignment, Conflict, Juror, ScoreSheet
from notifications.models import Message
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.competitions import small_round
from tests.factories.judging import (
    ConflictFactory,
    JurorFactory,
    scoring_round,
    sealed_round,
    write_sheet,
)
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    return small_round(phase="scoring")


@pytest.fixture
def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def add(round, secretary, **fields):
    given = {"email": "juri@contoh.example", "name": "Juri Satu"} | fields
    return services.add_juror(
        round=round,
        background=Juror.Background.NGO,
        affiliation="LSM Contoh",
        actor=secretary,
        at=timezone.now(),
        **given,
    )


def test_juror_without_account_gets_one_and_an_invitation(round, secretary):
    juror = add(round, secretary)

    assert (juror.user.email, juror.user.name) == ("juri@contoh.example", "Juri Satu")
    assert not juror.user.has_usable_password()
    (message,) = Message.objects.all()
    assert (message.recipient, message.kind) == (juror.user, "judging.juror_invited")
    assert message.path == f"/penilaian/panel/{round.slug}/"
    assert AuditEntry.objects.filter(action="juror.added").count() == 1


def test_juror_with_account_keeps_it(round, secretary):
    user = UserFactory(email="juri@contoh.example", name="Nama Lama")

    juror = add(round, secretary, email="Juri@Contoh.example")

    assert juror.user == user
    assert juror.user.name == "Nama Lama"


def test_juror_is_added_once(round, secretary):
    add(round, secretary)

    with pytest.raises(services.JurorNotAdded):
        add(round, secretary)

    assert Juror.objects.count() == 1
    assert Message.objects.count() == 1


def test_signature_keeps_the_words_and_is_given_once(round):
    juror = JurorFactory(round=round, signed_at=None)
    at = timezone.now()

    services.accept_panel(juror=juror, actor=juror.user, at=at)
    services.accept_panel(juror=juror, actor=juror.user, at=at + timedelta(days=1))

    juror.refresh_from_db()
    assert (juror.signed_at, juror.accepted_at) == (at, at)
    assert round.name in juror.statement
    assert AuditEntry.objects.filter(action="juror.signed").count() == 1


def assign(round, secretary):
    return services.assign_all(
        scoring_stage=round.scoringstage_set.get(), actor=secretary, at=timezone.now()
    )


def test_every_juror_gets_every_proposal_that_passed(round, secretary):
    JurorFactory.create_batch(3, round=round)
    passed = ProposalFactory.create_batch(2, round=round, state="screened_passed")
    for state in ("draft", "submitted", "screened_failed", "withdrawn"):
        ProposalFactory(round=round, state=state)
    ProposalFactory(state="screened_passed")

    report = assign(round, secretary)

    assert (report.added, report.kept, report.conflicts) == (6, 0, 0)
    assert set(Assignment.objects.values_list("proposal", flat=True)) == {
        each.pk for each in passed
    }
    assert ScoreSheet.objects.count() == 6
    assert Message.objects.filter(kind="judging.sheets_assigned").count() == 3


def test_assignment_again_keeps_what_is_there_and_adds_what_is_new(round, secretary):
    JurorFactory.create_batch(2, round=round)
    ProposalFactory(round=round, state="screened_passed")
    assign(round, secretary)
    keys = set(ScoreSheet.objects.values_list("key", flat=True))
    JurorFactory(round=round)
    ProposalFactory(round=round, state="screened_passed")

    report = assign(round, secretary)

    assert (report.added, report.kept) == (4, 2)
    assert keys < set(ScoreSheet.objects.values_list("key", flat=True))
    assert assign(round, secretary).added == 0
    assert Message.objects.filter(kind="judging.sheets_assigned").count() == 3


def test_assignment_leaves_out_conflicts_and_own_institutions(round, secretary):
    free, declared = JurorFactory.create_batch(2, round=round)
    proposal = ProposalFactory(round=round, state="screened_passed")
    unit = InstitutionFactory(
        government=round.competition.government, parent=proposal.institution
    )
    below = ProposalFactory(round=round, institution=unit, state="screened_passed")
    employed = JurorFactory(
        round=round, user=AuthorFactory(institution=proposal.institution)
    )
    ConflictFactory(juror=declared, proposal=below)

    report = assign(round, secretary)

    assert set(Assignment.objects.values_list("juror", "proposal")) == {
        (free.pk, proposal.pk),
        (free.pk, below.pk),
        (declared.pk, proposal.pk),
    }
    assert (report.added, report.conflicts) == (3, 3)
    noted = Conflict.objects.get(juror=employed)
    assert (noted.institution, noted.declared_by) == (proposal.institution, None)


def test_former_employment_is_no_conflict_by_itself(round, secretary):
    proposal = ProposalFactory(round=round, state="screened_passed")
    user = AuthorFactory(institution=proposal.institution)
    user.membership_set.update(to_date=date(2021, 12, 31))
    JurorFactory(round=round, user=user)

    assert assign(round, secretary).added == 1


def test_nothing_to_assign(round, secretary):
    with pytest.raises(services.NothingAssigned, match="juror"):
        assign(round, secretary)
    JurorFactory(round=round)
    with pytest.raises(services.NothingAssigned, match="screening"):
        assign(round, secretary)


def test_sealed_round_is_not_assigned():
    round = sealed_round(jurors=1, proposals=1)
    secretary = SecretariatFactory(government=round.competition.government)

    with pytest.raises(services.NothingAssigned, match="sealed"):
        assign(round, secretary)


def test_conflict_takes_the_sheet_out_and_tells_the_secretariat():
    round = scoring_round(jurors=2, proposals=2)
    secretary = SecretariatFactory(government=round.competition.government)
    juror = Juror.objects.filter(round=round).first()
    proposal = round.proposal_set.first()
    sheet = ScoreSheet.objects.get(
        assignment__juror=juror, assignment__proposal=proposal
    )
    write_sheet(sheet, 90, 90, is_final=False)

    services.declare_conflict(
        juror=juror,
        proposal=proposal,
        reason="Pernah menjadi pembina.",
        actor=juror.user,
        at=timezone.now(),
    )

    assert sheet not in ScoreSheet.objects.open()
    assert ScoreSheet.objects.open().count() == 3
    (message,) = Message.objects.filter(kind="judging.conflict_declared")
    assert message.recipient == secretary
    assert "Pernah menjadi pembina." in message.body_text


def test_conflict_is_declared_once_and_not_after_sealing():
    round = scoring_round(jurors=1, proposals=1)
    juror = Juror.objects.get(round=round)
    declaration = {
        "juror": juror,
        "proposal": round.proposal_set.get(),
        "reason": "Keluarga.",
        "actor": juror.user,
        "at": timezone.now(),
    }
    services.declare_conflict(**declaration)
    with pytest.raises(services.ConflictNotDeclared, match="already"):
        services.declare_conflict(**declaration)
    late = sealed_round(jurors=1, proposals=1)
    with pytest.raises(services.ConflictNotDeclared, match="sealed"):
        services.declare_conflict(
            **declaration
            | {
                "juror": Juror.objects.get(round=late),
                "proposal": late.proposal_set.get(),
            }
        )
    assert Conflict.objects.count() == 1


def test_reminder_goes_out_once_a_day():
    round = scoring_round(jurors=1, proposals=3)
    juror = Juror.objects.get(round=round)
    write_sheet(ScoreSheet.objects.filter(assignment__juror=juror).first(), 80, 80)
    secretary = SecretariatFactory(government=round.competition.government)
    today = timezone.now()

    services.remind_juror(juror=juror, actor=secretary, at=today)
    with pytest.raises(services.JurorNotReminded, match="today"):
        services.remind_juror(juror=juror, actor=secretary, at=today)
    services.remind_juror(juror=juror, actor=secretary, at=today + timedelta(days=1))

    messages = Message.objects.filter(kind="judging.juror_reminded")
    assert messages.count() == 2
    assert "2" in messages.first().subject


def test_juror_with_nothing_left_is_not_reminded():
    round = scoring_round(jurors=1, proposals=1)
    juror = Juror.objects.get(round=round)
    write_sheet(ScoreSheet.objects.get(assignment__juror=juror), 80, 80)

    with pytest.raises(services.JurorNotReminded, match="nothing left"):
        services.remind_juror(juror=juror, actor=juror.user, at=timezone.now())

    assert not Message.objects.exists()


def test_failure_half_way_leaves_nothing(round, secretary, monkeypatch):
    JurorFactory(round=round)
    ProposalFactory(round=round, state="screened_passed")
    monkeypatch.setattr("judging.notices.sheets_assigned", _fail)

    with pytest.raises(RuntimeError):
        assign(round, secretary)

    assert not Assignment.objects.exists()
    assert not ScoreSheet.objects.exists()
    assert not AuditEntry.objects.filter(action="assignments.made").exists()


def _fail(*args, **kwargs):
    raise RuntimeError
