"""What people order of the portal as a whole."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import DataExport, User
from core import audit
from core.background import enqueue
from core.errors import DomainError
from kipp_portal import tasks

PER_DAY = 3


class ExportNotTaken(DomainError):
    """One is being made, or there were enough for today."""


def request_export(*, user: User, at: datetime) -> DataExport:
    """Order a copy of all that the portal keeps of `user`.

    Raises ExportNotTaken while one is being made, and after three in 24 hours.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        own = DataExport.objects.visible_to(user)
        if own.filter(state=DataExport.State.PENDING).exists():
            raise ExportNotTaken(
                _("A copy is being put together already. You get an e-mail.")
            )
        if own.filter(requested_at__gt=at - timedelta(days=1)).count() >= PER_DAY:
            raise ExportNotTaken(
                _("You have ordered three copies today. Try again tomorrow.")
            )
        export = DataExport.objects.create(user=user, requested_at=at)
        audit.record("data_export.requested", actor=user, target=user, at=at)
        enqueue(tasks.build_export, export.pk)
    return export


def note_fetched(*, export: DataExport, at: datetime) -> None:
    """Note that the person has fetched the copy."""
    audit.record("data_export.fetched", actor=export.user, target=export.user, at=at)
