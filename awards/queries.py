"""Reads of awards that span models."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from awards import certificates, feedback_letters
from awards.models import Award, Decree, FeedbackNote, FeedbackPlan
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
from judging.models import Result, ResultRow, Score, ScoreSheet
from submissions.models import Proposal


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


# Feedback to authors ------------------------------------------------------------------


def plan_of(round: Round) -> FeedbackPlan:
    """Find what the authors of `round` are told; as it is by itself, if not chosen."""
    return FeedbackPlan.objects.filter(round=round).first() or FeedbackPlan(round=round)


def judged_rows(result: Result) -> QuerySet[ResultRow]:
    """Keep the rows of `result` that somebody judged, and that still take part."""
    return result.resultrow_set.filter(
        sheet_count__gt=0, proposal__state=Proposal.State.SCREENED_PASSED
    )


def awarded_rows(round: Round) -> set[int]:
    """Find the ids of the rows of `round` that hold an award."""
    awards = Award.objects.of_round(round).standing()
    return set(awards.values_list("row", flat=True))


def notes_on(proposal: Proposal) -> list[tuple[Score, FeedbackNote | None]]:
    """Load what jurors wrote on `proposal` in sheets that count, with the decisions."""
    scores = (
        _notes(proposal.round)
        .filter(sheet__assignment__proposal=proposal)
        .select_related("feedbacknote")
    )
    return [(each, getattr(each, "feedbacknote", None)) for each in scores]


def note_counts(round: Round) -> dict[int, tuple[int, int]]:
    """Count the notes of each proposal, and those edited or withheld, by its id."""
    changed = Q(feedbacknote__choice__in=["edited", "withheld"])
    rows = (
        _notes(round)
        .values_list("sheet__assignment__proposal")
        .annotate(notes=Count("pk"), changed=Count("pk", filter=changed))
        .order_by()
    )
    return {proposal: (notes, changed) for proposal, notes, changed in rows}


def _notes(round: Round) -> QuerySet[Score]:
    sheets = ScoreSheet.objects.open().final().filter(assignment__juror__round=round)
    return Score.objects.filter(
        sheet__in=sheets.values("pk"), note__regex=r"\S"
    ).order_by("criterion__scoring_stage__order", "criterion__order", "pk")


def readable_feedback(user: User, at: datetime) -> QuerySet[ResultRow]:
    """Keep the rows whose authors `user` is one of, and that may be read at `at`.

    The feedback is released, the winners are public, and the proposal was judged.
    """
    return ResultRow.objects.filter(
        result__in=Result.objects.standing(),
        sheet_count__gt=0,
        proposal__in=Proposal.objects.of_institutions_of(user).filter(
            state=Proposal.State.SCREENED_PASSED
        ),
        result__round__feedbackplan__released_at__isnull=False,
        result__round__decree__publish_at__lte=at,
    )


def letters_of(proposals: Iterable[int]) -> dict[int, IssuedDocument]:
    """Find the valid feedback letters of proposals, by the proposal's id."""
    keys = {feedback_letters.subject_key(pk): pk for pk in proposals}
    papers = IssuedDocument.objects.filter(
        kind=feedback_letters.KIND,
        subject_key__in=keys,
        state=IssuedDocument.State.ISSUED,
    ).defer("values")
    return {keys[each.subject_key]: each for each in papers}


def plans_to_announce(at: datetime) -> list[int]:
    """List the ids of released plans whose authors were not all told yet."""
    plans = FeedbackPlan.objects.filter(
        released_at__isnull=False, announced_at=None, round__decree__publish_at__lte=at
    )
    return list(plans.order_by("pk").values_list("pk", flat=True))
