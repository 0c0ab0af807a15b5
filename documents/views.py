from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import (
    conditional_page,
    require_GET,
    require_http_methods,
    require_safe,
)
from django.views.decorators.vary import vary_on_headers

from accounts import acting
from accounts.models import Government, Membership
from accounts.requests import SignedInRequest
from core.requests import PortalRequest
from documents import codes, limits, permissions, queries, services, verification
from documents.filters import DocumentFilter
from documents.forms import RevokeForm, VerifyForm
from documents.models import Batch, IssuedDocument

PAGE_SIZE = 50


# For everybody ---------------------------------------------------------------------


@require_safe
@login_not_required
def verify(request: PortalRequest) -> HttpResponse:
    """Ask for a code, and lead to its answer."""
    form = VerifyForm(request.GET) if "kode" in request.GET else VerifyForm()
    if form.is_bound and form.is_valid():
        return redirect("documents:verify_code", code=form.cleaned_data["kode"])
    return render(request, "documents/verify.html", {"form": form})


@require_safe
@login_not_required
@cache_control(no_cache=True)  # a revocation shows at once, an old answer never
@conditional_page
def verify_code(request: PortalRequest, code: str) -> HttpResponse:
    """Say what the portal knows of a code; the QR code on a paper leads here."""
    normal = codes.normalise(code)
    if normal and normal != code:
        return redirect("documents:verify_code", code=normal)
    if limits.is_blocked(request):
        response = render(request, "documents/verify_blocked.html", status=429)
        response["Retry-After"] = str(limits.SECONDS)
        return response
    verdict = verification.verify(normal)
    if not verdict.is_known:
        limits.note_miss(request)
    response = render(
        request,
        "documents/verify_code.html",
        {
            "verdict": verdict,
            "form": VerifyForm(),
            "code": codes.grouped(normal),
            "checked_at": request.received_at,
        },
        status=200 if verdict.is_known else 404,
    )
    response["X-Robots-Tag"] = "noindex"
    return response


# For the secretariat ---------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def document_list(request: SignedInRequest) -> HttpResponse:
    """All papers of this secretariat's governments; POST makes failed ones again."""
    if not permissions.can_list_documents(request.user):
        raise Http404
    documents = IssuedDocument.objects.visible_to(request.user)
    if request.method == "POST":
        _retry(request, documents)
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
    }
    return render(request, "documents/document_list.html", context)


@require_GET
def document_file(request: SignedInRequest, code: str) -> FileResponse:
    """Download a paper; the same bytes every time."""
    document = get_object_or_404(
        IssuedDocument.objects.visible_to(request.user), code=code
    )
    return file_response(document)


def file_response(document: IssuedDocument) -> FileResponse:
    """Answer with the paper's file; who may have it is the caller's business.

    Raises Http404 while it has none.
    """
    if not document.is_rendered:
        raise Http404(_("This document is still being made."))
    name = slugify(f"{document.title} {document.number.replace('/', '-')}")
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=f"{name}.pdf",
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{document.sha256}"'
    return response


@require_http_methods(["GET", "POST"])
def document_revoke(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask why, then end the validity of a paper."""
    document = get_object_or_404(
        IssuedDocument.objects.visible_to(request.user).select_related("government"),
        code=code,
    )
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
        return redirect("documents:document_list")
    context = {"document": document, "form": form}
    return render(request, "documents/document_revoke.html", context)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def batch_detail(request: SignedInRequest, key: str) -> HttpResponse:
    """Show how far a batch is; POST has its failed papers made again."""
    batch = get_object_or_404(
        Batch.objects.visible_to(request.user).select_related("government"), code=key
    )
    if request.method == "POST":
        if not permissions.can_retry(request.user, batch):
            raise PermissionDenied
        _retry(request, batch.issueddocument_set.all())
        return redirect(batch)
    progress = queries.batch_progress(batch)
    if request.htmx:
        response = render(
            request,
            "documents/batch_detail.html#progress",
            {"batch": batch, "progress": progress},
        )
        if not progress.is_running:
            response["HX-Refresh"] = "true"  # the table below has changed as well
        return response
    rows = batch.issueddocument_set.for_list().order_by("number", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "batch": batch,
        "progress": progress,
        "page": page,
        "may_retry": permissions.can_retry(request.user, batch),
    }
    return render(request, "documents/batch_detail.html", context)


def _retry(request: SignedInRequest, documents: QuerySet[IssuedDocument]) -> None:
    count = services.retry_documents(
        documents=documents, actor=request.user, at=request.received_at
    )
    messages.success(
        request,
        ngettext(
            "%(count)s document is being made again.",
            "%(count)s documents are being made again.",
            count,
        )
        % {"count": count},
    )
