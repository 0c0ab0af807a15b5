"""The register of innovations: for its institutions and the secretariat."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django.views.decorators.vary import vary_on_headers

from accounts import acting
from accounts import permissions as account_permissions
from accounts.models import Institution, Membership
from accounts.requests import SignedInRequest
from catalogue import register
from catalogue.forms import (
    InnovationFilterForm,
    JointOwnerForm,
    MergeForm,
    RetireForm,
    StatusForm,
)
from innovations import permissions, services
from innovations.models import Innovation, JointOwner
from submissions import queries as submission_queries

PAGE_SIZE = 50
UNPROCESSABLE = 422
YEARS_BACK = 5


def visible_innovation(request: SignedInRequest, slug: str) -> Innovation:
    """The innovation `slug` as far as the person may read it; else 404."""
    found = Innovation.objects.visible_to(request.user).select_related(
        "institution__government", "merged_into", "retired_by"
    )
    return get_object_or_404(found, slug=slug)


def own_innovation(request: SignedInRequest, slug: str) -> Innovation:
    """The same, of an institution the person writes for."""
    innovation = visible_innovation(request, slug)
    if not permissions.can_edit(request.user, innovation):
        raise PermissionDenied
    return innovation


@require_safe
@vary_on_headers("HX-Request")
def innovation_list(request: SignedInRequest) -> HttpResponse:
    """The innovations of the person's institutions, or of their government."""
    person = acting.acting(request, request.user)
    form = InnovationFilterForm(request.GET)
    page = Paginator(
        form.narrow(register.for_rows(request.user, person)), PAGE_SIZE
    ).get_page(request.GET.get("halaman"))
    template = "catalogue/innovation_list.html"
    return render(
        request,
        f"{template}#rows" if request.htmx else template,
        {
            "form": form,
            "page": page,
            "rows": register.rows_of(page),
            "is_secretariat": account_permissions.has_role(
                request.user, Membership.Role.SECRETARIAT
            ),
        },
    )


@require_safe
def innovation_detail(request: SignedInRequest, innovation: str) -> HttpResponse:
    """One innovation: who owns it, where it competed, what it won, how it fares."""
    found = visible_innovation(request, innovation)
    can_edit = permissions.can_edit(request.user, found)
    in_use = not found.is_merged and not found.is_retired
    page = register.load_page(found, request.user, request.received_at)
    return render(
        request,
        "catalogue/innovation_detail.html",
        {
            "innovation": found,
            "page": page,
            "can_edit": can_edit and in_use,
            "can_tell": can_edit and not found.is_merged,
            "can_retire": permissions.can_retire(request.user, found)
            and not found.is_merged,
            "can_tend": permissions.can_tend(request.user, found)
            and not found.is_merged,
            "open_rounds": [
                round
                for round in _open_rounds(request, found)
                if round.pk not in page.entered_rounds
            ]
            if can_edit and in_use
            else [],
        },
    )


def _open_rounds(request: SignedInRequest, innovation: Innovation) -> Any:
    """The rounds that one of the person's institutions may propose it in now."""
    houses = [
        each
        for each in Institution.objects.managed_by(request.user).select_related(
            "government"
        )
        if innovation.institution.path.startswith(each.path)
        and each.government_id == innovation.institution.government_id
    ]
    return submission_queries.rounds_open_for(houses, request.received_at)


