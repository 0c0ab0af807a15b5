"""Whether what was answered in a deadline minute is what the database holds."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import quantiles

from django.apps import apps

from bench.crowd import SECTION, Crowd
from bench.load import AUTOSAVE, SUBMISSION, Answer
from bench.timing import Figure
from core.models import AuditEntry
from documents.models import IssuedDocument
from submissions import receipts
from submissions.models import Proposal

# What was sent this long before the closing has arrived before it, on one machine.
ON_THE_WAY = 0.05
SAVED, RECEIPT = "saved", "/tanda-terima/"


def check(crowd: Crowd, answers: Sequence[Answer], closing: float) -> list[str]:
    """Name every answer and row that contradict each other; none is the promise."""
    return [
        *_unanswered(answers),
        *_submissions(crowd, answers, closing),
        *_autosaves(crowd, answers, closing),
    ]


def figures(answers: Sequence[Answer], planned: float) -> list[Figure]:
    """How long answers took, from when each was due, and how many came a second."""
    rows = []
    for kind in (AUTOSAVE, SUBMISSION):
        mine = [each for each in answers if each.kind == kind]
        times = sorted(each.done - each.due for each in mine)
        steps = quantiles(times, n=100)
        name = f"deadline minute, {kind}"
        rows += [
            Figure(f"{name}, p50", steps[49], "s", 1),
            Figure(f"{name}, p95", steps[94], "s", 1),
            Figure(f"{name}, p99", steps[98], "s", 1),
            Figure(f"{name}, longest", times[-1], "s", planned),
            Figure(f"{name}, a second", len(mine) / planned, "answers", len(mine)),
        ]
    return rows


def _unanswered(answers: Iterable[Answer]) -> list[str]:
    failed = Counter(
        (each.kind, each.status)
        for each in answers
        if each.status == 0 or each.status >= 500
    )
    return [f"{number} x {kind} answered {s}" for (kind, s), number in failed.items()]


def _submissions(crowd: Crowd, answers: Sequence[Answer], closing: float) -> list[str]:
    sent = [each for each in answers if each.kind == SUBMISSION]
    told = {each.author for each in sent if each.location.endswith(RECEIPT)}
    rows = {
        row.pk: row
        for row in Proposal.objects.filter(pk__in=[p.pk for p in crowd.proposals])
    }
    stored = {
        number
        for number, proposal in enumerate(crowd.proposals)
        if rows[proposal.pk].is_submitted
    }
    in_time = {each.author for each in sent if each.sent < closing - ON_THE_WAY}
    in_time |= told & {each.author for each in sent if each.sent < closing}
    faults = [f"lost: {len(told - stored)}"] if told - stored else []
    faults += [f"not told: {len(stored - told)}"] if stored - told else []
    faults += [f"refused too early: {in_time - stored}"] if in_time - stored else []
    faults += [f"taken too late: {stored - in_time}"] if stored - in_time else []
    chosen = [rows[crowd.proposals[number].pk] for number in stored]
    end = datetime.fromtimestamp(closing, UTC)
    faults += [
        f"{each.code} is noted at {each.submitted_at}"
        for each in chosen
        if each.submitted_at is None or each.submitted_at >= end
    ]
    return faults + _numbers(crowd, chosen)


def _numbers(crowd: Crowd, submitted: Sequence[Proposal]) -> list[str]:
    """One paper and one entry of the log for each, and numbers without a gap."""
    papers = IssuedDocument.objects.filter(
        kind=receipts.KIND, government=crowd.round.competition.government_id
    )
    numbers = sorted(
        int(re.findall(r"\d+", number)[-1])
        for number in papers.values_list("number", flat=True)
    )
    entries = Counter(
        AuditEntry.objects.filter(
            action="proposal.submitted",
            target_id__in=[str(each.pk) for each in crowd.proposals],
        ).values_list("target_id", flat=True)
    )
    faults = [f"gap after {a}" for a, b in pairwise(numbers) if b != a + 1]
    if len(numbers) != len(submitted) or numbers[:1] not in ([], [1]):
        faults.append(f"{len(numbers)} numbers for {len(submitted)} submissions")
    if entries != Counter(str(each.pk) for each in submitted):
        faults.append(f"{entries.total()} entries in the log for {len(submitted)}")
    return faults


def _autosaves(crowd: Crowd, answers: Sequence[Answer], closing: float) -> list[str]:
    """Every text that was called saved stands once in the history, no other does."""
    acts = [each for each in answers if each.kind == AUTOSAVE]
    told = Counter(
        (crowd.proposals[each.author].pk, json.loads(each.body)["version"], each.mark)
        for each in acts
        if each.status == 200 and json.loads(each.body).get("state") == SAVED
    )
    history = apps.get_model("submissions.AnswerEvent").objects.filter(
        proposal__in=[each.pk for each in crowd.proposals],
        section__code=SECTION,
        pgh_label="update",
    )
    stored = Counter(
        (proposal, version, text.partition(".")[0])
        for proposal, version, text in history.values_list(
            "proposal_id", "version", "text"
        )
    )
    faults = [f"autosave lost: {key}" for key in (told - stored)]
    faults += [f"autosave not told: {key}" for key in (stored - told)]
    saved = {each.mark for each in acts if SAVED in each.body}
    faults += [
        f"autosave refused too early: {each.mark}"
        for each in acts
        if each.sent < closing - ON_THE_WAY and each.mark not in saved
    ]
    faults += [
        f"autosave taken too late: {each.mark}"
        for each in acts
        if each.sent > closing and each.mark in saved
    ]
    return faults
