"""Checks of the calendar, by itself and against the scoring stages."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import pairwise

from django.utils.translation import gettext as _

from competitions.checks.base import Finding, anchor
from competitions.models import Stage
from competitions.phases import stage_of_kind
from competitions.queries import RoundParts
from core import dates

Kind = Stage.Kind
# These follow each other; what is not named here may run beside them.
SEQUENCE = [
    Kind.SUBMISSION,
    Kind.SCREENING,
    Kind.SCORING,
    Kind.PRESENTATION,
    Kind.FIELD_VISIT,
    Kind.PLENARY,
    Kind.ANNOUNCEMENT,
    Kind.CEREMONY,
]


def check_calendar(
    stages: Sequence[Stage], at: datetime | None = None, zone: tzinfo | None = None
) -> Iterator[str]:
    """Name what is wrong with a calendar; without `at` only what is always wrong."""
    return (each.sentence for each in calendar_findings(stages, at, zone))


def calendar_findings(
    stages: Sequence[Stage], at: datetime | None = None, zone: tzinfo | None = None
) -> Iterator[Finding]:
    """The same, each with the row of its stage."""
    submission = stage_of_kind(stages, Kind.SUBMISSION)
    if submission is None:
        yield Finding(
            _("No stage for the submission of proposals. Fill in its dates."),
            anchor("stage", Kind.SUBMISSION),
        )
    elif at and submission.closes_at <= at:
        yield Finding(
            _("%(stage)s closed on %(moment)s already. Give it a later closing.")
            % {
                "stage": submission.name,
                "moment": _moment(submission.closes_at, zone),
            },
            _row(submission),
        )
    if stage_of_kind(stages, Kind.SCORING) is None:
        yield Finding(
            _("No stage for the scoring of proposals. Fill in its dates."),
            anchor("stage", Kind.SCORING),
        )
    for stage in stages:
        if stage.closes_at <= stage.opens_at:
            yield Finding(
                _("%(stage)s closes before it opens.") % {"stage": stage.name},
                _row(stage),
            )
    yield from _order(stages, zone)
    yield from _kickoff(stages, submission)


def _order(stages: Sequence[Stage], zone: tzinfo | None) -> Iterator[Finding]:
    chain = [
        found for kind in SEQUENCE if (found := stage_of_kind(stages, kind)) is not None
    ]
    for earlier, later in pairwise(chain):
        if later.opens_at < earlier.opens_at:
            yield Finding(
                _(
                    "%(later)s opens on %(later_moment)s, before %(earlier)s opens on "
                    "%(earlier_moment)s. Change their order."
                )
                % _both(earlier, later, earlier.opens_at, zone),
                _row(later),
            )
        elif later.opens_at < earlier.closes_at:
            yield Finding(
                _(
                    "%(later)s opens on %(later_moment)s, while %(earlier)s runs until "
                    "%(earlier_moment)s. They must not overlap."
                )
                % _both(earlier, later, earlier.closes_at, zone),
                _row(later),
            )


def _kickoff(stages: Sequence[Stage], submission: Stage | None) -> Iterator[Finding]:
    kickoff = stage_of_kind(stages, Kind.KICKOFF)
    if kickoff and submission and kickoff.opens_at >= submission.closes_at:
        yield Finding(
            _("%(kickoff)s comes after %(submission)s has closed.")
            % {"kickoff": kickoff.name, "submission": submission.name},
            _row(kickoff),
        )


def check_scoring_dates(parts: RoundParts) -> Iterator[Finding]:
    """Name scoring stages without a span of the calendar, or in another order."""
    dated = []
    for scoring in parts.scoring:
        kind = Kind(scoring.stage.calendar_kind)
        stage = stage_of_kind(parts.stages, kind)
        if stage is not None:
            dated.append((scoring.stage, stage))
        elif kind != Kind.SCORING:  # named by the calendar itself
            yield Finding(
                _(
                    "%(scoring)s has no dates: the calendar lacks the stage “%(kind)s”."
                    " Fill in its dates."
                )
                % {"scoring": scoring.stage.name, "kind": kind.label},
                anchor("stage", kind),
            )
    for (first, earlier), (second, later) in pairwise(dated):
        if later.opens_at < earlier.opens_at:
            yield Finding(
                _(
                    "%(second)s is scored after %(first)s, but its dates come before. "
                    "Change the dates or the order of the scoring stages."
                )
                % {"first": first.name, "second": second.name},
                _row(later),
            )


def _row(stage: Stage) -> str:
    return anchor("stage", stage.kind)


def _both(
    earlier: Stage, later: Stage, earlier_moment: datetime, zone: tzinfo | None
) -> dict[str, str]:
    return {
        "earlier": earlier.name,
        "later": later.name,
        "earlier_moment": _moment(earlier_moment, zone),
        "later_moment": _moment(later.opens_at, zone),
    }


def _moment(moment: datetime, zone: tzinfo | None) -> str:
    return dates.format_datetime(moment, "medium", zone)
