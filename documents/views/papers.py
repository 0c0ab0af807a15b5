"""For the secretariat: the papers it has issued."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts import acting, trail
from accounts.models import Government, Membership, User
from accounts.requests import SignedInRequest
from documents import correcting, permissions, queries, services
from documents.filters import DocumentFilter
from documents.forms import ReplaceForm, RevokeForm
from documents.models import IssuedDocument
from documents.views.retrying import retry
from documents.views.serving import file_response

PAGE_SIZE = 50
UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
def document_list(request: SignedInRequest) -> HttpResponse:
    """All papers of this secretariat's governments; POST makes failed ones again."""
    if not permissions.can_list_documents(request.user):
        raise Http404
    documents = IssuedDocument.objects.visible_to(request.user)
    if request.method == "POST":
        retry(request, documents)
        return redirect("documents:document_list")
    # Who may see a paper is decided by all roles; the one acted in narrows it further.
    person = acting.acting(request, request.user, Membership.Role.SECRETARIAT)
    shown = documents.filter(government__in=Government.objects.run_by(person))
    found = DocumentFilter(request.GET, shown.for_list())
    rows = found.qs.order_by("-issued_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "filter": found,
        "failed": documents.render_failed().exists(),
        **_government_urls(person),
    }
    return render(request, "documents/document_list.html", context)


@require_GET
def document_file(request: SignedInRequest, code: str) -> FileResponse:
    """Download a paper; the same bytes every time."""
    document = get_object_or_404(
        IssuedDocument.objects.visible_to(request.user), code=code
    )
    return file_response(document)


@require_GET
def document_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """What a paper says, and what became of it."""
    document = _visible(request, code)
    zone = ZoneInfo(document.government.time_zone)
    before = IssuedDocument.objects.filter(replaced_by=document).first()
    context = {
        "document": document,
        "before": before,
        "signed": queries.newest_copy(document),
        "lines": correcting.lines_of(document.values),
        "history": trail.rows_of(queries.history_of(document), zone, links=False),
        "may_retry": document.has_render_failed
        and document.is_valid
        and permissions.can_retry(request.user, document),
        "may_replace": permissions.can_replace(request.user, document),
        "may_revoke": permissions.can_revoke(request.user, document),
    }
    return render(request, "documents/document_detail.html", context)


@require_POST
def document_retry(request: SignedInRequest, code: str) -> HttpResponse:
    """Have one paper made again that failed."""
    document = _visible(request, code)
    if not permissions.can_retry(request.user, document):
        raise PermissionDenied
    retry(request, IssuedDocument.objects.filter(pk=document.pk))
    return redirect(document)


@require_http_methods(["GET", "POST"])
def document_revoke(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask why, then end the validity of a paper."""
    document = _visible(request, code)
    if not permissions.can_revoke(request.user, document):
        raise PermissionDenied
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke_document(
                document=document,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
        except services.DocumentNotValidError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The document is revoked."))
        return redirect(document)
    context = {"document": document, "form": form}
    return render(request, "documents/document_revoke.html", context)


@require_http_methods(["GET", "POST"])
def document_replace(request: SignedInRequest, code: str) -> HttpResponse:
    """Put a corrected paper in the place of a valid one."""
    document = _visible(request, code)
    if not permissions.can_replace(request.user, document):
        raise PermissionDenied
    lines = correcting.lines_of(document.values)
    form = ReplaceForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            new = services.correct_document(
                document=document,
                corrections=form.corrections,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                at=request.received_at,
                number=form.cleaned_data["number"],
            )
        except services.NumberTaken as refusal:
            form.add_error("number", refusal.message)
        except services.NothingCorrectedError as refusal:
            form.add_error(None, refusal.message)
        except services.DocumentNotValidError as refusal:
            messages.error(request, refusal.message)
            return redirect(document)
        else:
            messages.success(request, _("The new document is being made."))
            return redirect(new)
    return render(
        request,
        "documents/document_replace.html",
        {"document": document, "form": form},
        status=UNPROCESSABLE if form.errors else 200,
    )


def _government_urls(person: User) -> dict[str, str]:
    """Pages of the first government whose secretariat this is."""
    for membership in person.current_memberships:
        if membership.role == Membership.Role.SECRETARIAT and membership.government:
            slug = membership.government.slug
            return {
                "numbers_url": reverse("documents:number_list", args=[slug]),
                "signing_url": reverse("documents:signing_list", args=[slug]),
            }
    return {}


def _visible(request: SignedInRequest, code: str) -> IssuedDocument:
    papers = IssuedDocument.objects.visible_to(request.user).select_related(
        "government", "batch", "replaced_by"
    )
    return get_object_or_404(papers, code=code)
