"""What a juror finished, as a paper of their own to sign."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from competitions.models import ScoringStage
from documents.views import file_response
from judging import services, sheet_papers
from judging.models import Assignment, Juror
from judging.views.sheets import queue_url


@require_POST
def own_paper_issue(
    request: SignedInRequest, round_slug: str, stage: str
) -> HttpResponse:
    """Put one's own finished sheets of a stage on paper."""
    juror, scoring_stage = _seat(request, round_slug, stage)
    try:
        services.issue_score_sheet(
            juror=juror,
            scoring_stage=scoring_stage,
            actor=request.user,
            at=request.received_at,
        )
    except services.PaperNotIssued as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("Your score sheet is being made. It appears in a moment.")
        )
    return redirect(queue_url(scoring_stage))


@require_safe
def own_paper_file(
    request: SignedInRequest, round_slug: str, stage: str
) -> FileResponse:
    """One's own score sheet of a stage."""
    juror, scoring_stage = _seat(request, round_slug, stage)
    document = sheet_papers.paper_of(scoring_stage, juror)
    if document is None:
        raise Http404
    return file_response(document)


def _seat(
    request: SignedInRequest, round_slug: str, stage: str
) -> tuple[Juror, ScoringStage]:
    """The seat of who asks, once they have signed, and the stage they judge in."""
    # In one query, whatever is there: time must not tell of rounds of others.
    jurors = Juror.objects.sitting().filter(
        user=request.user, signed_at__isnull=False, round__slug=round_slug
    )
    own = Assignment.objects.filter(scoring_stage=OuterRef("pk"), juror__in=jurors)
    found = get_object_or_404(ScoringStage.objects.filter(Exists(own)), code=stage)
    juror = jurors.select_related("user", "round__competition__government").get()
    found.round = juror.round
    return juror, found
