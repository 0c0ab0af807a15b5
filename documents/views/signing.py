"""For the secretariat: signing papers, and keeping what was signed elsewhere."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Government
from accounts.requests import SignedInRequest
from documents import limits, permissions, queries, services
from documents.forms import SignedUploadForm, SigningForm
from documents.models import (
    Batch,
    DocumentKind,
    IssuedDocument,
    IssuedDocumentQuerySet,
)
from documents.signing import offers, wording
from documents.signing.provider import PassphraseWrong
from documents.signing.reading import ReadingBusy, Signature
from documents.views.serving import pdf_response

PAGE_SIZE = 100
UNPROCESSABLE = 422
_PASSPHRASES = "passphrases"


@sensitive_post_parameters("passphrase", "nik")
@require_http_methods(["GET", "POST"])
def signing_list(request: SignedInRequest, government: str) -> HttpResponse:
    """The papers that wait for a signature; POST signs those that are chosen."""
    found = get_object_or_404(Government.objects.run_by(request.user), slug=government)
    batch = _batch(request, found)
    before = _signatures_before(request)
    waiting = _waiting(request, found, batch, before)
    offered = offers.offers(found.code)
    form = SigningForm(
        request.POST if request.method == "POST" else None,
        offers=offered,
        signatories=list(
            found.signatory_set.in_office().order_by("-is_default", "name", "pk")
        ),
    )
    context: dict[str, Any] = {
        "government": found,
        "batch": batch,
        "before": before,
        "tabs": _tabs(request, before),
        "kinds": DocumentKind.choices,
        "kind": request.GET.get("jenis", ""),
        "offered": offered,
        "form": form,
        "chosen": request.POST.getlist("dokumen") or request.GET.getlist("dokumen"),
        "takes_all": "semua" in request.POST,
    }
    report, status = None, 200
    if request.method == "POST":
        papers = _chosen(request, waiting)
        if not papers:
            form.add_error(None, _("Choose the documents that are to be signed."))
        if limits.is_blocked(request, _PASSPHRASES):
            form.add_error(None, _("Too many wrong passphrases. Wait ten minutes."))
        if form.is_valid():
            report = _sign(request, form, papers, before)
            context["report"] = report
            context["chosen"] = [paper.code for paper in report.left]
            context["skipped"] = [
                *request.POST.getlist("lewati"),
                *(paper.code for paper, _why in report.failed),
            ]
        else:
            status = UNPROCESSABLE
    if request.headers.get("X-Requested-With") == "sign":
        return _as_json(report, form, status)
    context["page"] = _page(request, waiting)
    return render(request, "documents/signing_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def document_sign(request: SignedInRequest, code: str) -> HttpResponse:
    """The signatures of one paper; POST keeps a file that was signed elsewhere."""
    document = _visible(request, code)
    if request.method == "POST" and not permissions.can_sign(request.user, document):
        raise PermissionDenied
    form = SignedUploadForm()
    if request.method == "POST":
        form = SignedUploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            copy = services.keep_signed_upload(
                document=document,
                content=form.cleaned_data["file"].content,
                actor=request.user,
                at=request.received_at,
            )
        except (
            services.NotSignableError,
            services.SignedFileRefusedError,
        ) as refusal:
            form.add_error("file", refusal.message)
        except ReadingBusy:
            form.add_error("file", _("Many files are being checked. Try again soon."))
        else:
            messages.success(
                request,
                _("The signed document is kept. Signed by %(names)s.")
                % {"names": ", ".join(copy.signers)},
            )
            return redirect("documents:document_sign", document.code)
    copies = list(document.signed_copies.order_by("-sequence"))
    newest = copies[0] if copies else None
    context = {
        "document": document,
        "form": form,
        "copies": copies,
        "newest": newest,
        "signatures": [
            wording.tell(Signature.from_json(told))
            for told in (newest.signatures if newest else [])
        ],
        "may_sign": permissions.can_sign(request.user, document),
        "offers_signing": bool(offers.offers(document.government.code)),
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "documents/document_sign.html", context, status=status)


@require_GET
def document_original(request: SignedInRequest, code: str) -> FileResponse:
    """Download the paper as it was issued, without signatures."""
    return pdf_response(_visible(request, code), signed=None)


def _visible(request: SignedInRequest, code: str) -> IssuedDocument:
    papers = IssuedDocument.objects.visible_to(request.user)
    return get_object_or_404(papers.select_related("government"), code=code)


def _batch(request: SignedInRequest, government: Government) -> Batch | None:
    key = request.GET.get("berkas", "")
    if not key:
        return None
    batches = Batch.objects.visible_to(request.user).filter(government=government)
    return get_object_or_404(batches, code=key)


def _waiting(
    request: SignedInRequest, government: Government, batch: Batch | None, before: int
) -> IssuedDocumentQuerySet:
    """The valid papers with a file and as many signatures as were asked for."""
    papers = IssuedDocument.objects.visible_to(request.user).filter(
        government=government,
        state=IssuedDocument.State.ISSUED,
        rendered_at__isnull=False,
    )
    if batch is not None:
        papers = papers.filter(batch=batch)
    if kind := request.GET.get("jenis"):
        papers = papers.filter(kind=kind)
    return queries.having_signatures(papers, before).order_by("-issued_at", "-pk")


def _signatures_before(request: SignedInRequest) -> int:
    """How many signatures the papers have that somebody wants to sign."""
    asked = request.GET.get("sudah", "")
    return int(asked) if asked in {"1", "2"} else 0


def _tabs(request: SignedInRequest, before: int) -> list[dict[str, object]]:
    labels = [_("Not signed"), _("With one signature"), _("With two signatures")]
    kept = request.GET.copy()
    kept.pop("halaman", None)
    kept.pop("dokumen", None)
    tabs = []
    for count, label in enumerate(labels):
        kept["sudah"] = str(count)
        url = f"?{kept.urlencode()}"
        tabs.append({"label": label, "url": url, "current": count == before})
    return tabs


def _chosen(
    request: SignedInRequest, waiting: IssuedDocumentQuerySet
) -> list[IssuedDocument]:
    """What is ticked, or all; without those that failed in this act already."""
    if "semua" in request.POST:
        waiting = waiting.exclude(code__in=request.POST.getlist("lewati"))
    else:
        waiting = waiting.filter(code__in=request.POST.getlist("dokumen"))
    return list(waiting.select_related("government").defer("values"))


def _sign(
    request: SignedInRequest,
    form: SigningForm,
    papers: list[IssuedDocument],
    before: int,
) -> services.SigningReport:
    report = services.sign_documents(
        documents=papers,
        signatures_before=before,
        provider=form.offer.provider,
        key=form.offer.key,
        signer=form.signer,
        secret=form.secret,
        actor=request.user,
        at=request.received_at,
    )
    if isinstance(report.refusal, PassphraseWrong):
        limits.note_miss(request, _PASSPHRASES)
    return report


def _page(
    request: SignedInRequest, waiting: IssuedDocumentQuerySet
) -> Page[IssuedDocument]:
    paginator = Paginator(waiting.for_list(), PAGE_SIZE)
    return paginator.get_page(request.GET.get("halaman"))


def _as_json(
    report: services.SigningReport | None, form: SigningForm, status: int
) -> JsonResponse:
    """The same report for the script that presses again by itself."""
    if report is None:
        errors = [message for lines in form.errors.values() for message in lines]
        return JsonResponse({"state": "invalid", "errors": errors}, status=status)
    return JsonResponse(
        {
            "state": "stopped" if report.refusal else "signed",
            "message": report.refusal.message if report.refusal else "",
            "signed": len(report.signed),
            "left": len(report.left),
            "failed": [
                {"code": paper.code, "number": paper.number, "message": message}
                for paper, message in report.failed
            ],
        }
    )
