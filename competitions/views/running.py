"""What every page asks with which a secretariat runs a round."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from competitions import permissions
from competitions.models import Round


def running_round(user: User, slug: str) -> Round:
    """Find a round that `user` runs and takes no part in; else 404 or 403."""
    round = get_object_or_404(Round.objects.run_by(user).of_government(), slug=slug)
    permissions.require_no_part(user, round)
    return round
