"""What every page asks with which a secretariat runs a round."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404

from accounts.models import User
from competitions import permissions
from competitions.models import Round


def running_round(user: User, slug: str) -> Round:
    """Find a round that `user` runs and takes no part in; else 404 or 403.

    Who has sheets in its jury takes part as well, though they joined the secretariat
    since: they would see what the others give. Source: rule PLN-10 in docs/rules.md.
    """
    # Asked in the same query, which every page of a secretariat makes.
    judged = permissions.rounds_judged_by(user).filter(pk=OuterRef("pk"))
    rounds = Round.objects.run_by(user).of_government().annotate(judges=Exists(judged))
    round = get_object_or_404(rounds, slug=slug)
    if getattr(round, "judges", False):
        raise PermissionDenied(permissions.why_judges(round))
    permissions.require_no_entry(user, round)
    return round
