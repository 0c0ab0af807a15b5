"""Calling up the addresses that stand as evidence: on wish, weekly, before closing.

Source: rule EVD-03 in docs/rules.md.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from competitions.models import Section, Stage
from core.background import enqueue
from core.dates import as_local
from submissions import tasks
from submissions.models import (
    EvidenceLink,
    LinkCheck,
    LinkOutcome,
    Proposal,
    ProposalState,
)

# Who presses again within these minutes gets the same answer.
FRESH = timedelta(minutes=5)
WEEK = timedelta(days=7)
BEFORE_CLOSING = timedelta(days=3)
BATCH = 200
# What nobody has answered by then was lost on the way.
LOST_AFTER = timedelta(hours=1)


def ask_for_checks(*, proposal: Proposal, section: Section, at: datetime) -> int:
    """Have the links of one section checked; tell how many are under way."""
    links = EvidenceLink.objects.filter(proposal=proposal, section__code=section.code)
    return _ask(links.order_by("pk"), at)


def check_due_links(*, at: datetime) -> int:
    """Have those checked that are due: weekly, and once more before closing."""
    if not settings.LINK_CHECKS:
        return 0
    lost = LinkCheck.objects.filter(
        outcome=LinkOutcome.WAITING, asked_at__lte=at - LOST_AFTER
    )
    lost.update(outcome=LinkOutcome.UNKNOWN, checked_at=at)
    stages = Stage.objects.filter(
        round=OuterRef("proposal__round"), kind=Stage.Kind.SUBMISSION
    )
    recent = LinkCheck.objects.filter(link=OuterRef("pk"))
    closing = stages.filter(closes_at__gt=at, closes_at__lte=at + BEFORE_CLOSING)
    due = (
        EvidenceLink.objects.exclude(proposal__state=ProposalState.WITHDRAWN)
        .filter(Exists(stages.open_at(at)))
        .filter(
            ~Exists(recent.filter(asked_at__gt=at - WEEK))
            | Q(
                Exists(closing),
                ~Exists(recent.filter(asked_at__gt=at - BEFORE_CLOSING)),
            )
        )
    )
    return _ask(due.order_by("pk")[:BATCH], at)


def _ask(links: Iterable[EvidenceLink], at: datetime) -> int:
    if not settings.LINK_CHECKS:
        return 0
    day = as_local(at).date()
    asked = 0
    for link in links:
        check, is_new = LinkCheck.objects.get_or_create(
            link=link, day=day, defaults={"asked_at": at}
        )
        if not is_new and check.asked_at > at - FRESH:
            continue
        if not is_new:
            check.asked_at, check.checked_at = at, None
            check.outcome = LinkOutcome.WAITING
            check.save(update_fields=["asked_at", "checked_at", "outcome"])
        asked += 1
        enqueue(tasks.check_link, check.pk)
    return asked
