from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
    TrigramWordSimilarity,
)
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Government
from catalogue.motifs import motif_of
from core.rich_text import CANONICAL, RichText
from innovations.models import Innovation

# So many are put in order by closeness: to weigh every entry would take seconds.
MOST_WEIGHED = 1_000


class EntryQuerySet(models.QuerySet["Entry"]):
    def published_at(self, at: datetime) -> Self:
        """Keep what the public may read at `at`."""
        return self.filter(published_at__lte=at)

    def search_for(self, words: str) -> Self:
        """Keep what speaks of `words`, the closest first; one query to choose how.

        Stems of whole words count in title, summary and institution. Where they find
        nothing, a part of a word, or one typed wrong, counts in the title. Of a word
        that everything speaks of only the newest are weighed.
        """
        query = SearchQuery(words, config="indonesian", search_type="websearch")
        found = self.filter(search=query)
        if not found.exists():
            found = self.filter(title__trigram_word_similar=words)
        weighed = found.order_by("-year", "award_order").values("pk")[:MOST_WEIGHED]
        return (
            self.filter(pk__in=weighed)
            .annotate(
                closeness=SearchRank(F("search"), query)
                + TrigramWordSimilarity(words, "title")
            )
            .order_by("-closeness", "-year", "title", "pk")
        )

    def for_list(self) -> Self:
        """Load all that one card shows."""
        return self.only(
            "slug",
            "title",
            "summary",
            "institution_short_name",
            "category_code",
            "category_name",
            "year",
            "award_name",
        )

    def newest_first(self) -> Self:
        return self.order_by("-year", "award_order", "title", "pk")


class Entry(models.Model):
    """The published copy of an innovation: an edit of its proposal changes nothing."""

    NO_AWARD = 1000

    innovation = models.ForeignKey(Innovation, models.PROTECT)
    government = models.ForeignKey(Government, models.PROTECT)
    slug = models.SlugField(max_length=230, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    summary_html = models.TextField(
        blank=True, help_text="With its formats as core.rich_text writes them."
    )
    institution_name = models.CharField(_("institution"), max_length=150)
    institution_short_name = models.CharField(max_length=60)
    category_code = models.SlugField(max_length=60, blank=True)
    category_name = models.CharField(_("category"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    round_name = models.CharField(max_length=150)
    round_slug = models.SlugField(max_length=100)
    award_name = models.CharField(_("award"), max_length=80, blank=True)
    award_order = models.PositiveSmallIntegerField(
        default=NO_AWARD,
        help_text="The award's place in its scheme; without one, last.",
    )
    sdgs = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    started_date = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(
        help_text="The public reads it from this moment on."
    )
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="indonesian")
        + SearchVector("summary", weight="B", config="indonesian")
        + SearchVector("institution_name", weight="C", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["innovation", "round_slug"],
                name="catalogue_entry_once_per_round",
            ),
            models.CheckConstraint(
                condition=Q(summary_html="")
                | Q(summary_html__startswith="<", summary_html__regex=CANONICAL),
                name="catalogue_entry_html_is_clean",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="catalogue_entry_search"),
            GinIndex(
                fields=["title"],
                opclasses=["gin_trgm_ops"],
                name="catalogue_entry_title_trgm",
            ),
            models.Index(fields=["-year", "award_order"], name="catalogue_entry_year"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:entry_detail", args=[self.slug])

    @property
    def body(self) -> SafeString:
        """The summary with its formats, ready to be shown."""
        return RichText(self.summary, self.summary_html).body

    @property
    def motif(self) -> str:
        """The batik pattern of its field: see the design kit, section 1."""
        return motif_of(self.category_code)

    @property
    def award_line(self) -> str:
        """The award with its year, or nothing."""
        return f"{self.award_name} {self.year}" if self.award_name else ""

    @property
    def meta_line(self) -> str:
        """Field of service and year."""
        return ", ".join(filter(None, (self.category_name, str(self.year))))
