"""Reads of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count

from awards.models import Award
from catalogue.models import Entry
from submissions import similarity

CHOICES_SECONDS = 60
SIMILAR_COUNT = 3
LIKE_COUNT = 5


@dataclass(frozen=True)
class Choices:
    """What the public entries can be narrowed by; each with its number of entries."""

    years: Sequence[tuple[int, int]]
    categories: Sequence[tuple[str, str, int]]
    institutions: Sequence[tuple[str, int]]


def choices(at: datetime) -> Choices:
    """Give the choices of the catalogue, at most a minute old.

    They group a whole table by words, and change a few times a year.
    """
    found = cache.get("catalogue:choices")
    if not isinstance(found, Choices):
        found = _count_choices(at)
        cache.set("catalogue:choices", found, CHOICES_SECONDS)
    return found


def similar_to(entry: Entry, at: datetime) -> list[Entry]:
    """Find a few public entries of the same field."""
    return list(
        Entry.objects.published_at(at)
        .filter(category_code=entry.category_code)
        .exclude(innovation=entry.innovation_id)
        .for_list()
        .newest_first()[:SIMILAR_COUNT]
    )


def titles_like(title: str, at: datetime) -> list[dict[str, Any]]:
    """The public entries with the likest titles, as `public_titles` asks for them."""
    found = (
        Entry.objects.published_at(at)
        .filter(similarity.alike_title(title))
        .annotate(share=similarity.share_of_title(title))
        .only("title", "year", "institution_short_name", "slug", "innovation")
        .order_by("-share", "-pk")[:LIKE_COUNT]
    )
    return [
        {
            "title": entry.title,
            "year": entry.year,
            "institution": entry.institution_short_name,
            "url": entry.get_absolute_url(),
            "share": entry.share,
            "innovation": entry.innovation_id,
        }
        for entry in found
    ]


def pages_of(awards: Sequence[Award], at: datetime) -> dict[int, dict[str, str]]:
    """Where the public reads at `at` of each winner of one round, by the award's id."""
    if not awards:
        return {}
    entries = {
        entry.innovation_id: entry
        for entry in Entry.objects.published_at(at).filter(
            round_slug=awards[0].row.result.round.slug
        )
    }
    return {
        award.pk: {"url": entry.get_absolute_url(), "motif": entry.motif}
        for award in awards
        if (entry := entries.get(award.row.proposal.innovation_id))
    }


def entry_with(award: Award) -> Entry | None:
    """Find the entry that names `award` as what its innovation has won."""
    return Entry.objects.filter(
        innovation=award.row.proposal.innovation_id,
        round_slug=award.row.result.round.slug,
        award_name=award.level.name,
    ).first()


def _count_choices(at: datetime) -> Choices:
    public = Entry.objects.published_at(at)
    number = Count("pk")
    return Choices(
        years=list(public.values_list("year").annotate(number).order_by("-year")),
        categories=list(
            public.exclude(category_code="")
            .values_list("category_code", "category_name")
            .annotate(number)
            .order_by("category_name", "category_code")
        ),
        institutions=list(
            public.values_list("institution_name")
            .annotate(number)
            .order_by("institution_name")
        ),
    )
