"""A later closing for one institution, and for nobody else."""

from datetime import timedelta

import pytest

from accounts.models import Institution
from competitions.models import StageException
from notifications.models import Message
from submissions import queries, services
from submissions.dossier import load_dossier
from submissions.models import Proposal
from submissions.services.locking import refuse_unwritable
from submissions.services.reminding import remind_of_deadlines
from tests.factories.accounts import AuthorFactory, InstitutionFactory
from tests.factories.events import StageExceptionFactory
from tests.submissions.conftest import AT, make_city
from tests.submissions.test_races import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def exception(city):
    return StageExceptionFactory(
        stage=city.stage,
        institution=city.institution,
        closes_at=city.stage.closes_at + 2 * DAY,
        granted_at=AT,
    )


def save(city, proposal, at):
    return services.save_answer(
        proposal=proposal,
        section=city.section,
        text="Baru",
        base_version=0,
        actor=city.author,
        at=at,
    )


def other_draft(city):
    other = InstitutionFactory(government=city.government)
    return city.proposal(institution=other, created_by=AuthorFactory(institution=other))


def test_exception_ends_exactly(city, exception):
    proposal = city.proposal()

    refuse_unwritable(proposal, city.stage.closes_at)
    refuse_unwritable(proposal, exception.closes_at - MOMENT)

    with pytest.raises(services.SubmissionClosed):
        refuse_unwritable(proposal, exception.closes_at)


def test_exception_holds_for_its_institution_alone(city, exception):
    with pytest.raises(services.SubmissionClosed):
        refuse_unwritable(other_draft(city), city.stage.closes_at)


def test_exception_holds_for_the_institution_alone_and_not_for_those_below(
    city, exception
):
    below = InstitutionFactory(government=city.government, parent=city.institution)

    with pytest.raises(services.SubmissionClosed):
        refuse_unwritable(city.proposal(institution=below), city.stage.closes_at)


def test_submitting_and_beginning_follow_the_exception(city, exception):
    proposal = city.proposal()
    at = city.stage.closes_at + DAY

    services.submit_proposal(proposal=proposal, actor=city.head, at=at)
    begun = services.create_proposal(
        round=city.round,
        institution=city.institution,
        title="Kedua",
        track=proposal.track,
        actor=city.author,
        at=at,
    )

    assert Proposal.objects.get(pk=proposal.pk).submitted_at == at
    with pytest.raises(services.SubmissionClosed):
        services.submit_proposal(
            proposal=begun, actor=city.head, at=exception.closes_at
        )


def test_exception_gives_time_but_no_younger_innovation(city, exception):
    dossier = load_dossier(city.proposal())

    assert dossier.submission.closes_at == exception.closes_at
    assert dossier.closing_date < exception.closes_at.date()


def test_exception_that_an_extension_overtook_takes_no_time_away(city, exception):
    stage = city.stage
    stage.closes_at = exception.closes_at + DAY
    stage.save(update_fields=["closes_at"])

    refuse_unwritable(city.proposal(), exception.closes_at)


def test_rounds_open_for_asks_for_each_institution(city, exception):
    at = city.stage.closes_at + DAY
    other = InstitutionFactory(government=city.government)

    assert queries.rounds_open_for([city.institution], at) == [city.round]
    assert queries.rounds_open_for([other], at) == []
    assert queries.rounds_open_for([city.institution], exception.closes_at) == []


def test_withdrawn_exception_closes_at_once(city, exception):
    proposal = city.proposal()
    StageException.objects.all().delete()

    with pytest.raises(services.SubmissionClosed):
        refuse_unwritable(proposal, city.stage.closes_at)


# Reminders ---------------------------------------------------------------------------


def reminded():
    return {
        message.recipient: message.subject
        for message in Message.objects.filter(kind="submission.closing")
    }


def test_reminders_follow_each_closing(city, exception):
    late = city.proposal()
    early = other_draft(city)

    remind_of_deadlines(at=city.stage.closes_at - DAY)

    assert early.created_by in reminded()
    # For the institution with the exception three days are left, and that is told.
    assert late.created_by in reminded()
    assert reminded()[late.created_by] != reminded()[early.created_by]


def test_reminders_go_on_after_the_general_closing(city, exception):
    late = city.proposal()
    early = other_draft(city)

    remind_of_deadlines(at=exception.closes_at - DAY)
    told = set(reminded())
    remind_of_deadlines(at=exception.closes_at)

    assert late.created_by in told
    assert early.created_by not in told
    assert set(reminded()) == told


def test_reminder_whose_moment_was_before_the_exception_never_comes(city):
    city.proposal()
    stage = city.stage
    StageExceptionFactory(
        stage=stage,
        institution=city.institution,
        closes_at=stage.closes_at + timedelta(hours=20),
        granted_at=stage.closes_at + timedelta(hours=1),
    )

    assert remind_of_deadlines(at=stage.closes_at + timedelta(hours=2)) == 0
    assert remind_of_deadlines(at=stage.closes_at + timedelta(hours=17)) > 0


@pytest.mark.parametrize("late_count", [1, 3])
def test_reminding_query_count(
    city, exception, django_assert_max_num_queries, late_count
):
    """Looking for what is due takes the same queries however many exceptions."""
    for other in InstitutionFactory.create_batch(
        late_count, government=city.government
    ):
        StageExceptionFactory(stage=city.stage, institution=other, granted_at=AT)

    with django_assert_max_num_queries(4):
        remind_of_deadlines(at=AT)

    assert Institution.objects.filter(stageexception__isnull=False).count() > late_count


# Races -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_arrives_at_the_last_moment_counts_and_the_next_does_not():
    city = make_city()
    exception = StageExceptionFactory(
        stage=city.stage, institution=city.institution, granted_at=AT
    )
    first, second = city.proposal(), city.proposal()

    results = at_once(
        lambda: services.submit_proposal(
            proposal=first, actor=city.head, at=exception.closes_at - MOMENT
        ),
        lambda: services.submit_proposal(
            proposal=second, actor=city.head, at=exception.closes_at
        ),
    )

    assert [type(each) for each in results] == [Proposal, services.SubmissionClosed]
