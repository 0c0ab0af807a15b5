"""Keeping checked uploads, and handing them out.

The same bytes are kept once, whoever brings them: `SharedBytes` counts for how many
files they stand. Every upload is written and only then compared, so that neither the
answer nor its time tells whether somebody else has the file.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import IO
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F
from django.http import FileResponse, HttpRequest
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from accounts.models import User
from documents.anonymous import NotAnonymous, without_notes
from documents.models import Inspection, Leftover, SharedBytes, StoredFile
from documents.uploads import CheckedFile

# A PDF viewer does not start in a sandbox; our PDFs hold no scripts, and they are
# never taken for HTML.
_BARE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_SANDBOX = f"{_BARE}; sandbox"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@contextmanager
def stored_bytes(
    stored: StoredFile,
    upload: CheckedFile,
    actor: User,
    at: datetime,
    *,
    shared: bool = False,
) -> Iterator[None]:
    """Put the bytes into storage under a name nobody can guess, for a row to come.

    Those that are `shared` are kept once, and are let go with `let_go`. Storage knows
    no rollback: if the row cannot be written, the bytes go again.
    """
    name = f"{secrets.token_urlsafe(16)}{upload.extension}"
    stored.file.save(name, ContentFile(upload.content), save=False)
    written = stored.file.name or ""
    stored.name = upload.name
    stored.size = upload.size
    stored.content_type = upload.content_type
    stored.sha256 = upload.sha256
    stored.key = secrets.token_urlsafe(12)
    stored.uploaded_by = actor
    stored.uploaded_at = at
    try:
        if shared:
            stored.file.name = _counted_in(upload.sha256, written)
            if stored.file.name != written:
                Leftover.objects.create(file=written, is_counted=True)
        yield
        if shared or not upload.is_scanned:
            _to_inspect(stored, upload)
    except BaseException:
        stored.file.storage.delete(written)
        raise


def _counted_in(sha256: str, written: str) -> str:
    """Count one more file made of these bytes; give the name under which they are.

    Waits for whoever lets the last one go: then the bytes just written are the first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_sharedbytes AS kept (sha256, file, used) "
            "VALUES (%s, %s, 1) "
            "ON CONFLICT (sha256) DO UPDATE SET used = kept.used + 1 RETURNING file",
            [sha256, written],
        )
        return str(cursor.fetchone()[0])


def _to_inspect(stored: StoredFile, upload: CheckedFile) -> None:
    scan = Inspection.Scan.DONE if upload.is_scanned else Inspection.Scan.WAITING
    Inspection.objects.create(
        key=stored.key,
        file=stored.file.name or "",
        content_type=stored.content_type,
        scan=scan,
        is_previewed=not stored.has_preview,
    )


def let_go(file: str, key: str) -> None:
    """Let the bytes in storage under `file` go at commit, for the file named `key`.

    They stay while another file is made of them.
    """
    Inspection.objects.filter(key=key).delete()
    let_go_bytes(file)


def let_go_bytes(file: str) -> None:
    """The same for bytes in storage that no stored file is named for."""
    leftover = Leftover.objects.create(file=file)
    transaction.on_commit(partial(clear, leftover.pk), robust=True)


def clear(leftover_id: int) -> None:
    """Take a leftover off the count of its bytes, and delete them if it was the last.

    May be killed at any point and run again: bytes are deleted only once nothing in the
    database names them, and a later twin gets a name of its own.
    """
    with transaction.atomic():
        leftover = (
            Leftover.objects.select_for_update(skip_locked=True)
            .filter(pk=leftover_id)
            .first()
        )
        if leftover is None:
            return
        if not leftover.is_counted and _still_used(leftover.file):
            leftover.delete()
            return
        leftover.is_counted = True
        leftover.save(update_fields=["is_counted"])
    default_storage.delete(leftover.file)
    leftover.delete()


def _still_used(file: str) -> bool:
    kept = SharedBytes.objects.select_for_update().filter(file=file).first()
    if kept is None:
        return False
    if kept.used > 1:
        SharedBytes.objects.filter(pk=kept.pk).update(used=F("used") - 1)
        return True
    kept.delete()
    return False


def stored_file_response(
    stored: StoredFile, request: HttpRequest | None = None
) -> FileResponse:
    """Hand out a stored file; who may have it is the caller's question.

    Pictures and PDF open in the browser, all else is saved. Nothing is run. With the
    `request`, a browser that has the file gets 304, and one that asks for a part of it
    that part. Raises PermissionDenied for a file that the virus scanner holds back.
    """
    _refuse_held_back(stored)
    etag = quote_etag(stored.sha256)
    answer: FileResponse | None = None
    if request is not None:
        if get_conditional_response(request, etag=etag) is not None:
            answer = FileResponse(BytesIO(b""), status=304)
        else:
            answer = _part(stored, request, etag)
    response = answer or FileResponse(stored.file.open("rb"))
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    return _dressed(response, stored, stored.name)


