"""What was sent in the name of a secretariat's governments."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from core.requests import PortalRequest
from notifications import delivering, emails, kinds, permissions, queries, services
from notifications.forms import DeliveryFilterForm
from notifications.models import Delivery, DeliveryQuerySet

PAGE_SIZE = 50


@require_GET
def delivery_list(request: PortalRequest) -> HttpResponse:
    """What was sent in the name of this secretariat's governments."""
    form = DeliveryFilterForm(request.GET)
    deliveries = form.narrow(_listed(request))
    counts = queries.count_deliveries(deliveries)
    given_up = delivering.given_up(deliveries, request.received_at)
    given_up_count = given_up.count() if counts.failed else 0
    deliveries = form.narrow_to_state(deliveries)
    page = Paginator(deliveries.for_list(), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    context = {
        "page": page,
        "form": form,
        "tabs": form.tabs(counts),
        "given_up_count": given_up_count,
        "given_up_days": delivering.GIVEN_UP_WITHIN.days,
    }
    return render(request, "notifications/delivery_list.html", context)


@require_GET
def delivery_detail(request: PortalRequest, key: str, channel: str) -> HttpResponse:
    """One message on its way, with what was written."""
    delivery = _find(request, key, channel)
    message = delivery.message
    context = {
        "delivery": delivery,
        "message": message,
        "kind": kinds.find(message.kind),
        "text": emails.as_shown(message.body_text),
        "message_id": emails.message_id(delivery),
        "others": message.delivery_set.exclude(pk=delivery.pk).order_by("pk"),
        "trouble": queries.trouble_at(delivery.address),
        "can_retry": services.can_retry(delivery),
    }
    return render(request, "notifications/delivery_detail.html", context)


@require_POST
def delivery_retry(request: PortalRequest, key: str, channel: str) -> HttpResponse:
    """Send again what failed or came back."""
    delivery = _find(request, key, channel)
    try:
        services.retry_delivery(
            delivery=delivery,
            actor=cast(AbstractBaseUser, request.user),
            at=request.received_at,
        )
    except services.NotRetryable as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The message is on its way again."))
    return redirect(delivery)


@require_POST
def delivery_retry_all(request: PortalRequest) -> HttpResponse:
    """Send again all that nobody took for days, among what the filter shows."""
    form = DeliveryFilterForm(request.POST)
    count = services.retry_deliveries(
        deliveries=form.narrow(_listed(request)),
        actor=cast(AbstractBaseUser, request.user),
        at=request.received_at,
    )
    if count:
        messages.success(
            request,
            ngettext(
                "%(count)d message is on its way again.",
                "%(count)d messages are on their way again.",
                count,
            )
            % {"count": count},
        )
    else:
        messages.info(request, _("Nothing is left that could be sent again together."))
    return redirect(form.url("notifications:delivery_list", keadaan=""))


@require_http_methods(["GET", "POST"])
def chat_scope_list(request: PortalRequest) -> HttpResponse:
    """Whether messages of a government also go out by WhatsApp."""
    user = cast(permissions.RoleHolder, request.user)
    governments = permissions.governments_run_by(user)
    if not governments:
        raise Http404
    if request.method == "POST":
        scope = request.POST.get("pemerintah", "")
        if scope not in governments or not queries.has_gateway():
            raise Http404
        change = (
            services.open_chats
            if request.POST.get("buka") == "ya"
            else services.close_chats
        )
        change(
            scope=scope,
            actor=cast(AbstractBaseUser, request.user),
            at=request.received_at,
        )
        messages.success(request, _("Your choice is saved."))
        return redirect("notifications:chat_scope_list")
    context = {
        "rows": queries.chat_scopes(governments),
        "has_gateway": queries.has_gateway(),
    }
    return render(request, "notifications/chat_scope_list.html", context)


def _listed(request: PortalRequest) -> DeliveryQuerySet:
    """What the list shows: who may see what is decided by all roles, and the body
    acted in narrows it further."""
    user = cast(permissions.RoleHolder, request.user)
    overseen = _overseen(request)
    acting = import_string(settings.ACTING_AS)(request, user, "secretariat")
    return overseen.filter(message__scope__in=permissions.codes_run_by(acting))


def _overseen(request: PortalRequest) -> DeliveryQuerySet:
    user = cast(permissions.RoleHolder, request.user)
    if not permissions.can_see_deliveries(user):
        raise Http404
    return queries.deliveries_overseen_by(user)


def _find(request: PortalRequest, key: str, channel: str) -> Delivery:
    return get_object_or_404(
        _overseen(request).select_related("message__recipient", "carrier__message"),
        message__code=key,
        channel=channel,
    )
