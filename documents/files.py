"""Keeping checked uploads, and handing them out."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.files.base import ContentFile
from django.http import FileResponse

from accounts.models import User
from documents.models import StoredFile
from documents.uploads import CheckedFile

# A PDF viewer does not start in a sandbox; our PDFs hold no scripts, and they are
# never taken for HTML.
_BARE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_SANDBOX = f"{_BARE}; sandbox"


@contextmanager
def stored_bytes(
    stored: StoredFile, upload: CheckedFile, actor: User, at: datetime
) -> Iterator[None]:
    """Put the bytes into storage under a name nobody can guess, for a row to come.

    Storage knows no rollback: if the row cannot be written, the bytes go again.
    """
    name = f"{secrets.token_urlsafe(16)}{upload.extension}"
    stored.file.save(name, ContentFile(upload.content), save=False)
    stored.name = upload.name
    stored.size = upload.size
    stored.content_type = upload.content_type
    stored.sha256 = upload.sha256
    stored.key = secrets.token_urlsafe(12)
    stored.uploaded_by = actor
    stored.uploaded_at = at
    try:
        yield
    except BaseException:
        stored.file.storage.delete(stored.file.name or "")
        raise


def stored_file_response(stored: StoredFile) -> FileResponse:
    """Hand out a stored file; who may have it is the caller's question.

    Pictures and PDF open in the browser, all else is saved. Nothing is run.
    """
    response = FileResponse(
        stored.file.open("rb"),
        as_attachment=not stored.opens_in_browser,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["Content-Security-Policy"] = _BARE if stored.is_pdf else _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
