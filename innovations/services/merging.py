"""Two entries of the register that are one innovation."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import DomainError
from innovations.models import Innovation


class NotMergeable(DomainError):
    """The two cannot be one innovation."""


def merge_innovations(
    *, double: Innovation, into: Innovation, reason: str, actor: User, at: datetime
) -> Innovation:
    """Let the entry `into` stand for `double` too; nothing of either is lost.

    Proposals, awards and papers stay where they are and are found through both.
    Raises NotMergeable: for the same entry, for one that was merged before, for two
    governments, and where both entered the same round. Source: rule INN-06 in
    docs/rules.md.
    """
    with transaction.atomic():
        found = {
            each.pk: each
            for each in Innovation.objects.select_related("institution__government")
            .filter(pk__in=[double.pk, into.pk])
            .select_for_update(of=("self",))
            .order_by("pk")
        }
        gone, stays = found[double.pk], found[into.pk]
        _refuse(gone, stays)
        Innovation.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone.pk)).update(
            merged_into=stays
        )
        _take_over(gone, stays)
        audit.record(
            "innovation.merged",
            actor=actor,
            target=gone,
            at=at,
            scope=stays.institution.government.code,
            reason=reason,
            changes={"replaced_by": stays.title},
        )
    return stays


def _refuse(gone: Innovation, stays: Innovation) -> None:
    if gone.pk == stays.pk:
        raise NotMergeable(_("Choose another entry: this is the same one."))
    if gone.is_merged or stays.is_merged:
        raise NotMergeable(_("One of the two was merged before."))
    if gone.institution.government_id != stays.institution.government_id:
        raise NotMergeable(_("The two belong to different governments."))
    # Proposals stand above this layer: they are asked through the relation.
    both = rounds_of(gone) & rounds_of(stays)
    if both:
        raise NotMergeable(
            _(
                "Both have a proposal in %(round)s. One of the two must be withdrawn "
                "first."
            )
            % {"round": sorted(both)[0]}
        )


def rounds_of(innovation: Innovation) -> set[str]:
    """Names of the rounds in which it has a proposal that was not withdrawn."""
    return {
        name
        for each in [innovation, *innovation.doubles.all()]
        for name in each.proposal_set.exclude(state="withdrawn").values_list(
            "round__name", flat=True
        )
    }


def _take_over(gone: Innovation, stays: Innovation) -> None:
    """Bring achievements, yearly states and joint owners under one entry.

    Where both say something of the same year or institution, what stays has the word.
    """
    gone.achievement_set.update(innovation=stays)
    years = stays.yearstatus_set.values("year")
    gone.yearstatus_set.exclude(year__in=years).update(innovation=stays)
    known = stays.jointowner_set.values("institution")
    gone.jointowner_set.exclude(
        Q(institution__in=known) | Q(institution=stays.institution_id)
    ).update(innovation=stays)
