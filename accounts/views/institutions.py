"""The institutions of a government, for its secretariat."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import services
from accounts.forms.institutions import (
    InstitutionCreateForm,
    InstitutionEditForm,
    InstitutionFilterForm,
)
from accounts.models import Government, Institution, Membership
from accounts.requests import SignedInRequest
from core.errors import DomainError

PAGE_SIZE = 50
BELOW_SHOWN = 25
UNPROCESSABLE = 422


def own_government(request: SignedInRequest, slug: str) -> Government:
    """The government, if its secretariat asks."""
    return get_object_or_404(Government.objects.run_by(request.user), slug=slug)


def own_institution(
    request: SignedInRequest, government: Government, code: str
) -> Institution:
    """An institution of a government that was found by `own_government`."""
    institutions = Institution.objects.filter(government=government).select_related(
        "government", "parent", "successor"
    )
    return get_object_or_404(institutions, code=code)


def asked_institutions(
    form: InstitutionFilterForm, government: Government, request: SignedInRequest
) -> QuerySet[Institution]:
    """The institutions that the filter leaves, as a tree."""
    institutions = Institution.objects.filter(government=government)
    form.is_valid()
    if above := form.cleaned_data.get("di"):
        top = get_object_or_404(institutions, code=above)
        institutions = institutions.filter(path__startswith=top.path)
    today = government.day_of(request.received_at)
    return form.matching(institutions, today=today).in_tree_order()  # type: ignore[attr-defined,no-any-return]


@require_safe
@vary_on_headers("HX-Request")
def institution_list(request: SignedInRequest, government: str) -> HttpResponse:
    """All of them as a tree, with search and filters."""
    found = own_government(request, government)
    form = InstitutionFilterForm(request.GET)
    # Over ids: people are counted for the rows shown, not for those passed by.
    ids = asked_institutions(form, found, request).values_list("pk", flat=True)
    page = Paginator(ids, PAGE_SIZE).get_page(request.GET.get("halaman"))
    rows = (
        Institution.objects.filter(pk__in=list(page.object_list))
        .select_related("parent", "successor")
        .prefetch_related("former_names")
        .annotate(people=_people_count(request))
        .in_tree_order()
    )
    context = {
        "government": found,
        "form": form,
        "page": page,
        "rows": rows,
        "today": found.day_of(request.received_at),
        # A tree is only read as one where nothing is left out between the levels.
        "is_tree": not form.cleaned_data.get("cari")
        and not form.cleaned_data.get("jenis"),
        "query": request.GET.urlencode(),
    }
    if request.htmx:
        return render(request, "accounts/institution_list.html#rows", context)
    context["counts"] = _counts(found, request)
    return render(request, "accounts/institution_list.html", context)


def _people_count(request: SignedInRequest) -> Coalesce:
    """How many people hold a role there now; counted only for the rows shown."""
    people = (
        Membership.objects.current(request.received_at)
        .filter(institution=OuterRef("pk"))
        .order_by()
        .values("institution")
        .annotate(people=Count("user", distinct=True))
        .values("people")
    )
    return Coalesce(Subquery(people), 0)


def _counts(government: Government, request: SignedInRequest) -> dict[str, int]:
    ended = Q(active_to__lt=government.day_of(request.received_at))
    return Institution.objects.filter(government=government).aggregate(
        active=Count("pk", filter=~ended | Q(active_to=None)),
        top=Count("pk", filter=Q(parent=None) & (~ended | Q(active_to=None))),
        ended=Count("pk", filter=ended),
    )


@require_safe
def institution_detail(
    request: SignedInRequest, government: str, institution: str
) -> HttpResponse:
    """One institution with its place, its names, and what came before and after."""
    body = own_government(request, government)
    found = own_institution(request, body, institution)
    below = Institution.objects.filter(parent=found, successor=None)
    today = body.day_of(request.received_at)
    return render(
        request,
        "accounts/institution_detail.html",
        {
            "government": body,
            "institution": found,
            "above": _above(found),
            "below": below.in_tree_order()[:BELOW_SHOWN],
            "below_count": below.count(),
            "former_names": found.former_names.order_by("-until_date", "pk"),
            "predecessors": found.predecessors.in_tree_order(),
            "people_count": Membership.objects.current(request.received_at)
            .filter(institution=found)
            .values("user")
            .distinct()
            .count(),
            "is_active": found.is_active_on(today),
            "has_ended": found.active_to is not None and found.active_to < today,
            "today": today,
        },
    )


def _above(institution: Institution) -> QuerySet[Institution]:
    """Those above it, from the top; read from its path."""
    parts = institution.path.split("/")[:-2]
    codes = [part.lstrip("<") for part in parts]
    return Institution.objects.filter(
        government=institution.government_id, code__in=codes
    ).in_tree_order()


@require_http_methods(["GET", "POST"])
def institution_create(request: SignedInRequest, government: str) -> HttpResponse:
    """Enter one institution by hand."""
    found = own_government(request, government)
    form = InstitutionCreateForm(
        request.POST or None,
        government=found,
        today=found.day_of(request.received_at),
        initial={"parent": request.GET.get("induk", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_institution(
                government=found,
                actor=request.user,
                at=request.received_at,
                **form.cleaned_data,
            )
        except services.CodeTaken as refusal:
            form.add_error("code", refusal.message)
        except services.TreeRefused as refusal:
            form.add_error("parent", refusal.message)
        else:
            messages.success(request, _("The institution is entered."))
            return redirect("accounts:institution_detail", found.slug, made.code)
    return _form_page(request, "accounts/institution_create.html", form, found)


@require_http_methods(["GET", "POST"])
def institution_edit(
    request: SignedInRequest, government: str, institution: str
) -> HttpResponse:
    """Kind, contact, beginning, and its place in the tree."""
    body = own_government(request, government)
    found = own_institution(request, body, institution)
    form = InstitutionEditForm(
        request.POST or None,
        government=body,
        today=body.day_of(request.received_at),
        without=[found.pk],
        initial={
            name: getattr(found, name)
            for name in ("kind", "parent", "email", "phone", "address", "active_from")
        },
    )
    if request.method == "POST" and form.is_valid():
        fields: dict[str, Any] = dict(form.cleaned_data)
        try:
            services.edit_institution(
                institution=found,
                parent=fields.pop("parent"),
                reason=fields.pop("reason"),
                fields=fields,
                actor=request.user,
                at=request.received_at,
            )
        except services.TreeRefused as refusal:
            form.add_error("parent", refusal.message)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Changes saved."))
            return redirect("accounts:institution_detail", body.slug, found.code)
    return _form_page(
        request, "accounts/institution_edit.html", form, body, institution=found
    )


def _form_page(
    request: SignedInRequest,
    template: str,
    form: Any,
    government: Government,
    **context: Any,
) -> HttpResponse:
    context |= {"form": form, "government": government, "offered": form.offered}
    return render(
        request, template, context, status=UNPROCESSABLE if form.errors else 200
    )
