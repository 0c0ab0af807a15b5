"""A government as its secretariat keeps it: names, letterhead, who signs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
)

from accounts import emblems, services
from accounts.forms.governments import (
    EmblemForm,
    GovernmentForm,
    SignatoryEndForm,
    SignatoryForm,
)
from accounts.models import Government, Signatory
from accounts.requests import SignedInRequest
from accounts.views.institutions import UNPROCESSABLE, own_government


@require_http_methods(["GET", "POST"])
def government_edit(request: SignedInRequest, government: str) -> HttpResponse:
    """Names, letterhead, place, zone and the data protection officer."""
    found = own_government(request, government)
    initial = {name: getattr(found, name) for name in GovernmentForm.base_fields}
    form = GovernmentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.edit_government(
            government=found,
            fields=form.cleaned_data,
            actor=request.user,
            at=request.received_at,
        )
        messages.success(request, _("Changes saved. New papers carry them."))
        return redirect("accounts:government_edit", found.slug)
    return _page(request, found, form=form)


def _page(
    request: SignedInRequest,
    government: Government,
    *,
    form: GovernmentForm | None = None,
    emblem_form: EmblemForm | None = None,
) -> HttpResponse:
    initial = {name: getattr(government, name) for name in GovernmentForm.base_fields}
    form = form or GovernmentForm(initial=initial)
    emblem_form = emblem_form or EmblemForm()
    signatories = government.signatory_set.order_by(
        "ended_date", "-is_default", "name", "pk"
    )
    return render(
        request,
        "accounts/government_edit.html",
        {
            "government": government,
            "form": form,
            "emblem_form": emblem_form,
            "in_office": [each for each in signatories if not each.ended_date],
            "ended": [each for each in signatories if each.ended_date],
        },
        status=UNPROCESSABLE if form.errors or emblem_form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def emblem_edit(request: SignedInRequest, government: str) -> HttpResponse:
    """The picture itself; by POST another one, or none with `hapus`."""
    found = own_government(request, government)
    if request.method == "GET":
        return _picture(found)
    if "hapus" in request.POST:
        services.remove_emblem(
            government=found, actor=request.user, at=request.received_at
        )
        messages.success(request, _("New papers carry no emblem."))
        return redirect("accounts:government_edit", found.slug)
    form = EmblemForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.set_emblem(
                government=found,
                content=form.cleaned_data["emblem"],
                actor=request.user,
                at=request.received_at,
            )
        except emblems.EmblemRefused as refusal:
            form.add_error("emblem", refusal.message)
        else:
            messages.success(request, _("New papers carry this emblem."))
            return redirect("accounts:government_edit", found.slug)
    return _page(request, found, emblem_form=form)


def _picture(government: Government) -> HttpResponse:
    try:
        picture = emblems.read(government.emblem)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(picture, content_type="image/png")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_http_methods(["GET", "POST"])
def signatory_create(request: SignedInRequest, government: str) -> HttpResponse:
    """A further official who signs."""
    found = own_government(request, government)
    has_default = found.signatory_set.filter(is_default=True).exists()
    form = SignatoryForm(request.POST or None, initial={"is_default": not has_default})
    return _save_signatory(request, found, None, form)


@require_http_methods(["GET", "POST"])
def signatory_edit(
    request: SignedInRequest, government: str, key: UUID
) -> HttpResponse:
    """Mend what stands of an official in office."""
    found = own_government(request, government)
    official = _official(found, key)
    names = ("name", "position", "rank_grade", "employee_number", "is_default")
    initial = {name: getattr(official, name) for name in names}
    form = SignatoryForm(request.POST or None, initial=initial)
    return _save_signatory(request, found, official, form)


def _official(government: Government, key: UUID) -> Signatory:
    in_office = Signatory.objects.in_office().select_related("government")
    return get_object_or_404(in_office, government=government, key=key)


def _save_signatory(
    request: SignedInRequest,
    government: Government,
    signatory: Signatory | None,
    form: SignatoryForm,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            services.save_signatory(
                government=government,
                signatory=signatory,
                is_default=fields.pop("is_default"),
                fields=fields,
                actor=request.user,
                at=request.received_at,
            )
        except services.SignatoryNotChanged as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Changes saved. New papers carry them."))
            return redirect("accounts:government_edit", government.slug)
    return _form_page(
        request, "accounts/signatory_edit.html", form, government, signatory
    )


@require_http_methods(["GET", "POST"])
def signatory_end(request: SignedInRequest, government: str, key: UUID) -> HttpResponse:
    """An official leaves office."""
    found = own_government(request, government)
    official = _official(found, key)
    form = SignatoryEndForm(
        request.POST or None, initial={"last_day": found.day_of(request.received_at)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.end_signatory(
                signatory=official,
                actor=request.user,
                at=request.received_at,
                **form.cleaned_data,
            )
        except services.SignatoryNotChanged as refusal:
            form.add_error("last_day", refusal.message)
        else:
            messages.success(
                request, _("%(name)s signs no more.") % {"name": official.name}
            )
            return redirect("accounts:government_edit", found.slug)
    return _form_page(request, "accounts/signatory_end.html", form, found, official)


def _form_page(
    request: SignedInRequest,
    template: str,
    form: Any,
    government: Government,
    signatory: Signatory | None,
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "government": government, "signatory": signatory},
        status=UNPROCESSABLE if form.errors else 200,
    )
