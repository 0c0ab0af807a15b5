"""What people do with the register of innovations."""

from datetime import datetime

from django.utils.text import slugify

from accounts.models import Institution
from innovations.models import Innovation


def register_innovation(
    *, institution: Institution, title: str, at: datetime
) -> Innovation:
    """Enter a new innovation of `institution` under a slug of its own."""
    return Innovation.objects.create(
        institution=institution, title=title, slug=_free_slug(title), created_at=at
    )


def _free_slug(title: str) -> str:
    stem = slugify(title)[:200] or "inovasi"
    taken = set(
        Innovation.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    )
    if stem not in taken:
        return stem
    return next(
        slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken
    )
