"""What the database refuses of calendars, events and files."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from competitions.models import Attachment
from tests.factories.accounts import SecretariatFactory
from tests.factories.competitions import AnnouncementFactory
from tests.factories.events import (
    AttachmentFactory,
    EventFactory,
    RegistrationFactory,
    StageExceptionFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refuse(name, make, error=IntegrityError):
    with pytest.raises(error, match=name), transaction.atomic():
        make()


def test_exception_is_one_per_institution_with_a_reason_and_ahead():
    exception = StageExceptionFactory()

    refuse(
        "competitions_stageexception_once_per_institution",
        lambda: StageExceptionFactory(
            stage=exception.stage, institution=exception.institution
        ),
    )
    refuse(
        "competitions_stageexception_has_reason",
        lambda: StageExceptionFactory(reason=""),
    )
    refuse(
        "competitions_stageexception_closes_after_it_was_granted",
        lambda: StageExceptionFactory(closes_at=NOW, granted_at=NOW),
    )


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("ends_after_it_begins", {"ends_at": NOW, "starts_at": NOW}),
        ("is_somewhere", {"place": "", "link": ""}),
        ("capacity_from_one", {"capacity": 0}),
        (
            "registration_closes_before_it_ends",
            {"registration_closes_at": NOW + timedelta(days=9)},
        ),
        ("cancelled_with_reason", {"cancelled_at": NOW}),
        ("cancelled_with_reason", {"cancel_reason": "Hujan"}),
    ],
)
def test_event_constraints(name, fields):
    refuse(f"competitions_event_{name}", lambda: EventFactory(**fields))


def test_registration_constraints():
    registration = RegistrationFactory()

    refuse(
        "competitions_registration_once",
        lambda: RegistrationFactory(event=registration.event, user=registration.user),
    )
    for name, fields in [
        ("confirmed_at_if_confirmed", {"confirmed_at": None}),
        ("confirmed_at_if_confirmed", {"state": "waiting", "confirmed_at": NOW}),
        (
            "attended_with_a_place",
            {
                "state": "waiting",
                "attended_at": NOW,
                "attendance_noted_by": SecretariatFactory(),
            },
        ),
        ("attendance_noted_by_somebody", {"attended_at": NOW}),
    ]:
        refuse(
            f"competitions_registration_{name}",
            lambda fields=fields: RegistrationFactory(**fields),
        )


def test_registration_that_has_a_place_never_waits_again():
    registration = RegistrationFactory()
    registration.state, registration.confirmed_at = "waiting", None

    refuse("Invalid transition", registration.save, InternalError)


def test_attachment_belongs_to_one_thing_and_is_there_once():
    announcement = AnnouncementFactory()
    event = EventFactory(round=announcement.round)
    file = AttachmentFactory(round=announcement.round)

    refuse(
        "competitions_attachment_belongs_to_one_thing",
        lambda: AttachmentFactory(
            round=announcement.round, announcement=announcement, event=event
        ),
    )
    refuse(
        "competitions_attachment_once",
        lambda: AttachmentFactory(round=file.round, sha256=file.sha256),
    )
    AttachmentFactory(round=file.round, event=event, sha256=file.sha256)
    assert Attachment.objects.guidelines().get() == file
