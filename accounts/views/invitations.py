"""Inviting people, one or many, sending again and withdrawing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import people_lists, services
from accounts.forms.people import InvitationForm, ReasonForm
from accounts.models import Invitation, Membership, User
from accounts.people_lists import PeopleScope
from accounts.requests import SignedInRequest
from accounts.views.people import PAGE_SIZE, UNPROCESSABLE, find_scope, list_context


@require_safe
def invitation_list(
    request: SignedInRequest, government: str, institution: str = ""
) -> HttpResponse:
    """What was sent out, newest first; open ones can be sent again."""
    scope = find_scope(request, government, institution)
    page = Paginator(scope.invitations().for_list(), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    rows = [
        {"invitation": each, "has_expired": each.has_expired(request.received_at)}
        for each in page.object_list
    ]
    return render(
        request,
        "accounts/invitation_list.html",
        {
            "scope": scope,
            "page": page,
            "rows": rows,
            **list_context(scope, "invitations"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(
    request: SignedInRequest, government: str, institution: str = ""
) -> HttpResponse:
    """Invite somebody, or give a further role to somebody who is known here."""
    scope = find_scope(request, government, institution)
    form = InvitationForm(
        request.POST or None,
        scope=scope,
        institutions=scope.institutions(request.received_at),
        person=_known_person(request, scope, key=request.GET.get("orang", "")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _send(request, scope, form.cleaned_data))
        except (services.NotInvited, services.MembershipNotGranted) as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(scope.url("invitation_list"))
    return render(
        request,
        "accounts/invitation_create.html",
        {"scope": scope, "form": form, "people_url": scope.url("people_list")},
        status=UNPROCESSABLE if form.errors else 200,
    )


def _send(request: SignedInRequest, scope: PeopleScope, given: dict[str, Any]) -> str:
    """Invite, or give the role at once; say in words what was done."""
    if person := _known_person(request, scope, email=given["email"]):
        services.give_role(
            user=person,
            role=given["role"],
            body=given["body"],
            reason=given["reason"],
            actor=request.user,
            at=request.received_at,
        )
        return _("%(person)s has the role from today on and was told by mail.") % {
            "person": person
        }
    invitation = services.invite(
        email=given["email"],
        name=given["name"],
        role=given["role"],
        body=given["body"],
        reason=given["reason"],
        actor=request.user,
        at=request.received_at,
    )
    return _("The invitation was sent to %(email)s.") % {"email": invitation.email}


def _known_person(
    request: SignedInRequest, scope: PeopleScope, *, key: str = "", email: str = ""
) -> User | None:
    """Somebody with a role in this house, who needs no invitation; nobody else's."""
    held = scope.memberships().standing(request.received_at)
    people = User.objects.filter(
        Exists(held.filter(user=OuterRef("pk"))), is_active=True
    )
    if email:
        return people.filter(email__iexact=email).first()
    try:
        return people.filter(key=UUID(key)).first()
    except ValueError:
        return None


@require_POST
def invitation_resend(request: SignedInRequest, key: str) -> HttpResponse:
    invitation = _find(request, key)
    try:
        services.resend_invitation(
            invitation=invitation, actor=request.user, at=request.received_at
        )
    except (services.InvitationClosed, services.InvitationNotResent) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            _(
                "A new mail went to %(email)s. The link in the earlier one is no "
                "longer valid."
            )
            % {"email": invitation.email},
        )
    return redirect(_list_url(request, invitation))


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_withdraw(request: SignedInRequest, key: str) -> HttpResponse:
    """Take an invitation back, with a reason."""
    invitation = _find(request, key)
    list_url = _list_url(request, invitation)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_invitation(
                invitation=invitation,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.InvitationClosed as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The invitation is withdrawn."))
        return redirect(list_url)
    return render(
        request,
        "accounts/invitation_withdraw.html",
        {"invitation": invitation, "form": form, "list_url": list_url},
        status=UNPROCESSABLE if form.errors else 200,
    )


def _find(request: SignedInRequest, key: str) -> Invitation:
    return get_object_or_404(
        Invitation.objects.overseen_by(request.user).select_related(
            "government", "institution__government", "invited_by", "handover"
        ),
        key=key,
    )


def _list_url(request: SignedInRequest, invitation: Invitation) -> str:
    """The list the invitation stands in, as this person sees it."""
    place = Membership(
        role=invitation.role,
        government=invitation.government,
        institution=invitation.institution,
    )
    scope = people_lists.scope_of(request.user, [place])
    assert scope is not None  # who oversees it has a house for it
    return scope.url("invitation_list")
