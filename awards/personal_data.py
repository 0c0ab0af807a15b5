"""What this app keeps of a person, for the copy of their data."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from awards.models import Award, Decree, FeedbackNote, FeedbackPlan
from core.personal_data import Portion, section

COVERS = frozenset(
    {
        "awards.Award.given_by",
        "awards.Award.revoked_by",
        "awards.Decree.recorded_by",
        "awards.FeedbackNote.decided_by",
        "awards.FeedbackPlan.released_by",
    }
)


def collect(user: User) -> Portion:
    """What the person did with awards, decrees and feedback to authors."""
    return Portion(
        [
            section(
                "penghargaan",
                [*_awards(user), *_decrees(user), *_notes(user), *_plans(user)],
            )
        ]
    )


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


def _notes(user: User) -> Iterator[dict[str, Any]]:
    for note in FeedbackNote.objects.filter(decided_by=user).order_by("pk"):
        yield {_("Note for authors decided by me at"): note.decided_at}


def _plans(user: User) -> Iterator[dict[str, Any]]:
    for plan in FeedbackPlan.objects.filter(released_by=user).order_by("pk"):
        yield {_("Feedback released by me at"): plan.released_at}
