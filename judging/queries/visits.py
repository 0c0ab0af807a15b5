"""Field verification: claims and findings of one sheet, visits of a round."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from competitions.models import ScoringStage
from judging.models import FieldVisit, ScoreSheet, VisitClaim, VisitFinding, VisitPhoto
from judging.visiting import Found
from submissions.models import Answer, Proposal


def claims_of(sheet: ScoreSheet) -> list[VisitClaim]:
    """List the claims that the juror of `sheet` checks, in the order they came."""
    return list(VisitClaim.objects.of(sheet))


def findings_of(sheet: ScoreSheet) -> dict[str, Found]:
    """What the juror found, by key of the claim."""
    rows = VisitFinding.objects.filter(sheet=sheet)
    return {
        key: Found(outcome, note)
        for key, outcome, note in rows.values_list("claim__key", "outcome", "note")
    }


def visit_of(sheet: ScoreSheet) -> FieldVisit:
    """The facts of the visit; an empty one, not saved, while nothing is written."""
    return FieldVisit.objects.filter(sheet=sheet).first() or FieldVisit(sheet=sheet)


def answers_of(proposal: Proposal) -> list[tuple[str, str]]:
    """The answers of a proposal as plain text, with the titles of their sections."""
    answers = Answer.objects.filter(proposal=proposal, section__form=proposal.form_id)
    return list(
        answers.order_by("section__order", "pk").values_list("section__title", "text")
    )


def photos_of(sheet: ScoreSheet) -> list[VisitPhoto]:
    """List the photos of `sheet` as they came."""
    return list(VisitPhoto.objects.filter(sheet=sheet).order_by("uploaded_at", "pk"))


@dataclass(frozen=True)
class VisitRow:
    """One proposal of a gate: its visits by juror, without what they found."""

    proposal: Proposal
    claims: int
    sheets: list[ScoreSheet]

    @property
    def done(self) -> int:
        return sum(sheet.is_done for sheet in self.sheets)


def visits_of(stage: ScoringStage, proposals: Iterable[Proposal]) -> list[VisitRow]:
    """How far the visits of `proposals` are, in three queries."""
    listed = list(proposals)
    claims = dict(
        VisitClaim.objects.for_all()
        .filter(scoring_stage=stage, proposal__in=listed)
        .values_list("proposal")
        .annotate(Count("pk"))
        .order_by()
    )
    sheets: dict[int, list[ScoreSheet]] = {}
    for sheet in _sheets(stage, listed):
        sheets.setdefault(sheet.assignment.proposal_id, []).append(sheet)
    return [
        VisitRow(each, claims.get(each.pk, 0), sheets.get(each.pk, []))
        for each in listed
    ]


def visited_proposals(stage: ScoringStage) -> QuerySet[Proposal]:
    """The proposals that a juror is to visit, by title."""
    open_sheets = ScoreSheet.objects.open().filter(assignment__scoring_stage=stage)
    return (
        Proposal.objects.filter(pk__in=open_sheets.values("assignment__proposal"))
        .select_related("institution")
        .order_by("title", "pk")
    )


def _sheets(stage: ScoringStage, proposals: Iterable[Proposal]) -> QuerySet[ScoreSheet]:
    photos = (
        VisitPhoto.objects.filter(sheet=OuterRef("pk"))
        .values("sheet")
        .annotate(number=Count("pk"))
        .values("number")
    )
    checked = (
        VisitFinding.objects.filter(sheet=OuterRef("pk"))
        .exclude(outcome="")
        .values("sheet")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        ScoreSheet.objects.open()
        .filter(assignment__scoring_stage=stage, assignment__proposal__in=proposals)
        .select_related("assignment__juror__user", "fieldvisit")
        .annotate(
            photo_count=Coalesce(Subquery(photos), 0),
            checked_count=Coalesce(Subquery(checked), 0),
        )
        .order_by("assignment__juror__user__name", "pk")
    )
