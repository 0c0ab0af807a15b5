"""For the secretariat: papers ordered together."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.requests import SignedInRequest
from core.cleaning import clean_file_name
from documents import archives, permissions, queries
from documents.files import disposition
from documents.models import Batch
from documents.views.papers import PAGE_SIZE
from documents.views.retrying import retry

# Rows that an archive reads ahead of the files it sends.
AT_ONCE = 100


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
        retry(request, batch.issueddocument_set.all())
        return redirect(batch)
    progress = queries.batch_progress(batch, request.received_at)
    if request.htmx:
        response = render(
            request,
            "documents/batch_detail.html#progress",
            {"batch": batch, "progress": progress},
        )
        if not progress.is_running:
            response["HX-Refresh"] = "true"  # the table below has changed as well
        return response
    rows = batch.issueddocument_set.for_list().failed_first()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "batch": batch,
        "progress": progress,
        "page": page,
        "may_retry": permissions.can_retry(request.user, batch),
    }
    return render(request, "documents/batch_detail.html", context)


@require_safe
def batch_archive(request: SignedInRequest, key: str) -> StreamingHttpResponse:
    """The valid papers of a batch that are ready, as a ZIP; always the same bytes."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user), code=key)
    ready = batch.issueddocument_set.ready()
    papers = ready.for_list().select_related("government").order_by("number", "pk")
    response = StreamingHttpResponse(
        archives.zipped(papers.iterator(AT_ONCE), queries.newest_files(ready)),
        content_type="application/zip",
    )
    name = clean_file_name(f"{batch.title}.zip", ".zip", limit=100)
    response["Content-Disposition"] = disposition("attachment", name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
