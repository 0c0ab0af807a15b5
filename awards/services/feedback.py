"""Feedback to authors: what is passed on, its release, the letters."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Signatory, User
from awards import feedback, feedback_letters, notices, queries
from awards.models import FeedbackNote, FeedbackPlan
from awards.services.giving import locked_round
from competitions.models import Round
from core import audit, dates
from core.errors import DomainError
from documents import services as documents_services
from judging.models import ResultRow, Score


class FeedbackNotPlanned(DomainError):
    """The feedback is released already."""


class FeedbackNotReleased(DomainError):
    """It is released, or result, decree or signatory are missing."""


class NoteNotDecided(DomainError):
    """Words or reason are missing, or the note is not of this result."""


def plan_feedback(
    *, round: Round, places: str, actor: User, at: datetime
) -> FeedbackPlan:
    """Choose to whom ranks are told. Raises FeedbackNotPlanned once it is released.

    Source: rule AWD-07 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        plan = queries.plan_of(round)
        if plan.is_released:
            raise FeedbackNotPlanned(_("The feedback is released; this stays."))
        plan.places = places
        plan.save()
        audit.record(
            "feedback.planned",
            actor=actor,
            target=plan,
            at=at,
            scope=round.competition.government.code,
            changes={"places": places},
        )
    return plan


def decide_note(
    *,
    round: Round,
    score: Score,
    choice: str,
    text: str,
    reason: str,
    actor: User,
    at: datetime,
) -> FeedbackNote:
    """Decide whether a juror's note goes to the authors, and in which words.

    What the juror wrote stays in the sheet. Raises NoteNotDecided without other words
    where it is edited, or without a reason where it does not go as written.
    Source: rule AWD-08 in docs/rules.md.
    """
    choices = FeedbackNote.Choice
    text = text.strip() if choice == choices.EDITED else ""
    reason = "" if choice == choices.AS_WRITTEN else reason.strip()
    if choice == choices.EDITED and not text:
        raise NoteNotDecided(_("Write the words that go to the authors."))
    if choice != choices.AS_WRITTEN and not reason:
        raise NoteNotDecided(_("Write why the note does not go as written."))
    with transaction.atomic():
        round = locked_round(round)
        decision, _is_new = FeedbackNote.objects.update_or_create(
            score=score,
            defaults={
                "choice": choice,
                "text": text,
                "reason": reason,
                "decided_by": actor,
                "decided_at": at,
            },
        )
        audit.record(
            "feedback_note.decided",
            actor=actor,
            target=decision,
            at=at,
            scope=round.competition.government.code,
            reason=reason,
            changes={"choice": choice, "criterion": score.criterion.code},
        )
    return decision


def release_feedback(*, round: Round, actor: User, at: datetime) -> FeedbackPlan:
    """Let the authors of `round` read how they were judged, once winners are public.

    The clock then tells everybody, and writes to who was not chosen. Raises
    FeedbackNotReleased without sealed result, decree or signatory, or if it was
    released before.
    Source: rule AWD-07 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        government = round.competition.government
        plan = queries.plan_of(round)
        if plan.is_released:
            raise FeedbackNotReleased(_("The feedback is released already."))
        if queries.result_to_award(round) is None:
            raise FeedbackNotReleased(_("Seal the result first."))
        if queries.decree_of(round) is None:
            raise FeedbackNotReleased(_("Record the decree first."))
        if not Signatory.objects.filter(
            government=government, is_default=True
        ).exists():
            raise FeedbackNotReleased(
                _("No signatory is set for %(government)s.")
                % {"government": government}
            )
        plan.released_at, plan.released_by = at, actor
        plan.save()
        audit.record(
            "feedback.released",
            actor=actor,
            target=plan,
            at=at,
            scope=government.code,
            changes={"places": plan.places},
        )
    return plan


def announce_feedback(*, plan_id: int, at: datetime) -> int:
    """Issue the letters of a released plan and tell its authors; give how many.

    Does nothing before the winners are public. May run twice: a proposal has one
    letter, and who was told is not told again.
    """
    if plan_id not in queries.plans_to_announce(at):
        return 0
    plan = FeedbackPlan.objects.select_related("round__competition__government").get(
        pk=plan_id
    )
    round = plan.round
    result = queries.result_to_award(round)
    if result is None:
        return 0
    field = feedback.field_of(round, result, plan)
    awarded = queries.awarded_rows(round)
    signatory = Signatory.objects.get(
        government=round.competition.government, is_default=True
    )
    rows = queries.judged_rows(result).select_related("proposal__institution")
    told = list(rows.order_by("position"))
    for row in told:
        with transaction.atomic():
            if row.pk not in awarded:
                _issue_letter(row, field, signatory, at)
            notices.feedback_ready(
                row, round=round, has_letter=row.pk not in awarded, at=at
            )
    FeedbackPlan.objects.filter(pk=plan.pk, announced_at=None).update(announced_at=at)
    return len(told)


def _issue_letter(
    row: ResultRow, field: feedback.Field, signatory: Signatory, at: datetime
) -> None:
    day = dates.as_local(at, field.round.zone).date()
    with translation.override(settings.LANGUAGE_CODE):  # of papers, whoever acts
        told = feedback.feedback_of(row, field, is_awarded=False, with_notes=False)
        title = feedback_letters.title_of(row)
        values = feedback_letters.values_for(
            row,
            round=field.round,
            signatory=signatory,
            day=day,
            strengths=told.strengths,
            advice=told.advice,
        )
    documents_services.issue_document(
        government=field.round.competition.government,
        kind=feedback_letters.KIND,
        subject_key=feedback_letters.subject_key(row.proposal_id),
        title=title[:200],
        template=feedback_letters.TEMPLATE,
        values=values,
        issued_date=day,
        at=at,
        number_pattern=feedback_letters.NUMBER_PATTERN,
    )
