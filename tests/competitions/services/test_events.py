from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import notices, services
from competitions.models import Attachment, Event, Registration
from core.models import AuditEntry
from documents.uploads import CheckedFile
from notifications.models import Message
from tests.factories import competitions as make
from tests.factories.accounts import AuthorFactory, InstitutionFactory
from tests.factories.events import EventFactory, RegistrationFactory
from tests.factories.submissions import tiny_pdf

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)
State = Registration.State


def data_of(event, **changes):
    fields = services.EventData.__dataclass_fields__
    return services.EventData(
        **{name: getattr(event, name) for name in fields} | changes
    )


def guest(event):
    institution = InstitutionFactory(government=event.round.competition.government)
    return AuthorFactory(institution=institution), institution


def come(event, at=NOW):
    user, institution = guest(event)
    return services.register(event=event, user=user, institution=institution, at=at)


def pdf(name="materi.pdf", text="Materi"):
    return CheckedFile(name, tiny_pdf(text), "application/pdf", ".pdf")


# Planning ----------------------------------------------------------------------------


def test_create_event_keeps_its_materials_and_is_logged(actor):
    round = make.RoundFactory()
    plan = data_of(EventFactory.build(round=round), name="Kick-off")

    event = services.create_event(
        round=round, data=plan, files=[pdf()], actor=actor, at=NOW
    )

    assert event.slug.startswith("kick-off")
    assert Attachment.objects.get().event == event
    assert AuditEntry.objects.filter(action="event.created").exists()


def test_create_event_fails_as_a_whole(actor):
    round = make.RoundFactory()
    plan = data_of(EventFactory.build(round=round))

    with pytest.raises(services.AttachmentRefused):
        services.create_event(
            round=round, data=plan, files=[pdf(), pdf()], actor=actor, at=NOW
        )

    assert not Event.objects.exists()
    assert not Attachment.objects.exists()


def test_update_event_tells_of_time_and_place_and_raises_the_sequence(actor):
    event = EventFactory()
    registration = RegistrationFactory(event=event)
    RegistrationFactory(event=event, state=State.CANCELLED)

    services.update_event(
        event=event, data=data_of(event, place="Pendopo"), actor=actor, at=NOW
    )

    event.refresh_from_db()
    assert (event.sequence, event.changed_at) == (1, NOW)
    message = Message.objects.get(kind="event.event_changed")
    assert message.recipient == registration.user


def test_update_event_tells_nobody_of_a_new_description(actor):
    event = RegistrationFactory().event

    services.update_event(
        event=event,
        data=data_of(event, description="Bawa laptop."),
        actor=actor,
        at=NOW,
    )

    assert not Message.objects.exists()


def test_update_event_that_changes_nothing_leaves_no_trace(actor):
    event = EventFactory()

    services.update_event(event=event, data=data_of(event), actor=actor, at=NOW)

    event.refresh_from_db()
    assert event.sequence == 0
    assert not AuditEntry.objects.exists()


def test_larger_capacity_gives_places_to_the_line_in_its_order(actor):
    event = EventFactory(capacity=1)
    come(event)
    second, third, fourth = [come(event, NOW + timedelta(minutes=n)) for n in range(3)]

    services.update_event(
        event=event, data=data_of(event, capacity=3), actor=actor, at=NOW
    )

    states = [
        Registration.objects.get(pk=each.pk).state for each in (second, third, fourth)
    ]
    assert states == [State.CONFIRMED, State.CONFIRMED, State.WAITING]


def test_smaller_capacity_takes_nobodys_place(actor):
    event = EventFactory(capacity=2)
    come(event)
    come(event)

    services.update_event(
        event=event, data=data_of(event, capacity=1), actor=actor, at=NOW
    )

    assert Registration.objects.confirmed().count() == 2
    assert come(event).is_waiting


def test_event_that_is_over_stands_but_takes_materials(actor):
    event = EventFactory(starts_at=NOW - DAY)

    with pytest.raises(services.EventOver):
        services.update_event(
            event=event, data=data_of(event, name="Lain"), actor=actor, at=NOW
        )
    services.update_event(
        event=event, data=data_of(event), files=[pdf()], actor=actor, at=NOW
    )

    assert Attachment.objects.filter(event=event).count() == 1


