"""Issuing score sheets of jurors and the recap of a sealed result."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Round, ScoringStage
from competitions.queries import ScoringParts
from core.errors import DomainError
from documents import services as documents_services
from documents.models import IssuedDocument
from judging import minutes, queries, recaps, sheet_papers
from judging.models import Assignment, Juror, ScoreSheet


class PaperNotIssued(DomainError):
    """Scores may not be seen yet, or there is nothing to put on paper."""


def issue_score_sheet(
    *, juror: Juror, scoring_stage: ScoringStage, actor: User, at: datetime
) -> IssuedDocument:
    """Put what a juror finished in a stage on paper, to be signed.

    Once scores may be seen; a paper that says the same is given again, another one
    takes its place. Raises PaperNotIssued.
    Source: rule PLN-11 in docs/rules.md.
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        parts = _shown_parts(scoring_stage, at)
        paper = _issue(parts, juror, actor, at)
        if paper is None:
            raise PaperNotIssued(_("No sheet of this stage is finished."))
    return paper


def issue_score_sheets(
    *, scoring_stage: ScoringStage, actor: User, at: datetime
) -> list[IssuedDocument]:
    """Do so for every juror of a stage who has finished a sheet."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        parts = _shown_parts(scoring_stage, at)
        given = Assignment.objects.filter(scoring_stage=scoring_stage)
        jurors = Juror.objects.filter(pk__in=given.values("juror"))
        papers = [
            paper
            for juror in jurors.select_related("user").order_by("pk")
            if (paper := _issue(parts, juror, actor, at))
        ]
        if not papers:
            raise PaperNotIssued(_("No sheet of this stage is finished."))
    return papers


def withdraw_score_sheets(
    *, assignment: Assignment, actor: User, reason: str, at: datetime
) -> None:
    """End the paper of a juror one of whose sheets is open again.

    Part of what gives the sheet back, and of its transaction.
    """
    paper = sheet_papers.paper_of(assignment.scoring_stage, assignment.juror)
    if paper:
        documents_services.revoke_document(
            document=paper, actor=actor, reason=reason, at=at
        )


def issue_recap(*, round: Round, actor: User, at: datetime) -> IssuedDocument:
    """Issue the recap of the result that stands, or give the one there is.

    It is an annex of the minutes, which come first. Raises PaperNotIssued.
    Source: rule PLN-12 in docs/rules.md.
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        result = queries.sealed_result(round)
        annexed_to = minutes.minutes_of(result) if result else None
        if result is None or annexed_to is None:
            raise PaperNotIssued(
                _("Issue the minutes first: the recap is an annex of them.")
            )
        return documents_services.issue_document(
            government=round.competition.government,
            kind=recaps.KIND,
            subject_key=recaps.subject_key(result),
            title=_("Recap of scores, %(round)s") % {"round": round.name},
            template=recaps.TEMPLATE,
            values=recaps.values_of(round, result, annexed_to),
            issued_date=timezone.localdate(at, round.zone),
            at=at,
            is_public=True,  # it carries a QR code
            actor=actor,
        )


def _shown_parts(stage: ScoringStage, at: datetime) -> ScoringParts:
    """The stage with its criteria, once its scores may be seen (SCO-10)."""
    window = queries.windows_of(stage.round).get(stage.calendar_kind)
    if not queries.scores_may_be_shown(stage, window, at):
        raise PaperNotIssued(
            _("Jurors may still score. Score sheets follow when this stage is over.")
        )
    return next(
        each for each in queries.scoring_of(stage.round) if each.stage.pk == stage.pk
    )


def _issue(
    parts: ScoringParts, juror: Juror, actor: User, at: datetime
) -> IssuedDocument | None:
    stage = parts.stage
    # What is on paper and what is reopened wait for each other.
    list(
        ScoreSheet.objects.select_for_update(of=("self",))
        .filter(assignment__scoring_stage=stage, assignment__juror=juror)
        .order_by("pk")
        .values_list("pk")
    )
    sheets = sheet_papers.done_sheets(stage, juror)
    if not sheets:
        return None
    values = sheet_papers.values_of(parts, juror, sheets)
    valid = sheet_papers.paper_of(stage, juror)
    if valid and valid.values == values:
        return valid
    day = timezone.localdate(at, stage.round.zone)
    if valid:
        return documents_services.replace_document(
            document=valid,
            values=values,
            actor=actor,
            reason=_("The sheets that count are others now."),
            at=at,
            issued_date=day,
        )
    return documents_services.issue_document(
        government=stage.round.competition.government,
        kind=sheet_papers.KIND,
        subject_key=sheet_papers.subject_key(stage, juror),
        title=_("Score sheet, %(juror)s, %(stage)s")
        % {"juror": juror.user.name, "stage": stage.name},
        template=sheet_papers.TEMPLATE,
        values=values,
        issued_date=day,
        at=at,
        actor=actor,
    )
