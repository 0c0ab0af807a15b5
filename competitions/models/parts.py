"""What several parts of a round's rules have in common."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution


def kinds_of_institutions() -> ArrayField:
    """Kinds of institutions that something is meant for; none means every kind."""
    return ArrayField(
        models.CharField(max_length=20, choices=Institution.Kind),
        default=list,
        blank=True,
        help_text="None means every kind.",
    )


def is_meant(value: str, meant: Sequence[str]) -> bool:
    """Whether `value` is among those `meant`; none means all."""
    return not meant or value in meant


class ForTracks(models.Model):
    """A part of the rules that may be for some tracks only.

    Codes in place of rows: a track that is taken away must leave a dangling name for
    `checks` to find, and never widen a part to every track.

    Source: rule FRM-04 in docs/rules.md.
    """

    tracks = ArrayField(
        models.SlugField(max_length=30),
        default=list,
        blank=True,
        help_text="Codes of tracks. None means every track.",
    )

    class Meta:
        abstract = True

    def is_for(self, track: str) -> bool:
        """Whether it concerns proposals of the track with this code."""
        return is_meant(track, self.tracks)


class Grouping(models.TextChoices):
    """What proposals are told apart by, where something holds for each group."""

    OVERALL = "overall", _("All proposals together")
    TRACK = "track", _("Each track")
    CATEGORY = "category", _("Each category")
    CLUSTER = "cluster", _("Each cluster")


class ForGroups(models.Model):
    """A part of the rules that holds for each group of proposals by itself."""

    per = models.CharField(max_length=10, choices=Grouping, default=Grouping.OVERALL)
    groups = ArrayField(
        models.SlugField(max_length=60),
        default=list,
        blank=True,
        help_text="Codes of the tracks, categories or clusters. None means each.",
    )

    class Meta:
        abstract = True

    def is_for_group(self, code: str) -> bool:
        """Whether it holds for the track, category or cluster with this code."""
        return is_meant(code, self.groups)
