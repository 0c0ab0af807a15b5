"""What the ways in have in common: where they may lead, and how they say no."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def is_inside(url: str) -> bool:
    """Whether `url` is a path of this portal, and nothing a browser takes for else."""
    return (
        url.startswith("/")
        and url.isprintable()
        and "\\" not in url
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    )


def refusal_page(request: HttpRequest, reason: str) -> HttpResponse:
    """Say in plain words why the city's sign-in did not open an account."""
    status = 503 if reason == "away" else 403
    context = {"reason": reason, "name": settings.SINGLE_SIGN_ON_NAME}
    return render(request, "socialaccount/refused.html", context, status=status)
