"""Reads of awards that span models."""

from collections.abc import Iterable
from datetime import datetime

from awards import certificates
from awards.models import Award, Decree
from competitions.models import (
    AwardLevel,
    Category,
    Cluster,
    Grouping,
    Round,
    Track,
)
from documents.models import Batch, IssuedDocument
from judging import queries as judging_queries
from judging.models import Result


def result_to_award(round: Round) -> Result | None:
    """Find the sealed result that the awards of `round` follow from."""
    return judging_queries.sealed_result(round)


def levels_of(round: Round) -> list[AwardLevel]:
    """List the award scheme of `round`, the highest first."""
    return list(
        round.awardlevel_set.select_related("predicate").order_by(
            "order", "rank_from", "pk"
        )
    )


def group_names(
    round: Round, levels: Iterable[AwardLevel]
) -> dict[tuple[str, str], str]:
    """Name the groups that `levels` are given in, by grouping and code."""
    models: dict[str, type[Track | Category | Cluster]] = {
        Grouping.TRACK: Track,
        Grouping.CATEGORY: Category,
        Grouping.CLUSTER: Cluster,
    }
    return {
        (per, code): name
        for per in {level.per for level in levels} & models.keys()
        for code, name in models[per]
        .objects.filter(round=round)
        .values_list("code", "name")
    }


def decree_of(round: Round) -> Decree | None:
    return Decree.objects.filter(round=round).first()


def certificates_of(awards: Iterable[Award]) -> dict[str, IssuedDocument]:
    """Find the latest certificate of each award, by the award's subject key."""
    keys = [award.subject_key for award in awards]
    papers = IssuedDocument.objects.filter(
        kind=certificates.KIND, subject_key__in=keys
    ).defer("values")
    return {paper.subject_key: paper for paper in papers.order_by("version")}


def last_batch(round: Round) -> Batch | None:
    """Find the batch in which certificates of `round` were last ordered."""
    return (
        Batch.objects.filter(subject_key=batch_key(round))
        .order_by("-created_at", "-pk")
        .first()
    )


def batch_key(round: Round) -> str:
    return f"round:{round.pk}:certificates"


def awards_to_announce(at: datetime) -> list[int]:
    """List the ids of public awards whose rendered certificate nobody was told of."""
    waiting = (
        Award.objects.standing()
        .published_at(at)
        .filter(announced_at=None)
        .order_by("pk")
    )
    keys = {award.subject_key: award.pk for award in waiting}
    ready = IssuedDocument.objects.filter(
        kind=certificates.KIND,
        subject_key__in=keys,
        state=IssuedDocument.State.ISSUED,
        rendered_at__isnull=False,
    )
    return [keys[key] for key in ready.values_list("subject_key", flat=True)]


def rounds_with_winners(at: datetime) -> list[Round]:
    """List the rounds whose winners are public at `at`, the latest first."""
    return list(
        Round.objects.filter(decree__publish_at__lte=at, opened_at__isnull=False)
        .select_related("competition__government")
        .order_by("-year", "-edition", "pk")
    )
