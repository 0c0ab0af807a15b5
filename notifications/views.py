from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.requests import PortalRequest
from notifications import mailbox, permissions, queries, services
from notifications.models import Delivery, Message

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def message_list(request: PortalRequest) -> HttpResponse:
    """What the portal has told this person; POST marks all as read."""
    user = cast(AbstractBaseUser, request.user)
    if request.method == "POST":
        services.mark_all_read(recipient=user, at=request.received_at)
        messages.success(request, _("All notifications are marked as read."))
        return redirect("notifications:message_list")
    notices = Message.objects.visible_to(user).for_list()
    page = Paginator(notices, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(request, "notifications/message_list.html", {"page": page})


@require_GET
@never_cache
def message_open(request: PortalRequest, key: str) -> HttpResponse:
    """Mark a message as read and go where its matter is dealt with."""
    user = cast(AbstractBaseUser, request.user)
    message = get_object_or_404(Message.objects.visible_to(user), code=key)
    services.mark_read(message=message, at=request.received_at)
    # Paths are written by our own code; a wrong one must still not lead off the site.
    if message.path and url_has_allowed_host_and_scheme(message.path, None):
        return redirect(message.path)
    return redirect("notifications:message_list")


@require_GET
def delivery_list(request: PortalRequest) -> HttpResponse:
    """What was sent in the name of this secretariat's governments."""
    user = cast(permissions.RoleHolder, request.user)
    if not permissions.can_see_deliveries(user):
        raise Http404
    deliveries = queries.deliveries_overseen_by(user)
    # Who may see what is decided by all roles; the body acted in narrows it further.
    acting = import_string(settings.ACTING_AS)(request, user, "secretariat")
    deliveries = deliveries.filter(message__scope__in=permissions.codes_run_by(acting))
    counts = queries.count_deliveries(deliveries)
    state = request.GET.get("keadaan", "")
    if state in Delivery.State:
        deliveries = deliveries.filter(state=state)
    page = Paginator(deliveries.for_list(), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    context = {"page": page, "tabs": _state_tabs(counts, state)}
    return render(request, "notifications/delivery_list.html", context)


def _state_tabs(counts: queries.DeliveryCounts, state: str) -> list[dict[str, object]]:
    url = reverse("notifications:delivery_list")
    rows = [
        ("", _("All"), counts.total),
        (Delivery.State.PENDING, Delivery.State.PENDING.label, counts.pending),
        (Delivery.State.SENT, Delivery.State.SENT.label, counts.sent),
        (Delivery.State.FAILED, Delivery.State.FAILED.label, counts.failed),
    ]
    return [
        {
            "label": label,
            "url": f"{url}?keadaan={value}" if value else url,
            "current": value == state,
            "count": count,
        }
        for value, label, count in rows
    ]


@require_GET
@login_not_required
@never_cache
def demo_mailbox(request: PortalRequest) -> HttpResponse:
    """Read the mails of the demo, where nothing leaves the machine.

    Public, because it holds the mails one needs when one cannot sign in; exists in
    the demo only, whose people and mails are invented.
    """
    if not settings.DEMO:
        raise Http404
    directory = Path(settings.MAIL_SINK_DIR)
    if name := request.GET.get("surat"):
        try:
            mail = mailbox.read(directory, name)
        except FileNotFoundError as error:
            raise Http404 from error
        return render(request, "notifications/demo_mail.html", {"mail": mail})
    page = Paginator(mailbox.names(directory), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    mails = [mailbox.read(directory, name) for name in page]
    context = {"page": page, "mails": mails}
    return render(request, "notifications/demo_mailbox.html", context)
