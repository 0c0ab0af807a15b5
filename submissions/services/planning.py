"""The plan of reminders of a stage: adding, changing, taking away."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import ReminderPlan, Stage
from competitions.models.reminders import audiences_of
from core import audit, dates
from core.errors import DomainError
from submissions.models import ReminderRun
from submissions.occasions import occasion_of, usual_deadline


class ReminderNotPlanned(DomainError):
    """Such a reminder never comes, stands already, or was sent."""


@dataclass(frozen=True)
class ReminderTerms:
    """When a reminder goes out, to whom and through what."""

    anchor: str
    hours: int
    audience: str
    channels: Sequence[str]


def add_reminder(
    *, stage: Stage, terms: ReminderTerms, actor: User, at: datetime
) -> ReminderPlan:
    """Add a row to the plan of `stage`.

    Raises ReminderNotPlanned. Source: rule REM-02 in docs/rules.md.
    """
    with transaction.atomic():
        stage = _locked(stage)
        plan = ReminderPlan(stage=stage, created_at=at, **_values(terms))
        _refuse_idle(plan, at)
        _refuse_double(plan)
        plan.save()
        _record("reminder.added", plan, actor, at, _noted(terms))
    return plan


def change_reminder(
    *, plan: ReminderPlan, terms: ReminderTerms, actor: User, at: datetime
) -> ReminderPlan:
    """Change a row that has not been sent.

    Raises ReminderNotPlanned. Source: rule REM-02 in docs/rules.md.
    """
    with transaction.atomic():
        stage = _locked(plan.stage)
        found = ReminderPlan.objects.standing().filter(pk=plan.pk).first()
        if found is None:
            raise ReminderNotPlanned(_("This reminder was taken away meanwhile."))
        found.stage = stage
        _refuse_sent(found)
        old = _noted(_terms(found))
        if old == _noted(terms):
            return found
        for name, value in _values(terms).items():
            setattr(found, name, value)
        found.created_at = at
        _refuse_idle(found, at)
        _refuse_double(found)
        found.save(update_fields=[*_values(terms), "created_at"])
        _record(
            "reminder.changed",
            found,
            actor,
            at,
            {
                name: [old[name], value]
                for name, value in _noted(terms).items()
                if old[name] != value
            },
        )
    return found


def remove_reminder(*, plan: ReminderPlan, actor: User, at: datetime) -> None:
    """Take a row away; one that was sent for an earlier closing stays on record.

    Raises ReminderNotPlanned. Source: rule REM-02 in docs/rules.md.
    """
    with transaction.atomic():
        stage = _locked(plan.stage)
        found = ReminderPlan.objects.standing().filter(pk=plan.pk).first()
        if found is None:
            raise ReminderNotPlanned(_("This reminder was taken away meanwhile."))
        found.stage = stage
        _refuse_sent(found)
        _record("reminder.removed", found, actor, at, _noted(_terms(found)))
        if ReminderRun.objects.filter(plan=found).exists():
            found.removed_at = at
            found.save(update_fields=["removed_at"])
        else:
            found.delete()


def _locked(stage: Stage) -> Stage:
    """Lock the stage: two presses add one row, and its dates stand meanwhile."""
    return (
        Stage.objects.select_for_update(of=("self",))
        .select_related("round__competition__government")
        .get(pk=stage.pk)
    )


def _values(terms: ReminderTerms) -> dict[str, object]:
    return {**asdict(terms), "channels": list(terms.channels)}


def _noted(terms: ReminderTerms) -> dict[str, object]:
    """The terms as the audit trail keeps them."""
    return {**_values(terms), "channels": ", ".join(sorted(terms.channels))}


def _terms(plan: ReminderPlan) -> ReminderTerms:
    return ReminderTerms(plan.anchor, plan.hours, plan.audience, plan.channels)


def _refuse_idle(plan: ReminderPlan, at: datetime) -> None:
    """Raise ReminderNotPlanned where the row would tell nobody, as dates stand."""
    stage = plan.stage
    if plan.audience not in audiences_of(stage.kind):
        raise ReminderNotPlanned(
            _("%(audience)s have nothing to do in %(stage)s. Choose others.")
            % {"audience": plan.get_audience_display(), "stage": stage.name}
        )
    if stage.is_over(at):
        raise ReminderNotPlanned(
            _("%(stage)s is over. Extend it first.") % {"stage": stage.name}
        )
    deadline = usual_deadline(stage)
    moment = occasion_of(plan, deadline).moment
    words = {
        "moment": dates.format_datetime(moment, "medium", stage.round.zone),
        "stage": stage.name,
    }
    if moment < deadline.opened_at:
        raise ReminderNotPlanned(
            _("%(moment)s is before %(stage)s opens. Choose a shorter time.") % words
        )
    if moment >= deadline.closes_at:
        raise ReminderNotPlanned(
            _("%(moment)s is after %(stage)s closes. Choose a shorter time.") % words
        )
    if moment < at:
        raise ReminderNotPlanned(
            _("%(moment)s has passed already. Choose a moment to come.") % words
        )


def _refuse_double(plan: ReminderPlan) -> None:
    same = ReminderPlan.objects.standing().filter(
        stage=plan.stage, anchor=plan.anchor, hours=plan.hours, audience=plan.audience
    )
    if same.exclude(pk=plan.pk).exists():
        raise ReminderNotPlanned(
            _("The same people get a reminder at this moment already.")
        )


def _refuse_sent(plan: ReminderPlan) -> None:
    occasion = occasion_of(plan, usual_deadline(plan.stage))
    run = ReminderRun.objects.filter(
        plan=plan, counted_from=occasion.counted_from
    ).first()
    if run is not None:
        raise ReminderNotPlanned(
            _("This reminder was sent on %(moment)s. Add another one instead.")
            % {
                "moment": dates.format_datetime(
                    run.ran_at, "medium", plan.stage.round.zone
                )
            }
        )


def _record(
    action: str,
    plan: ReminderPlan,
    actor: User,
    at: datetime,
    changes: dict[str, object],
) -> None:
    round = plan.stage.round
    audit.record(
        action,
        actor=actor,
        target=round,
        at=at,
        scope=round.competition.government.code,
        changes={"stage": plan.stage.kind, **changes},
    )