def anonymous_file_response(stored: StoredFile, name: str) -> FileResponse:
    """Hand out a file under another `name`, without what tells whose it is.

    Nobody is given it as it was stored: it has no ETag that its owner could compare.
    Raises PermissionDenied for one held back, or of which nobody knows what it tells.
    """
    _refuse_held_back(stored)
    with stored.file.open("rb") as file:
        content = file.read()
    try:
        content = without_notes(content, stored.content_type)
    except NotAnonymous as error:
        raise PermissionDenied(
            _("This file cannot be shown without telling whose it is.")
        ) from error
    return _dressed(FileResponse(BytesIO(content)), stored, name)


def frame_at_home(response: FileResponse) -> FileResponse:
    """Let a page of this portal show a file that is handed out within itself."""
    policy = response["Content-Security-Policy"]
    response["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    return response


def _dressed(response: FileResponse, stored: StoredFile, name: str) -> FileResponse:
    response["Content-Type"] = stored.content_type
    kind = "inline" if stored.opens_in_browser else "attachment"
    response["Content-Disposition"] = disposition(kind, name)
    response["Content-Security-Policy"] = _BARE if stored.is_pdf else _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-cache"
    return response


def preview_of(stored: StoredFile) -> bytes:
    """A small JPEG of a file that may be handed out; nothing while there is none."""
    found = Inspection.objects.filter(key=stored.key).first()
    if found is None or not found.may_be_handed_out:
        return b""
    return bytes(found.picture)


def _refuse_held_back(stored: StoredFile) -> None:
    held = Inspection.objects.filter(key=stored.key).exclude(scan=Inspection.Scan.DONE)
    state = held.values_list("scan", flat=True).first()
    if state == Inspection.Scan.WAITING:
        raise PermissionDenied(
            _("The virus scanner has not looked at this file yet. Try again later.")
        )
    if state:
        raise PermissionDenied(
            _("The virus scanner found something in this file. Nobody is given it.")
        )


def _part(stored: StoredFile, request: HttpRequest, etag: str) -> FileResponse | None:
    """The one part of the file that is asked for; None for the whole."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    unchanged = request.headers.get("If-Range", etag) == etag
    if asked is None or not unchanged or asked[1] == asked[2] == "":
        return None
    last = stored.size - 1
    if asked[1]:
        start, end = int(asked[1]), min(int(asked[2] or last), last)
    else:  # so many bytes of its end
        start, end = max(0, stored.size - int(asked[2])), last
    if start > end:
        refused = FileResponse(BytesIO(b""), status=416)
        refused["Content-Range"] = f"bytes */{stored.size}"
        return refused
    file = stored.file.open("rb")
    file.seek(start)
    answer = FileResponse(_pieces(file, end - start + 1), status=206)
    answer["Content-Range"] = f"bytes {start}-{end}/{stored.size}"
    answer["Content-Length"] = str(end - start + 1)
    return answer


def _pieces(file: IO[bytes], left: int) -> Iterator[bytes]:
    with file:
        while left > 0 and (piece := file.read(min(left, 64 * 1024))):
            left -= len(piece)
            yield piece


def disposition(kind: str, name: str) -> str:
    """Content-Disposition with a name in ASCII for old programs, and as it is."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()+-]", "_", plain).strip() or "berkas"
    return f"{kind}; filename=\"{plain}\"; filename*=utf-8''{quote(name)}"


def share_bytes(
    stored: StoredFile, source: StoredFile, actor: User, at: datetime
) -> None:
    """Make `stored`, not yet saved, of the bytes that `source` is made of.

    What the scanner and the drawer found out about them holds for both.
    """
    written = source.file.name or ""
    # Bytes kept before any were counted stand for their first file as well.
    SharedBytes.objects.get_or_create(
        sha256=source.sha256, defaults={"file": written, "used": 1}
    )
    stored.file.name = _counted_in(source.sha256, written)
    stored.name, stored.size = source.name, source.size
    stored.content_type, stored.sha256 = source.content_type, source.sha256
    stored.uploaded_by, stored.uploaded_at = actor, at
    known = Inspection.objects.filter(key=source.key).first()
    Inspection.objects.create(
        key=stored.key,
        file=stored.file.name,
        content_type=stored.content_type,
        scan=known.scan if known else Inspection.Scan.DONE,
        found=known.found if known else "",
        picture=known.picture if known else b"",
        is_previewed=known.is_previewed if known else not stored.has_preview,
    )
