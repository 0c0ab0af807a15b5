"""How a person wants to be told."""

from datetime import time
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from core.requests import PortalRequest
from notifications import (
    chats,
    permissions,
    queries,
    services,
    troubles,
    unsubscribing,
)
from notifications.forms import ChatCodeForm, ChatForm, PreferenceForm
from notifications.models import CODE_MINUTES, ChatConsent


@require_http_methods(["GET", "POST"])
def preference_edit(request: PortalRequest) -> HttpResponse:
    """By which way the person is told of which kind of message."""
    user = cast(AbstractBaseUser, request.user)
    consent = queries.consent_of(user)
    data = request.POST if request.method == "POST" else None
    form = _preference_form(user, consent, data)
    if request.method == "POST" and form.is_valid():
        services.save_preferences(
            user=user, choices=form.choices(), at=request.received_at
        )
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:preference_edit")
    return _preference_page(request, user, consent, form)


@require_POST
def chat_agree(request: PortalRequest) -> HttpResponse:
    """Agree to be written to by WhatsApp under a number; the portal sends a code."""
    user = cast(AbstractBaseUser, request.user)
    form = ChatForm(request.POST)
    if form.is_valid():
        try:
            services.agree_to_chat(
                user=user, phone=form.cleaned_data["phone"], at=request.received_at
            )
        except services.NumberRefused as refusal:
            form.add_error("phone", refusal.message)
        else:
            if queries.chats_are_offered():
                return _send_code(request, user)
            messages.success(request, _("Your number is saved."))
            return redirect(_chat_place())
    consent = queries.consent_of(user)
    return _preference_page(
        request, user, consent, _preference_form(user, consent), chat_form=form
    )


@require_POST
def chat_code(request: PortalRequest) -> HttpResponse:
    """Send a code to the number that waits to be proved."""
    if not queries.chats_are_offered():
        raise Http404
    return _send_code(request, cast(AbstractBaseUser, request.user))


@require_POST
def chat_prove(request: PortalRequest) -> HttpResponse:
    """Take the code that came by WhatsApp."""
    user = cast(AbstractBaseUser, request.user)
    form = ChatCodeForm(request.POST)
    if form.is_valid():
        try:
            services.prove_number(
                user=user, code=form.cleaned_data["code"], at=request.received_at
            )
        except services.NumberNotProved as refusal:
            form.add_error("code", refusal.message)
        else:
            messages.success(
                request,
                _("The number is yours. Tick what you want to read by WhatsApp."),
            )
            return redirect("notifications:preference_edit")
    consent = queries.consent_of(user)
    return _preference_page(
        request, user, consent, _preference_form(user, consent), code_form=form
    )


def _send_code(request: PortalRequest, user: AbstractBaseUser) -> HttpResponse:
    try:
        services.send_chat_code(user=user, at=request.received_at)
    except services.CodeNotSent as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("A code is on its way to your WhatsApp. Type it in here.")
        )
    return redirect(_chat_place())


@require_POST
def chat_end(request: PortalRequest) -> HttpResponse:
    """Be written to by WhatsApp no more."""
    user = cast(AbstractBaseUser, request.user)
    services.end_chat(user=user, at=request.received_at)
    messages.success(request, _("The portal writes to you by WhatsApp no more."))
    return redirect("notifications:preference_edit")


@require_POST
def address_check(request: PortalRequest) -> HttpResponse:
    """Mail a link with which the person shows that mails arrive."""
    user = cast(AbstractBaseUser, request.user)
    try:
        services.send_address_check(user=user, at=request.received_at)
    except services.AddressCheckRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("A mail is on its way. Open the link in it to confirm.")
        )
    return redirect("notifications:preference_edit")


@require_http_methods(["GET", "POST"])
@login_not_required
@never_cache
def address_confirm(request: PortalRequest, token: str) -> HttpResponse:
    """Confirm an address by the link that was mailed to it; POST alone does it."""
    if request.method == "POST":
        is_confirmed = services.confirm_address(token=token, at=request.received_at)
        state = "done" if is_confirmed else "void"
    else:
        state = "asked" if troubles.read_token(token) else "void"
    status = 404 if state == "void" else 200
    context = {"state": state}
    return render(request, "notifications/address_confirm.html", context, status=status)


@csrf_exempt  # a mail program posts without a page; the signed token is the proof
@require_http_methods(["GET", "POST"])
@login_not_required
@never_cache
def unsubscribe(request: PortalRequest, token: str) -> HttpResponse:
    """Send no more mails of the kind that the link names; POST alone does it.

    One press in a mail program is a POST (RFC 8058), answered without a redirect.
    """
    wish = unsubscribing.read_token(token)
    if wish is None:
        raise Http404
    if request.method == "POST":
        services.unsubscribe(wish=wish, at=request.received_at)
    context = {"kind": wish.kind, "is_done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)


def _preference_form(
    user: AbstractBaseUser, consent: ChatConsent | None, data: QueryDict | None = None
) -> PreferenceForm:
    holder = cast(permissions.RoleHolder, user)
    return PreferenceForm(
        data,
        groups=queries.kinds_for(user, permissions.codes_run_by(holder)),
        wishes=queries.wishes_of(user),
        with_chats=consent is not None
        and consent.is_proved
        and queries.chats_are_offered(),
    )


def _chat_place() -> str:
    return f"{reverse('notifications:preference_edit')}#h-chat"


def _own_chat(consent: ChatConsent) -> str:
    """A link that opens the chat with the number: one's own, if it is typed right."""
    text = _("This is my own number for the portal.")
    return chats.chat_link(f"+{consent.number}", text)


def _preference_page(
    request: PortalRequest,
    user: AbstractBaseUser,
    consent: ChatConsent | None,
    form: PreferenceForm,
    *,
    chat_form: ChatForm | None = None,
    code_form: ChatCodeForm | None = None,
) -> HttpResponse:
    waits = consent is not None and not consent.is_proved
    context = {
        "form": form,
        "groups": form.groups(),
        "with_chats": form.with_chats,
        "chats_are_offered": queries.chats_are_offered(),
        "consent": consent,
        "code": queries.code_sent_to(user, request.received_at) if waits else None,
        "code_form": code_form or ChatCodeForm(),
        "code_minutes": CODE_MINUTES,
        "own_chat_url": _own_chat(consent) if consent else "",
        "chat_form": chat_form
        or ChatForm(initial={"phone": getattr(user, "phone", "")}),
        "trouble": queries.trouble_of(user),
        "digest_time": time(settings.DIGEST_HOUR),
    }
    return render(request, "notifications/preference_edit.html", context)
