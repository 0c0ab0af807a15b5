"""Accepting an invitation: the way in for somebody without an account."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms.people import AcceptForm
from accounts.models import Invitation, User
from accounts.models.roles import names_of
from core.requests import PortalRequest

# From the key of an invitation to the digest of the link that this session opened.
SESSION_KEY = "invitations"
KEPT = 5


@require_safe
@login_not_required
@never_cache
def invitation_open(request: PortalRequest, secret: str) -> HttpResponse:
    """Follow the link of the mail.

    The session notes that it was opened, so that the secret stands neither in the
    address of the page nor in what the browser tells other pages. Opening changes
    nothing: programs that look into mails follow links too.
    """
    digest = services.digest_of(secret)
    found = services.find_invitation(digest)
    if found is None:
        response = _plain_page(request, "unknown", status=404)
    elif problem := _problem(found.invitation, found.is_latest, request):
        response = _plain_page(request, problem, found.invitation)
    else:
        opened = request.session.get(SESSION_KEY, {})
        opened.pop(str(found.invitation.key), None)
        opened[str(found.invitation.key)] = digest
        request.session[SESSION_KEY] = dict(list(opened.items())[-KEPT:])
        response = redirect("accounts:invitation_accept", found.invitation.key)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password")
def invitation_accept(request: PortalRequest, key: str) -> HttpResponse:
    """Show what is offered and by whom; POST accepts it.

    Who opened no link of this invitation learns nothing, not even that it exists.
    """
    digest = request.session.get(SESSION_KEY, {}).get(str(key), "")
    found = services.find_invitation(digest) if digest else None
    if found is None:
        return _plain_page(request, "closed_link", status=200)
    if problem := _problem(found.invitation, found.is_latest, request):
        return _plain_page(request, problem, found.invitation)
    if request.method == "POST":
        if not ratelimit.consume(request, action="accept_invitation"):
            limited: HttpResponse = ratelimit.respond_429(request)
            return limited
        if "sign_out" in request.POST:
            return _sign_out(request, str(key), digest)
    if isinstance(request.user, User):
        return _accept_signed_in(request, request.user, found.invitation)
    if User.objects.filter(email__iexact=found.invitation.email).exists():
        return _page(request, found.invitation, "sign_in")
    return _accept_as_new(request, found.invitation)


def _accept_signed_in(
    request: PortalRequest, user: User, invitation: Invitation
) -> HttpResponse:
    if user.email.lower() != invitation.email:
        return _page(request, invitation, "somebody_else")
    if request.method == "POST":
        try:
            services.accept_invitation(
                invitation=invitation, user=user, at=request.received_at
            )
        except services.InvitationClosed as refusal:
            messages.error(request, refusal.message)
            return redirect("dashboard")
        return _welcome(request, invitation)
    return _page(request, invitation, "accept")


def _accept_as_new(request: PortalRequest, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        email=invitation.email,
        name=invitation.name,
        employee_number=invitation.employee_number,
    )
    if request.method == "POST" and form.is_valid():
        given = {
            name: form.cleaned_data[name]
            for name in ("name", "employee_number", "phone", "password")
        }
        try:
            user = services.accept_with_account(
                invitation=invitation, at=request.received_at, **given
            )
        except (services.InvitationClosed, services.EmailTaken):
            # The other tab was faster: this page then says what to do.
            return redirect("accounts:invitation_accept", invitation.key)
        signing_in = Login(
            user=user, email=user.email, redirect_url=reverse("dashboard")
        )
        perform_password_login(request, {"email": user.email}, signing_in)
        return _welcome(request, invitation)
    return _page(request, invitation, "register", form)


def _welcome(request: PortalRequest, invitation: Invitation) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    messages.success(
        request, _("Welcome. You now work for %(body)s.") % {"body": invitation.body}
    )
    return redirect("dashboard")


def _sign_out(request: PortalRequest, key: str, digest: str) -> HttpResponse:
    """Sign out, and keep the invitation open for whom it is meant."""
    logout(request)
    request.session[SESSION_KEY] = {key: digest}
    return redirect("accounts:invitation_accept", key)


def _problem(invitation: Invitation, is_latest: bool, request: PortalRequest) -> str:
    if invitation.is_accepted:
        return "accepted"
    if invitation.is_withdrawn:
        return "withdrawn"
    if not is_latest:
        return "superseded"
    return "expired" if invitation.has_expired(request.received_at) else ""


def _plain_page(
    request: PortalRequest,
    problem: str,
    invitation: Invitation | None = None,
    *,
    status: int = 410,
) -> HttpResponse:
    """Say that the link leads nowhere, why, and what to do."""
    return render(
        request,
        "accounts/invitation_problem.html",
        {"problem": problem, "invitation": invitation},
        status=status,
    )


def _page(
    request: PortalRequest,
    invitation: Invitation,
    step: str,
    form: AcceptForm | None = None,
) -> HttpResponse:
    return render(
        request,
        "accounts/invitation_accept.html",
        {
            "invitation": invitation,
            "role_names": names_of(invitation.roles),
            "step": step,
            "form": form,
        },
        status=422 if form is not None and form.errors else 200,
    )
