"""For everybody: what the portal knows of a code, or of a file."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    conditional_page,
    require_http_methods,
    require_safe,
)

from core.cleaning import clean_file_name
from core.requests import PortalRequest
from documents import codes, file_verification, limits, verification
from documents.forms import CheckedPdfForm, VerifyForm
from documents.signing import reading
from documents.verification import Verdict

# Beside the file a form has a few lines of its own.
MOST_BYTES = reading.MOST_BYTES + 16 * 1024
UNPROCESSABLE = 422
_FILES = "files"


class InMemoryHandler(MemoryFileUploadHandler):
    """Takes a file of any size that the view lets pass, and writes none to the disk."""

    def handle_raw_input(self, *args: object, **options: object) -> None:
        self.activated = True


@require_safe
@login_not_required
def verify(request: PortalRequest) -> HttpResponse:
    """Ask for a code or a file, and lead to its answer."""
    form = VerifyForm(request.GET) if "kode" in request.GET else VerifyForm()
    if form.is_bound and form.is_valid():
        return redirect("documents:verify_code", code=form.cleaned_data["kode"])
    return render(
        request, "documents/verify.html", {"form": form, "file_form": CheckedPdfForm()}
    )


@require_safe
@login_not_required
@cache_control(no_cache=True)  # a revocation shows at once, an old answer never
@conditional_page
def verify_code(request: PortalRequest, code: str) -> HttpResponse:
    """Say what the portal knows of a code; the QR code on a paper leads here."""
    normal = codes.normalise(code)
    if normal and normal != code:
        return redirect("documents:verify_code", code=normal)
    if limits.is_blocked(request):
        return _blocked(
            request,
            _(
                "Too many unknown codes came from your network. Try again in ten "
                "minutes."
            ),
        )
    verdict = verification.verify(normal)
    if not verdict.is_known:
        limits.note_miss(request)
    return _answer(
        request,
        {"verdict": verdict, "code": codes.grouped(normal)},
        status=200 if verdict.is_known else 404,
    )


@csrf_exempt  # it changes nothing, and the page that asks sets no cookie
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def verify_file(request: PortalRequest) -> HttpResponse:
    """Say what the portal knows of a file; it is read in memory and not kept."""
    if request.method != "POST":
        return redirect("documents:verify")
    if limits.is_blocked(request, _FILES):
        return _blocked(
            request,
            _(
                "Too many unknown files came from your network. Try again in ten "
                "minutes."
            ),
        )
    form = _file_form(request)
    if not form.is_valid():
        return _ask_again(request, form)
    upload = form.cleaned_data["berkas"]
    try:
        found = file_verification.verify_file(upload.read(), at=request.received_at)
    except reading.ReadingBusy:
        response = _blocked(
            request, _("Many files are being checked. Try again in a minute."), 503
        )
        response["Retry-After"] = "60"
        return response
    for _miss in range(found.cost):
        limits.note_miss(request, _FILES)
    context = {
        "verdict": found.verdict,
        "file": found,
        "file_name": clean_file_name(upload.name, ".pdf"),
    }
    return _answer(request, context)


def _file_form(request: HttpRequest) -> CheckedPdfForm:
    """Take the file, unless it is known from its length to be too large."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        form = CheckedPdfForm({}, MultiValueDict())
        form.fields["berkas"].required = False  # one was chosen
        form.add_error("berkas", _("This file is larger than 8 MB. None of ours is."))
        return form
    request.upload_handlers = [InMemoryHandler(request)]
    return CheckedPdfForm(request.POST, request.FILES)


def _ask_again(request: PortalRequest, form: CheckedPdfForm) -> HttpResponse:
    context = {"form": VerifyForm(), "file_form": form}
    return render(request, "documents/verify.html", context, status=UNPROCESSABLE)


def _answer(
    request: PortalRequest, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    context |= {
        "form": VerifyForm(),
        "file_form": CheckedPdfForm(),
        "checked_at": request.received_at,
        "address": settings.BASE_URL,
    }
    response = render(request, "documents/verify_code.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _blocked(request: PortalRequest, text: str, status: int = 429) -> HttpResponse:
    verdict = Verdict("mute", _("Too many attempts"), text)
    context = {"verdict": verdict}
    response = render(request, "documents/verify_blocked.html", context, status=status)
    response["Retry-After"] = str(limits.SECONDS)
    return response
