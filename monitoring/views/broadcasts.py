"""Writing to a group of people: draft, count, try, send, call back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django.views.decorators.vary import vary_on_headers

from accounts import acting
from accounts import services as accounts_services
from accounts.models import Government, Institution, Membership, User
from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from competitions.models import Round
from monitoring import broadcasting, services
from monitoring.broadcast_forms import BroadcastForm
from monitoring.models import BROADCAST_KINDS, Broadcast, BroadcastGroup
from notifications.models import Delivery, DeliveryState, Message
from submissions.models import Proposal

PAGE_SIZE = 50
UNPROCESSABLE = 422


@require_safe
def broadcast_list(request: SignedInRequest) -> HttpResponse:
    """What was written to groups in the name of the government, newest first."""
    government = _government(request)
    broadcasts = Broadcast.objects.visible_to(request.user).filter(
        government=government
    )
    page = Paginator(broadcasts.for_list(), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    context = {"government": government, "page": page}
    return _in_zone(request, government, "broadcast_list", context)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def broadcast_create(request: SignedInRequest) -> HttpResponse:
    """Write a new one; htmx asks for the number of people alone."""
    government = _government(request)
    form = _form(request, government)
    if request.method == "POST" and form.is_valid():
        broadcast = services.write_broadcast(
            government=government,
            text=form.as_text(),
            actor=request.user,
            at=request.received_at,
        )
        messages.success(request, _("The draft is kept. Nobody has got it yet."))
        return redirect(broadcast)
    return _edit_page(request, government, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def broadcast_edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Change a draft."""
    broadcast = _find(request, key)
    form = _form(request, broadcast.government, broadcast)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_broadcast(
                broadcast=broadcast,
                text=form.as_text(),
                actor=request.user,
                at=request.received_at,
            )
        except services.BroadcastRefused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The draft is kept. Nobody has got it yet."))
        return redirect(broadcast)
    return _edit_page(request, broadcast.government, form, broadcast)


@require_safe
def broadcast_detail(request: SignedInRequest, key: str) -> HttpResponse:
    """The text, whom it reaches, and what became of it."""
    broadcast = _find(request, key)
    at = request.received_at
    listed = broadcast.broadcastrecipient_set.select_related("user")
    people: Any
    if broadcast.is_draft:
        people = broadcasting.group_of(broadcast, at)
        count = len(people)
        told = left_out = 0
    else:
        rows = listed.order_by("user__name", "user_id")
        count = rows.filter(left_out=False).count()
        told = rows.exclude(told_at=None).count()
        left_out = rows.filter(left_out=True).count()
        people = User.objects.filter(
            broadcastrecipient__broadcast=broadcast,
            broadcastrecipient__left_out=False,
        ).order_by("name", "pk")
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("halaman"))
    accounts_services.note_access(
        actor=request.user,
        subjects=[person.pk for person in page],
        what=_("the recipients of “%(subject)s”") % {"subject": broadcast.subject},
        at=at,
        scope=broadcast.government.code,
    )
    context = {
        "broadcast": broadcast,
        "government": broadcast.government,
        "page": page,
        "count": count,
        "told": told,
        "left_out": left_out,
        "mails": _mails(broadcast) if told else None,
        "must_type": count > services.MANY,
        "now": at,
        "can_undo": broadcast.can_be_undone(at),
        "goes_out": broadcast.is_sending
        or (broadcast.is_scheduled and not broadcast.can_be_undone(at)),
    }
    return _in_zone(request, broadcast.government, "broadcast_detail", context)


@require_POST
def broadcast_try(request: SignedInRequest, key: str) -> HttpResponse:
    """Send it to oneself alone."""
    broadcast = _find(request, key)
    services.try_broadcast(
        broadcast=broadcast, actor=request.user, at=request.received_at
    )
    messages.success(
        request, _("A test was sent to %(email)s.") % {"email": request.user.email}
    )
    return redirect(broadcast)


@require_POST
def broadcast_order(request: SignedInRequest, key: str) -> HttpResponse:
    """Let it go out, to as many as were shown."""
    broadcast = _find(request, key)
    seen = _number(request.POST.get("jumlah"))
    if seen > services.MANY and _number(request.POST.get("confirmation")) != seen:
        messages.error(
            request,
            _("Type the number %(count)d to write to so many people.")
            % {"count": seen},
        )
        return redirect(broadcast)
    try:
        services.order_broadcast(
            broadcast=broadcast,
            seen=seen,
            actor=request.user,
            at=request.received_at,
        )
    except services.BroadcastRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            ngettext(
                "The message goes out to %(count)d person in ten minutes.",
                "The message goes out to %(count)d people in ten minutes.",
                seen,
            )
            % {"count": seen},
        )
    return redirect(broadcast)


@require_POST
def broadcast_undo(request: SignedInRequest, key: str) -> HttpResponse:
    """Call it back."""
    broadcast = _find(request, key)
    try:
        services.undo_broadcast(
            broadcast=broadcast, actor=request.user, at=request.received_at
        )
    except services.BroadcastRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The message was called back. Nobody has got it."))
    return redirect(broadcast)


