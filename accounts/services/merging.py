"""Institutions that become one: the successor carries on what they wrote."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Institution, Membership, User
from accounts.services import institutions, people, trees
from core import audit
from core.errors import DomainError


class InstitutionsNotMerged(DomainError):
    """They cannot become one: ended before, of two governments, or no day for it."""


def merge_institutions(
    *,
    predecessors: Sequence[Institution],
    successor: Institution,
    first_day: date,
    memberships: Collection[Membership],
    reason: str,
    actor: User | None,
    at: datetime,
) -> Institution:
    """Let `successor` take the place of `predecessors` from `first_day` on.

    They end the day before, and the roles in them too; those of `memberships` go on in
    the successor. What stands below them moves below it. Whoever works for the
    successor reaches their proposals from now on, so the day cannot lie in the future.
    Raises InstitutionsNotMerged and TreeRefused. Source: rules ACC-10 and ACC-11 in
    docs/rules.md.
    """
    with transaction.atomic():
        successor = institutions.locked(successor)
        government = successor.government
        merged = list(
            Institution.objects.filter(pk__in=[each.pk for each in predecessors])
            .select_related("government", "parent")
            .order_by("pk")
        )
        _check(merged, successor, first_day, government.day_of(at))
        _raise_successor(successor, merged)
        trees.check_parent(successor, government=government, at=at)
        held = _roles_in(merged, at)
        wanted = {each.pk for each in memberships}
        going = [each for each in held if each.pk in wanted]
        for each in merged:
            _end(each, successor, first_day, reason, actor, at)
        Institution.objects.filter(parent__in=merged).exclude(
            pk__in=[successor.pk, *(each.pk for each in merged)]
        ).update(parent=successor)
        trees.rebuild_paths(government)
        moved = [
            each
            for each in going
            if _go_over(each, successor, first_day, reason, actor, at)
        ]
        _tell(held, moved, successor, first_day, reason, at)
        audit.record(
            "institutions.merged",
            actor=actor,
            target=successor,
            at=at,
            scope=government.code,
            reason=reason,
            changes={
                "predecessors": [each.code for each in merged],
                "from": first_day,
                "roles": len(going),
            },
        )
    successor.refresh_from_db()
    return successor


def _check(
    merged: Sequence[Institution], successor: Institution, first_day: date, today: date
) -> None:
    if not merged or successor in merged:
        raise InstitutionsNotMerged(
            _("Choose at least one institution besides the successor.")
        )
    if first_day > today:
        raise InstitutionsNotMerged(
            _("Enter the merger on the day it takes effect, or later.")
        )
    if successor.active_from and successor.active_from > today:
        raise InstitutionsNotMerged(
            _("%(successor)s is not active yet.") % {"successor": successor}
        )
    for each in merged:
        if each.government_id != successor.government_id:
            raise InstitutionsNotMerged(
                _("%(institution)s belongs to another government.")
                % {"institution": each}
            )
        if each.successor_id or trees.has_ended(each, first_day):
            raise InstitutionsNotMerged(
                _("%(institution)s has ended before.") % {"institution": each}
            )
        if each.active_from and each.active_from >= first_day:
            raise InstitutionsNotMerged(
                _("%(institution)s begins only on that day or later.")
                % {"institution": each}
            )


def _raise_successor(successor: Institution, merged: Sequence[Institution]) -> None:
    """Move the successor up out of the predecessors it stands below."""
    by_pk = {each.pk: each for each in merged}
    parent = successor.parent
    while parent and parent.pk in by_pk:
        parent = by_pk[parent.pk].parent
    if parent != successor.parent:
        successor.parent = parent
        successor.save(update_fields=["parent"])


def _roles_in(merged: Sequence[Institution], at: datetime) -> list[Membership]:
    return list(
        Membership.objects.filter(institution__in=merged)
        .standing(at)
        .select_related("user", "institution")
        .order_by("pk")
    )


def _tell(
    held: Sequence[Membership],
    moved: Sequence[Membership],
    successor: Institution,
    first_day: date,
    reason: str,
    at: datetime,
) -> None:
    """Tell everybody who worked there, in one message each."""
    moved_keys = {each.pk for each in moved}
    by_person = defaultdict(list)
    for membership in held:
        by_person[membership.user].append(membership)
    for person, roles in by_person.items():
        notices.institution_merged(
            person,
            successor=successor,
            first_day=first_day,
            ended=[each for each in roles if each.pk not in moved_keys],
            moved=[each for each in roles if each.pk in moved_keys],
            reason=reason,
            at=at,
        )


def _end(
    institution: Institution,
    successor: Institution,
    first_day: date,
    reason: str,
    actor: User | None,
    at: datetime,
) -> None:
    last_day = first_day - timedelta(days=1)
    before = institution.active_to
    institution.active_to = last_day
    institution.successor = successor
    institution.save(update_fields=["active_to", "successor"])
    institutions.end_roles(
        institution, last_day=last_day, reason=reason, actor=actor, at=at
    )
    audit.record(
        "institution.ended",
        actor=actor,
        target=institution,
        at=at,
        scope=successor.government.code,
        reason=reason,
        changes={
            "active_to": [before, last_day],
            "successor": ["", successor.code],
        },
    )


def _go_over(
    membership: Membership,
    successor: Institution,
    first_day: date,
    reason: str,
    actor: User | None,
    at: datetime,
) -> bool:
    """Let a role go on in the successor; who holds it there already keeps that one.

    Tell whether it goes on.
    """
    from_date = max(first_day, membership.from_date)
    if membership.to_date and membership.to_date < from_date:
        return False
    with suppress(people.MembershipNotGranted):
        people.grant_membership(
            user=membership.user,
            role=membership.role,
            body=successor,
            actor=actor,
            at=at,
            from_date=from_date,
            to_date=membership.to_date,
            reason=reason,
        )
    return True
