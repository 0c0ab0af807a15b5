"""Files for everybody: handed out, taken away; and a round's guideline files."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import services
from competitions.forms import GuidelineForm
from competitions.models import Attachment
from competitions.views.calendar import own_round
from core.requests import PortalRequest
from documents.files import stored_file_response


def file_items(
    files: Iterable[Attachment], *, deletable: bool = False
) -> list[dict[str, Any]]:
    """Files as lines of components/file_list.html."""
    return [
        {
            "label": file.label,
            "url": file.get_absolute_url(),
            "size": file.size,
            "kind": _icon_of(file),
            "delete_url": reverse("competitions:attachment_delete", args=[file.key])
            if deletable
            else "",
        }
        for file in files
    ]


def _icon_of(file: Attachment) -> str:
    if file.is_pdf:
        return "file-earmark-pdf"
    return "file-earmark-image" if file.is_image else "file-earmark-text"


@require_safe
@login_not_required
def attachment_file(request: PortalRequest, key: str) -> FileResponse:
    """Hand out a file of something the person may read."""
    files = Attachment.objects.readable_by(request.user, request.received_at)
    return stored_file_response(get_object_or_404(files, key=key))


@require_POST
def attachment_delete(request: SignedInRequest, key: str) -> HttpResponse:
    """Take a file away, and go back to where it hung."""
    attachment = get_object_or_404(
        Attachment.objects.run_by(request.user).select_related(
            "announcement__round", "event", "round__competition__government"
        ),
        key=key,
    )
    try:
        services.remove_attachment(
            attachment=attachment, actor=request.user, at=request.received_at
        )
    except services.AttachmentRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("%(name)s was deleted.") % {"name": attachment.label}
        )
    return redirect(_place_of(attachment))


def _place_of(attachment: Attachment) -> str:
    """Where the secretariat looks after the file."""
    if attachment.announcement:
        args = [attachment.round.slug, attachment.announcement.slug]
        return reverse("competitions:announcement_edit", args=args)
    if attachment.event:
        args = [attachment.round.slug, attachment.event.slug]
        return reverse("competitions:event_edit", args=args)
    return reverse("competitions:guideline_edit", args=[attachment.round.slug])


@require_http_methods(["GET", "POST"])
def guideline_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """The guideline files that the public page of a round shows."""
    found = own_round(request, round)
    form = GuidelineForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_attachments(
                round=found,
                files=form.cleaned_data["attachments"],
                title=form.cleaned_data["title"],
                actor=request.user,
                at=request.received_at,
            )
        except services.AttachmentRefused as refusal:
            form.add_error("attachments", refusal.message)
        else:
            messages.success(request, _("The file is on the page of the round."))
            return redirect("competitions:guideline_edit", found.slug)
    files = Attachment.objects.filter(round=found).guidelines().in_order()
    return render(
        request,
        "competitions/guideline_edit.html",
        {"round": found, "form": form, "files": file_items(files, deletable=True)},
    )
