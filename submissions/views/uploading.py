"""Uploads that go on where a broken line has stopped them; for static/js/upload.js.

Without it, and without JavaScript, the plain forms of files.py take a file at once.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from django.db.models import Max
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from competitions.models import LetterKind, Section
from submissions import services
from submissions.models import PartialUpload, Proposal
from submissions.views import shared


@require_POST
def upload_begin(request: SignedInRequest, code: str) -> HttpResponse:
    """Make room for a file that comes piece by piece."""
    proposal = shared.own_proposal(request, code)
    try:
        upload = services.begin_upload(
            proposal=proposal,
            name=request.POST.get("name", ""),
            size=_number(request.POST.get("size", "")),
            max_bytes=_largest(proposal),
            actor=request.user,
            at=request.received_at,
        )
    except services.UploadNotBegun as refusal:
        return _refused(refusal.message)
    return JsonResponse(_state(upload), status=201)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_part(request: SignedInRequest, key: str) -> HttpResponse:
    """Say how much of a file is here, or take its next piece."""
    upload = _own(request, key)
    if request.method != "POST":
        return JsonResponse(_state(upload))
    if request.content_type != "application/octet-stream":
        return JsonResponse({"state": "no_piece"} | _state(upload), status=415)
    if _number(request.headers.get("Content-Length", "")) > services.MAX_PIECE:
        return JsonResponse({"state": "too_large"} | _state(upload), status=413)
    try:
        upload = services.add_piece(
            upload=upload,
            offset=_number(request.headers.get("Upload-Offset", "")),
            content=request.body,
            at=request.received_at,
        )
    except services.PieceNotTaken as refusal:
        upload.offset = refusal.offset
        return JsonResponse(_state(upload), status=shared.CONFLICT)
    return JsonResponse(_state(upload))


@require_POST
def upload_cancel(request: SignedInRequest, key: str) -> HttpResponse:
    """Forget an upload and what has come of it."""
    services.cancel_upload(upload=_own(request, key))
    return JsonResponse({"state": "cancelled"})


def _own(request: SignedInRequest, key: str) -> PartialUpload:
    """The upload `key` of the person, as long as they may write the proposal."""
    uploads = PartialUpload.objects.of(request.user).filter(
        proposal__in=Proposal.objects.of_institutions_of(request.user),
        expires_at__gt=request.received_at,
    )
    return get_object_or_404(uploads, key=key)


def _state(upload: PartialUpload) -> dict[str, object]:
    return {
        "key": upload.key,
        "url": reverse("submissions:upload_part", args=[upload.key]),
        "offset": upload.offset,
        "size": upload.size,
        "piece": services.MAX_PIECE,
    }


def _refused(message: str) -> JsonResponse:
    return JsonResponse(
        {"state": "invalid", "errors": {"file": [message]}},
        status=shared.UNPROCESSABLE,
    )


def _largest(proposal: Proposal) -> int:
    """The most that any place of the form takes; each place has its own limit, too."""
    sections = Section.objects.filter(form=proposal.form_id).aggregate(
        most=Max("evidence_max_bytes")
    )
    letters = LetterKind.objects.filter(form=proposal.form_id).aggregate(
        most=Max("max_bytes")
    )
    return max(sections["most"] or 0, letters["most"] or 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


class Arrived:
    """The file of a form: sent with it, or named as an upload that came before it."""

    def __init__(self, files: MultiValueDict, upload: PartialUpload | None) -> None:
        self.files = files
        self.upload = upload
        self.problem = ""

    @property
    def was_taken(self) -> bool:
        """Whether the form was sent before and the answer was lost on the way."""
        return self.upload is not None and self.upload.taken_at is not None

    def add_problem_to(self, form: Form, field: str) -> None:
        """Check `form` while the file is open; say what is wrong with the upload."""
        form.is_valid()
        if self.problem:
            form.errors.pop(field, None)
            form.add_error(field, self.problem)

    def take(self, at: datetime) -> None:
        """Note that the form has taken the upload, if it came as one."""
        if self.upload is not None:
            services.take_upload(upload=self.upload, at=at)


@contextmanager
def arrived(
    request: SignedInRequest, proposal: Proposal, field: str
) -> Iterator[Arrived]:
    """The files of a form whose `field` may be an upload named as `unggahan`.

    What was joined is there as long as the context lasts.
    """
    key = request.POST.get("unggahan", "")
    mine = PartialUpload.objects.of(request.user).filter(
        proposal=proposal, expires_at__gt=request.received_at
    )
    found = Arrived(request.FILES, mine.filter(key=key).first() if key else None)
    with ExitStack() as stack:
        if key and found.upload is None:
            found.problem = _("This upload is no longer here. Choose the file again.")
        elif found.upload is not None and not found.was_taken:
            try:
                whole = stack.enter_context(services.joined(found.upload))
            except services.UploadNotWhole as refusal:
                found.problem = refusal.message
            else:
                found.files = MultiValueDict({field: [whole]})
        yield found
