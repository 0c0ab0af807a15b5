"""Taking an award back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from awards import consequences, services
from awards.forms import RevokeForm
from awards.views.shared import award_to_handle


@require_http_methods(["GET", "HEAD", "POST"])
def award_revoke(request: SignedInRequest, key: str) -> HttpResponse:
    """Show all that changes with it, then take an award back, with a reason."""
    award = award_to_handle(request.user, key)
    round = award.row.result.round
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke_award(
                award=award,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.AwardNotRevoked as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Award revoked."))
        return redirect("awards:award_list", round.slug)
    return render(
        request,
        "awards/award_revoke.html",
        {
            "award": award,
            "round": round,
            "form": form,
            "consequences": []
            if award.is_revoked
            else consequences.of_revoking(award, request.received_at),
            "next_in_line": consequences.next_in_line(award),
        },
    )
