"""What was typed when the session had ended: read it, send it again, or drop it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import entrance, form_labels, keeping
from accounts.models import KeptForm
from accounts.requests import SignedInRequest


def _mine(request: SignedInRequest, code: str) -> KeptForm:
    kept = KeptForm.objects.typed_by(request.user).fresh(request.received_at)
    return get_object_or_404(kept, code=code)


@require_safe
@never_cache
def kept_form_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """Show what was typed, with the label of each field where it can be told."""
    kept = _mine(request, code)
    labels = form_labels.labels_of_page(request, kept.page)
    onward = request.GET.get("next", "")
    context = {
        "kept": kept,
        "mark": keeping.MARK,
        "rows": form_labels.described(kept.pairs, labels),
        "next": onward if entrance.is_inside(onward) else "",
    }
    return render(request, "accounts/kept_form_detail.html", context)


@require_POST
def kept_form_discard(request: SignedInRequest, code: str) -> HttpResponse:
    """Drop a kept text."""
    kept = _mine(request, code)
    page = kept.page
    kept.delete()
    messages.success(request, _("The text was discarded."))
    return redirect(page if entrance.is_inside(page) else "dashboard")
