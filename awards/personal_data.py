"""What this app keeps of a person, for the copy of their data."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from awards.models import Award, Decree
from core.personal_data import Portion, section

COVERS = frozenset(
    {
        "awards.Award.given_by",
        "awards.Award.revoked_by",
        "awards.Decree.recorded_by",
    }
)


def collect(user: User) -> Portion:
    """Awards the person gave or took back, decrees they recorded."""
    return Portion([section("penghargaan", [*_awards(user), *_decrees(user)])])


def _awards(user: User) -> Iterator[dict[str, Any]]:
    for award in Award.objects.filter(Q(given_by=user) | Q(revoked_by=user)).order_by(
        "pk"
    ):
        yield {
            _("Given by me at"): award.given_at
            if award.given_by_id == user.pk
            else None,
            _("Taken back by me at"): award.revoked_at
            if award.revoked_by_id == user.pk
            else None,
        }


def _decrees(user: User) -> Iterator[dict[str, Any]]:
    for decree in Decree.objects.filter(recorded_by=user).order_by("pk"):
        yield {_("Decree recorded by me at"): decree.recorded_at}
