"""A person's own data and who saw them."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms.profile import ProfileForm
from accounts.models import AccessEntry
from accounts.requests import SignedInRequest

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: SignedInRequest) -> HttpResponse:
    """Name, numbers and language of the person who is signed in."""
    user = request.user
    stored = {field: getattr(user, field) for field in services.PROFILE_FIELDS}
    stored["language"] = stored["language"] or get_language()
    form = ProfileForm(request.POST or None, initial=stored)
    if request.method == "POST" and form.is_valid():
        services.update_profile(
            user=user, actor=user, at=request.received_at, **form.cleaned_data
        )
        messages.success(request, _("Your data were saved."))
        response = redirect("accounts:profile_edit")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            form.cleaned_data["language"],
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response
    return render(request, "accounts/profile_edit.html", {"form": form})


@require_safe
def access_list(request: SignedInRequest) -> HttpResponse:
    """When the person signed in, and who looked at their data."""
    entries = AccessEntry.objects.about(request.user)
    kind = request.GET.get("jenis", "")
    if kind == "masuk":
        entries = entries.filter(kind=AccessEntry.Kind.SIGN_IN)
    elif kind == "data":
        entries = entries.exclude(kind=AccessEntry.Kind.SIGN_IN)
    page = Paginator(entries.order_by("-at", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    tabs = [
        {"label": label, "url": f"?jenis={key}" if key else "?", "current": key == kind}
        for key, label in [
            ("", _("All")),
            ("masuk", _("Sign-ins")),
            ("data", _("Looks at my data")),
        ]
    ]
    return render(request, "accounts/access_list.html", {"page": page, "tabs": tabs})
