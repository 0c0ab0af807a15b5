"""Prepared rules of an opened round, put in force or left as they are."""

from competitions import services
from competitions.models import RuleChange
from competitions.rule_changes import review_of, rules_prepared


def review(round, at):
    """What somebody sees who looks at the prepared change of `round`."""
    fresh = type(round).objects.of_government().get(pk=round.pk)
    return review_of(rules_prepared(fresh), at)


def apply(round, actor, at, *, reason="Juknis diubah", seen=None):
    """Put what is prepared in force, or ask a second person."""
    return services.apply_change(
        change=RuleChange.objects.open().get(round=round),
        seen=review(round, at).digest if seen is None else seen,
        reason=reason,
        actor=actor,
        at=at,
    )


def change_at_once(round, change, actor, at, *, reason="Juknis diubah"):
    """Prepare one change and put it in force."""
    services.change_rules(round=round, change=change, actor=actor, at=at)
    return apply(round, actor, at, reason=reason)
