"""What the services of rounds share."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.text import slugify

from accounts.models import User
from competitions.models import Announcement, Competition, Event, Round
from core import audit


def locked(round: Round) -> Round:
    """The row of `round`, locked until the transaction ends."""
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("competition__government")
        .get(pk=round.pk)
    )


def record(
    action: str,
    round: Round,
    actor: User,
    at: datetime,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Append to the audit trail of the round's government."""
    audit.record(
        action,
        actor=actor,
        target=round,
        at=at,
        scope=round.competition.government.code,
        reason=reason,
        changes=changes,
    )


def free_slug(
    model: type[Competition] | type[Round] | type[Announcement] | type[Event],
    text: str,
    limit: int,
) -> str:
    """Make a slug of `text` that no row of `model` has."""
    stem = slugify(text)[: limit - 6].strip("-") or "kipp"
    taken = set(
        model.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    )
    if stem not in taken:
        return stem
    return next(
        slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken
    )
