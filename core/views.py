from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core import inventory
from core.requests import PortalRequest


def components_inventory(request: PortalRequest) -> HttpResponse:
    """Show every component in both themes; routed in debug only."""
    page = request.GET.get("halaman", "")
    context = inventory.sample_context(
        timezone.now(), int(page) if page.isdecimal() else 4
    )
    return render(request, "core/components_inventory.html", context)
