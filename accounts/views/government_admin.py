"""All governments of the portal, for system admins."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms.governments import GovernmentCreateForm, ParentForm
from accounts.models import Government, Institution, Membership
from accounts.requests import SignedInRequest
from accounts.views.institutions import UNPROCESSABLE

PAGE_SIZE = 50


@require_safe
def government_list(request: SignedInRequest) -> HttpResponse:
    """All governments, provinces before what stands below them."""
    _require_admin(request)
    secretariat = (
        Membership.objects.current(request.received_at)
        .filter(government=OuterRef("pk"), role=Membership.Role.SECRETARIAT)
        .order_by()
        .values("government")
        .annotate(people=Count("user", distinct=True))
        .values("people")
    )
    institutions = (
        Institution.objects.filter(government=OuterRef("pk"))
        .order_by()
        .values("government")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = (
        Government.objects.select_related("parent")
        .annotate(
            secretariat_count=Coalesce(Subquery(secretariat), 0),
            institution_count=Coalesce(Subquery(institutions), 0),
        )
        .order_by("code", "pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(request, "accounts/government_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def government_create(request: SignedInRequest) -> HttpResponse:
    """A further government; its secretariat is invited next."""
    _require_admin(request)
    form = GovernmentCreateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.create_government(
            fields=form.cleaned_data,
            signatories=[],
            actor=request.user,
            at=request.received_at,
        )
        messages.success(
            request, _("The government is entered. Now invite its secretariat.")
        )
        return redirect("accounts:secretariat_invitation_create", made.slug)
    return render(
        request,
        "accounts/government_create.html",
        {"form": form},
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def government_parent_edit(request: SignedInRequest, government: str) -> HttpResponse:
    """Put a government below its province."""
    _require_admin(request)
    found = get_object_or_404(
        Government.objects.select_related("parent"), slug=government
    )
    form = ParentForm(
        request.POST or None,
        initial={"parent": found.parent.slug if found.parent else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_parent(
                government=found,
                parent=form.cleaned_data["parent"],
                actor=request.user,
                at=request.received_at,
            )
        except services.ParentNotSet as refusal:
            form.add_error("parent", refusal.message)
        else:
            messages.success(request, _("Changes saved."))
            return redirect("accounts:government_list")
    return render(
        request,
        "accounts/government_parent_edit.html",
        {"form": form, "government": found},
        status=UNPROCESSABLE if form.errors else 200,
    )


def _require_admin(request: SignedInRequest) -> None:
    if not request.user.is_system_admin:
        raise Http404
