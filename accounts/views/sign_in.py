"""Another address to sign in with, and what is said after too many tries."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import entrance, services
from accounts.forms.sign_in import EmailChangeForm
from accounts.models import User
from accounts.requests import SignedInRequest
from core.requests import PortalRequest

EMAIL_SALT = "accounts.email_change"
EMAIL_SECONDS = 24 * 3600
WAIT_SECONDS = 300  # the longest window of ACCOUNT_RATE_LIMITS


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required
@rate_limit(action="change_email")
def email_change(request: SignedInRequest) -> HttpResponse:
    """Ask for another address; the link that makes it so goes there."""
    form = EmailChangeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        _send_link(request.user, form.cleaned_data["email"])
        return render(
            request, "accounts/email_sent.html", {"email": form.cleaned_data["email"]}
        )
    return render(request, "accounts/email_change.html", {"form": form})


@sensitive_variables("token")
def _send_link(user: User, email: str) -> None:
    """Mail the link; to an address with an account of its own, only in appearance."""
    details = {
        "user": user.pk,
        "before": user.email,
        "email": email,
        "password": user.get_session_auth_hash(),
    }
    token = signing.dumps(details, salt=EMAIL_SALT, compress=True)
    path = reverse("accounts:email_confirm", args=[token])
    context = {"user": user, "url": settings.BASE_URL.rstrip("/") + path}
    adapter = get_adapter()
    is_taken = User.objects.filter(email__iexact=email).exists()
    mail = adapter.pretend_mail if is_taken else adapter.send_mail
    mail("account/email/email_change", email, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def email_confirm(request: PortalRequest, token: str) -> HttpResponse:
    """Show what the link would do, and do it when the button is pressed."""
    details = _read_link(token)
    user = User.objects.filter(pk=details.get("user", 0), is_active=True).first()
    if user is None or not _still_holds(details, user):
        return render(request, "accounts/email_confirm.html", {"email": ""}, status=410)
    if request.method != "POST":
        context = {"email": details["email"], "before": details["before"]}
        return render(request, "accounts/email_confirm.html", context)
    try:
        services.change_email(
            user=user,
            email=details["email"],
            before=details["before"],
            actor=user,
            at=request.received_at,
        )
    except services.EmailNotChanged as refusal:
        messages.error(request, refusal.message)
        return render(request, "accounts/email_confirm.html", {"email": ""}, status=410)
    messages.success(
        request,
        _("From now on you sign in with %(email)s.") % {"email": details["email"]},
    )
    is_theirs = request.user.is_authenticated and request.user.pk == user.pk
    return redirect("mfa_index" if is_theirs else "account_login")


def _still_holds(details: dict[str, Any], user: User) -> bool:
    """Whether neither address nor password has changed since the link was asked for.

    Who takes an account back by a new password takes it back from open links too.
    """
    return user.email == details["before"] and constant_time_compare(
        details.get("password", ""), user.get_session_auth_hash()
    )


def _read_link(token: str) -> dict[str, Any]:
    try:
        details = signing.loads(token, salt=EMAIL_SALT, max_age=EMAIL_SECONDS)
    except signing.BadSignature:
        return {}
    return details if isinstance(details, dict) else {}


def too_many_requests(request: PortalRequest) -> HttpResponse:
    """Ask for patience, and lead back to where the person was."""
    onward = request.POST.get("next") or request.GET.get("next") or ""
    context = {
        "minutes": WAIT_SECONDS // 60,
        "path": request.path,
        "next": onward if entrance.is_inside(onward) else "",
    }
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(WAIT_SECONDS)
    return response
