"""Telling people by the plan of a stage what is due, each once."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q

from competitions.models import (
    ReminderAudience,
    ReminderPlan,
    Stage,
    StageException,
)
from submissions import notices, recipients
from submissions.models import Reminder, ReminderRun
from submissions.occasions import Deadline, Occasion, due_of, usual_deadline
from submissions.queries import Waiting
from submissions.recipients import Reached

logger = logging.getLogger(__name__)


def remind_of_deadlines(*, at: datetime) -> int:
    """Send the reminders due at `at`; give how many people were told.

    For each audience of a running stage only the latest row of its plan that is due
    is told: after a pause of the clock nobody gets four messages at once, and the
    ones passed over are noted as such. A moment that lay before its row, or the
    closing it counts from, was set never comes; nothing is told after closing. Each
    person gets one message per row and closing moment, naming all their institutions
    with that closing. Source: rules REM-01, REM-02 and RND-07 in docs/rules.md.
    """
    late = StageException.objects.filter(stage=OuterRef("pk"), closes_at__gt=at)
    plans = ReminderPlan.objects.standing()
    stages = (
        Stage.objects.filter(
            Q(closes_at__gt=at) | Exists(late),
            Exists(plans.filter(stage=OuterRef("pk"))),
            opens_at__lte=at,
            round__opened_at__lte=at,
        )
        .select_related("round__competition__government")
        .prefetch_related(Prefetch("reminderplan_set", plans.order_by("pk")))
        .order_by("closes_at", "pk")
    )
    return sum(_remind(stage, at) for stage in stages)


def _late_deadlines(usual: Deadline) -> dict[int, Deadline]:
    """The closings of the institutions that have more time, by their ids."""
    late = StageException.objects.filter(
        stage=usual.stage, closes_at__gt=usual.closes_at
    )
    return {
        each.institution_id: Deadline(
            usual.stage,
            usual.opened_at,
            each.closes_at,
            max(usual.opened_at, each.granted_at),
        )
        for each in late
    }


def _remind(stage: Stage, at: datetime) -> int:
    """Remind by the plan of one stage; institutions with more time by their own."""
    usual = usual_deadline(stage)
    late = _late_deadlines(usual)
    ran = set(
        ReminderRun.objects.filter(plan__stage=stage).values_list(
            "plan", "counted_from"
        )
    )
    by_audience: dict[str, list[ReminderPlan]] = defaultdict(list)
    for plan in stage.reminderplan_set.all():
        by_audience[plan.audience].append(plan)
    told = 0
    for audience, plans in by_audience.items():
        due = {}
        for deadline in (usual, *late.values()):
            listed = due_of(plans, deadline, at)
            # What an older row has not told its people, a newer one has said since.
            if listed and (listed[0].plan.pk, listed[0].counted_from) not in ran:
                due[deadline] = listed
        if due:
            people = _people(usual, late, audience, at)
            for deadline, listed in due.items():
                told += _run(listed, people.get(deadline, []), at)
    return told


def _people(
    usual: Deadline, late: Mapping[int, Deadline], audience: str, at: datetime
) -> Mapping[Deadline, list[Reached]]:
    """Whom an audience means, by the closing that holds for them."""
    if audience == ReminderAudience.JURORS:
        return {usual: recipients.reached_from_above(usual.stage, audience, at)}
    waiting: dict[Deadline, list[Waiting]] = defaultdict(list)
    for each in (
        *recipients.waiting_in(usual.stage, audience, at),
        *recipients.waiting_elsewhere(usual.stage, audience),
    ):
        waiting[late.get(each.institution.pk, usual)].append(each)
    return {
        deadline: recipients.people_of(audience, listed)
        for deadline, listed in waiting.items()
    }


def _run(listed: Sequence[Occasion], people: Sequence[Reached], at: datetime) -> int:
    """Tell `people` of the latest occasion, and note that it has gone out."""
    latest, *passed = listed
    claimed = set(
        Reminder.objects.filter(
            plan=latest.plan, counted_from=latest.counted_from
        ).values_list("user_id", flat=True)
    )
    told = failed = 0
    for each in people:
        if each.person.pk in claimed:
            continue
        try:
            told += _tell(latest, passed, each, at)
        except Exception:  # one broken row must not silence the others
            failed += 1
            logger.exception(
                "Reminder %s for user %s failed", latest.plan.pk, each.person.pk
            )
    if not failed:
        _note_run(latest, passed, people, at)
    return told


def _note_run(
    latest: Occasion,
    passed: Iterable[Occasion],
    people: Iterable[Reached],
    at: datetime,
) -> None:
    """Note that it has gone out; those who run the round read how many it reached."""
    government = latest.stage.round.competition.government
    strangers = [
        each.person.pk for each in people if each.log_of(government) != government
    ]
    reached = (
        Reminder.objects.filter(
            plan=latest.plan, counted_from=latest.counted_from, was_told=True
        )
        .exclude(user__in=strangers)
        .count()
    )
    rows = [
        ReminderRun(
            plan=latest.plan,
            counted_from=latest.counted_from,
            ran_at=at,
            told=reached,
        )
    ]
    rows += [
        ReminderRun(
            plan=each.plan,
            counted_from=each.counted_from,
            ran_at=at,
            told=0,
            was_passed=True,
        )
        for each in passed
    ]
    ReminderRun.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(
    latest: Occasion, passed: Sequence[Occasion], reached: Reached, at: datetime
) -> bool:
    """Claim the reminder, then write the message, both or neither.

    Of two ticks at once, the second waits at the constraint and finds it claimed.
    """
    with transaction.atomic():
        _row, is_new = Reminder.objects.get_or_create(
            plan=latest.plan,
            user=reached.person,
            counted_from=latest.counted_from,
            defaults={"noted_at": at, "was_told": True},
        )
        if not is_new:
            return False
        Reminder.objects.bulk_create(
            (
                Reminder(
                    plan=each.plan,
                    user=reached.person,
                    counted_from=each.counted_from,
                    noted_at=at,
                    was_told=False,
                )
                for each in passed
            ),
            ignore_conflicts=True,
        )
        if reached.tell:
            reached.tell(latest, at)
        else:
            notices.reminder_due(latest, reached=reached, at=at)
    return True
