"""Putting prepared rules of an opened round in force, alone or with a second person."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions import audience, consequences, notices
from competitions.models import FormTemplate, Round, RuleChange
from competitions.rule_changes import Review, review_of, rules_in_force, with_change
from competitions.services.base import locked, record
from competitions.services.rules import store
from core.errors import DomainError


class ChangeRefused(DomainError):
    """The prepared change cannot go this way; the message says what to do."""


def apply_change(
    *, change: RuleChange, seen: str, reason: str, actor: User, at: datetime
) -> RuleChange:
    """Put prepared rules in force, or ask for a second person where one is needed.

    A changed form becomes one new version, so that nothing written is lost. `seen` is
    the digest of the review that `actor` looked at: what they did not see is not
    decided.

    Raises ChangeRefused, and RulesRefused if something in use would be taken away.
    Source: rules RND-13 and RND-14 in docs/rules.md.
    """
    with transaction.atomic():
        round, change = _hold(change)
        _require(change, change.is_pending)
        review = _sound_review(round, change, seen, at)
        if not reason.strip():
            raise ChangeRefused(_("Write the reason for the new rules."))
        change.reason = reason.strip()
        if not review.needs_second:
            return _put_in_force(round, change, review, actor, at)
        others = audience.second_persons(round, actor)
        if not others:
            raise ChangeRefused(
                _(
                    "Scoring has begun, so a second person of the secretariat must "
                    "agree, and there is nobody who may. Invite a colleague whose "
                    "institution does not compete."
                )
            )
        change.state = RuleChange.State.AWAITING
        change.requested_by, change.requested_at = actor, at
        change.refusal, change.refused_by = "", None
        change.save(
            update_fields=[
                "state",
                "reason",
                "requested_by",
                "requested_at",
                "refusal",
                "refused_by",
            ]
        )
        record(
            "rule_change.requested", round, actor, at, review.differences, change.reason
        )
        notices.rule_change_awaits(change, round=round, people=others, at=at)
    return change


def confirm_change(
    *, change: RuleChange, seen: str, actor: User, at: datetime
) -> RuleChange:
    """Agree, as a second person, with prepared rules, and put them in force.

    Raises ChangeRefused, and RulesRefused as `apply_change` does.
    Source: rule RND-13 in docs/rules.md.
    """
    with transaction.atomic():
        round, change = _hold(change)
        _require(change, change.is_awaiting)
        _require_second(change, actor)
        review = _sound_review(round, change, seen, at)
        _put_in_force(round, change, review, actor, at)
        notices.rule_change_decided(change, round=round, at=at)
    return change


def refuse_change(
    *, change: RuleChange, reason: str, actor: User, at: datetime
) -> RuleChange:
    """Give a change back, as a second person, with the reason why not.

    Raises ChangeRefused.
    """
    if not reason.strip():
        raise ChangeRefused(_("Write why you do not agree."))
    with transaction.atomic():
        round, change = _hold(change)
        _require(change, change.is_awaiting)
        _require_second(change, actor)
        asked_by = change.requested_by
        change.refusal, change.refused_by = reason.strip(), actor
        _back_to_preparing(change)
        record("rule_change.refused", round, actor, at, reason=change.refusal)
        notices.rule_change_refused(change, round=round, person=asked_by, at=at)
    return change


def take_back_change(*, change: RuleChange, actor: User, at: datetime) -> RuleChange:
    """Go on preparing a change that waits for a second person.

    Raises ChangeRefused.
    """
    with transaction.atomic():
        round, change = _hold(change)
        _require(change, change.is_awaiting)
        _back_to_preparing(change)
        record("rule_change.taken_back", round, actor, at)
    return change


def discard_change(*, change: RuleChange, actor: User, at: datetime) -> RuleChange:
    """Throw prepared rules away; those in force stay.

    Raises ChangeRefused.
    """
    with transaction.atomic():
        round, change = _hold(change)
        _require(change, change.is_pending or change.is_awaiting)
        review = review_of(with_change(rules_in_force(round), change), at)
        change.state = RuleChange.State.DISCARDED
        change.decided_by, change.decided_at = actor, at
        change.save(update_fields=["state", "decided_by", "decided_at"])
        record("rule_change.discarded", round, actor, at, review.differences)
    return change


def _hold(change: RuleChange) -> tuple[Round, RuleChange]:
    """Lock the round first, as every change of its rules does, then the change."""
    round = locked(change.round)
    return round, RuleChange.objects.select_for_update().get(pk=change.pk)


def _require(change: RuleChange, fits: bool) -> None:
    if fits:
        return
    if change.is_applied:
        raise ChangeRefused(_("These changes are in force already."))
    if change.is_awaiting:
        raise ChangeRefused(_("These changes wait for a second person already."))
    if change.is_pending:
        raise ChangeRefused(_("These changes do not wait for a second person now."))
    raise ChangeRefused(_("These changes were thrown away."))


def _require_second(change: RuleChange, actor: User) -> None:
    if change.requested_by_id == actor.pk:
        raise ChangeRefused(
            _("You asked for this change yourself. A colleague must decide on it.")
        )


def _sound_review(round: Round, change: RuleChange, seen: str, at: datetime) -> Review:
    """Look at the change once more under the lock; refuse what cannot be in force."""
    review = review_of(with_change(rules_in_force(round), change), at, holds=True)
    if review.is_sealed:
        raise ChangeRefused(consequences.why_sealed())
    if review.is_empty:
        raise ChangeRefused(_("These rules are in force already. Nothing is left."))
    if review.digest != seen:
        raise ChangeRefused(
            _("Somebody changed the rules after you opened this page. Look once more.")
        )
    for sentence in review.forbidden:
        raise ChangeRefused(sentence)
    return review


def _put_in_force(
    round: Round, change: RuleChange, review: Review, actor: User, at: datetime
) -> RuleChange:
    form = review.rules.live.form
    if form is not None and review.edit.old.form != review.edit.new.form:
        # A version of its own: drafts come to it, what was sent stays with its own.
        form = FormTemplate(round=round, version=form.version + 1)
    changes = review.differences
    ranks = review.ranks
    store(round, review.edit.new, form)
    change.state = RuleChange.State.APPLIED
    change.decided_by, change.decided_at = actor, at
    change.differences = json.loads(json.dumps(changes, default=float))
    change.ranks = (
        [[each.code, each.before.data, each.after.data] for each in ranks.movers]
        if ranks
        else []
    )
    change.save(
        update_fields=[
            "state",
            "reason",
            "decided_by",
            "decided_at",
            "differences",
            "ranks",
        ]
    )
    record("round.rules_changed", round, actor, at, changes, change.reason)
    return change


def _back_to_preparing(change: RuleChange) -> None:
    change.state = RuleChange.State.PENDING
    change.requested_by = change.requested_at = None
    change.save(
        update_fields=[
            "state",
            "requested_by",
            "requested_at",
            "refusal",
            "refused_by",
        ]
    )
