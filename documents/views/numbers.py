"""For the secretariat: how the numbers of its papers are written."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.models import Government
from accounts.requests import SignedInRequest
from documents import numbering, services
from documents.forms import PatternForm
from documents.models import DocumentKind

UNPROCESSABLE = 422


@require_GET
def number_list(request: SignedInRequest, government: str) -> HttpResponse:
    """Every kind of paper with its pattern and the next number."""
    found = _own(request, government)
    day = found.day_of(request.received_at)
    context = {"government": found, "rows": numbering.rows_of(found, day)}
    return render(request, "documents/number_list.html", context)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def number_edit(request: SignedInRequest, government: str, kind: str) -> HttpResponse:
    """The pattern of one kind; GET with a pattern shows how its numbers would look."""
    found = _own(request, government)
    if kind not in DocumentKind.values:
        raise Http404
    day = found.day_of(request.received_at)
    (row,) = numbering.rows_of(found, day, [kind])
    if request.method == "POST" and "bawaan" in request.POST:
        services.drop_pattern(
            government=found, kind=kind, actor=request.user, at=request.received_at
        )
        messages.success(request, _("New numbers are written as from the start."))
        return redirect("documents:number_list", found.slug)
    initial = {"pattern": row.pattern, "unit": row.unit}
    tried = request.GET if "pattern" in request.GET else None
    data = request.POST if request.method == "POST" else tried
    form = PatternForm(data, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_pattern(
            government=found,
            kind=kind,
            pattern=form.cleaned_data["pattern"],
            unit=form.cleaned_data["unit"],
            actor=request.user,
            at=request.received_at,
        )
        messages.success(request, _("New numbers are written by this pattern."))
        return redirect("documents:number_list", found.slug)
    if form.is_bound:
        row = _previewed(row, form)
    context = {
        "government": found,
        "form": form,
        "row": row,
        "placeholders": numbering.PLACEHOLDERS.items(),
    }
    page = "#example" if request.htmx else ""
    is_refused = request.method == "POST" and form.errors
    return render(
        request,
        f"documents/number_edit.html{page}",
        context,
        status=UNPROCESSABLE if is_refused else 200,
    )


def _own(request: SignedInRequest, slug: str) -> Government:
    return get_object_or_404(Government.objects.run_by(request.user), slug=slug)


def _previewed(row: numbering.NumberRow, form: PatternForm) -> numbering.NumberRow:
    """How numbers would look; no example while the pattern cannot be read."""
    if not form.is_valid():
        return replace(row, has_example=False)
    return replace(
        row, pattern=form.cleaned_data["pattern"], unit=form.cleaned_data["unit"]
    )
