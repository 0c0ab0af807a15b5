"""The files of the last proposal, ticked to come along."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from submissions import services, sources
from submissions.models import TakeOver
from submissions.views import shared


@require_http_methods(["GET", "HEAD", "POST"])
def source_files(request: SignedInRequest, code: str) -> HttpResponse:
    """Tick the files of the last proposal that still hold for this one."""
    proposal = shared.own_proposal(request, code)
    taken = get_object_or_404(
        TakeOver.objects.select_related("source__round"), proposal=proposal
    )
    files = sources.files_to_take(proposal, taken)
    if request.method == "POST":
        try:
            made = services.take_over_files(
                proposal=proposal,
                keys=request.POST.getlist("berkas"),
                actor=request.user,
                at=request.received_at,
            )
        except services.NotWritable as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d file was taken over.",
                    "%(count)d files were taken over.",
                    len(made),
                )
                % {"count": len(made)},
            )
        return redirect(proposal)
    return render(
        request,
        "submissions/source_files.html",
        {"proposal": proposal, "taken": taken, "files": files},
    )
