"""What becomes of an institution: renamed, ended, taken up again, merged."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms.institution_fields import InstitutionsField
from accounts.forms.institutions import (
    EndForm,
    MergeChoiceForm,
    MergeForm,
    ReasonForm,
    RenameForm,
)
from accounts.models import Government, Institution, Membership
from accounts.requests import SignedInRequest
from accounts.views.institutions import (
    UNPROCESSABLE,
    own_government,
    own_institution,
)
from core.errors import DomainError

MOST_MERGED = 50


@require_http_methods(["GET", "POST"])
def institution_rename(
    request: SignedInRequest, government: str, institution: str
) -> HttpResponse:
    """Another name; the old one stays in its history."""
    body = own_government(request, government)
    found = own_institution(request, body, institution)
    today = body.day_of(request.received_at)
    form = RenameForm(
        request.POST or None,
        initial={
            "name": found.name,
            "short_name": found.short_name,
            "from_day": today,
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        data.pop("is_correction")
        try:
            services.rename_institution(
                institution=found, actor=request.user, at=request.received_at, **data
            )
        except services.InstitutionNotChanged as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The new name stands."))
            return redirect("accounts:institution_detail", body.slug, found.code)
    return _answer(
        request, "accounts/institution_rename.html", form, body, institution=found
    )


@require_http_methods(["GET", "POST"])
def institution_end(
    request: SignedInRequest, government: str, institution: str
) -> HttpResponse:
    """The end of its active period; what goes with it is shown first."""
    body = own_government(request, government)
    found = own_institution(request, body, institution)
    today = body.day_of(request.received_at)
    if found.active_to and found.active_to < today:
        raise Http404
    below = Institution.objects.filter(
        Q(active_to=None) | Q(active_to__gt=today),
        government=body,
        path__startswith=found.path,
        successor=None,
    ).exclude(pk=found.pk)
    form = EndForm(
        request.POST or None,
        has_children=below.exists(),
        initial={"last_day": today, "children": EndForm.LIFT},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.end_institution(
                institution=found,
                last_day=form.cleaned_data["last_day"],
                lifts_children=form.lifts_children,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The end is entered."))
            return redirect("accounts:institution_detail", body.slug, found.code)
    return _answer(
        request,
        "accounts/institution_end.html",
        form,
        body,
        institution=found,
        below=below.in_tree_order()[:50],
        below_count=below.count(),
        roles=_roles_in([found], request),
        roles_below=Membership.objects.standing(request.received_at)
        .filter(institution__in=below)
        .count(),
    )


@require_http_methods(["GET", "POST"])
def institution_reactivate(
    request: SignedInRequest, government: str, institution: str
) -> HttpResponse:
    """Take an institution up again that has an end."""
    body = own_government(request, government)
    found = own_institution(request, body, institution)
    if found.active_to is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reactivate_institution(
                institution=found,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The institution is active again."))
            return redirect("accounts:institution_detail", body.slug, found.code)
    return _answer(
        request, "accounts/institution_reactivate.html", form, body, institution=found
    )


@require_http_methods(["GET", "POST"])
def institution_merge(request: SignedInRequest, government: str) -> HttpResponse:
    """Choose who becomes one, see what that means, then do it."""
    body = own_government(request, government)
    today = body.day_of(request.received_at)
    chosen = _chosen(request)
    choice = MergeChoiceForm(
        {"asal": chosen} if chosen else None, government=body, today=today
    )
    if not chosen or not choice.is_valid():
        return _answer(
            request,
            "accounts/institution_merge_choice.html",
            choice,
            body,
            offered=choice.offered,
        )
    merged = choice.cleaned_data["asal"][:MOST_MERGED]
    roles = _roles_in(merged, request)
    form = MergeForm(
        request.POST or None,
        roles=roles,
        government=body,
        today=today,
        without=[each.pk for each in merged],
        initial={"first_day": today, "kind_of_successor": MergeForm.EXISTING},
    )
    if request.method == "POST" and form.is_valid():
        try:
            successor = _merge(request, body, merged, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            told = ngettext(
                "%(number)d institution now goes on as %(name)s.",
                "%(number)d institutions now go on as %(name)s.",
                len(merged),
            )
            messages.success(
                request, told % {"number": len(merged), "name": successor.short_name}
            )
            return redirect("accounts:institution_detail", body.slug, successor.code)
    below = Institution.objects.filter(parent__in=merged, successor=None).exclude(
        pk__in=[each.pk for each in merged]
    )
    return _answer(
        request,
        "accounts/institution_merge.html",
        form,
        body,
        merged=merged,
        chosen="\n".join(each.code for each in merged),
        below=below.in_tree_order()[:50],
        below_count=below.count(),
        roles=roles,
        offered=form.offered,
    )


def _chosen(request: SignedInRequest) -> str:
    """Codes from the boxes of the list, a link or the form, one a line."""
    source = request.POST if request.method == "POST" else request.GET
    field = InstitutionsField(required=False)
    return str(field.to_python("\n".join(source.getlist("asal")))).strip()


def _merge(
    request: SignedInRequest,
    government: Government,
    merged: Sequence[Institution],
    form: MergeForm,
) -> Institution:
    """Make the successor if it is new, and merge: both or neither."""
    data = form.cleaned_data
    with transaction.atomic():
        successor = data["successor"]
        if form.is_new:
            successor = services.create_institution(
                government=government,
                kind=data["kind"],
                code=data["code"],
                name=data["name"],
                short_name=data["short_name"],
                parent=data["parent"],
                active_from=data["first_day"],
                reason=data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        return services.merge_institutions(
            predecessors=merged,
            successor=successor,
            first_day=data["first_day"],
            memberships=data.get("memberships") or [],
            reason=data["reason"],
            actor=request.user,
            at=request.received_at,
        )


def _roles_in(
    institutions: Sequence[Institution], request: SignedInRequest
) -> QuerySet[Membership]:
    return (
        Membership.objects.standing(request.received_at)
        .filter(institution__in=institutions)
        .select_related("user", "institution__government", "government")
        .order_by("institution__short_name", "user__name", "pk")
    )


def _answer(
    request: SignedInRequest,
    template: str,
    form: Any,
    government: Government,
    **context: Any,
) -> HttpResponse:
    context |= {"form": form, "government": government}
    return render(
        request, template, context, status=UNPROCESSABLE if form.errors else 200
    )
