"""The score sheets of one juror as a paper: plain values that never change.

Source: rule PLN-11 in docs/rules.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from competitions.models import Criterion, ScoringStage
from competitions.queries import ScoringParts
from core import dates, numbers
from documents.models import DocumentKind, IssuedDocument
from judging import queries, scoring
from judging.models import Juror, Score, ScoreSheet

KIND = DocumentKind.SCORE_SHEET.value
TEMPLATE = "judging/pdf/score_sheets.html"


@dataclass(frozen=True)
class JurorPaper:
    """A juror of a stage, how far they are, and the paper that holds, if any."""

    juror: Juror
    progress: queries.Progress
    document: IssuedDocument | None


def subject_key(stage: ScoringStage, juror: Juror) -> str:
    """What the paper of `juror` in `stage` is filed under."""
    return f"sheets:{stage.pk}:{juror.pk}"


def paper_of(stage: ScoringStage, juror: Juror) -> IssuedDocument | None:
    """The paper of `juror` that holds."""
    return papers_of(stage, [juror]).get(juror.pk)


def papers_of(
    stage: ScoringStage, jurors: Iterable[Juror]
) -> dict[int, IssuedDocument]:
    """The papers of a stage that hold, by the juror's id (one query)."""
    keys = {subject_key(stage, each): each.pk for each in jurors}
    found = IssuedDocument.objects.filter(
        kind=KIND, subject_key__in=keys, state=IssuedDocument.State.ISSUED
    )
    return {keys[each.subject_key]: each for each in found.defer("values")}


def listed(stage: ScoringStage) -> list[JurorPaper]:
    """List who has sheets in `stage`, in the order of invitation (three queries)."""
    progress = queries.coverage(stage)
    jurors = list(
        Juror.objects.filter(pk__in=progress).select_related("user").order_by("pk")
    )
    papers = papers_of(stage, jurors)
    return [JurorPaper(each, progress[each.pk], papers.get(each.pk)) for each in jurors]


def done_sheets(stage: ScoringStage, juror: Juror) -> list[ScoreSheet]:
    """Load what `juror` has finished or abstained from in `stage`, by code."""
    return list(
        ScoreSheet.objects.open()
        .done()
        .filter(assignment__scoring_stage=stage, assignment__juror=juror)
        .select_related(
            "assignment__proposal__institution", "assignment__proposal__track"
        )
        .prefetch_related(Prefetch("score_set", Score.objects.order_by("pk")))
        .order_by("assignment__proposal__code")
    )


def values_of(
    parts: ScoringParts, juror: Juror, sheets: Sequence[ScoreSheet]
) -> dict[str, Any]:
    """Collect all that the paper prints of `sheets`, as done_sheets() gives them.

    Where the stage is blind it names no institution: its juror never read one.
    """
    stage = parts.stage
    round = stage.round
    government = round.competition.government
    criteria = parts.leaves
    final = [each for each in sheets if each.is_final]
    return {
        "issuer": government.name,
        "government_name": government.name,
        "secretariat_name": government.secretariat_name,
        "government_address": government.address,
        "government_contact": government.contact,
        "government_emblem": government.emblem,
        "round_name": round.name,
        "stage_name": stage.name,
        "juror_name": juror.user.name,
        "juror_background": juror.get_background_display(),
        "juror_affiliation": juror.affiliation,
        "is_gate": stage.is_gate,
        "is_blind": stage.is_blind,
        "scale": ""
        if stage.is_gate
        else _("%(low)s to %(high)s")
        % {
            "low": scoring.plain(stage.scale_min),
            "high": scoring.plain(stage.scale_max),
        },
        "criteria": [
            {
                "sign": f"K{number}",
                "name": each.name,
                "weight": scoring.plain(each.weight),
            }
            for number, each in enumerate(criteria, start=1)
        ],
        "rows": [
            _row(number, each, criteria, is_blind=stage.is_blind)
            for number, each in enumerate(final, start=1)
        ],
        "notes": [
            {"code": each.assignment.proposal.code, "lines": lines}
            for each in final
            if (lines := _notes(each, criteria))
        ],
        "abstained": [
            {
                "code": each.assignment.proposal.code,
                "title": each.assignment.proposal.title,
                "reason": each.abstain_reason,
            }
            for each in sheets
            if each.is_abstained
        ],
        "place_and_date": _place_and_date(government.place, sheets, round.zone),
        "is_demonstration": round.is_demonstration,
        "public": [
            [_("Juror"), juror.user.name],
            [_("Round"), round.name],
            [_("Stage"), stage.name],
        ],
    }


def _row(
    number: int, sheet: ScoreSheet, criteria: Sequence[Criterion], *, is_blind: bool
) -> dict[str, Any]:
    proposal = sheet.assignment.proposal
    own = [each for each in criteria if each.is_for(proposal.track.code)]
    given = {each.criterion_id: each for each in sheet.score_set.all()}
    return {
        "number": number,
        "code": proposal.code,
        "title": proposal.title,
        "institution": "" if is_blind else proposal.institution.name,
        "scores": [_score(each, given) for each in criteria],
        "total": numbers.decimal(scoring.total_so_far(own, given), 2),
        "verdict": sheet.get_verdict_display() if sheet.verdict else "",
    }


def _score(criterion: Criterion, given: Mapping[int, Score]) -> str:
    value: Decimal | None = getattr(given.get(criterion.pk), "value", None)
    return "" if value is None else scoring.plain(value)


def _notes(sheet: ScoreSheet, criteria: Sequence[Criterion]) -> list[dict[str, str]]:
    """What the juror wrote: of the verdict, then criterion by criterion."""
    given = {each.criterion_id: each.note.strip() for each in sheet.score_set.all()}
    lines = [{"sign": "", "text": sheet.note.strip()}]
    lines += [
        {"sign": f"K{number}", "text": given.get(each.pk, "")}
        for number, each in enumerate(criteria, start=1)
    ]
    return [each for each in lines if each["text"]]


def _place_and_date(place: str, sheets: Sequence[ScoreSheet], zone: tzinfo) -> str:
    """Where and when the last of them was finished: what the juror signs to."""
    moments: list[datetime] = [
        each.finalised_at for each in sheets if each.finalised_at is not None
    ]
    return f"{place}, {dates.format_date(max(moments), zone=zone)}" if moments else ""
