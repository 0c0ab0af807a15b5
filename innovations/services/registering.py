"""Entering innovations, describing them, retiring them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from core import audit
from core.errors import DomainError
from innovations.models import Innovation

STEM_LENGTH = 200
ATTEMPTS = 5


class NotInForce(DomainError):
    """The entry takes no change: another one stands for it, or it is retired."""


def register_innovation(
    *, institution: Institution, title: str, at: datetime
) -> Innovation:
    """Enter a new innovation of `institution` under a slug of its own.

    Two may enter the same title at once: whoever comes second takes the next slug.
    """
    for attempt in range(1, ATTEMPTS + 1):
        innovation = Innovation(
            institution=institution, title=title, slug=_free_slug(title), created_at=at
        )
        try:
            with transaction.atomic():
                innovation.save(force_insert=True)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            break
    return innovation


def describe_innovation(
    *,
    innovation: Innovation,
    title: str,
    started_date: date | None,
    sdgs: Iterable[int],
) -> Innovation:
    """Bring the register up to date with what was submitted; the slug stays.

    `sdgs` are goal numbers from 1 to 17. A proposal without a starting date does not
    erase a known one.
    """
    innovation.title = title
    innovation.started_date = started_date or innovation.started_date
    innovation.sdgs = sorted(set(sdgs)) or innovation.sdgs
    innovation.save(update_fields=["title", "started_date", "sdgs"])
    return innovation


def retire_innovation(
    *, innovation: Innovation, reason: str, actor: User, at: datetime
) -> Innovation:
    """Take an innovation out of use: it enters no round any more. Raises NotInForce.

    Source: rule INN-04 in docs/rules.md.
    """
    with transaction.atomic():
        standing = in_force(innovation)
        standing.retired_at, standing.retired_by = at, actor
        standing.retirement_reason = reason
        standing.save(update_fields=["retired_at", "retired_by", "retirement_reason"])
        _note("innovation.retired", standing, actor, at, reason=reason)
    return standing


def revive_innovation(
    *, innovation: Innovation, actor: User, at: datetime
) -> Innovation:
    """Take a retired innovation into use again."""
    with transaction.atomic():
        standing = locked(innovation)
        if not standing.is_retired:
            raise NotInForce(_("%(title)s is in use already.") % {"title": standing})
        standing.retired_at = standing.retired_by = None
        standing.retirement_reason = ""
        standing.save(update_fields=["retired_at", "retired_by", "retirement_reason"])
        _note("innovation.revived", standing, actor, at)
    return standing


def locked(innovation: Innovation) -> Innovation:
    """Read `innovation` anew and lock its row until the transaction ends."""
    found = Innovation.objects.select_related("institution__government")
    return found.select_for_update(of=("self",), no_key=True).get(pk=innovation.pk)


def in_force(innovation: Innovation) -> Innovation:
    """The same, of one that may change. Raises NotInForce."""
    standing = locked(innovation)
    if standing.is_merged:
        raise NotInForce(
            _("Another entry of the register stands for %(title)s now.")
            % {"title": standing}
        )
    if standing.is_retired:
        raise NotInForce(_("%(title)s is out of use.") % {"title": standing})
    return standing


def _note(
    action: str, innovation: Innovation, actor: User, at: datetime, reason: str = ""
) -> None:
    audit.record(
        action,
        actor=actor,
        target=innovation,
        at=at,
        scope=innovation.institution.government.code,
        reason=reason,
    )


def _free_slug(title: str) -> str:
    stem = slugify(title)[:STEM_LENGTH].rstrip("-") or "inovasi"
    taken = set(
        Innovation.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    )
    if stem not in taken:
        return stem
    return next(
        slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken
    )
