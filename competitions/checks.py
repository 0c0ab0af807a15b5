"""What keeps a round from being opened: every contradiction with its place.

Pure functions on loaded parts: the set-up pages show them live, the service that
opens a round refuses while any stands.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.models import (
    AwardLevel,
    Criterion,
    HeaderField,
    Requirement,
    ScoringStage,
    Stage,
)
from competitions.phases import stage_of_kind
from competitions.queries import RoundParts, ScoringParts
from core import dates, numbers

HUNDRED = Decimal(100)
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


class Step(StrEnum):
    """A step of setting up a round; a contradiction is mended there."""

    BASE = "base"
    CALENDAR = "calendar"
    FORM = "form"
    SCORING = "scoring"


@dataclass(frozen=True)
class Contradiction:
    """What does not fit, and the step where it is mended."""

    step: Step
    sentence: str


def contradictions(parts: RoundParts, at: datetime) -> list[Contradiction]:
    """Everything that keeps the round from being opened at `at`, in page order."""
    by_step = [
        (Step.BASE, check_base(parts)),
        (Step.CALENDAR, check_calendar(parts.stages, at, parts.round.zone)),
        (Step.FORM, check_form(parts)),
        (Step.FORM, check_requirements(parts)),
        (Step.SCORING, check_scoring(parts.scoring)),
        (Step.SCORING, check_awards(parts.awards, parts.scoring)),
    ]
    return [
        Contradiction(step, sentence)
        for step, sentences in by_step
        for sentence in sentences
    ]


def check_base(parts: RoundParts) -> Iterator[str]:
    """Name what the base data lack."""
    if not parts.round.theme.strip():
        yield _("The theme is empty. Write the theme of this round.")
    if not parts.tracks:
        yield _("There is no track. A proposal must be able to choose one.")
    if not parts.categories:
        yield _("There is no category. A proposal must be able to choose one.")


def check_calendar(
    stages: Sequence[Stage], at: datetime | None = None, zone: tzinfo | None = None
) -> Iterator[str]:
    """Name what is wrong with a calendar; without `at` only what is always wrong."""
    submission = stage_of_kind(stages, Kind.SUBMISSION)
    if submission is None:
        yield _("No stage for the submission of proposals. Fill in its dates.")
    elif at and submission.closes_at <= at:
        yield _("%(stage)s closed on %(moment)s already. Give it a later closing.") % {
            "stage": submission.name,
            "moment": _moment(submission.closes_at, zone),
        }
    if stage_of_kind(stages, Kind.SCORING) is None:
        yield _("No stage for the scoring of proposals. Fill in its dates.")
    for stage in stages:
        if stage.closes_at <= stage.opens_at:
            yield _("%(stage)s closes before it opens.") % {"stage": stage.name}
    chain = [
        found for kind in SEQUENCE if (found := stage_of_kind(stages, kind)) is not None
    ]
    for earlier, later in pairwise(chain):
        if later.opens_at < earlier.opens_at:
            yield _(
                "%(later)s opens on %(later_moment)s, before %(earlier)s opens on "
                "%(earlier_moment)s. Change their order."
            ) % _both(earlier, later, earlier.opens_at, zone)
        elif later.opens_at < earlier.closes_at:
            yield _(
                "%(later)s opens on %(later_moment)s, while %(earlier)s runs until "
                "%(earlier_moment)s. They must not overlap."
            ) % _both(earlier, later, earlier.closes_at, zone)
    yield from _check_kickoff(stages, submission)


def _check_kickoff(stages: Sequence[Stage], submission: Stage | None) -> Iterator[str]:
    kickoff = stage_of_kind(stages, Kind.KICKOFF)
    if kickoff and submission and kickoff.opens_at >= submission.closes_at:
        yield _("%(kickoff)s comes after %(submission)s has closed.") % {
            "kickoff": kickoff.name,
            "submission": submission.name,
        }


def check_form(parts: RoundParts) -> Iterator[str]:
    """Name what the proposal form lacks."""
    if parts.form is None or not parts.sections:
        yield _("The proposal form has no section.")
        return
    for section in parts.sections:
        if section.word_limit < 1:
            yield _("The section %(section)s has no word limit.") % {
                "section": section.title
            }
    for track in parts.tracks:
        if not any(
            not section.tracks.all() or track in section.tracks.all()
            for section in parts.sections
        ):
            yield _("No section of the form is for the track %(track)s.") % {
                "track": track.name
            }


def check_requirements(parts: RoundParts) -> Iterator[str]:
    """Name requirements that nobody could be screened against."""
    date_fields = {
        field.code
        for field in parts.header_fields
        if field.kind == HeaderField.Kind.DATE
    }
    for requirement in parts.requirements:
        params = requirement.params
        if requirement.rule == Requirement.Rule.MINIMUM_AGE and (
            not params.get("months") or not date_fields
        ):
            yield _(
                "The requirement %(title)s needs a number of months and a date field "
                "in the form."
            ) % {"title": requirement.title}
        if requirement.rule == Requirement.Rule.QUOTA and not params.get("maximum"):
            yield _("The requirement %(title)s names no maximum.") % {
                "title": requirement.title
            }
        if requirement.rule == Requirement.Rule.LETTERS and not parts.letters:
            yield _(
                "The requirement %(title)s asks for letters, but the form has none."
            ) % {"title": requirement.title}


def check_scoring(scoring: Sequence[ScoringParts]) -> Iterator[str]:
    """Name what keeps the jury from scoring by these rules."""
    if not scoring:
        yield _("There is no scoring stage with criteria.")
        return
    share = sum((parts.stage.share for parts in scoring), Decimal(0))
    if share != HUNDRED:
        yield _(
            "The scoring stages make up %(total)s percent of the final score, not 100."
        ) % {"total": _plain(share)}
    for parts in scoring:
        yield from check_criteria(parts.stage, parts.criteria)


def check_criteria(stage: ScoringStage, criteria: Sequence[Criterion]) -> Iterator[str]:
    """Name what is wrong with one scoring stage."""
    if not criteria:
        yield _("%(stage)s has no criterion.") % {"stage": stage.name}
        return
    yield from check_weights(stage, [criterion.weight for criterion in criteria])
    for criterion in criteria:
        if criterion.weight == 0:
            yield _("The criterion %(criterion)s has no weight.") % {
                "criterion": criterion.name
            }
        if not criterion.sections.all():
            yield _("The criterion %(criterion)s belongs to no section.") % {
                "criterion": criterion.name
            }
        if any(
            Decimal(str(anchor["from"])) < stage.scale_min
            or Decimal(str(anchor["to"])) > stage.scale_max
            for anchor in criterion.anchors
        ):
            yield _(
                "The rubric of %(criterion)s describes scores outside the scale of "
                "%(low)s to %(high)s."
            ) % {
                "criterion": criterion.name,
                "low": _plain(stage.scale_min),
                "high": _plain(stage.scale_max),
            }
    if stage.pass_mark is not None and not (
        stage.scale_min <= stage.pass_mark <= stage.scale_max
    ):
        yield _("The pass mark of %(stage)s is outside its scale.") % {
            "stage": stage.name
        }


def check_weights(stage: ScoringStage, weights: Iterable[Decimal]) -> Iterator[str]:
    """Name a sum of weights, in percent, that is not 100."""
    total = sum(weights, Decimal(0))
    if total != HUNDRED:
        yield _("The weights of %(stage)s sum to %(total)s percent, not 100.") % {
            "stage": stage.name,
            "total": _plain(total),
        }


def check_awards(
    awards: Sequence[AwardLevel], scoring: Sequence[ScoringParts] = ()
) -> Iterator[str]:
    """Name award levels that do not follow each other from rank 1."""
    if not awards:
        yield _("There is no award level.")
        return
    levels = sorted(awards, key=lambda level: (level.rank_from, level.rank_to))
    if levels[0].rank_from != 1:
        yield _("No award for rank 1: %(level)s begins at rank %(rank)d.") % {
            "level": levels[0].name,
            "rank": levels[0].rank_from,
        }
    for upper, lower in pairwise(levels):
        if lower.rank_from <= upper.rank_to:
            yield _("%(upper)s and %(lower)s both go to rank %(rank)d.") % {
                "upper": upper.name,
                "lower": lower.name,
                "rank": lower.rank_from,
            }
        elif lower.rank_from > upper.rank_to + 1:
            yield _("No award for rank %(rank)d, between %(upper)s and %(lower)s.") % {
                "upper": upper.name,
                "lower": lower.name,
                "rank": upper.rank_to + 1,
            }
    last_rank = max(level.rank_to for level in levels)
    for parts in scoring:
        size = parts.stage.shortlist_size
        if size is not None and size < last_rank:
            yield ngettext(
                "%(stage)s shortlists %(size)d proposal, but awards go to rank "
                "%(rank)d.",
                "%(stage)s shortlists %(size)d proposals, but awards go to rank "
                "%(rank)d.",
                size,
            ) % {"stage": parts.stage.name, "size": size, "rank": last_rank}


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


def _plain(number: Decimal) -> str:
    digits = 0 if number == number.to_integral_value() else 2
    return numbers.decimal(number, digits)
