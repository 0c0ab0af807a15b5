"""The copy of one's own data."""

from uuid import UUID

from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
)
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import DataExport
from accounts.requests import SignedInRequest
from kipp_portal import services

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def personal_data(request: SignedInRequest) -> HttpResponse:
    """What the portal keeps of the person, and the copies they ordered.

    To order one the password is asked for again.
    """
    if request.method == "POST":
        raise_if_reauthentication_required(request, app="account")
        try:
            services.request_export(user=request.user, at=request.received_at)
        except services.ExportNotTaken as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("Your data are being put together. You get an e-mail.")
            )
        return redirect("personal_data")
    own = DataExport.objects.visible_to(request.user)
    exports = own.order_by("-requested_at", "-pk")[:SHOWN]
    context = {"exports": exports, "now": request.received_at}
    return render(request, "kipp_portal/personal_data.html", context)


@require_safe
@never_cache
def personal_data_file(request: SignedInRequest, code: UUID) -> FileResponse:
    """The copy itself, to its owner, after the password."""
    own = DataExport.objects.visible_to(request.user)
    export = get_object_or_404(own.downloadable(request.received_at), code=code)
    raise_if_reauthentication_required(request, app="account")
    services.note_fetched(export=export, at=request.received_at)
    day = export.requested_at.date().isoformat()
    return FileResponse(
        export.file.open("rb"),
        as_attachment=True,
        filename=f"data-saya-{day}.zip",
        content_type="application/zip",
    )
