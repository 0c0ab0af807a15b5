"""How the certificates of a government look: chosen by its secretariat."""

from base64 import b64encode
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import TextChoices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django.views.decorators.vary import vary_on_headers

from accounts.models import Government, Signatory
from accounts.requests import SignedInRequest
from awards import certificates, logos, phrases, queries, samples, services
from awards.forms import DesignForm, LogoForm
from awards.looks import Motif, Palette
from awards.models import CertificateDesign, CertificateSigner
from awards.phrases import CertificateKind
from awards.samples import Sample

UNPROCESSABLE = 422
# Of pictures on a certificate: the emblem, then the logos.
PLACES = (0, 1, 2)


@dataclass(frozen=True)
class Logo:
    """A place for a picture: the emblem (0) or one of the logos."""

    place: int
    digest: str
    form: LogoForm


def _government(request: SignedInRequest, slug: str) -> Government:
    return get_object_or_404(Government.objects.run_by(request.user), slug=slug)


def _kind(slug: str) -> CertificateKind:
    kind = CertificateKind.of_slug(slug)
    if kind is None:
        raise Http404
    return kind


@require_safe
def design_list(request: SignedInRequest, government: str) -> HttpResponse:
    """All kinds of certificates of a government with how they look."""
    found = _government(request, government)
    own = {
        each.kind: each
        for each in CertificateDesign.objects.filter(government=found).select_related(
            "changed_by"
        )
    }
    designs = [
        (kind, own.get(kind) or CertificateDesign(government=found, kind=kind))
        for kind in CertificateKind
    ]
    return render(
        request, "awards/design_list.html", {"government": found, "designs": designs}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def design_edit(
    request: SignedInRequest, government: str, certificate: str
) -> HttpResponse:
    """Change a design; with `preview` only show what it would look like."""
    found, which = _government(request, government), _kind(certificate)
    design = queries.design_of(found, which)
    form = DesignForm(
        request.POST or None,
        design=design,
        signers=_signers(design),
        day=found.day_of(request.received_at),
    )
    if request.method == "POST" and "preview" in request.POST:
        return _preview(request, form)
    if request.method == "POST" and form.is_valid() and _save(request, form, which):
        return redirect("awards:design_edit", found.slug, certificate)
    return _page(request, form)


def _signers(design: CertificateDesign) -> list[CertificateSigner]:
    if not design.version:  # the built-in one is no row
        return []
    chosen = design.signers.select_related("signatory").order_by("order")
    return [each for each in chosen if not each.signatory.ended_date]


def _save(request: SignedInRequest, form: DesignForm, kind: CertificateKind) -> bool:
    government = form.design.government
    try:
        services.save_design(
            government=government,
            kind=kind,
            version=form.cleaned_data["version"],
            fields=form.changed_fields(),
            signers=form.chosen_signers(),
            actor=request.user,
            at=request.received_at,
        )
    except services.DesignStale as refusal:
        # What was typed stays; the next press puts it in the place of the other.
        form.add_error(
            None,
            _(
                "%(reason)s Your entries are still here: save again to put them in its "
                "place, or open this page anew to see the other design."
            )
            % {"reason": refusal.message},
        )
        data = request.POST.copy()
        data["version"] = str(queries.design_of(government, kind).version)
        form.data = data
        return False
    messages.success(
        request, _("Design saved. Certificates issued from now on use it.")
    )
    return True


def _preview(request: SignedInRequest, form: DesignForm) -> HttpResponse:
    picture = ""
    if form.is_valid():
        drawn = samples.draft(
            form.changed_design(),
            form.signers(),
            sample=form.cleaned_data["sample"] or Sample.LONG,
            at=request.received_at,
        )
        picture = b64encode(samples.picture(drawn)).decode()
    template = "awards/design_edit.html"
    if request.htmx:
        context = {"form": form, "picture": picture}
        return render(request, f"{template}#preview", context)
    return _page(request, form, picture=picture)


def _page(
    request: SignedInRequest,
    form: DesignForm,
    *,
    picture: str = "",
    logo_form: LogoForm | None = None,
) -> HttpResponse:
    design = form.design
    wrong = {logo_form.place: logo_form} if logo_form else {}
    context = {
        "government": design.government,
        "design": design,
        "kind": CertificateKind(design.kind),
        "form": form,
        "picture": picture,
        "logos": [
            Logo(place, digest, wrong.get(place) or LogoForm(place=place))
            for place, digest in zip(
                PLACES,
                (design.government.emblem, design.first_logo, design.second_logo),
                strict=True,
            )
        ],
        "placeholders": phrases.PLACEHOLDERS[design.kind],
        "texts": [
            (_("Texts in Indonesian"), form.text_fields("id")),
            (_("Texts in English"), form.text_fields("en")),
        ],
        "has_signatory": Signatory.objects.in_office()
        .filter(government=design.government)
        .exists(),
        "palette": _chosen(form, "palette", Palette),
        "motif": _chosen(form, "motif", Motif),
    }
    return render(
        request,
        "awards/design_edit.html",
        context,
        status=UNPROCESSABLE if form.errors or logo_form else 200,
    )


def _chosen(form: DesignForm, name: str, choices: type[TextChoices]) -> str:
    """What is chosen in a field, or the first where that is nothing to choose."""
    value = form[name].value()
    return value if value in choices.values else choices.values[0]


@require_safe
def design_sample(
    request: SignedInRequest, government: str, certificate: str
) -> HttpResponse:
    """The saved design with invented names, as a picture."""
    found, which = _government(request, government), _kind(certificate)
    design = queries.design_of(found, which)
    default = Signatory.objects.filter(government=found, is_default=True).first()
    sample = request.GET.get("contoh", "")
    drawn = samples.draft(
        design,
        certificates.signers_of(design, default),
        sample=sample if sample in Sample.values else Sample.LONG,
        at=request.received_at,
    )
    response = HttpResponse(samples.picture(drawn), content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def design_logo(
    request: SignedInRequest, government: str, certificate: str, logo_place: int
) -> HttpResponse:
    """Upload a logo, or with place 0 the emblem; take it away with `hapus`."""
    found, which = _government(request, government), _kind(certificate)
    if logo_place not in PLACES:
        raise Http404
    form = LogoForm(request.POST, request.FILES, place=logo_place)
    is_removal = "hapus" in request.POST
    if is_removal or form.is_valid():
        content = b"" if is_removal else form.cleaned_data["logo"]
        try:
            _keep_picture(request, found, which, logo_place, content)
        except logos.LogoRefused as refusal:
            form.add_error("logo", refusal.message)
        else:
            messages.success(
                request,
                _("Picture taken away.") if is_removal else _("Picture saved."),
            )
            return redirect("awards:design_edit", found.slug, certificate)
    design = queries.design_of(found, which)
    unchanged = DesignForm(
        design=design,
        signers=_signers(design),
        day=found.day_of(request.received_at),
    )
    return _page(request, unchanged, logo_form=form)


def _keep_picture(
    request: SignedInRequest,
    government: Government,
    kind: CertificateKind,
    place: int,
    content: bytes,
) -> None:
    actor, at = request.user, request.received_at
    if place == 0:
        services.set_emblem(government=government, content=content, actor=actor, at=at)
        return
    services.set_logo(
        government=government,
        kind=kind,
        place=place,
        content=content,
        actor=actor,
        at=at,
    )


@require_POST
def design_restore(
    request: SignedInRequest, government: str, certificate: str
) -> HttpResponse:
    """Go back to the built-in design."""
    found, which = _government(request, government), _kind(certificate)
    services.restore_design(
        government=found, kind=which, actor=request.user, at=request.received_at
    )
    messages.success(request, _("The built-in design is back."))
    return redirect("awards:design_edit", found.slug, certificate)
