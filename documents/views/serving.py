"""Handing out the file of a paper; who may have it is the caller's business."""

from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents import queries
from documents.models import IssuedDocument, SignedCopy


def file_response(document: IssuedDocument) -> FileResponse:
    """Answer with the paper's file, the signed one where it is signed.

    Raises Http404 while it has none, and PermissionDenied if it is damaged.
    """
    return pdf_response(document, signed=queries.newest_copy(document))


def pdf_response(
    document: IssuedDocument, *, signed: SignedCopy | None
) -> FileResponse:
    """Answer with a signed copy, or with the paper as issued. Raises as above.

    Who gets a file gets the bytes that were issued, at every download: one whose bytes
    are other ones now, or gone, is given to nobody.
    """
    if not document.is_rendered:
        raise Http404(_("This document is still being made."))
    name = slugify(f"{document.title} {document.number.replace('/', '-')}")
    kept, suffix = (signed, "-ttd") if signed else (document, "")
    response = FileResponse(
        BytesIO(_as_kept(kept)),
        as_attachment=True,
        filename=f"{name}{suffix}.pdf",
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{kept.sha256}"'
    return response


def _as_kept(kept: IssuedDocument | SignedCopy) -> bytes:
    try:
        return queries.bytes_of(kept)
    except queries.FileDamaged as error:
        raise PermissionDenied(
            _(
                "The file of this document is damaged in storage, so it is not handed "
                "out. Ask the system admin to restore it from the backup."
            )
        ) from error
