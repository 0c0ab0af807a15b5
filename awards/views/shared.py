"""What the pages of one award have in common."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from awards.models import Award
from competitions import permissions as competition_permissions


def award_to_handle(user: User, key: str) -> Award:
    """Find an award of a round that `user` runs and takes no part in; else 404 or 403.

    It comes with its level, institution, round and government.
    """
    award = get_object_or_404(
        Award.objects.run_by(user).select_related(
            "level",
            "row__proposal__institution",
            "row__result__round__competition__government",
        ),
        key=key,
    )
    competition_permissions.require_no_part(user, award.row.result.round)
    return award
