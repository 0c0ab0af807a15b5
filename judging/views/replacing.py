"""A juror leaves before the end: who goes on is shown first, then done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from competitions.views.running import running_round
from judging import services
from judging.assignment_forms import ReplaceForm
from judging.models import Juror
from judging.views.shared import juror_of


@require_http_methods(["GET", "HEAD", "POST"])
def juror_replace(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Ask why and who goes on; show what that does; with its digest, do it."""
    round = running_round(request.user, round_slug)
    juror = juror_of(round, key)
    back = reverse("judging:juror_detail", args=[round.slug, juror.key])
    if not juror.is_sitting:
        messages.error(request, _("This seat was given up before."))
        return redirect(back)
    form = ReplaceForm(request.POST or None, juror=juror)
    context = {"round": round, "juror": juror, "form": form, "back_url": back}
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            if digest := request.POST.get("digest"):
                services.replace_juror(
                    juror=juror,
                    successor=successor,
                    reason=form.cleaned_data["reason"],
                    digest=digest,
                    actor=request.user,
                    at=request.received_at,
                )
                messages.success(
                    request, _("The seat of %(juror)s has ended.") % {"juror": juror}
                )
                return redirect(back)
            handover = services.plan_replacement(
                juror=juror, successor=successor, at=request.received_at
            )
        except services.PlanChanged as refusal:
            messages.error(request, refusal.message)
            handover = services.plan_replacement(
                juror=juror, successor=successor, at=request.received_at
            )
        except services.JurorNotReplaced as refusal:
            messages.error(request, refusal.message)
            return redirect(back)
        taken_by = handover.taken_by
        jurors = Juror.objects.filter(pk__in=taken_by).for_list()
        context |= {
            "handover": handover,
            "takers": [(each, taken_by[each.pk]) for each in jurors],
            "most": max(taken_by.values(), default=1),
        }
        return render(request, "judging/juror_replace_plan.html", context)
    return render(
        request,
        "judging/juror_replace.html",
        context,
        status=422 if form.errors else 200,
    )
