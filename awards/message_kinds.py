"""What people are told about awards."""

from django.utils.translation import gettext_lazy as _

from competitions.message_kinds import REASON, ROUND
from notifications.kinds import Group, MessageKind
from notifications.placeholders import word

NUMBER = word("nomor", _("Number of the paper"), "number", "012/PGM/2026")
OF_AWARD = (
    ROUND,
    word(
        "instansi",
        _("Name of the institution"),
        "institution.name",
        _("Dinas Kesehatan"),
    ),
    word("penghargaan", _("Name of the award"), "award.level.name", _("Juara I")),
    word(
        "proposal",
        _("Title of the proposal"),
        "award.row.proposal.title",
        _("Antre Daring"),
    ),
)
OF_CERTIFICATE = (
    word("piagam", _("Kind of the certificate"), "title", _("Certificate")),
    NUMBER,
)
OF_FEEDBACK = (
    ROUND,
    word("proposal", _("Title of the proposal"), "title", _("Antre Daring")),
    word("instansi", _("Name of the institution"), "institution", _("Dinas Kesehatan")),
)

KINDS = (
    MessageKind(
        "awards.certificate_ready",
        _("You won, and your certificate is ready"),
        Group.AWARDS,
        is_compulsory=True,
        placeholders=(*OF_AWARD, NUMBER),
    ),
    MessageKind(
        "awards.certificate_issued",
        _("A certificate of yours is ready"),
        Group.AWARDS,
        placeholders=OF_CERTIFICATE,
    ),
    MessageKind(
        "awards.award_revoked",
        _("An award of yours was taken back"),
        Group.AWARDS,
        is_compulsory=True,
        placeholders=(*OF_AWARD, REASON),
    ),
    MessageKind(
        "awards.feedback_ready",
        _("Feedback on your proposal is ready"),
        Group.AWARDS,
        placeholders=OF_FEEDBACK,
    ),
    MessageKind(
        "awards.forwarding_asked",
        _("Your winning innovation may be sent on to a higher competition"),
        Group.AWARDS,
        is_compulsory=True,
        placeholders=OF_AWARD,
    ),
    MessageKind(
        "awards.forwarding_answered",
        _("An institution answered whether its winner is sent on"),
        Group.SECRETARIAT,
        placeholders=OF_AWARD,
    ),
    MessageKind(
        "awards.forwarding_stopped",
        _("Your winning innovation is not sent on any more"),
        Group.AWARDS,
        is_compulsory=True,
        placeholders=OF_AWARD,
    ),
    MessageKind(
        "awards.origin_stopped",
        _("A winner that was sent to you is not one any more"),
        Group.SECRETARIAT,
        is_compulsory=True,
        placeholders=OF_AWARD,
    ),
)
