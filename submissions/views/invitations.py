"""The secretariat invites institutions into tracks that are by invitation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from competitions.views.running import running_round
from submissions import services
from submissions.forms import TrackInvitationForm
from submissions.models import TrackInvitation
from submissions.views import shared


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_list(request: SignedInRequest, round: str) -> HttpResponse:
    """Who is invited, and one more."""
    found = running_round(request.user, round)
    form = TrackInvitationForm(request.POST or None, round=found)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = services.invite_into_track(
                **form.cleaned_data, actor=request.user, at=request.received_at
            )
        except services.InvitationNotPossible as refusal:
            form.add_error("institution", refusal.message)
        else:
            messages.success(
                request,
                _("%(institution)s may enter %(track)s now.")
                % {
                    "institution": invitation.institution,
                    "track": invitation.track,
                },
            )
            return redirect("submissions:invitation_list", round=round)
    invitations = TrackInvitation.objects.filter(track__round=found)
    return render(
        request,
        "submissions/invitation_list.html",
        {
            "round": found,
            "form": form,
            "has_tracks": form.fields["track"].queryset.exists(),  # type: ignore[attr-defined]
            "invitations": invitations.select_related(
                "track", "institution", "invited_by"
            ).order_by("track__order", "institution__name", "pk"),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


@require_POST
def invitation_end(request: SignedInRequest, key: str) -> HttpResponse:
    """Take an invitation back, as long as nobody followed it."""
    invitations = TrackInvitation.objects.run_by(request.user).select_related(
        "track__round__competition__government", "institution"
    )
    invitation = get_object_or_404(invitations, key=key)
    round = running_round(request.user, invitation.track.round.slug)
    try:
        services.end_invitation(
            invitation=invitation, actor=request.user, at=request.received_at
        )
    except services.InvitationInUse as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The invitation was taken back."))
    return redirect("submissions:invitation_list", round=round.slug)
