"""What a government is called, what its papers carry, and who signs them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import emblems
from accounts.models import Government, Signatory, User
from accounts.services import trees
from core import audit
from core.errors import DomainError
from core.text import mask_employee_number

SIGNATORY_FIELDS = ("name", "position", "rank_grade", "employee_number")


class SignatoryNotChanged(DomainError):
    """The official is out of office, or cannot be on that day."""


class ParentNotSet(DomainError):
    """Only a city or a regency stands below a province."""


def edit_government(
    *, government: Government, fields: Mapping[str, Any], actor: User, at: datetime
) -> Government:
    """Change what `fields` name; papers already issued keep what they say."""
    with transaction.atomic():
        trees.lock_tree(government)
        government = Government.objects.get(pk=government.pk)
        changes = _set_fields(government, fields)
        if changes:
            government.save(update_fields=list(changes))
            _record("government.edited", government, actor, at, changes)
    return government


def set_parent(
    *, government: Government, parent: Government | None, actor: User, at: datetime
) -> Government:
    """Put a city or regency below its province. Raises ParentNotSet."""
    with transaction.atomic():
        trees.lock_tree(government)
        government = Government.objects.get(pk=government.pk)
        check_parent(government.kind, government.code, parent)
        changes = {"parent": [str(government.parent or ""), str(parent or "")]}
        if parent != government.parent:
            government.parent = parent
            government.save(update_fields=["parent"])
            _record("government.edited", government, actor, at, changes)
    return government


def check_parent(kind: str, code: str, parent: Government | None) -> None:
    """Raise ParentNotSet unless `parent` is the province that `code` names, or none."""
    if parent is None:
        return
    if kind == Government.Kind.PROVINCE:
        raise ParentNotSet(_("A province stands below no other government."))
    if parent.kind != Government.Kind.PROVINCE:
        raise ParentNotSet(_("Choose a province."))
    if not code.startswith(f"{parent.code}."):
        raise ParentNotSet(
            _("The code %(code)s does not begin with that of %(parent)s, %(above)s.")
            % {"code": code, "parent": parent, "above": parent.code}
        )


def set_emblem(
    *, government: Government, content: bytes, actor: User, at: datetime
) -> Government:
    """Give the government another emblem. Raises EmblemRefused if it is no PNG."""
    digest = emblems.store(emblems.redrawn(content))
    return edit_government(
        government=government, fields={"emblem": digest}, actor=actor, at=at
    )


def remove_emblem(*, government: Government, actor: User, at: datetime) -> Government:
    """Leave new papers without an emblem; issued ones keep theirs."""
    return edit_government(
        government=government, fields={"emblem": ""}, actor=actor, at=at
    )


def save_signatory(
    *,
    government: Government,
    signatory: Signatory | None,
    fields: Mapping[str, Any],
    is_default: bool,
    actor: User,
    at: datetime,
) -> Signatory:
    """Enter an official who signs, or mend what stands of one; one is the default.

    Raises SignatoryNotChanged for one out of office.
    """
    with transaction.atomic():
        trees.lock_tree(government)
        if signatory is None:
            signatory, action = Signatory(government=government), "signatory.created"
        else:
            signatory, action = _in_office(signatory), "signatory.edited"
        changes = _set_fields(signatory, fields)
        if signatory.is_default != is_default:
            changes["is_default"] = [signatory.is_default, is_default]
        if is_default:
            others = government.signatory_set.exclude(pk=signatory.pk)
            others.filter(is_default=True).update(is_default=False)
        signatory.is_default = is_default
        signatory.save()
        if changes:
            _record(action, government, actor, at, changes, signatory=signatory)
    return signatory


def end_signatory(
    *, signatory: Signatory, last_day: date, reason: str, actor: User, at: datetime
) -> Signatory:
    """Note the last day in office; papers signed until then keep the name.

    Raises SignatoryNotChanged for a day to come, or one who is out already.
    """
    with transaction.atomic():
        government = signatory.government
        trees.lock_tree(government)
        signatory = _in_office(signatory)
        if last_day > government.day_of(at):
            raise SignatoryNotChanged(_("Enter the end on that day, or later."))
        signatory.ended_date, signatory.is_default = last_day, False
        signatory.save(update_fields=["ended_date", "is_default"])
        changes = {"ended_date": [None, last_day]}
        _record(
            "signatory.ended",
            government,
            actor,
            at,
            changes,
            signatory=signatory,
            reason=reason,
        )
    return signatory


def _in_office(signatory: Signatory) -> Signatory:
    signatory = Signatory.objects.get(pk=signatory.pk)
    if signatory.ended_date:
        raise SignatoryNotChanged(
            _("%(name)s is out of office already.") % {"name": signatory.name}
        )
    return signatory


def _set_fields(
    row: Government | Signatory, fields: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Set what differs and give it as [old, new]; an NIP is told masked."""
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before == value:
            continue
        setattr(row, name, value)
        is_number = name == "employee_number"
        changes[name] = [
            mask_employee_number(each) if is_number else each
            for each in (before, value)
        ]
    return changes


def _record(
    action: str,
    government: Government,
    actor: User,
    at: datetime,
    changes: Mapping[str, Any],
    *,
    signatory: Signatory | None = None,
    reason: str = "",
) -> None:
    audit.record(
        action,
        actor=actor,
        target=signatory or government,
        at=at,
        scope=government.code,
        reason=reason,
        changes=changes,
    )
