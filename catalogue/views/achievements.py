"""Achievements that institutions type into the register, and their confirmation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from catalogue.forms import AchievementForm
from catalogue.views.register import UNPROCESSABLE, own_innovation
from documents.files import stored_file_response
from innovations import permissions, services
from innovations.models import Achievement, AchievementFile, Innovation


def _achievement(request: SignedInRequest, key: str) -> Achievement:
    """A typed achievement of an innovation the person may read; else 404."""
    visible = Innovation.objects.visible_to(request.user)
    found = Achievement.objects.filter(innovation__in=visible).select_related(
        "innovation__institution__government", "proof"
    )
    return get_object_or_404(found, key=key)


def _own_achievement(request: SignedInRequest, key: str) -> Achievement:
    found = _achievement(request, key)
    if not permissions.can_edit(request.user, found.innovation):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def achievement_create(request: SignedInRequest, innovation: str) -> HttpResponse:
    """Type in an award won elsewhere."""
    found = own_innovation(request, innovation)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            services.type_achievement(
                innovation=found,
                data=form.entered(),
                proof=form.cleaned_data["proof"],
                actor=request.user,
                at=request.received_at,
            )
        except services.NotInForce as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("Entered. It counts once the secretariat has confirmed it.")
            )
            return redirect(found)
    return _page(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
def achievement_edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Mend what was typed in, until it is confirmed."""
    found = _own_achievement(request, key)
    form = _form(request, found.innovation, found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_achievement(
                achievement=found,
                data=form.entered(),
                proof=form.cleaned_data["proof"],
                actor=request.user,
                at=request.received_at,
            )
        except services.AchievementFixed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The achievement was changed."))
            return redirect(found.innovation)
    return _page(request, found.innovation, form, found)


def _form(
    request: SignedInRequest,
    innovation: Innovation,
    achievement: Achievement | None = None,
) -> AchievementForm:
    day = innovation.institution.government.day_of(request.received_at)
    initial = {}
    if achievement:
        initial = {
            "level": achievement.level,
            "competition": achievement.competition,
            "year": achievement.year,
        }
    return AchievementForm(
        request.POST or None,
        request.FILES or None,
        this_year=day.year,
        initial=initial,
    )


def _page(
    request: SignedInRequest,
    innovation: Innovation,
    form: AchievementForm,
    achievement: Achievement | None = None,
) -> HttpResponse:
    return render(
        request,
        "catalogue/achievement_form.html",
        {"innovation": innovation, "form": form, "achievement": achievement},
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_POST
def achievement_delete(request: SignedInRequest, key: str) -> HttpResponse:
    """Take out what was typed in, until it is confirmed."""
    found = _own_achievement(request, key)
    try:
        services.remove_achievement(
            achievement=found, actor=request.user, at=request.received_at
        )
    except services.AchievementFixed as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("The achievement was removed."))
    return redirect(found.innovation)


@require_POST
def achievement_confirm(request: SignedInRequest, key: str) -> HttpResponse:
    """Let it count for the rules of rounds."""
    found = _achievement(request, key)
    if not permissions.can_tend(request.user, found.innovation):
        raise PermissionDenied
    try:
        services.confirm_achievement(
            achievement=found, actor=request.user, at=request.received_at
        )
    except services.AchievementFixed as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("Confirmed. Rules of rounds count it from now on."))
    return redirect(found.innovation)


@require_safe
def achievement_file(request: SignedInRequest, key: str) -> FileResponse:
    """The proof of an achievement, for its owner and the secretariat."""
    found = _achievement(request, key)
    if not (
        permissions.can_edit(request.user, found.innovation)
        or permissions.can_tend(request.user, found.innovation)
    ):
        raise PermissionDenied
    proof = get_object_or_404(AchievementFile, achievement=found)
    return stored_file_response(proof, request)
