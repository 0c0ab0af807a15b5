"""Who is told about requests and exports of personal data."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from accounts.models import DataExport, DataRequest, User
from notifications.services import notify


def request_made(
    data_request: DataRequest, *, handlers: Iterable[User], scope: str, at: datetime
) -> None:
    """Tell those who answer it, and the person that it has arrived."""
    context = {"data_request": data_request, "person": data_request.user}
    notify(
        recipients=handlers,
        kind="data_request.made",
        key=str(data_request.code),
        template="accounts/emails/data_request_made",
        context=context,
        path=_answer_path(data_request),
        at=at,
        scope=scope,
    )
    notify(
        recipients=[data_request.user],
        kind="data_request.received",
        key=str(data_request.code),
        template="accounts/emails/data_request_received",
        context=context,
        path=reverse("accounts:data_request_list"),
        at=at,
        scope=scope,
    )


def request_due(
    data_request: DataRequest, *, handlers: Iterable[User], scope: str, at: datetime
) -> None:
    """Remind those who answer it that its term is near."""
    notify(
        recipients=handlers,
        kind="data_request.due",
        key=str(data_request.code),
        template="accounts/emails/data_request_due",
        context={"data_request": data_request, "person": data_request.user},
        path=_answer_path(data_request),
        at=at,
        scope=scope,
    )


def request_answered(data_request: DataRequest, *, scope: str, at: datetime) -> None:
    """Tell the person; to be called before the account is closed."""
    notify(
        recipients=[data_request.user],
        kind="data_request.answered",
        key=str(data_request.code),
        template="accounts/emails/data_request_answered",
        context={"data_request": data_request},
        path=reverse("accounts:data_request_list"),
        at=at,
        scope=scope,
    )


def export_ready(export: DataExport, *, at: datetime) -> None:
    """Tell the person that the copy can be fetched, and until when."""
    notify(
        recipients=[export.user],
        kind="data_export.ready",
        key=str(export.code),
        template="accounts/emails/data_export_ready",
        context={"export": export},
        path=reverse("personal_data"),
        at=at,
    )


def _answer_path(data_request: DataRequest) -> str:
    return reverse("accounts:data_request_answer", args=[data_request.code])
