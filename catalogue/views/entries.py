"""The public catalogue."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers

from catalogue import queries
from catalogue.forms import EntryFilterForm
from catalogue.models import Entry
from core.requests import PortalRequest
from innovations.sdgs import sdg_labels

PAGE_SIZE = 24
MAX_AGE = 60  # seconds a browser may show a page without asking


@require_safe
@login_not_required
@vary_on_headers("HX-Request")
@cache_control(public=True, max_age=MAX_AGE)
@conditional_page
def entry_list(request: PortalRequest) -> HttpResponse:
    """Published innovations, with search and filters."""
    form = EntryFilterForm(request.GET, choices=queries.choices(request.received_at))
    entries = form.narrow(Entry.objects.published_at(request.received_at).for_list())
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("halaman"))
    template = "catalogue/entry_list.html"
    return render(
        request,
        f"{template}#results" if request.htmx else template,
        {"form": form, "page": page, "is_narrow": form.is_narrow},
    )


@require_safe
@login_not_required
@cache_control(public=True, max_age=MAX_AGE)
@conditional_page
def entry_detail(request: PortalRequest, slug: str) -> HttpResponse:
    """One published innovation."""
    entry = get_object_or_404(
        Entry.objects.published_at(request.received_at), slug=slug
    )
    return render(
        request,
        "catalogue/entry_detail.html",
        {
            "entry": entry,
            "sdgs": sdg_labels(entry.sdgs),
            "similar": queries.similar_to(entry, request.received_at),
        },
    )