def test_cancel_event_tells_everybody_why_once(actor):
    event = EventFactory()
    people = [
        RegistrationFactory(event=event).user,
        RegistrationFactory(event=event, state=State.WAITING).user,
    ]

    services.cancel_event(event=event, reason="Hujan", actor=actor, at=NOW)

    told = Message.objects.filter(kind="event.event_cancelled")
    assert {each.recipient for each in told} == set(people)
    assert "Hujan" in told[0].body_text
    with pytest.raises(services.EventOver):
        services.cancel_event(event=event, reason="Lagi", actor=actor, at=NOW)


# Places ------------------------------------------------------------------------------


def test_register_gives_a_place_once_and_tells(actor):
    event = EventFactory(link="https://rapat.example/1")
    user, institution = guest(event)

    first = services.register(event=event, user=user, institution=institution, at=NOW)
    again = services.register(event=event, user=user, institution=institution, at=NOW)

    assert first == again
    assert first.is_confirmed
    message = Message.objects.get()
    assert "https://rapat.example/1" in message.body_text
    assert first.code_grouped in message.body_text


def test_register_beyond_the_last_place_waits_and_hides_the_link():
    event = EventFactory(capacity=1, link="https://rapat.example/1")
    come(event)

    late = come(event)

    assert late.is_waiting
    message = Message.objects.get(recipient=late.user)
    assert "rapat.example" not in message.body_text + message.body_html


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({"registration_closes_at": NOW}, NOW),
        ({}, NOW + 3 * DAY),
        ({"cancelled_at": NOW, "cancel_reason": "Hujan"}, NOW),
        ({"takes_registrations": False}, NOW),
        ({"round__opened_at": None}, NOW),
    ],
)
def test_register_is_refused(fields, moment):
    event = EventFactory(starts_at=NOW + 3 * DAY, **fields)

    with pytest.raises(services.RegistrationRefused):
        come(event, moment)

    assert not Registration.objects.exists()


def test_registration_closes_exactly():
    event = EventFactory(registration_closes_at=NOW)

    assert come(event, NOW - timedelta(microseconds=1)).is_confirmed


def test_register_for_an_institution_elsewhere_is_refused():
    event = EventFactory()

    with pytest.raises(services.RegistrationRefused):
        services.register(
            event=event, user=AuthorFactory(), institution=InstitutionFactory(), at=NOW
        )


def test_cancelled_place_goes_to_the_next_in_line():
    event = EventFactory(capacity=1)
    first = come(event)
    second = come(event, NOW + timedelta(minutes=1))
    third = come(event, NOW + timedelta(minutes=2))

    services.cancel_registration(registration=first, actor=first.user, at=NOW)

    second.refresh_from_db()
    third.refresh_from_db()
    assert second.is_confirmed
    assert third.is_waiting
    assert Message.objects.filter(
        recipient=second.user, kind="event.registration_confirmed"
    ).exists()


def test_who_comes_back_stands_at_the_end_of_the_line():
    event = EventFactory(capacity=1)
    first = come(event)
    waiting = come(event)
    services.cancel_registration(registration=first, actor=first.user, at=NOW)

    again = services.register(
        event=event, user=first.user, institution=first.institution, at=NOW + DAY
    )

    waiting.refresh_from_db()
    assert waiting.is_confirmed
    assert (again.pk, again.state) == (first.pk, State.WAITING)


def test_cancelling_twice_changes_nothing_and_too_late_is_refused():
    registration = come(EventFactory())
    event = registration.event

    with pytest.raises(services.RegistrationRefused):
        services.cancel_registration(
            registration=registration, actor=registration.user, at=event.starts_at
        )
    for _time in range(2):
        services.cancel_registration(
            registration=registration, actor=registration.user, at=NOW
        )

    assert AuditEntry.objects.filter(action="registration.cancelled").count() == 1


