"""What people are told about proposals on their way to judging."""

from django.utils.translation import gettext_lazy as _

from competitions.message_kinds import DEADLINE, REASON, ROUND, STAGE
from notifications.kinds import Group, MessageKind
from notifications.placeholders import moment, word

PROPOSAL = word(
    "proposal", _("Title of the proposal"), "proposal.title", _("Antre Daring")
)
OF_PROPOSAL = (
    PROPOSAL,
    word("putaran", _("Name of the round"), "proposal.round.name", _("KIPP Kota 2026")),
    word(
        "instansi",
        _("Name of the institution"),
        "proposal.institution.name",
        _("Dinas Kesehatan"),
    ),
)
WITH_REASON = (*OF_PROPOSAL, REASON)
OF_CORRECTION = (
    *OF_PROPOSAL,
    moment(
        "tenggat",
        _("Day and time until which it is open"),
        "correction.due_at",
        zone="proposal.round.zone",
        sample=_("31 March 2026, 16.00 WIB"),
    ),
)
OF_CLOSING = (
    ROUND,
    STAGE,
    DEADLINE,
    word(
        "instansi",
        _("Names of the recipient’s institutions"),
        "waiting",
        _("Dinas Kesehatan, Puskesmas Margadana"),
        show=lambda waiting: ", ".join(each.institution.name for each in waiting),
    ),
)

KINDS = (
    MessageKind(
        "proposal.submitted",
        _("Your proposal was submitted"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=OF_PROPOSAL,
    ),
    MessageKind(
        "proposal.screened",
        _("Result of the administrative check"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=OF_PROPOSAL,
    ),
    MessageKind(
        "proposal.reopened",
        _("Your proposal was given back"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=WITH_REASON,
    ),
    MessageKind(
        "proposal.disqualified",
        _("Your proposal takes part no more"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=WITH_REASON,
    ),
    MessageKind(
        "proposal.withdrawn",
        _("Your proposal was withdrawn"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=WITH_REASON,
    ),
    MessageKind(
        "proposal.late_admitted",
        _("Your late proposal was admitted"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=WITH_REASON,
    ),
    MessageKind(
        "correction.asked",
        _("A correction of your proposal is asked for"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=OF_CORRECTION,
    ),
    MessageKind(
        "correction.lapsed",
        _("The time for a correction is over"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=OF_PROPOSAL,
    ),
    MessageKind(
        "objection.closed",
        _("Answer to your objection"),
        Group.PROPOSALS,
        is_compulsory=True,
        placeholders=OF_PROPOSAL,
    ),
    MessageKind(
        "proposal.sent",
        _("A proposal waits for your endorsement"),
        Group.PROPOSALS,
        placeholders=OF_PROPOSAL,
    ),
    MessageKind(
        "proposal.returned",
        _("Your institution gave a proposal back for changes"),
        Group.PROPOSALS,
        placeholders=OF_PROPOSAL,
    ),
    MessageKind(
        "submission.closing",
        _("Submission closes soon"),
        Group.DEADLINES,
        placeholders=OF_CLOSING,
    ),
    MessageKind(
        "submission.endorsement_due",
        _("Submission closes and proposals wait for your endorsement"),
        Group.DEADLINES,
        placeholders=OF_CLOSING,
    ),
    MessageKind(
        "submission.stage_near",
        _("A stage ends soon"),
        Group.DEADLINES,
        placeholders=OF_CLOSING,
    ),
    MessageKind(
        "correction.near",
        _("The time for a correction runs out"),
        Group.DEADLINES,
        placeholders=OF_CORRECTION,
    ),
    MessageKind(
        "objection.filed",
        _("Somebody objects to a result of the check"),
        Group.SECRETARIAT,
        placeholders=OF_PROPOSAL,
    ),
)
