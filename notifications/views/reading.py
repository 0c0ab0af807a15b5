"""What the portal has told the person."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.requests import PortalRequest
from notifications import queries, services
from notifications.forms import MessageFilterForm
from notifications.models import Message

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def message_list(request: PortalRequest) -> HttpResponse:
    """What the portal has told this person; POST marks all as read."""
    user = cast(AbstractBaseUser, request.user)
    if request.method == "POST":
        services.mark_all_read(recipient=user, at=request.received_at)
        messages.success(request, _("All notifications are marked as read."))
        return redirect("notifications:message_list")
    form = MessageFilterForm(request.GET)
    notices = form.narrow(queries.notices_of(user))
    page = Paginator(notices.for_list(), PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "form": form,
        "tabs": form.tabs(),
        "trouble": queries.trouble_of(user),
    }
    return render(request, "notifications/message_list.html", context)


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
