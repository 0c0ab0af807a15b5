"""What people are told about accounts, roles and personal data."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Group, MessageKind

ACCOUNT = (
    MessageKind(
        "account.password_changed",
        _("Password changed"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "account.second_factor_added",
        _("Second factor added"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "account.second_factor_removed",
        _("Second factor removed"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "account.second_factor_reset",
        _("Second factor reset by somebody else"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "account.recovery_codes_renewed",
        _("Recovery codes renewed"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "account.email_changed",
        _("E-mail address changed"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "data_request.received",
        _("Your request about personal data has arrived"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "data_request.answered",
        _("Answer to your request about personal data"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
    MessageKind(
        "data_export.ready",
        _("The copy of your data is ready"),
        Group.ACCOUNT,
        is_compulsory=True,
    ),
)
ROLES = (
    MessageKind(
        "accounts.invitation_sent",
        _("Invitation"),
        Group.ROLES,
        is_compulsory=True,
        is_to_address=True,
    ),
    MessageKind(
        "accounts.role_given",
        _("A role was given to you"),
        Group.ROLES,
        is_compulsory=True,
    ),
    MessageKind(
        "accounts.role_ended",
        _("A role of yours has ended"),
        Group.ROLES,
        is_compulsory=True,
    ),
    MessageKind(
        "accounts.handover_given",
        _("You handed a role over"),
        Group.ROLES,
        is_compulsory=True,
    ),
    MessageKind(
        "accounts.handover_received",
        _("A role was handed over to you"),
        Group.ROLES,
        is_compulsory=True,
    ),
    MessageKind(
        "accounts.institution_merged",
        _("Your institution was merged"),
        Group.ROLES,
        is_compulsory=True,
    ),
    MessageKind(
        "accounts.invitation_accepted",
        _("Your invitation was accepted"),
        Group.ROLES,
    ),
)
SECRETARIAT = (
    MessageKind(
        "accounts.colleague_joins",
        _("Somebody joins the secretariat"),
        Group.SECRETARIAT,
        is_compulsory=True,
    ),
    MessageKind(
        "data_request.made",
        _("Somebody asks about their personal data"),
        Group.SECRETARIAT,
        is_compulsory=True,
    ),
    MessageKind(
        "data_request.due",
        _("The term of a request about personal data is near"),
        Group.SECRETARIAT,
        is_compulsory=True,
    ),
    MessageKind("accounts.role_left", _("Somebody gives up a role"), Group.SECRETARIAT),
)
KINDS = (*ACCOUNT, *ROLES, *SECRETARIAT)
