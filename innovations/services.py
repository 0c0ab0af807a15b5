"""What people do with the register of innovations."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Institution
from innovations.models import Achievement, Innovation

STEM_LENGTH = 200
ATTEMPTS = 5


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


def record_achievement(
    *,
    innovation: Innovation,
    level: str,
    competition: str,
    year: int,
    public_from: datetime,
    at: datetime,
    source_key: str = "",
) -> Achievement:
    """Note an award that an innovation has won; one of the portal is noted once."""
    values = {
        "innovation": innovation,
        "level": level,
        "competition": competition,
        "year": year,
        "public_from": public_from,
        "recorded_at": at,
    }
    if not source_key:
        return Achievement.objects.create(**values)
    achievement, _made = Achievement.objects.update_or_create(
        source_key=source_key, defaults=values
    )
    return achievement


def forget_achievement(*, source_key: str) -> None:
    """Take an award of the portal out of the register, as when it was revoked."""
    Achievement.objects.filter(source_key=source_key).delete()


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