def _form_page(
    request: SignedInRequest,
    innovation: Innovation,
    form: Any,
    title: str,
    button: str,
    **more: Any,
) -> HttpResponse:
    """A page with one form of the register."""
    return render(
        request,
        "catalogue/innovation_form.html",
        {
            "innovation": innovation,
            "form": form,
            "title": title,
            "button": button,
            **more,
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def status_edit(request: SignedInRequest, innovation: str) -> HttpResponse:
    """Tell how an innovation fares in a year."""
    found = own_innovation(request, innovation)
    this_year = found.institution.government.day_of(request.received_at).year
    years = range(this_year, this_year - YEARS_BACK, -1)
    form = StatusForm(request.POST or None, years=years)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_status(
                innovation=found,
                **form.cleaned_data,
                actor=request.user,
                at=request.received_at,
            )
        except services.NotInForce as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The state was noted."))
            return redirect(found)
    return _form_page(
        request, found, form, _("How the innovation fares"), _("Note the state")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def joint_owner_create(request: SignedInRequest, innovation: str) -> HttpResponse:
    """Name another institution as joint owner."""
    found = own_innovation(request, innovation)
    day = found.institution.government.day_of(request.received_at)
    form = JointOwnerForm(request.POST or None, innovation=found, day=day)
    if request.method == "POST" and form.is_valid():
        try:
            joint = services.ask_joint_owner(
                innovation=found,
                **form.cleaned_data,
                actor=request.user,
                at=request.received_at,
            )
        except (services.NotInForce, services.OwnerNotPossible) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("%(institution)s was asked. Its admin agrees or declines.")
                % {"institution": joint.institution},
            )
            return redirect(found)
    return _form_page(
        request,
        found,
        form,
        _("Name a joint owner"),
        _("Ask the institution"),
        hint=_(
            "Its people will read the innovation and its proposals once their admin "
            "agrees. Writing stays with you."
        ),
    )


def _joint(request: SignedInRequest, key: str) -> JointOwner:
    visible = Innovation.objects.visible_to(request.user)
    found = JointOwner.objects.filter(innovation__in=visible).select_related(
        "institution__government", "innovation__institution__government"
    )
    return get_object_or_404(found, key=key)


@require_POST
def joint_owner_confirm(request: SignedInRequest, key: str) -> HttpResponse:
    """Agree to own an innovation jointly."""
    joint = _joint(request, key)
    if not permissions.can_agree(request.user, joint):
        raise PermissionDenied
    try:
        services.confirm_joint_owner(
            joint=joint, actor=request.user, at=request.received_at
        )
    except services.OwnerNotPossible as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(
            request,
            _("%(institution)s is joint owner now.")
            % {"institution": joint.institution},
        )
    return redirect(joint.innovation)


@require_POST
def joint_owner_end(request: SignedInRequest, key: str) -> HttpResponse:
    """Decline, take back or end a joint ownership."""
    joint = _joint(request, key)
    if not permissions.can_end(request.user, joint):
        raise PermissionDenied
    try:
        services.end_joint_owner(
            joint=joint, actor=request.user, at=request.received_at
        )
    except services.OwnerNotPossible as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(
            request,
            _("%(institution)s is not joint owner any more.")
            % {"institution": joint.institution},
        )
    # Who was joint owner until now may not read it any more.
    if permissions.can_edit(request.user, joint.innovation):
        return redirect(joint.innovation)
    return redirect("catalogue:innovation_list")


@require_http_methods(["GET", "HEAD", "POST"])
def innovation_retire(request: SignedInRequest, innovation: str) -> HttpResponse:
    """Take an innovation out of use, with a reason."""
    found = visible_innovation(request, innovation)
    if not permissions.can_retire(request.user, found):
        raise PermissionDenied
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.retire_innovation(
                innovation=found,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.NotInForce as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The innovation is out of use."))
            return redirect(found)
    return _form_page(
        request,
        found,
        form,
        _("Take out of use"),
        _("Take out of use"),
        hint=_(
            "It stays in the register with all its history, but enters no round any "
            "more. It can be taken into use again."
        ),
    )


@require_POST
def innovation_revive(request: SignedInRequest, innovation: str) -> HttpResponse:
    """Take a retired innovation into use again."""
    found = visible_innovation(request, innovation)
    if not permissions.can_retire(request.user, found):
        raise PermissionDenied
    try:
        services.revive_innovation(
            innovation=found, actor=request.user, at=request.received_at
        )
    except services.NotInForce as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("The innovation is in use again."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def innovation_merge(request: SignedInRequest, innovation: str) -> HttpResponse:
    """Let another entry stand for this one too: they are one innovation."""
    found = visible_innovation(request, innovation)
    if not permissions.can_tend(request.user, found):
        raise PermissionDenied
    form = MergeForm(
        request.POST or None, candidates=register.candidates(found, request.user)
    )
    if request.method == "POST" and form.is_valid():
        try:
            stays = services.merge_innovations(
                double=found,
                into=form.cleaned_data["into"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.NotMergeable as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The two entries are one now."))
            return redirect(stays)
    return _form_page(
        request,
        found,
        form,
        _("Merge with another entry"),
        _("Merge"),
        hint=_(
            "Proposals, awards and papers of both stay, and are found through the "
            "entry that stays. This cannot be undone."
        ),
    )
