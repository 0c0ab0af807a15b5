"""The people of a government or an institution, and the page of one."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import people_lists, permissions, services
from accounts.forms.people import PeopleFilterForm, ReasonForm
from accounts.models import Government, Institution, Invitation, Membership, User
from accounts.people_lists import PeopleScope
from accounts.requests import SignedInRequest
from notifications import queries as notifications_queries

PAGE_SIZE = 50
UNPROCESSABLE = 422


def find_scope(
    request: SignedInRequest, government: str, institution: str = ""
) -> PeopleScope:
    """The house that an address names, if it is the person's to look after.

    Whether a system admin asks for a secretariat is told by the name of the route.
    """
    if institution:
        tree = Institution.objects.administered_by(request.user).select_related(
            "government"
        )
        found = get_object_or_404(tree, government__slug=government, code=institution)
        return PeopleScope(found.government, found)
    match = request.resolver_match
    if match and (match.url_name or "").startswith("secretariat_"):
        if not request.user.is_system_admin:
            raise Http404
        return PeopleScope(
            get_object_or_404(Government, slug=government), is_secretariat_alone=True
        )
    return PeopleScope(
        get_object_or_404(Government.objects.run_by(request.user), slug=government)
    )


@require_safe
def people_list(
    request: SignedInRequest, government: str, institution: str = ""
) -> HttpResponse:
    """Everybody with a role here, with search and filters."""
    scope = find_scope(request, government, institution)
    form = PeopleFilterForm(request.GET, scope=scope)
    wanted = form.cleaned_data if form.is_valid() else {}
    people = people_lists.find_people(scope, wanted, request.received_at)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("halaman"))
    rows = people_lists.rows_of(scope, list(page), request.received_at)
    services.note_access(
        actor=request.user,
        subjects=[row.person.pk for row in rows],
        what=_("the list of people of %(body)s") % {"body": scope.body},
        at=request.received_at,
        scope=scope.government.code,
    )
    return render(
        request,
        "accounts/people_list.html",
        {
            "scope": scope,
            "form": form,
            "is_filtered": any(wanted.values()),
            "page": page,
            "rows": rows,
            "today": scope.government.day_of(request.received_at),
            **list_context(scope, "people"),
        },
    )


def list_context(scope: PeopleScope, current: str) -> dict[str, Any]:
    """What the two lists share: addresses and tabs."""
    people, invitations = scope.url("people_list"), scope.url("invitation_list")
    tabs = [
        {"label": _("People"), "url": people, "current": current == "people"},
        {
            "label": _("Invitations"),
            "url": invitations,
            "current": current == "invitations",
            "count": scope.invitations().open().count(),
        },
    ]
    return {
        "tabs": tabs,
        "people_url": people,
        "create_url": scope.url("invitation_create"),
        "import_url": scope.url("invitation_import") if scope.is_government else "",
    }


@require_safe
def person_detail(request: SignedInRequest, key: str) -> HttpResponse:
    """One person: the roles that the reader looks after, and nothing of others."""
    person, memberships = _find_person(request, key)
    scope = people_lists.scope_of(request.user, memberships)
    assert scope is not None  # who oversees a role has a house for it
    services.note_access(
        actor=request.user,
        subjects=[person.pk],
        what=_("the page of a person, with address and numbers"),
        at=request.received_at,
        scope=scope.government.code,
    )
    invitations = Invitation.objects.overseen_by(request.user).open()
    return render(
        request,
        "accounts/person_detail.html",
        {
            "person": person,
            "scope": scope,
            "rows": _role_rows(request, memberships),
            "invitations": invitations.filter(email=person.email).for_list(),
            "people_url": scope.url("people_list"),
            "give_url": f"{scope.url('invitation_create')}?orang={person.key}",
            "can_close": permissions.can_close(request.user, person),
            "can_reset": permissions.can_reset_second_factor(request.user, person)
            and Authenticator.objects.filter(user=person).exists(),
            "is_self": person.pk == request.user.pk,
            "trouble": notifications_queries.trouble_of(person),
            "now": request.received_at,
        },
    )


def _role_rows(
    request: SignedInRequest, memberships: list[Membership]
) -> list[dict[str, Any]]:
    Period = Membership.Period  # noqa: N806  as the model names it
    return [
        {
            "membership": each,
            "is_current": period == Period.CURRENT,
            "is_coming": period == Period.COMING,
            "is_over": period == Period.OVER,
            "can_hand_over": period != Period.OVER and each.to_date is None,
        }
        for each in memberships
        for period in [each.period_at(request.received_at)]
    ]


def _find_person(request: SignedInRequest, key: str) -> tuple[User, list[Membership]]:
    overseen = Membership.objects.overseen_by(request.user)
    person = get_object_or_404(
        User.objects.filter(Exists(overseen.filter(user=OuterRef("pk")))), key=key
    )
    memberships = (
        overseen.filter(user=person)
        .select_related("government", "institution__government")
        .order_by("-from_date", "-pk")
    )
    return person, list(memberships)


@require_http_methods(["GET", "HEAD", "POST"])
def person_close(request: SignedInRequest, key: str) -> HttpResponse:
    """Close an account, or open a closed one again; each with a reason."""
    person, _memberships = _find_person(request, key)
    if not permissions.can_close(request.user, person):
        raise PermissionDenied(
            _(
                "Only the secretariat closes an account, and only if the person has "
                "roles in no other government."
            )
        )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change = (
            services.deactivate_user if person.is_active else services.reactivate_user
        )
        try:
            changed = change(
                user=person,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except (services.AccountNotChanged, services.LastSecretariat) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("The account is open again.")
                if changed.is_active
                else _("The account is closed. Open sessions have ended."),
            )
            return redirect("accounts:person_detail", person.key)
    return render(
        request,
        "accounts/person_close.html",
        {"person": person, "form": form},
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_second_factor(request: SignedInRequest, key: str) -> HttpResponse:
    """Take a lost second factor from somebody, who then sets up a new one."""
    person, memberships = _find_person(request, key)
    if not permissions.can_reset_second_factor(request.user, person):
        raise PermissionDenied(
            _("Only those who look after all the roles of a person may do this.")
        )
    scope = people_lists.scope_of(request.user, memberships)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reset_second_factor(
                user=person,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
                scope=scope.government.code if scope else "",
            )
        except services.SecondFactorNotReset as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("The second factor is gone. The person was told by mail.")
            )
            return redirect("accounts:person_detail", person.key)
    return render(
        request,
        "accounts/person_second_factor.html",
        {"person": person, "form": form},
        status=UNPROCESSABLE if form.errors else 200,
    )
