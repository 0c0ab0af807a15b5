from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from competitions import audience, notices, services
from competitions.extensions import planned_extension
from competitions.models import Announcement, StageException
from core.models import AuditEntry
from notifications.models import Message
from tests.factories import competitions as make
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.events import StageExceptionFactory
from tests.factories.judging import JurorFactory
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def stages_of(round):
    return {stage.kind: stage for stage in round.stage_set.all()}


def extend(stage, closes_at, actor, **options):
    return services.extend_stage(
        stage=stage, closes_at=closes_at, reason="Libur", actor=actor, at=NOW, **options
    )


# Whom it concerns --------------------------------------------------------------------


def test_submission_concerns_authors_and_admins_of_active_institutions(city):
    round = make.RoundFactory(government=city)
    own = InstitutionFactory(government=city)
    told = {AuthorFactory(institution=own), InstitutionAdminFactory(institution=own)}
    closed = InstitutionFactory(
        government=city, active_to=timezone.localdate(NOW) - 2 * DAY
    )
    AuthorFactory(institution=closed)
    AuthorFactory()
    AuthorFactory(institution=own, is_active=False)
    SecretariatFactory(government=city)

    people = audience.people_concerned(round, [stages_of(round)["submission"]], NOW)

    assert set(people) == told


def test_scoring_concerns_the_panel_and_the_secretariat(city):
    round = make.RoundFactory(government=city)
    juror = JurorFactory(round=round)
    JurorFactory()
    secretary = SecretariatFactory(government=city)
    AuthorFactory(institution=InstitutionFactory(government=city))

    people = audience.people_concerned(round, [stages_of(round)["scoring"]], NOW)

    assert set(people) == {juror.user, secretary}


def test_screening_concerns_those_who_have_entered(city):
    round = make.RoundFactory(government=city)
    entered = ProposalFactory(round=round, state="submitted")
    ProposalFactory(round=round)
    author = AuthorFactory(institution=entered.institution)

    people = audience.people_concerned(round, [stages_of(round)["screening"]], NOW)

    assert author in people
    assert Membership.Role.AUTHOR in {
        membership.role
        for person in people
        for membership in person.membership_set.all()
    }
    assert len(people) == len(set(people))


# Extensions --------------------------------------------------------------------------


def test_planned_extension_moves_only_what_would_overlap():
    round = make.RoundFactory()
    stages = list(round.stage_set.order_by("order"))
    by_kind = {stage.kind: stage for stage in stages}
    submission = by_kind["submission"]

    changes = planned_extension(stages, submission, submission.closes_at + 1.5 * DAY)

    moved = {each.stage.kind: each.opens_at - each.stage.opens_at for each in changes}
    # The announcement comes a day after the plenary: it gives that day away.
    assert moved == {
        "submission": timedelta(0),
        "screening": 2 * DAY,
        "scoring": 2 * DAY,
        "plenary": 2 * DAY,
        "announcement": DAY,
    }


def test_extend_stage_moves_tells_announces_and_logs(actor, city):
    round = make.RoundFactory(government=city)
    author = AuthorFactory(institution=InstitutionFactory(government=city))
    juror = JurorFactory(round=round)
    submission = stages_of(round)["submission"]
    closes_at = submission.closes_at + DAY

    done = extend(
        submission,
        closes_at,
        actor,
        notice=services.NoticeDraft("B/1", NOW.date(), "Perpanjangan", "Sampai besok."),
    )

    after = stages_of(round)
    assert after["submission"].closes_at == closes_at
    assert after["submission"].sequence == 1
    assert after["screening"].opens_at == closes_at
    assert {each.recipient for each in Message.objects.all()} >= {author, juror.user}
    assert done.told == Message.objects.count()
    assert "Libur" in Message.objects.get(recipient=author).body_text
    assert Announcement.objects.get() == done.announcement
    assert done.announcement.is_published(NOW)
    entry = AuditEntry.objects.get(action="stage.extended")
    assert (entry.reason, entry.scope) == ("Libur", city.code)


