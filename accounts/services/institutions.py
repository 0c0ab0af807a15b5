"""What becomes of an institution: moved, renamed, ended, taken up again."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import FormerName, Institution, Membership, User
from accounts.services import people, trees
from core import audit
from core.errors import DomainError

EDITABLE = ("kind", "email", "phone", "address", "active_from")


class InstitutionNotChanged(DomainError):
    """The change does not fit what the institution is or was."""


def edit_institution(
    *,
    institution: Institution,
    fields: Mapping[str, Any],
    parent: Institution | None,
    actor: User | None,
    at: datetime,
    reason: str = "",
) -> Institution:
    """Change kind, contact and beginning (`fields` of EDITABLE), and move it.

    All that stands below moves too. Raises TreeRefused, InstitutionNotChanged.
    """
    with transaction.atomic():
        institution = locked(institution)
        changes = {
            name: [getattr(institution, name), fields[name]]
            for name in EDITABLE
            if name in fields and getattr(institution, name) != fields[name]
        }
        begins, ends = fields.get("active_from"), institution.active_to
        if begins and ends and begins > ends:
            raise InstitutionNotChanged(_("The end lies before the beginning."))
        is_moved = (parent.pk if parent else None) != institution.parent_id
        if is_moved and parent:
            parent.refresh_from_db()
            trees.check_parent(parent, government=institution.government, at=at)
        if is_moved:
            changes["parent"] = [str(institution.parent or ""), str(parent or "")]
            institution.parent = parent
        if not changes:
            return institution
        for name in EDITABLE:
            if name in changes:
                setattr(institution, name, fields[name])
        institution.save(update_fields=[*EDITABLE, "parent"])
        if is_moved:
            trees.rebuild_paths(institution.government)
            institution.refresh_from_db(fields=["path"])
        action = "institution.moved" if is_moved else "institution.edited"
        _record(action, institution, actor, at, reason, changes)
    return institution


def rename_institution(
    *,
    institution: Institution,
    name: str,
    short_name: str,
    from_day: date | None,
    reason: str,
    actor: User | None,
    at: datetime,
) -> Institution:
    """Give it another name from `from_day` on; the old one stays in its history.

    Without a day a misspelling is mended, and no former name is kept. Raises
    InstitutionNotChanged for a day to come, or one before the last renaming. Source:
    rule ACC-11 in docs/rules.md.
    """
    with transaction.atomic():
        institution = locked(institution)
        if (institution.name, institution.short_name) == (name, short_name):
            raise InstitutionNotChanged(_("This is its name already."))
        if from_day:
            _keep_name(institution, from_day, reason, institution.government.day_of(at))
        changes = {
            "name": [institution.name, name],
            "short_name": [institution.short_name, short_name],
            **({"from": from_day} if from_day else {}),
        }
        institution.name, institution.short_name = name, short_name
        institution.save(update_fields=["name", "short_name"])
        action = "institution.renamed" if from_day else "institution.corrected"
        _record(action, institution, actor, at, reason, changes)
    return institution


def _keep_name(
    institution: Institution, from_day: date, reason: str, today: date
) -> None:
    last_day = from_day - timedelta(days=1)
    if from_day > today:
        raise InstitutionNotChanged(
            _("Enter the new name on the day it begins, or later.")
        )
    if institution.active_from and last_day < institution.active_from:
        raise InstitutionNotChanged(_("The institution did not exist by then."))
    if institution.former_names.filter(until_date__gte=last_day).exists():
        raise InstitutionNotChanged(_("It was renamed on that day or after it before."))
    FormerName.objects.create(
        institution=institution,
        name=institution.name,
        short_name=institution.short_name,
        until_date=last_day,
        reason=reason,
    )


def end_institution(
    *,
    institution: Institution,
    last_day: date,
    lifts_children: bool,
    reason: str,
    actor: User | None,
    at: datetime,
) -> Institution:
    """End its active period, and with it the roles of the people there.

    Those below move up at once with `lifts_children`, or else end the same day.
    Raises InstitutionNotChanged and TreeRefused.
    """
    with transaction.atomic():
        institution = locked(institution)
        if institution.active_to and institution.active_to <= last_day:
            raise InstitutionNotChanged(_("It has ended before."))
        if lifts_children:
            _lift_children(institution, last_day, at)
        below = Institution.objects.filter(
            government=institution.government_id, path__startswith=institution.path
        ).filter(Q(active_to=None) | Q(active_to__gt=last_day), successor=None)
        for each in below.select_for_update(no_key=True).order_by("pk"):
            _end(each, last_day, reason, actor, at)
    institution.refresh_from_db()
    return institution


def _lift_children(institution: Institution, last_day: date, at: datetime) -> None:
    if institution.parent:
        trees.check_parent(institution.parent, government=institution.government, at=at)
    outliving = Q(active_to=None) | Q(active_to__gt=last_day)
    lifted = Institution.objects.filter(outliving, parent=institution, successor=None)
    lifted.update(parent=institution.parent)
    trees.rebuild_paths(institution.government)
    institution.refresh_from_db(fields=["path"])


def _end(
    institution: Institution,
    last_day: date,
    reason: str,
    actor: User | None,
    at: datetime,
) -> None:
    if institution.active_from and institution.active_from > last_day:
        raise InstitutionNotChanged(
            _("%(institution)s begins only after that day.")
            % {"institution": institution}
        )
    before = institution.active_to
    institution.active_to = last_day
    institution.save(update_fields=["active_to"])
    end_roles(institution, last_day=last_day, reason=reason, actor=actor, at=at)
    changes = {"active_to": [before, last_day]}
    _record("institution.ended", institution, actor, at, reason, changes)


def end_roles(
    institution: Institution,
    *,
    last_day: date,
    reason: str,
    actor: User | None,
    at: datetime,
) -> None:
    """End all roles in an institution with it; those yet to begin never do."""
    left = Membership.objects.of_body(institution).standing(at)
    for membership in left.filter(Q(to_date=None) | Q(to_date__gt=last_day)):
        if membership.from_date <= last_day:
            people.end_membership(
                membership=membership,
                to_date=last_day,
                reason=reason,
                actor=actor,
                at=at,
            )
        else:
            people.end_membership_at_once(
                membership=membership, reason=reason, actor=actor, at=at
            )


def reactivate_institution(
    *, institution: Institution, reason: str, actor: User | None, at: datetime
) -> Institution:
    """Take an ended institution up again; one that was merged leaves its successor.

    Roles that ended stay ended. Raises InstitutionNotChanged and TreeRefused.
    """
    with transaction.atomic():
        institution = locked(institution)
        if institution.active_to is None:
            raise InstitutionNotChanged(_("It is active and has no end."))
        if institution.parent:
            trees.check_parent(
                institution.parent, government=institution.government, at=at
            )
        changes = {
            "active_to": [institution.active_to, None],
            "successor": [str(institution.successor or ""), ""],
        }
        institution.active_to = institution.successor = None
        institution.save(update_fields=["active_to", "successor"])
        trees.rebuild_paths(institution.government)
        institution.refresh_from_db(fields=["path"])
        _record("institution.reactivated", institution, actor, at, reason, changes)
    return institution


def locked(institution: Institution) -> Institution:
    """Read it anew, while nobody else changes the tree it stands in."""
    trees.lock_tree(institution.government)
    return Institution.objects.select_related("government", "parent", "successor").get(
        pk=institution.pk
    )


def _record(
    action: str,
    institution: Institution,
    actor: User | None,
    at: datetime,
    reason: str,
    changes: Mapping[str, Any],
) -> None:
    audit.record(
        action,
        actor=actor,
        target=institution,
        at=at,
        scope=institution.government.code,
        reason=reason,
        changes=changes,
    )