def test_register_fails_as_a_whole(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(notices, "place_confirmed", fail)

    with pytest.raises(RuntimeError):
        come(EventFactory())

    assert not Registration.objects.exists()
    assert not AuditEntry.objects.exists()


# Attendance --------------------------------------------------------------------------


def test_attendance_counts_once_and_can_be_taken_back(actor):
    registration = RegistrationFactory(event__starts_at=NOW)

    first = services.mark_attendance(registration=registration, actor=actor, at=NOW)
    services.mark_attendance(registration=registration, actor=actor, at=NOW + DAY)

    first.refresh_from_db()
    assert (first.attended_at, first.attendance_noted_by) == (NOW, actor)
    services.unmark_attendance(registration=registration, actor=actor, at=NOW)
    first.refresh_from_db()
    assert not first.has_attended


@pytest.mark.parametrize("state", [State.WAITING, State.CANCELLED])
def test_attendance_lets_in_who_has_no_place(actor, state):
    registration = RegistrationFactory(event__starts_at=NOW, state=state)

    let_in = services.mark_attendance(registration=registration, actor=actor, at=NOW)

    assert let_in.is_confirmed
    assert let_in.has_attended


def test_attendance_is_refused_before_the_day_and_when_called_off(actor):
    early = RegistrationFactory(event__starts_at=NOW + 2 * DAY)
    off = RegistrationFactory(
        event__starts_at=NOW, event__cancelled_at=NOW, event__cancel_reason="Hujan"
    )

    for registration in (early, off):
        with pytest.raises(services.AttendanceRefused):
            services.mark_attendance(registration=registration, actor=actor, at=NOW)


def test_who_is_present_gives_no_place_back(actor):
    registration = RegistrationFactory(event__starts_at=NOW + timedelta(minutes=10))
    services.mark_attendance(
        registration=registration, actor=actor, at=registration.event.starts_at
    )

    with pytest.raises(services.RegistrationRefused):
        services.cancel_registration(
            registration=registration, actor=registration.user, at=NOW
        )


def test_attendance_list_is_issued_once_until_it_changes(actor):
    event = RegistrationFactory().event
    issue = {"event": event, "actor": actor, "at": NOW}

    first = services.issue_attendance_list(**issue)
    same = services.issue_attendance_list(**issue)
    RegistrationFactory(event=event)
    second = services.issue_attendance_list(**issue)

    first.refresh_from_db()
    assert first == same
    assert (first.is_replaced, second.version) == (True, 2)
    assert len(second.values["rows"]) == 2


# Reminders ---------------------------------------------------------------------------


def test_reminder_comes_a_day_before_and_once():
    registration = RegistrationFactory(
        registered_at=NOW, event__starts_at=NOW + 3 * DAY
    )
    RegistrationFactory(event=registration.event, state=State.WAITING)
    start = registration.event.starts_at

    told = [
        services.remind_of_events(at=moment)
        for moment in (
            start - DAY - timedelta(seconds=1),
            start - DAY,
            start - DAY + timedelta(minutes=5),
            start,
        )
    ]

    assert told == [0, 1, 0, 0]
    assert Message.objects.get().recipient == registration.user


def test_reminder_is_not_sent_once_the_event_has_begun():
    event = EventFactory(starts_at=NOW + DAY)
    RegistrationFactory(event=event, confirmed_at=NOW - DAY)

    services.remind_of_events(at=NOW)

    assert Message.objects.get().expires_at == event.starts_at


def test_moved_event_is_reminded_of_again(actor):
    registration = RegistrationFactory(
        registered_at=NOW, event__starts_at=NOW + 3 * DAY
    )
    event = registration.event
    services.remind_of_events(at=event.starts_at - DAY)

    services.update_event(
        event=event,
        data=data_of(
            event, starts_at=event.starts_at + DAY, ends_at=event.ends_at + DAY
        ),
        actor=actor,
        at=NOW,
    )

    assert services.remind_of_events(at=event.starts_at) == 1


def test_who_registered_within_the_last_day_is_not_reminded():
    RegistrationFactory(registered_at=NOW, event__starts_at=NOW + timedelta(hours=23))
    RegistrationFactory(
        registered_at=NOW - 5 * DAY,
        event__starts_at=NOW + timedelta(hours=23),
        event__cancelled_at=NOW,
        event__cancel_reason="Hujan",
    )

    assert services.remind_of_events(at=NOW) == 0


def test_one_broken_reminder_silences_no_other(monkeypatch):
    broken, fine = RegistrationFactory.create_batch(
        2, registered_at=NOW - 5 * DAY, event__starts_at=NOW + timedelta(hours=20)
    )
    real = notices.event_near

    def fail_for_broken(registration, *, at):
        if registration.pk == broken.pk:
            raise RuntimeError
        return real(registration, at=at)

    monkeypatch.setattr(notices, "event_near", fail_for_broken)

    assert services.remind_of_events(at=NOW) == 1
    assert Message.objects.get().recipient == fine.user
