"""Making the copy of a person's data, once, and taking it away again (rule DAT-02)."""

import secrets
from datetime import datetime, timedelta
from tempfile import TemporaryFile

from django.core.files import File
from django.db import transaction

from accounts import privacy_notices
from accounts.models import DataExport
from accounts.models.privacy import ExportState
from kipp_portal import personal_data

KEPT_FOR = timedelta(days=7)
MAX_ATTEMPTS = 3


def build(*, export_id: int, at: datetime) -> bool:
    """Make the copy if it waits, and tell its owner; tell whether it was made.

    A try is counted before it begins: what kills the worker three times is given up.
    The row stays locked meanwhile, so that a second worker passes it by.
    """
    if not _count_attempt(export_id):
        return False
    with transaction.atomic(), TemporaryFile() as copy:
        export = _locked(export_id)
        if export is None:
            return False
        personal_data.write_copy(user=export.user, target=copy, at=at)
        export.size = copy.tell()
        copy.seek(0)
        export.file.save(f"{secrets.token_urlsafe(24)}.zip", File(copy), save=False)
        export.state = ExportState.READY
        export.finished_at = at
        export.expires_at = at + KEPT_FOR
        try:
            export.save(
                update_fields=["state", "file", "size", "finished_at", "expires_at"]
            )
            privacy_notices.export_ready(export, at=at)
        except BaseException:
            export.file.storage.delete(export.file.name or "")
            raise
    return True


def expire(*, export: DataExport) -> None:
    """Delete the file of a copy; the row stays and says that there was one."""
    with transaction.atomic():
        export = DataExport.objects.select_for_update().get(pk=export.pk)
        name = export.file.name
        export.state = ExportState.EXPIRED
        export.file = ""
        export.save(update_fields=["state", "file"])
        if name:
            storage = export.file.storage
            transaction.on_commit(lambda: storage.delete(name))


def _count_attempt(export_id: int) -> bool:
    with transaction.atomic():
        export = _locked(export_id)
        if export is None:
            return False
        if export.attempts >= MAX_ATTEMPTS:
            export.state = ExportState.FAILED
        else:
            export.attempts += 1
        export.save(update_fields=["state", "attempts"])
        return export.is_pending


def _locked(export_id: int) -> DataExport | None:
    return (
        DataExport.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(pk=export_id, state=ExportState.PENDING)
        .first()
    )
