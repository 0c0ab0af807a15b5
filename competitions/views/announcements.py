"""Public notices: reading and writing them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import services
from competitions.forms import AnnouncementForm
from competitions.models import Announcement, Attachment
from competitions.views.attachments import file_items
from competitions.views.calendar import own_round
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
    """One published announcement with its files."""
    announcement = get_object_or_404(
        Announcement.objects.published_at(request.received_at).for_list(), slug=slug
    )
    files = Attachment.objects.filter(announcement=announcement).in_order()
    with timezone.override(announcement.round.zone):
        return render(
            request,
            "competitions/announcement_detail.html",
            {
                "announcement": announcement,
                "round": announcement.round,
                "files": file_items(files),
                "public_body": announcement.round.competition.government.name,
            },
        )


@require_http_methods(["GET", "POST"])
def announcement_create(request: SignedInRequest, round: str) -> HttpResponse:
    """Write an announcement of an own round, published now or later."""
    found = own_round(request, round)
    form = AnnouncementForm(
        request.POST or None,
        request.FILES or None,
        zone=found.zone,
        initial={"issued_date": timezone.localdate(request.received_at, found.zone)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.create_announcement(
                round=found,
                **_as_typed(form, request.received_at),
                actor=request.user,
                at=request.received_at,
            )
        except services.AttachmentRefused as refusal:
            form.add_error("attachments", refusal.message)
        else:
            messages.success(request, _("Announcement saved."))
            return redirect("competitions:round_setup", found.slug)
    with timezone.override(found.zone):
        return render(
            request,
            "competitions/announcement_create.html",
            {"form": form, "round": found},
        )


@require_http_methods(["GET", "POST"])
def announcement_edit(request: SignedInRequest, round: str, slug: str) -> HttpResponse:
    """Change an announcement before it is public; afterwards it stands."""
    announcement = _own_announcement(request, round, slug)
    if announcement.is_published(request.received_at):
        return redirect(announcement)
    found = announcement.round
    form = AnnouncementForm(
        request.POST or None,
        request.FILES or None,
        zone=found.zone,
        initial={
            "title": announcement.title,
            "number": announcement.number,
            "issued_date": announcement.issued_date,
            "body": announcement.body,
            "publish_on": announcement.publish_at,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_announcement(
                announcement=announcement,
                **_as_typed(form, request.received_at),
                actor=request.user,
                at=request.received_at,
            )
        except services.AttachmentRefused as refusal:
            form.add_error("attachments", refusal.message)
        except services.AnnouncementPublic as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Announcement saved."))
            return redirect("competitions:round_setup", round)
    files = Attachment.objects.filter(announcement=announcement).in_order()
    with timezone.override(found.zone):
        return render(
            request,
            "competitions/announcement_create.html",
            {
                "form": form,
                "round": found,
                "announcement": announcement,
                "files": file_items(files, deletable=True),
            },
        )


@require_POST
def announcement_delete(
    request: SignedInRequest, round: str, slug: str
) -> HttpResponse:
    """Throw an announcement away before it is public."""
    announcement = _own_announcement(request, round, slug)
    try:
        services.delete_announcement(
            announcement=announcement, actor=request.user, at=request.received_at
        )
    except services.AnnouncementPublic as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The announcement was thrown away."))
    return redirect("competitions:round_setup", round)


def _own_announcement(request: SignedInRequest, round: str, slug: str) -> Announcement:
    announcements = Announcement.objects.run_by(request.user).for_list()
    return get_object_or_404(announcements, slug=slug, round__slug=round)


def _as_typed(form: AnnouncementForm, at: datetime) -> dict[str, Any]:
    """What the services take; without a time the announcement is public at once."""
    data = dict(form.cleaned_data)
    publish_at = data.pop("publish_on") or at
    files = data.pop("attachments")
    return {**data, "files": files, "publish_at": publish_at}
