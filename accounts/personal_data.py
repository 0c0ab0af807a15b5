"""What this app keeps of a person, for the copy of their data.

The library's tables of sign-in are read here too; secrets in them never leave.
"""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import employee_numbers
from accounts.models import (
    AccessEntry,
    DataExport,
    DataRequest,
    Handover,
    Invitation,
    KeptForm,
    Membership,
    User,
)
from core.models import AuditEntry
from core.personal_data import Portion, Section, section

COVERS = frozenset(
    {
        "core.AuditEntry.actor",
        "accounts.Membership.user",
        "accounts.Invitation.accepted_by",
        "accounts.Handover.giver",
        "accounts.Handover.receiver",
        "accounts.KeptForm.user",
        "accounts.DataExport.user",
        "accounts.DataRequest.user",
        "accounts.AccessEntry.actor",
        "account.EmailAddress.user",
        "mfa.Authenticator.user",
        "usersessions.UserSession.user",
        "socialaccount.SocialAccount.user",
    }
)


def collect(user: User) -> Portion:
    """Profile, roles, sign-in, requests, the log by and about the person."""
    return Portion(
        [
            section("profil", [_profile(user)]),
            section("peran", _roles(user)),
            section("undangan", _invitations(user)),
            section("serah-terima", _handovers(user)),
            section("isian-tersimpan", _kept_forms(user)),
            *_sign_in(user),
            section("riwayat-akses", _access(user)),
            section("permintaan-data", _requests(user)),
            section("unduhan-data", _exports(user)),
            section("catatan-tindakan-saya", _entries_by(user)),
            section("catatan-tentang-saya", _entries_about(user)),
        ]
    )


def _profile(user: User) -> dict[str, Any]:
    return {
        _("Name"): user.name,
        _("E-mail"): user.email,
        _("NIP or NRP"): employee_numbers.printed(user.employee_number),
        _("Telephone"): user.phone,
        _("Language"): user.language,
        _("Account since"): user.date_joined,
        _("Last sign-in"): user.last_login,
        _("Active"): user.is_active,
        _("System admin"): user.is_system_admin,
    }


def _roles(user: User) -> Iterator[dict[str, Any]]:
    held = user.membership_set.select_related("government", "institution")
    for membership in held.order_by("from_date", "pk"):
        yield {
            _("Role"): membership.get_role_display(),
            _("Body"): membership.body.name,
            _("From"): membership.from_date,
            _("Until"): membership.to_date,
        }


def _invitations(user: User) -> Iterator[dict[str, Any]]:
    written = Invitation.objects.filter(
        Q(accepted_by=user) | Q(email__iexact=user.email)
    )
    for invitation in written.order_by("invited_at", "pk"):
        yield {
            _("Role"): invitation.get_role_display(),
            _("Invited at"): invitation.invited_at,
            _("E-mail"): invitation.email,
            _("Name"): invitation.name,
            _("NIP or NRP"): employee_numbers.printed(invitation.employee_number),
            _("State"): invitation.get_state_display(),
            _("Accepted at"): invitation.accepted_at,
        }


def _handovers(user: User) -> Iterator[dict[str, Any]]:
    own = Handover.objects.filter(Q(giver=user) | Q(receiver=user))
    for handover in own.order_by("ordered_at", "pk"):
        yield {
            _("Given by me"): handover.giver_id == user.pk,
            _("From"): handover.from_date,
            _("Reason"): handover.reason,
            _("Ordered at"): handover.ordered_at,
        }


def _kept_forms(user: User) -> Iterator[dict[str, Any]]:
    for form in KeptForm.objects.filter(user=user).order_by("created_at", "pk"):
        yield {_("Time"): form.created_at, _("Typed"): form.fields}


def _sign_in(user: User) -> list[Section]:
    """Addresses, second factors, open sessions, accounts elsewhere; no secrets."""
    return [
        section("alamat-surel", _rows(EmailAddress, user, "email verified primary")),
        section(
            "faktor-kedua",
            _library_rows("mfa.Authenticator", user, "type created_at last_used_at"),
        ),
        section(
            "sesi",
            _library_rows(
                "usersessions.UserSession",
                user,
                "created_at last_seen_at ip user_agent",
            ),
        ),
        section(
            "akun-terhubung",
            _library_rows(
                "socialaccount.SocialAccount",
                user,
                "provider uid date_joined last_login",
            ),
        ),
    ]


def _library_rows(label: str, user: User, fields: str) -> list[dict[str, Any]]:
    app, _dot, model = label.partition(".")
    if not apps.is_installed(f"allauth.{app}"):
        return []
    return _rows(apps.get_model(app, model), user, fields)


def _rows(model: Any, user: User, fields: str) -> list[dict[str, Any]]:
    return list(model.objects.filter(user=user).order_by("pk").values(*fields.split()))


def _access(user: User) -> Iterator[dict[str, Any]]:
    entries = AccessEntry.objects.about(user).order_by("at", "pk")
    for entry in entries.iterator():
        yield {
            _("Time"): entry.at,
            _("Kind"): entry.get_kind_display(),
            _("What"): entry.what,
            _("Who"): entry.actor_label,
            # Where somebody else sat is theirs.
            _("Address"): entry.address if entry.is_sign_in else None,
            _("Device"): entry.device,
        }


def _requests(user: User) -> Iterator[dict[str, Any]]:
    for each in DataRequest.objects.filter(user=user).order_by("created_at", "pk"):
        yield {
            _("Kind"): each.get_kind_display(),
            _("Text"): each.text,
            _("Asked at"): each.created_at,
            _("State"): each.get_state_display(),
            _("Answer"): each.answer,
            _("Answered at"): each.answered_at,
        }


def _exports(user: User) -> Iterator[dict[str, Any]]:
    for export in DataExport.objects.visible_to(user).order_by("requested_at", "pk"):
        yield {
            _("Asked at"): export.requested_at,
            _("State"): export.get_state_display(),
            _("Deleted after"): export.expires_at,
        }


def _entries_by(user: User) -> Iterator[dict[str, Any]]:
    """What the person did. Of whom or what is left out: it may name others."""
    for entry in AuditEntry.objects.filter(actor=user).order_by("at", "pk").iterator():
        yield {
            _("Time"): entry.at,
            _("Action"): entry.action,
            _("Kind of object"): entry.target_type,
            _("Reason"): entry.reason,
            _("Address"): entry.address,
        }


def _entries_about(user: User) -> Iterator[dict[str, Any]]:
    """What was done to the person's account and roles, by whomever."""
    roles = map(str, Membership.objects.filter(user=user).values_list("pk", flat=True))
    entries = AuditEntry.objects.filter(
        Q(target_type="accounts.user", target_id=str(user.pk))
        | Q(target_type="accounts.membership", target_id__in=list(roles))
    )
    for entry in entries.order_by("at", "pk").iterator():
        yield {
            _("Time"): entry.at,
            _("Action"): entry.action,
            _("By myself"): entry.actor_id == user.pk,
            _("Reason"): entry.reason,
            _("Changes"): entry.changes,
        }