def test_extend_stage_may_keep_quiet(actor, city):
    round = make.RoundFactory(government=city)
    AuthorFactory(institution=InstitutionFactory(government=city))
    submission = stages_of(round)["submission"]

    done = extend(submission, submission.closes_at + DAY, actor, tell=False)

    assert (done.told, done.announcement) == (0, None)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("fields", "kind", "later"),
    [
        ({"opened_at": None}, "submission", DAY),
        ({}, "submission", timedelta(0)),
        ({}, "submission", -DAY),
        ({}, "kickoff", 9 * DAY),  # over
    ],
)
def test_extend_stage_is_refused(actor, fields, kind, later):
    stage = stages_of(make.RoundFactory(**fields))[kind]

    with pytest.raises(services.CalendarRefused):
        extend(stage, stage.closes_at + later, actor)

    assert not AuditEntry.objects.exists()


def test_extend_stage_fails_as_a_whole(actor, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    stage = stages_of(make.RoundFactory())["submission"]
    monkeypatch.setattr(notices, "stage_extended", fail)

    with pytest.raises(RuntimeError):
        extend(
            stage,
            stage.closes_at + DAY,
            actor,
            notice=services.NoticeDraft("", NOW.date(), "Judul", "Isi"),
        )

    assert stages_of(stage.round)["submission"].closes_at == stage.closes_at
    assert not Announcement.objects.exists()


# Exceptions --------------------------------------------------------------------------


def grant(round, institution, closes_at, actor, at=NOW):
    return services.grant_exception(
        round=round,
        institution=institution,
        closes_at=closes_at,
        reason="Listrik padam",
        actor=actor,
        at=at,
    )


@pytest.fixture
def round(city):
    return make.RoundFactory(government=city)


@pytest.fixture
def institution(city):
    return InstitutionFactory(government=city)


def test_grant_exception_tells_the_institution_and_is_logged(actor, round, institution):
    author = AuthorFactory(institution=institution)
    AuthorFactory(institution=InstitutionFactory(government=institution.government))
    closes_at = stages_of(round)["submission"].closes_at + DAY

    exception = grant(round, institution, closes_at, actor)

    assert (exception.closes_at, exception.granted_by) == (closes_at, actor)
    message = Message.objects.get()
    assert message.recipient == author
    assert "Listrik padam" in message.body_text
    entry = AuditEntry.objects.get(action="stage_exception.granted")
    assert entry.changes["institution"] == institution.code
    assert entry.reason == "Listrik padam"


def test_grant_exception_again_changes_the_first(actor, round, institution):
    closes_at = stages_of(round)["submission"].closes_at

    grant(round, institution, closes_at + DAY, actor)
    grant(round, institution, closes_at + 2 * DAY, actor)

    assert StageException.objects.get().closes_at == closes_at + 2 * DAY


def test_grant_exception_is_refused(actor, round, institution):
    stages = stages_of(round)
    closes_at = stages["submission"].closes_at
    unopened = make.RoundFactory(
        government=institution.government, opened_at=None, year=2098, edition=98
    )

    for found, body, moment in [
        (round, institution, closes_at),
        (round, institution, stages["scoring"].opens_at + MOMENT),
        (round, InstitutionFactory(), closes_at + DAY),
        (unopened, institution, closes_at + DAY),
    ]:
        with pytest.raises(services.ExceptionRefused):
            grant(found, body, moment, actor)
    with pytest.raises(services.ExceptionRefused):
        grant(round, institution, closes_at + DAY, actor, at=closes_at + DAY)

    assert not StageException.objects.exists()
    assert not Message.objects.exists()


def test_exception_may_be_granted_after_the_general_closing(actor, round, institution):
    closes_at = stages_of(round)["submission"].closes_at

    exception = grant(round, institution, closes_at + 2 * DAY, actor, closes_at + DAY)

    assert exception.closes_at == closes_at + 2 * DAY


def test_withdraw_exception_tells_and_logs_unless_it_has_run_out(actor):
    exception = StageExceptionFactory()
    person = UserFactory()
    MembershipFactory(user=person, institution=exception.institution)

    with pytest.raises(services.ExceptionRefused):
        services.withdraw_exception(
            exception=exception, reason="", actor=actor, at=exception.closes_at
        )
    services.withdraw_exception(
        exception=exception, reason="Keliru", actor=actor, at=NOW
    )

    assert not StageException.objects.exists()
    assert Message.objects.get().recipient == person
    entry = AuditEntry.objects.get(action="stage_exception.withdrawn")
    assert entry.reason == "Keliru"
    with pytest.raises(services.ExceptionRefused):
        services.withdraw_exception(exception=exception, reason="", actor=actor, at=NOW)
