"""Feedback to authors: the secretariat prepares it, authors read it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from awards import feedback, queries, services
from awards.forms import FeedbackNoteForm, FeedbackPlanForm
from awards.models import FeedbackNote
from competitions.models import Round
from competitions.views.running import running_round
from documents import views as documents_views
from judging.models import Result, ResultRow, Score

PAGE_SIZE = 50


# For the secretariat ----------------------------------------------------------------


@dataclass(frozen=True)
class NotedRow:
    """A proposal with its notes counted, and those not passed on as written."""

    row: ResultRow
    notes: int
    changed: int


@dataclass(frozen=True)
class Shown:
    """A juror's note as the secretariat decides on it."""

    key: str
    score: Score
    decision: FeedbackNote | None
    form: FeedbackNoteForm

    @property
    def passed_on(self) -> str:
        return feedback.passed_on(self.score, self.decision)

    @property
    def is_withheld(self) -> bool:
        return not self.passed_on


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """What is prepared for whom; POST chooses to whom ranks are told."""
    round = running_round(request.user, round_slug)
    plan = queries.plan_of(round)
    form = FeedbackPlanForm(request.POST or None, initial={"places": plan.places})
    if request.method == "POST" and form.is_valid():
        try:
            services.plan_feedback(
                round=round,
                places=form.cleaned_data["places"],
                actor=request.user,
                at=request.received_at,
            )
        except services.FeedbackNotPlanned as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Choice saved."))
        return redirect("awards:feedback_list", round.slug)
    result = queries.result_to_award(round)
    rows = queries.judged_rows(result) if result else ResultRow.objects.none()
    page = Paginator(rows.order_by("position"), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    counts = queries.note_counts(round) if result else {}
    decree = queries.decree_of(round)
    return render(
        request,
        "awards/feedback_list.html",
        {
            "round": round,
            "result": result,
            "plan": plan,
            "form": form,
            "decree": decree,
            "is_readable": plan.is_released
            and decree is not None
            and decree.is_published(request.received_at),
            "page": page,
            "rows": [
                NotedRow(row, *counts.get(row.proposal_id, (0, 0))) for row in page
            ],
            "note_count": sum(notes for notes, _changed in counts.values()),
            "changed_count": sum(changed for _notes, changed in counts.values()),
        },
    )


@require_POST
def feedback_release(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Let the authors read their feedback, from the publication of the winners on."""
    round = running_round(request.user, round_slug)
    try:
        services.release_feedback(
            round=round, actor=request.user, at=request.received_at
        )
    except services.FeedbackNotReleased as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Feedback released."))
    return redirect("awards:feedback_list", round.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_notes(
    request: SignedInRequest, round_slug: str, proposal: str
) -> HttpResponse:
    """The notes on one proposal, and all that its authors read; POST decides on one."""
    round = running_round(request.user, round_slug)
    result = queries.result_to_award(round)
    if result is None:
        raise Http404
    row = _row(result, proposal)
    notes = feedback.in_order(queries.notes_on(row.proposal))
    bound: FeedbackNoteForm | None = None
    if request.method == "POST":
        score = _score(notes, request.POST.get("note", ""))
        if score is None:
            messages.error(request, _("Choose the note that the decision is about."))
        else:
            bound = FeedbackNoteForm(request.POST, prefix=feedback.note_key(score.pk))
            if bound.is_valid() and _decide(request, round, score, bound):
                return redirect("awards:feedback_notes", round.slug, row.code)
    field = feedback.field_of(round, result, queries.plan_of(round))
    awarded = queries.awarded_rows(round)
    told = feedback.feedback_of(row, field, is_awarded=row.pk in awarded)
    return render(
        request,
        "awards/feedback_notes.html",
        {
            "round": round,
            "row": row,
            "feedback": told,
            "has_letter": row.pk not in awarded,
            "form": bound,
            "note_count": len(notes),
            "criteria": [
                (each.criterion, _shown(notes, each.criterion.pk, bound))
                for each in told.criteria
            ],
        },
    )


def _row(result: Result, code: str) -> ResultRow:
    rows = queries.judged_rows(result).select_related("proposal__round")
    return get_object_or_404(rows, code=code)


def _score(notes: list[tuple[Score, FeedbackNote | None]], key: str) -> Score | None:
    found = (score for score, _decision in notes if feedback.note_key(score.pk) == key)
    return next(found, None)


def _decide(
    request: SignedInRequest, round: Round, score: Score, form: FeedbackNoteForm
) -> bool:
    try:
        services.decide_note(
            round=round,
            score=score,
            choice=form.cleaned_data["choice"],
            text=form.cleaned_data["text"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except services.NoteNotDecided as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("Decision on the note saved."))
    return True


def _shown(
    notes: list[tuple[Score, FeedbackNote | None]],
    criterion: int,
    bound: FeedbackNoteForm | None,
) -> list[Shown]:
    found = []
    for score, decision in notes:
        if score.criterion_id != criterion:
            continue
        key = feedback.note_key(score.pk)
        initial = {
            "choice": decision.choice if decision else FeedbackNote.Choice.AS_WRITTEN,
            "text": decision.text if decision and decision.text else score.note,
            "reason": decision.reason if decision else "",
        }
        form = FeedbackNoteForm(prefix=key, initial=initial)
        if bound is not None and bound.prefix == key:
            form = bound
        found.append(Shown(key, score, decision, form))
    return found


# For authors --------------------------------------------------------------------------


@require_safe
def feedback_detail(request: SignedInRequest, proposal: str) -> HttpResponse:
    """How a proposal was judged, to its own institution once the winners are public."""
    row = _readable(request, proposal)
    round = row.result.round
    field = feedback.field_of(round, row.result, queries.plan_of(round))
    is_awarded = row.pk in queries.awarded_rows(round)
    letter = queries.letters_of([row.proposal_id]).get(row.proposal_id)
    return render(
        request,
        "awards/feedback_detail.html",
        {
            "round": round,
            "proposal": row.proposal,
            "feedback": feedback.feedback_of(row, field, is_awarded=is_awarded),
            "is_awarded": is_awarded,
            "letter": letter,
        },
    )


@require_safe
def feedback_letter(request: SignedInRequest, proposal: str) -> FileResponse:
    """The letter to those not chosen."""
    row = _readable(request, proposal)
    letter = queries.letters_of([row.proposal_id]).get(row.proposal_id)
    if letter is None or not letter.is_rendered:
        raise Http404
    return documents_views.file_response(letter)


def _readable(request: SignedInRequest, code: str) -> ResultRow:
    rows = queries.readable_feedback(request.user, request.received_at)
    return get_object_or_404(
        rows.select_related(
            "proposal__round",
            "proposal__institution",
            "result__round__competition__government",
        ),
        code=code,
    )
