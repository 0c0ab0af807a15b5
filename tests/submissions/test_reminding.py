"""Deadline reminders with a moved clock."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.models import Message
from submissions import planned, services
from submissions.models import Proposal, ProposalState, Reminder, ReminderRun
from submissions.periodic import send_deadline_reminders
from submissions.services import reminding
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
)
from tests.factories.competitions import ReminderPlanFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import make_city

pytestmark = pytest.mark.django_db
TICK = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
SUBMITTED = {
    "state": ProposalState.SUBMITTED,
    "submitted_at": timezone.now(),
    "receipt_number": "1",
    "digest": "0" * 64,
}


def tell(city, before, *, shift=timedelta(0)):
    """Let the clock tick `before` the closing; give who was told, by e-mail."""
    seen = set(Message.objects.values_list("pk", flat=True))
    services.remind_of_deadlines(at=city.stage.closes_at - before + shift)
    new = Message.objects.exclude(pk__in=seen).select_related("recipient")
    return sorted(message.recipient.email for message in new)


def emails(*people):
    return sorted(person.email for person in people)


@pytest.mark.parametrize(("hours", "earlier"), [(168, 0), (72, 168), (24, 72), (3, 24)])
def test_reminded_once_at_each_offset(city, hours, earlier):
    everybody = emails(city.author, city.head)
    if earlier:
        tell(city, earlier * HOUR)

    assert tell(city, hours * HOUR, shift=-SECOND) == []
    assert tell(city, hours * HOUR) == everybody
    assert tell(city, hours * HOUR, shift=TICK) == []
    assert tell(city, hours * HOUR, shift=2 * TICK) == []


def test_four_reminders_in_all_when_the_clock_never_stops(city):
    first = city.stage.closes_at - timedelta(days=9)

    for tick in range(9 * 8 + 2):
        services.remind_of_deadlines(at=first + tick * 3 * HOUR)

    told = Reminder.objects.filter(user=city.author, was_told=True)
    assert list(told.order_by("noted_at").values_list("plan__hours", flat=True)) == [
        168,
        72,
        24,
        3,
    ]
    assert Message.objects.count() == 8


def test_one_message_catches_up_after_a_pause_of_the_clock(city):
    assert tell(city, timedelta(hours=10)) == emails(city.author, city.head)

    rows = Reminder.objects.filter(user=city.author).order_by("plan__hours")
    assert list(rows.values_list("plan__hours", "was_told")) == [
        (24, True),
        (72, False),
        (168, False),
    ]
    assert tell(city, timedelta(hours=9)) == []


def test_nothing_is_told_at_or_after_closing(city):
    assert tell(city, timedelta(0)) == []
    assert tell(city, -HOUR) == []


def test_last_second_still_catches_up(city):
    assert tell(city, SECOND) == emails(city.author, city.head)


def test_extension_makes_the_reminders_due_again(city):
    tell(city, 24 * HOUR)
    stage = city.stage
    stage.closes_at += timedelta(days=3)
    stage.save(update_fields=["closes_at"])

    assert tell(city, 72 * HOUR) == emails(city.author, city.head)
    assert tell(city, 24 * HOUR) == emails(city.author, city.head)


def test_who_submitted_a_second_before_is_left_alone(city):
    moment = city.stage.closes_at - 24 * HOUR
    services.submit_proposal(
        proposal=city.proposal(), actor=city.head, at=moment - SECOND
    )
    Message.objects.filter(kind="submission.closing").delete()

    assert tell(city, 24 * HOUR) == []


def test_unsent_draft_is_reminded_beside_a_submitted_proposal(city):
    services.submit_proposal(
        proposal=city.proposal(), actor=city.head, at=city.stage.opens_at
    )
    city.proposal(title="Masih draf")

    assert tell(city, 24 * HOUR) == emails(city.author, city.head)


@pytest.mark.parametrize(
    ("state", "reminded"),
    [
        (ProposalState.DRAFT, True),
        (ProposalState.RETURNED, True),
        (ProposalState.REOPENED, True),
        (ProposalState.ENDORSING, True),
        (ProposalState.WITHDRAWN, True),
        (ProposalState.DISQUALIFIED, True),
        (ProposalState.SUBMITTED, False),
        (ProposalState.SCREENED_PASSED, False),
        (ProposalState.SCREENED_FAILED, False),
    ],
    ids=str,
)
def test_which_states_count_as_not_submitted(city, state, reminded):
    ProposalFactory(round=city.round, institution=city.institution, state=state)

    assert bool(tell(city, 24 * HOUR)) == reminded


def test_proposal_of_another_round_does_not_count(city):
    other = make_city()
    ProposalFactory(
        round=other.round, institution=city.institution, state=ProposalState.SUBMITTED
    )

    assert city.author.email in tell(city, 24 * HOUR)


def test_person_in_two_institutions_gets_one_message_naming_both(city):
    second = InstitutionFactory(government=city.government, name="Dinas Kedua")
    MembershipFactory(user=city.author, institution=second)

    told = tell(city, 24 * HOUR)

    assert told == emails(city.author, city.head)
    body = Message.objects.get(recipient=city.author).body_text
    assert city.institution.name in body
    assert "Dinas Kedua" in body


def test_only_the_institution_that_still_waits_is_named(city):
    done = InstitutionFactory(government=city.government, name="Dinas Selesai")
    MembershipFactory(user=city.author, institution=done)
    ProposalFactory(round=city.round, institution=done, state=ProposalState.SUBMITTED)

    tell(city, 24 * HOUR)

    assert "Dinas Selesai" not in Message.objects.get(recipient=city.author).body_text


def test_admin_above_hears_of_a_draft_below_but_not_of_nothing_below(city):
    ProposalFactory(
        round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )
    unit = InstitutionFactory(government=city.government, parent=city.institution)
    writer = AuthorFactory(institution=unit)

    assert tell(city, 72 * HOUR) == emails(writer)

    ProposalFactory(round=city.round, institution=unit, title="Draf unit")
    assert tell(city, 24 * HOUR) == emails(writer, city.head)


def test_closed_down_institution_and_former_colleague_are_left_out(city):
    closed = InstitutionFactory(
        government=city.government, active_to=city.stage.opens_at.date()
    )
    AuthorFactory(institution=closed)
    former = MembershipFactory(institution=city.institution)
    former.to_date = former.from_date
    former.save(update_fields=["to_date"])
    AuthorFactory(institution=city.institution, is_active=False)

    assert tell(city, 24 * HOUR) == emails(city.author, city.head)


def test_institution_of_another_government_is_left_out(city):
    InstitutionAdminFactory(institution=InstitutionFactory())

    assert tell(city, 24 * HOUR) == emails(city.author, city.head)


def test_writer_of_a_draft_sent_on_from_elsewhere_is_reminded(city):
    unit = InstitutionFactory()
    writer, head = AuthorFactory(institution=unit), InstitutionAdminFactory()
    MembershipFactory(user=head, institution=unit, role="institution_admin")
    draft = ProposalFactory(round=city.round, institution=unit, title="Dikirim naik")

    assert tell(city, 24 * HOUR) == emails(city.author, city.head, writer, head)
    assert tell(city, 24 * HOUR, shift=TICK) == []
    assert "Dikirim naik" in Message.objects.get(recipient=writer).body_text

    Proposal.objects.filter(pk=draft.pk).update(**SUBMITTED, submitted_by=writer)
    assert tell(city, 3 * HOUR) == emails(city.author, city.head)


def test_who_runs_the_round_learns_nothing_of_a_draft_from_elsewhere(city):
    unit = InstitutionFactory()
    writer = AuthorFactory(institution=unit)
    ProposalFactory(round=city.round, institution=unit)

    tell(city, 24 * HOUR)

    assert Message.objects.get(recipient=writer).scope == unit.government.code
    assert ReminderRun.objects.get(plan__hours=24).told == 2
    assert planned.reach_of(city.stage, "waiting", city.stage.opens_at) == 2


def test_round_that_was_not_opened_reminds_nobody(city):
    city.round.opened_at = None
    city.round.save(update_fields=["opened_at"])

    assert tell(city, 24 * HOUR) == []


def test_offset_before_the_opening_never_comes(city):
    stage = city.stage
    stage.opens_at = stage.closes_at - timedelta(hours=30)
    stage.save(update_fields=["opens_at"])

    assert tell(city, timedelta(hours=29)) == []
    assert tell(city, timedelta(hours=24)) == emails(city.author, city.head)


def test_offsets_are_data_of_the_stage(city):
    city.stage.reminderplan_set.all().delete()
    ReminderPlanFactory(stage=city.stage, hours=48)

    assert tell(city, 72 * HOUR) == []
    assert tell(city, 48 * HOUR) == emails(city.author, city.head)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=168), "7 days"),
        (timedelta(hours=71, minutes=57), "3 days"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=10), "10 hours"),
        (timedelta(hours=2, minutes=56), "3 hours"),
        (timedelta(minutes=10), "within the hour"),
    ],
)
def test_message_says_what_is_left_not_what_the_offset_was(city, settings, left, words):
    settings.LANGUAGE_CODE = "en"

    tell(city, left)

    subject = Message.objects.get(recipient=city.author).subject
    assert subject == f"{city.round.name} closes {'' if left < HOUR else 'in '}{words}"


def test_claim_and_message_stand_or_fall_together(city, monkeypatch):
    real = reminding.notices.reminder_due

    def fail_for_head(occasion, *, reached, at):
        if reached.person == city.head:
            raise RuntimeError
        real(occasion, reached=reached, at=at)

    monkeypatch.setattr(reminding.notices, "reminder_due", fail_for_head)
    assert tell(city, 24 * HOUR) == emails(city.author)

    monkeypatch.setattr(reminding.notices, "reminder_due", real)
    assert tell(city, 24 * HOUR, shift=TICK) == emails(city.head)


def test_clock_starts_the_reminders(settings):
    entry = settings.CELERY_BEAT_SCHEDULE[send_deadline_reminders.name]

    assert entry["schedule"] <= 300


def test_task_asks_the_wall_clock(city):
    with time_machine.travel(city.stage.closes_at - 24 * HOUR, tick=False):
        send_deadline_reminders()

    assert Message.objects.count() == 2