@require_POST
def broadcast_delete(request: SignedInRequest, key: str) -> HttpResponse:
    """Throw a draft away."""
    broadcast = _find(request, key)
    try:
        services.delete_broadcast(
            broadcast=broadcast, actor=request.user, at=request.received_at
        )
    except services.BroadcastRefused as refusal:
        messages.error(request, refusal.message)
        return redirect(broadcast)
    messages.success(request, _("The draft was thrown away."))
    return redirect("monitoring:broadcast_list")


@require_safe
def broadcast_read(request: SignedInRequest, key: str) -> HttpResponse:
    """What was written to this person; 404 to everybody else."""
    # One's own messages first: one that is not there answers as one told to others.
    got_it = Message.objects.visible_to(request.user).filter(
        kind__in=BROADCAST_KINDS, key__startswith=key
    )
    if not got_it.exists():
        raise Http404
    broadcast = get_object_or_404(Broadcast.objects.for_page(), key=key)
    return render(request, "monitoring/broadcast_read.html", {"broadcast": broadcast})


def _government(request: SignedInRequest) -> Government:
    """The government that the person acts for as secretariat; else 404."""
    acts_as = acting.acting(request, request.user, Membership.Role.SECRETARIAT)
    found = competition_permissions.governments_run_by(acts_as)
    if not found:
        raise Http404
    return found[0]


def _find(request: SignedInRequest, key: str) -> Broadcast:
    return get_object_or_404(
        Broadcast.objects.visible_to(request.user).for_page(), key=key
    )


def _closed_to(user: User) -> set[int]:
    """The rounds in which an institution of `user` competes."""
    competing = Proposal.objects.competing_for(user)
    return set(competing.order_by().values_list("round", flat=True))


def _form(
    request: SignedInRequest,
    government: Government,
    broadcast: Broadcast | None = None,
) -> BroadcastForm:
    initial: dict[str, Any] = {"group": BroadcastGroup.AUTHORS}
    if broadcast:
        names = ("group", "round", "institution", "subject", "body")
        initial = {name: getattr(broadcast, name) for name in names}
    elif slug := request.GET.get("putaran"):
        initial["round"] = Round.objects.run_by(request.user).filter(slug=slug).first()
        initial["group"] = BroadcastGroup.WAITING
    rounds = Round.objects.filter(
        competition__government=government, opened_at__isnull=False
    )
    day = government.day_of(request.received_at)
    return BroadcastForm(
        request.POST if request.method == "POST" else None,
        rounds=rounds.of_government().order_by("-year", "name", "pk"),
        institutions=Institution.objects.filter(government=government)
        .active_on(day)
        .order_by("name", "pk"),
        closed=_closed_to(request.user),
        initial=initial,
    )


def _edit_page(
    request: SignedInRequest,
    government: Government,
    form: BroadcastForm,
    broadcast: Broadcast | None,
) -> HttpResponse:
    if request.htmx:
        return render(
            request,
            "monitoring/broadcast_edit.html#count",
            {"count": _count(request, government, form)},
        )
    return render(
        request,
        "monitoring/broadcast_edit.html",
        {
            "government": government,
            "form": form,
            "broadcast": broadcast,
            "count": None,
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


def _count(
    request: SignedInRequest, government: Government, form: BroadcastForm
) -> int | None:
    """How many the group has that is chosen on the page; None while it is not clear."""
    asked = BroadcastForm(
        request.GET,
        rounds=form.fields["round"].queryset,  # type: ignore[attr-defined]
        institutions=form.fields["institution"].queryset,  # type: ignore[attr-defined]
        closed=form.closed,
    )
    asked.is_valid()
    if {"group", "round", "institution"} & set(asked.errors):
        return None
    data = asked.cleaned_data
    people = broadcasting.people_in(
        group=data["group"],
        government=government,
        round=data["round"],
        institution=data["institution"],
        at=request.received_at,
    )
    return len(people)


def _mails(broadcast: Broadcast) -> dict[str, int]:
    """How many mails of it are in which state."""
    counted = (
        Delivery.objects.filter(
            message__kind=broadcast.message_kind, message__key=broadcast.key
        )
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    by_state = dict(counted)
    return {
        "sent": by_state.get(DeliveryState.SENT, 0),
        "waiting": by_state.get(DeliveryState.PENDING, 0),
        "failed": by_state.get(DeliveryState.FAILED, 0)
        + by_state.get(DeliveryState.BOUNCED, 0),
        "skipped": by_state.get(DeliveryState.SKIPPED, 0),
    }


def _number(text: str | None) -> int:
    plain = (text or "").replace(".", "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else -1


def _in_zone(
    request: SignedInRequest,
    government: Government,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    with timezone.override(government.time_zone):
        return render(request, f"monitoring/{template}.html", context)
