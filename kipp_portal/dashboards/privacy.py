"""What the dashboard says of requests about personal data."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import DataRequest, Membership, User
from core.dates import format_datetime
from kipp_portal.dashboards.steps import NextStep


def load_data_requests(user: User, at: datetime) -> Sequence[NextStep]:
    """Say how many requests wait for this person's answer, in one query.

    Nothing is asked of the database for people who answer none.
    """
    url = _list_of(user)
    if not url:
        return ()
    waiting = (
        DataRequest.objects.put_before(user)
        .open()
        .aggregate(number=Count("pk"), due=Min("due_at"))
    )
    if not waiting["number"]:
        return ()
    due = format_datetime(waiting["due"])
    return (
        NextStep(
            title=ngettext(
                "%(number)d request about personal data waits for your answer",
                "%(number)d requests about personal data wait for your answer",
                waiting["number"],
            )
            % {"number": waiting["number"]},
            text=_("The term of the first has passed: %(due)s.") % {"due": due}
            if waiting["due"] <= at
            else _("By law the first is answered by %(due)s.") % {"due": due},
            url=url,
            label=_("Read and answer"),
        ),
    )


def _list_of(user: User) -> str:
    if user.is_system_admin:
        return reverse("accounts:data_request_admin_list")
    for each in user.current_memberships:
        if each.role == Membership.Role.SECRETARIAT and each.government:
            return reverse("accounts:data_request_queue", args=[each.government.slug])
    return ""
