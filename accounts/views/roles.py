"""Ending and handing over roles, one's own roles, and where one acts."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import acting, services
from accounts.forms.people import EndForm, HandoverForm
from accounts.models import Membership, User
from accounts.models.memberships import MembershipQuerySet, local_date
from accounts.models.roles import Role, names_of
from accounts.requests import SignedInRequest

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def role_end(request: SignedInRequest, key: str) -> HttpResponse:
    """End somebody's role, with its last day and a reason."""
    membership = _find(request, Membership.objects.overseen_by(request.user), key)
    target = redirect("accounts:person_detail", membership.user.key)
    return _end(request, membership, target, "accounts/role_end.html")


@require_http_methods(["GET", "HEAD", "POST"])
def role_leave(request: SignedInRequest, key: str) -> HttpResponse:
    """Give up a role of one's own."""
    own = Membership.objects.filter(user=request.user)
    membership = _find(request, own, key)
    target = redirect("accounts:membership_list")
    return _end(request, membership, target, "accounts/role_leave.html")


def _end(
    request: SignedInRequest,
    membership: Membership,
    target: HttpResponse,
    template: str,
) -> HttpResponse:
    form = EndForm(
        request.POST or None, today=local_date(membership.body, request.received_at)
    )
    if request.method == "POST" and form.is_valid():
        try:
            ended = services.end_role(
                membership=membership,
                to_date=form.cleaned_data["last_date"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except (services.MembershipNotEnded, services.LastSecretariat) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("The role has ended.")
                if ended.ended_at
                else _("The role has a last day now."),
            )
            return target
    return render(
        request,
        template,
        {
            "membership": membership,
            "form": form,
            "is_last_admin": _is_last_admin(request, membership),
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def role_hand_over(request: SignedInRequest, key: str) -> HttpResponse:
    """Pass on all that a person does in one body (mutasi)."""
    membership = _find(request, Membership.objects.overseen_by(request.user), key)
    body, giver = membership.body, membership.user
    form = HandoverForm(
        request.POST or None,
        today=local_date(body, request.received_at),
        colleagues=_colleagues(request, membership),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            handover = services.hand_over(
                giver=giver,
                body=body,
                successor=services.Successor(
                    given["successor"], given["email"], given["name"]
                ),
                last_date=form.cleaned_data["last_date"],
                reason=given["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except (
            services.NotHandedOver,
            services.LastSecretariat,
            services.NotInvited,
        ) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("Handed over to %(person)s. Both were told by mail.")
                % {"person": handover.receiver}
                if handover.receiver
                else _("Handed over. The successor was invited by mail."),
            )
            return redirect("accounts:person_detail", giver.key)
    roles = _passed_roles(request, membership)
    if not roles:
        raise Http404
    return render(
        request,
        "accounts/role_hand_over.html",
        {
            "membership": membership,
            "person": giver,
            "body": body,
            "role_names": names_of(roles),
            "form": form,
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_safe
def membership_list(request: SignedInRequest) -> HttpResponse:
    """All of one's own roles, with their periods."""
    memberships = (
        Membership.objects.filter(user=request.user)
        .select_related("government", "institution__government")
        .order_by("-from_date", "-pk")
    )
    rows = [
        {
            "membership": each,
            "is_current": period == Membership.Period.CURRENT,
            "is_coming": period == Membership.Period.COMING,
            "is_over": period == Membership.Period.OVER,
        }
        for each in memberships
        for period in [each.period_at(request.received_at)]
    ]
    return render(request, "accounts/membership_list.html", {"rows": rows})


@require_POST
def body_choose(request: SignedInRequest) -> HttpResponse:
    """Act in one of one's bodies, or in all, for this session."""
    if not acting.choose(request, request.user, request.POST.get("peran", "")):
        messages.error(request, _("You have no role there any more."))
    return redirect("dashboard")


def _find(
    request: SignedInRequest, memberships: MembershipQuerySet, key: str
) -> Membership:
    """A role that is not over, of those the person may do something about."""
    membership = get_object_or_404(
        memberships.select_related("user", "government", "institution__government"),
        key=key,
    )
    if membership.period_at(request.received_at) == Membership.Period.OVER:
        raise Http404
    return membership


def _passed_roles(request: SignedInRequest, membership: Membership) -> list[str]:
    held = Membership.objects.filter(user=membership.user, to_date=None)
    standing = held.of_body(membership.body).standing(request.received_at)
    return list(standing.order_by("pk").values_list("role", flat=True))


def _colleagues(request: SignedInRequest, membership: Membership) -> QuerySet[User]:
    """Who can take over at once: those with a role in the same house, never oneself.

    Of an institution that is everybody above it and below it in its tree.
    """
    current = Membership.objects.current(request.received_at)
    if institution := membership.institution:
        codes = institution.path.rstrip("/").split("/")
        above = ["/".join(codes[:end]) + "/" for end in range(1, len(codes))]
        current = current.filter(
            Q(institution__path__startswith=institution.path)
            | Q(institution__path__in=above),
            institution__government=institution.government_id,
        )
    else:
        current = current.filter(
            government=membership.government_id, role=Role.SECRETARIAT
        )
    current = current.overseen_by(request.user)
    return (
        User.objects.filter(Exists(current.filter(user=OuterRef("pk"))), is_active=True)
        .exclude(pk__in=[membership.user_id, request.user.pk])
        .order_by("name", "pk")
    )


def _is_last_admin(request: SignedInRequest, membership: Membership) -> bool:
    """Whether the institution is left without somebody who endorses and invites."""
    if membership.role != Role.INSTITUTION_ADMIN:
        return False
    others = Membership.objects.filter(
        institution=membership.institution_id,
        role=Role.INSTITUTION_ADMIN,
        to_date=None,
        user__is_active=True,
    ).exclude(pk=membership.pk)
    return not others.current(request.received_at).exists()
