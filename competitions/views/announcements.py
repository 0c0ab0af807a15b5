"""Public notices: reading and writing them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from competitions import services
from competitions.forms import AnnouncementForm
from competitions.models import Announcement, Round
from core.requests import PortalRequest

PAGE_SIZE = 20


@require_safe
@login_not_required
def announcement_list(request: PortalRequest) -> HttpResponse:
    """All published announcements, newest first."""
    published = Announcement.objects.published_at(request.received_at).for_list()
    page = Paginator(published, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(request, "competitions/announcement_list.html", {"page": page})


@require_safe
@login_not_required
def announcement_detail(request: PortalRequest, slug: str) -> HttpResponse:
    """One published announcement."""
    announcement = get_object_or_404(
        Announcement.objects.published_at(request.received_at).for_list(), slug=slug
    )
    with timezone.override(announcement.round.zone):
        return render(
            request,
            "competitions/announcement_detail.html",
            {
                "announcement": announcement,
                "round": announcement.round,
                "public_body": announcement.round.competition.government.name,
            },
        )


@require_http_methods(["GET", "POST"])
def announcement_create(request: SignedInRequest, round: str) -> HttpResponse:
    """Write an announcement of an own round, published now or later."""
    found = get_object_or_404(
        Round.objects.run_by(request.user).of_government(), slug=round
    )
    form = AnnouncementForm(
        request.POST or None,
        zone=found.zone,
        initial={"issued_date": timezone.localdate(request.received_at, found.zone)},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.create_announcement(
            round=found,
            number=data["number"],
            issued_date=data["issued_date"],
            title=data["title"],
            body=data["body"],
            publish_at=data["publish_on"] or request.received_at,
            actor=request.user,
            at=request.received_at,
        )
        messages.success(request, _("Announcement saved."))
        return redirect("competitions:round_setup", found.slug)
    with timezone.override(found.zone):
        return render(
            request,
            "competitions/announcement_create.html",
            {"form": form, "round": found},
        )
