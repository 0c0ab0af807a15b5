"""The statements of the form that the author ticks."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from submissions import services
from submissions.dossier import CONSENTS_STEP, load_dossier
from submissions.forms import ConsentsForm
from submissions.views import shared


@require_http_methods(["GET", "HEAD", "POST"])
def consent_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """Tick the statements of the form."""
    proposal = shared.own_proposal(request, code)
    dossier = load_dossier(proposal, rules=False)
    if not dossier.consents:
        raise Http404
    form = ConsentsForm(request.POST or None, parts=dossier.consents)
    before, after = shared.steps_around(dossier, CONSENTS_STEP)
    if request.method == "POST":
        form.is_valid()
        try:
            services.save_consents(
                proposal=proposal,
                codes=form.ticked(),
                actor=request.user,
                at=request.received_at,
            )
        except services.NotWritable as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(after.url)
    return render(
        request,
        "submissions/consent_edit.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "is_writable": proposal.is_editable
            and dossier.is_open(request.received_at),
            "before": before,
            **shared.navigation(dossier, CONSENTS_STEP),
            **shared.notes_at(proposal, CONSENTS_STEP),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )
