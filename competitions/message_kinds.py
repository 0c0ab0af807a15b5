"""What people are told about calendars, rules and events."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Group, MessageKind
from notifications.placeholders import moment, word

ROUND = word("putaran", _("Name of the round"), "round.name", _("KIPP Kota 2026"))
STAGE = word(
    "tahap", _("Name of the stage"), "stage.name", _("Submission of proposals")
)
REASON = word("alasan", _("Reason"), "reason", _("Many institutions asked for it."))
DEADLINE = moment(
    "tenggat",
    _("Day and time of the closing"),
    "closes_at",
    sample=_("31 March 2026, 16.00 WIB"),
)
OF_EXTENSION = (ROUND, STAGE, DEADLINE, REASON)
INSTITUTION = word(
    "instansi",
    _("Name of the institution"),
    "exception.institution.name",
    _("Dinas Kesehatan"),
)
OF_EXCEPTION = (
    ROUND,
    INSTITUTION,
    moment(
        "tenggat",
        _("Day and time of the closing"),
        "exception.closes_at",
        sample=_("31 March 2026, 16.00 WIB"),
    ),
    word("alasan", _("Reason"), "exception.reason", _("Flood in the office.")),
)
OF_EXCEPTION_ENDED = (ROUND, INSTITUTION, REASON)
OF_EVENT = (
    ROUND,
    word("acara", _("Name of the event"), "event.name", _("Coaching clinic")),
    moment(
        "waktu",
        _("Day and time it begins"),
        "event.starts_at",
        sample=_("31 March 2026, 16.00 WIB"),
    ),
    word("tempat", _("Place"), "event.place", _("Adipura Hall")),
)

KINDS = (
    MessageKind(
        "stage.extended",
        _("A stage was extended"),
        Group.DEADLINES,
        is_compulsory=True,
        placeholders=OF_EXTENSION,
    ),
    MessageKind(
        "stage.exception_granted",
        _("Your institution may submit later"),
        Group.DEADLINES,
        is_compulsory=True,
        placeholders=OF_EXCEPTION,
    ),
    MessageKind(
        "stage.exception_withdrawn",
        _("The general closing holds for your institution again"),
        Group.DEADLINES,
        is_compulsory=True,
        placeholders=OF_EXCEPTION_ENDED,
    ),
    MessageKind(
        "event.event_changed",
        _("An event you registered for has a new time or place"),
        Group.EVENTS,
        is_compulsory=True,
        placeholders=OF_EVENT,
    ),
    MessageKind(
        "event.event_cancelled",
        _("An event you registered for is cancelled"),
        Group.EVENTS,
        is_compulsory=True,
        placeholders=OF_EVENT,
    ),
    MessageKind(
        "event.registration_confirmed",
        _("Your place at an event"),
        Group.EVENTS,
        placeholders=OF_EVENT,
    ),
    MessageKind(
        "event.registration_waiting",
        _("You are on the waiting list of an event"),
        Group.EVENTS,
        placeholders=OF_EVENT,
    ),
    MessageKind(
        "event.event_near",
        _("Your event is tomorrow"),
        Group.EVENTS,
        placeholders=OF_EVENT,
    ),
    MessageKind(
        "round.rule_change_awaits",
        _("New rules wait for a second person"),
        Group.SECRETARIAT,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "round.rule_change_decided",
        _("A second person agreed to the new rules"),
        Group.SECRETARIAT,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "round.rule_change_refused",
        _("A second person did not agree to the new rules"),
        Group.SECRETARIAT,
        placeholders=(ROUND,),
    ),
)
