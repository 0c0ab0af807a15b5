"""Files that come in piece by piece, over a line that breaks.

The browser announces a file, sends its pieces in order, each naming the offset it
begins at, and at last sends the form, naming the upload in place of a file. Pieces are
objects of their own in storage, so that it may be one of another machine. Nothing of
what the browser says about the file is believed: the whole is checked by its content
like any other (documents.uploads).

Source: rule EVD-01 in docs/rules.md.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryFile

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from core.numbers import file_size
from documents.files import let_go_bytes
from submissions.models import PartialUpload, Proposal, UploadPiece

MEBIBYTE = 1024 * 1024
MAX_PIECE = 1 * MEBIBYTE
KEPT_FOR = timedelta(hours=48)
# What one person may have on its way at a time.
MAX_UPLOADS = 20
MAX_BYTES = 100 * MEBIBYTE


class UploadNotBegun(DomainError):
    """The announced file is too large, or too much of the person is on its way."""


class PieceNotTaken(DomainError):
    """The piece does not begin where the upload stands; `offset` says where that is."""

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class UploadNotWhole(DomainError):
    """The form was sent before all pieces were."""


def begin_upload(
    *,
    proposal: Proposal,
    name: str,
    size: int,
    max_bytes: int,
    actor: User,
    at: datetime,
) -> PartialUpload:
    """Make room for a file of `size` bytes, at most `max_bytes`.

    Raises UploadNotBegun.
    """
    if not 1 <= size <= max_bytes:
        raise UploadNotBegun(
            _("This file is %(size)s, and at most %(limit)s is taken. Make it smaller.")
            % {"size": file_size(max(size, 0)), "limit": file_size(max_bytes)}
            if size > 0
            else _("This file is empty. Choose the file again.")
        )
    with transaction.atomic():
        _hold(actor)
        mine = PartialUpload.objects.of(actor).filter(taken_at=None, expires_at__gt=at)
        on_its_way = mine.aggregate(total=Sum("size"))["total"] or 0
        if mine.count() >= MAX_UPLOADS or on_its_way + size > MAX_BYTES:
            raise UploadNotBegun(
                _(
                    "Too many of your uploads are still under way. Finish or cancel "
                    "one of them, then choose this file again."
                )
            )
        return PartialUpload.objects.create(
            key=secrets.token_urlsafe(16),
            owner=actor,
            proposal=proposal,
            name=name[:200],
            size=size,
            began_at=at,
            expires_at=at + KEPT_FOR,
        )


def _hold(actor: User) -> None:
    """Let the person begin one upload after the other, so that the limits hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('submissions.uploading'), %s)",
            [actor.pk % 2**31],
        )


def add_piece(
    *, upload: PartialUpload, offset: int, content: bytes, at: datetime
) -> PartialUpload:
    """Keep the piece that begins at `offset`; of two senders of one, one is late.

    Raises PieceNotTaken.
    """
    with transaction.atomic():
        upload = PartialUpload.objects.select_for_update().get(pk=upload.pk)
        if upload.taken_at or offset != upload.offset:
            raise PieceNotTaken(_("The upload stands elsewhere."), offset=upload.offset)
        if not content or len(content) > min(MAX_PIECE, upload.size - offset):
            raise PieceNotTaken(_("This piece has no room."), offset=upload.offset)
        name = default_storage.save(
            f"unggahan/{secrets.token_urlsafe(16)}", ContentFile(content)
        )
        try:
            UploadPiece.objects.create(
                upload=upload, offset=offset, size=len(content), file=name
            )
            upload.offset = offset + len(content)
            upload.expires_at = at + KEPT_FOR
            upload.save(update_fields=["offset", "expires_at"])
        except BaseException:
            default_storage.delete(name)
            raise
    return upload


@contextmanager
def joined(upload: PartialUpload) -> Iterator[UploadedFile]:
    """The whole file, for the form to check. Raises UploadNotWhole."""
    if not upload.is_whole:
        raise UploadNotWhole(
            _("The file has not arrived in full. Choose it again to go on uploading.")
        )
    with TemporaryFile() as whole:
        for name in upload.pieces.order_by("offset").values_list("file", flat=True):
            with default_storage.open(name) as piece:
                for part in iter(lambda: piece.read(64 * 1024), b""):
                    whole.write(part)
        whole.seek(0)
        yield UploadedFile(whole, name=upload.name, size=upload.size)


def take_upload(*, upload: PartialUpload, at: datetime) -> None:
    """Note that its form has taken the file; its pieces go.

    The row stays until it expires, to answer who asks twice since the line broke.
    """
    with transaction.atomic():
        upload.taken_at = at
        upload.save(update_fields=["taken_at"])
        _let_pieces_go(upload)


def cancel_upload(*, upload: PartialUpload) -> None:
    """Forget an upload and its pieces."""
    with transaction.atomic():
        found = PartialUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if found:
            _let_pieces_go(found)
            found.delete()


def _let_pieces_go(upload: PartialUpload) -> None:
    for name in upload.pieces.values_list("file", flat=True):
        let_go_bytes(name)
    upload.pieces.all().delete()
