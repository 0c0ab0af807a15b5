"""What people are told about panels, sheets and presentations."""

from django.utils.translation import gettext_lazy as _

from competitions.message_kinds import DEADLINE, REASON, ROUND, STAGE
from notifications.kinds import Group, MessageKind
from notifications.placeholders import moment, word
from submissions.message_kinds import PROPOSAL

LEFT = word("sisa", _("Number of open sheets"), "progress.left", "7")
OF_PRESENTATION = (
    ROUND,
    PROPOSAL,
    moment(
        "waktu",
        _("Day and time it begins"),
        "slot.planned_at",
        zone="zone",
        sample=_("31 March 2026, 16.00 WIB"),
    ),
    word("tempat", _("Place"), "day.place", _("Adipura Hall")),
)

OF_PLENARY = (
    ROUND,
    moment(
        "waktu",
        _("Day and time it begins"),
        "plenary.held_at",
        zone="zone",
        sample=_("31 March 2026, 16.00 WIB"),
    ),
    word("tempat", _("Place"), "plenary.place", _("Adipura Hall")),
)

KINDS = (
    MessageKind(
        "judging.juror_invited",
        _("Invitation to a panel of jurors"),
        Group.JUDGING,
        is_compulsory=True,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "judging.juror_chair",
        _("You lead a panel of jurors"),
        Group.JUDGING,
        is_compulsory=True,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "judging.seat_ended",
        _("Your seat in a panel has ended"),
        Group.JUDGING,
        is_compulsory=True,
        placeholders=(ROUND, REASON),
    ),
    MessageKind(
        "judging.sheets_assigned",
        _("Proposals wait for your scores"),
        Group.JUDGING,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "judging.sheets_taken_over",
        _("You take over proposals from another juror"),
        Group.JUDGING,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "judging.sheet_reopened",
        _("A sheet of yours is open again"),
        Group.JUDGING,
        placeholders=(ROUND, PROPOSAL, REASON),
    ),
    MessageKind(
        "judging.plenary_called",
        _("You are called to a plenary"),
        Group.JUDGING,
        is_compulsory=True,
        placeholders=OF_PLENARY,
    ),
    MessageKind(
        "judging.plenary_moved",
        _("A plenary has a new time or place"),
        Group.JUDGING,
        is_compulsory=True,
        placeholders=OF_PLENARY,
    ),
    MessageKind(
        "judging.plenary_cancelled",
        _("A plenary is cancelled"),
        Group.JUDGING,
        is_compulsory=True,
        placeholders=(*OF_PLENARY, REASON),
    ),
    MessageKind(
        "judging.juror_reminded",
        _("Reminder of scores to give"),
        Group.JUDGING,
        placeholders=(ROUND, LEFT),
    ),
    MessageKind(
        "judging.sheets_due",
        _("A stage closes and sheets are open"),
        Group.JUDGING,
        placeholders=(ROUND, STAGE, DEADLINE, LEFT),
    ),
    MessageKind(
        "judging.presentation_planned",
        _("Date of your presentation"),
        Group.DEADLINES,
        is_compulsory=True,
        placeholders=OF_PRESENTATION,
    ),
    MessageKind(
        "judging.presentation_moved",
        _("Your presentation has a new time or place"),
        Group.DEADLINES,
        is_compulsory=True,
        placeholders=OF_PRESENTATION,
    ),
    MessageKind(
        "judging.presentation_postponed",
        _("Your presentation is postponed"),
        Group.DEADLINES,
        is_compulsory=True,
        placeholders=(ROUND, PROPOSAL, REASON),
    ),
    MessageKind(
        "judging.juror_accepted",
        _("A juror accepted a seat"),
        Group.SECRETARIAT,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "judging.juror_declined",
        _("A juror declined a seat"),
        Group.SECRETARIAT,
        placeholders=(ROUND,),
    ),
    MessageKind(
        "judging.conflict_declared",
        _("A juror declared a conflict of interest"),
        Group.SECRETARIAT,
        placeholders=(ROUND,),
    ),
)
