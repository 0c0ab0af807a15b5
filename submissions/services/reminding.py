"""Telling those who have not submitted that the deadline comes near."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Institution, Membership, User
from competitions.models import Stage, StageException
from core.dates import as_local
from submissions import notices, queries
from submissions.models import Reminder
from submissions.queries import Waiting

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deadline:
    """A closing that people are reminded of, and since when it stood."""

    stage: Stage
    closes_at: datetime
    known_since: datetime


def remind_of_deadlines(*, at: datetime) -> int:
    """Send the reminders due at `at`; give how many people were told.

    For each open submission stage of an opened round, only the latest offset that is
    due is told: after a pause of the clock nobody gets four messages at once, and the
    ones passed over are noted as such. Nothing is told after closing. Told are the
    people of the institutions in `queries.institutions_waiting`: each one's authors and
    admins, and the admins above where a proposal lies unsent. Each person gets one
    message per stage, offset and closing moment, naming all their institutions with
    that closing. Source: rules REM-01 and RND-07 in docs/rules.md.
    """
    late = StageException.objects.filter(stage=OuterRef("pk"), closes_at__gt=at)
    stages = (
        Stage.objects.filter(
            Q(closes_at__gt=at) | Exists(late),
            kind=Stage.Kind.SUBMISSION,
            opens_at__lte=at,
            round__opened_at__isnull=False,
        )
        .select_related("round__competition__government")
        .order_by("closes_at", "pk")
    )
    return sum(_remind(stage, at) for stage in stages)


def due_offsets(deadline: Deadline, at: datetime) -> list[int]:
    """The offsets in hours whose moment has come, the latest first.

    An offset whose moment lay before the deadline was known never comes, and none
    comes after it.
    """
    if at >= deadline.closes_at:
        return []
    return sorted(
        hours
        for hours in set(deadline.stage.reminder_hours)
        if deadline.known_since <= deadline.closes_at - timedelta(hours=hours) <= at
    )


def _remind(stage: Stage, at: datetime) -> int:
    """Remind each institution of its own closing: exceptions close later."""
    usual = Deadline(
        stage,
        stage.closes_at,
        max(filter(None, (stage.opens_at, stage.round.opened_at))),
    )
    late = {
        each.institution_id: Deadline(
            stage, each.closes_at, max(usual.known_since, each.granted_at)
        )
        for each in StageException.objects.filter(
            stage=stage, closes_at__gt=stage.closes_at
        )
    }
    if not any(due_offsets(each, at) for each in {usual, *late.values()}):
        return 0
    government = stage.round.competition.government
    day = as_local(at, stage.round.zone).date()
    waiting: dict[Deadline, list[Waiting]] = defaultdict(list)
    for each in queries.institutions_waiting(stage.round, government, day):
        waiting[late.get(each.institution.pk, usual)].append(each)
    return sum(_remind_of(deadline, listed, at) for deadline, listed in waiting.items())


def _remind_of(deadline: Deadline, waiting: Sequence[Waiting], at: datetime) -> int:
    offsets = due_offsets(deadline, at)
    if not offsets:
        return 0
    claimed = set(
        Reminder.objects.filter(
            stage=deadline.stage,
            closes_at=deadline.closes_at,
            hours_before=offsets[0],
        ).values_list("user_id", flat=True)
    )
    told = 0
    for person, listed in _people_waiting(waiting):
        if person.pk in claimed:
            continue
        try:
            told += _tell(deadline, person, listed, offsets, at)
        except Exception:  # one broken row must not silence the others
            logger.exception(
                "Reminder of %s for user %s failed", deadline.stage.pk, person.pk
            )
    return told


def _tell(
    deadline: Deadline,
    person: User,
    waiting: Sequence[Waiting],
    offsets: Sequence[int],
    at: datetime,
) -> bool:
    """Claim the reminder, then write the message, both or neither.

    Of two ticks at once, the second waits at the constraint and finds it claimed.
    """
    latest, *passed = offsets
    with transaction.atomic():
        _row, is_new = Reminder.objects.get_or_create(
            stage=deadline.stage,
            user=person,
            hours_before=latest,
            closes_at=deadline.closes_at,
            defaults={"noted_at": at, "was_told": True},
        )
        if not is_new:
            return False
        Reminder.objects.bulk_create(
            (
                Reminder(
                    stage=deadline.stage,
                    user=person,
                    hours_before=hours,
                    closes_at=deadline.closes_at,
                    noted_at=at,
                    was_told=False,
                )
                for hours in passed
            ),
            ignore_conflicts=True,
        )
        notices.deadline_near(
            deadline.stage,
            closes_at=deadline.closes_at,
            person=person,
            waiting=waiting,
            hours_before=latest,
            at=at,
        )
    return True


def _people_waiting(
    waiting: Iterable[Waiting],
) -> list[tuple[User, Sequence[Waiting]]]:
    """Pair each person with what they have to send, in two queries."""
    by_institution = {each.institution.pk: each for each in waiting}
    above = _admins_above([each.institution for each in waiting if each.drafts])
    found: dict[User, dict[int, Waiting]] = defaultdict(dict)
    own = Membership.objects.current().filter(
        institution__in=by_institution,
        role__in=[Membership.Role.AUTHOR, Membership.Role.INSTITUTION_ADMIN],
        user__is_active=True,
    )
    for membership in own.select_related("user"):
        pk = membership.institution_id
        assert pk is not None  # the filter above
        found[membership.user][pk] = by_institution[pk]
    for person, institution in above:
        found[person][institution.pk] = by_institution[institution.pk]
    return [
        (person, [by_institution[pk] for pk in by_institution if pk in mine])
        for person, mine in sorted(found.items(), key=lambda pair: pair[0].pk)
    ]


def _admins_above(
    institutions: Sequence[Institution],
) -> list[tuple[User, Institution]]:
    paths = {path for each in institutions for path in queries.paths_above(each)}
    admins = Membership.objects.current().filter(
        role=Membership.Role.INSTITUTION_ADMIN,
        institution__path__in=paths,
        user__is_active=True,
    )
    return [
        (membership.user, each)
        for membership in admins.select_related("user", "institution")
        for each in institutions
        if membership.institution is not None
        and membership.institution.government_id == each.government_id
        and each.path.startswith(membership.institution.path)
    ]
