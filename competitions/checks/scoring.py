"""Checks of the scoring stages: shares, weights, scales, shortlists, predicates."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.checks.base import HUNDRED, Finding, anchor, listed, plain
from competitions.checks.form import missing_tracks
from competitions.models import Criterion, ScoringStage, Track
from competitions.queries import RoundParts, ScoringParts

ONE = Decimal(1)


def check_scoring(parts: RoundParts) -> Iterator[Finding]:
    """Name what keeps the jury from scoring by these rules.

    Source: rule RND-11 in docs/rules.md.
    """
    if not any(not scoring.stage.is_gate for scoring in parts.scoring):
        yield Finding(_("There is no scoring stage with criteria."))
        return
    share = sum((scoring.stage.share for scoring in parts.scoring), Decimal(0))
    if share != HUNDRED:
        yield Finding(
            _(
                "The scoring stages make up %(total)s percent of the final score, not "
                "100."
            )
            % {"total": plain(share)},
            _row(parts.scoring[0].stage),
        )
    for scoring in parts.scoring:
        if not scoring.stage.is_gate:
            yield from _criteria(parts, scoring)
            yield from _scale(scoring.stage)
        yield from _panel(parts, scoring.stage)
    yield from _chain(parts)


def check_weights(scoring: ScoringParts, tracks: Sequence[Track]) -> Iterator[str]:
    """Name sums of weights, in percent, that are not what they must be.

    For each track what it is scored by sums to 100; in a tree what stands below a
    component sums to its weight.
    """
    roots = [each for each in scoring.criteria if each.parent_id is None]
    totals = {
        track.name: _sum(each for each in roots if each.is_for(track.code))
        for track in tracks
    } or {"": _sum(roots)}
    if len(set(totals.values())) == 1:
        (total,) = set(totals.values())
        if total != HUNDRED:
            yield _("The weights of %(stage)s sum to %(total)s percent, not 100.") % {
                "stage": scoring.stage.name,
                "total": plain(total),
            }
    else:
        for name, total in totals.items():
            if total != HUNDRED:
                yield _(
                    "The weights of %(stage)s for the track %(track)s sum to %(total)s "
                    "percent, not 100."
                ) % {"stage": scoring.stage.name, "track": name, "total": plain(total)}
    for parent in scoring.criteria:
        below = [each for each in scoring.criteria if each.parent_id == parent.pk]
        if below and _sum(below) != parent.weight:
            yield _(
                "What stands below %(component)s sums to %(total)s, not to its weight "
                "%(weight)s."
            ) % {
                "component": parent.name,
                "total": plain(_sum(below)),
                "weight": plain(parent.weight),
            }


def _sum(criteria: Iterator[Criterion] | Sequence[Criterion]) -> Decimal:
    return sum((each.weight for each in criteria), Decimal(0))


def _criteria(parts: RoundParts, scoring: ScoringParts) -> Iterator[Finding]:
    stage = scoring.stage
    if not scoring.criteria:
        yield Finding(
            _("%(stage)s has no criterion.") % {"stage": stage.name}, _row(stage)
        )
        return
    for sentence in check_weights(scoring, parts.tracks):
        yield Finding(sentence, _row(stage))
    for track in parts.tracks:
        if not scoring.criteria_for(track.code):
            yield Finding(
                _("%(stage)s has no criterion for the track %(track)s.")
                % {"stage": stage.name, "track": track.name},
                _row(stage),
            )
    if not stage.is_assessment and any(each.parent_id for each in scoring.criteria):
        yield Finding(
            _("%(stage)s has components below others; only an assessment may.")
            % {"stage": stage.name},
            _row(stage),
        )
    leaves = {each.pk for each in scoring.leaves}
    for criterion in scoring.criteria:
        row = anchor("criterion", stage.code, criterion.code)
        yield from missing_tracks(parts, criterion, criterion.name, row)
        if criterion.weight == 0:
            yield Finding(
                _("The criterion %(criterion)s has no weight.")
                % {"criterion": criterion.name},
                row,
            )
        if criterion.pk in leaves:
            for sentence in _sections(parts, stage, criterion):
                yield Finding(sentence, row)
            for sentence in _anchors(stage, criterion):
                yield Finding(sentence, row)


def _sections(
    parts: RoundParts, stage: ScoringStage, criterion: Criterion
) -> Iterator[str]:
    """A proposal is read by sections, what is heard or seen elsewhere is not."""
    if stage.kind != ScoringStage.Kind.DESK:
        return
    sections = criterion.sections.all()
    if not sections:
        yield _("The criterion %(criterion)s belongs to no section.") % {
            "criterion": criterion.name
        }
        return
    blind = [
        track.name
        for track in parts.tracks
        if criterion.is_for(track.code)
        and not any(section.is_for(track.code) for section in sections)
    ]
    if blind:
        yield _(
            "The criterion %(criterion)s looks at no section that the track %(tracks)s "
            "answers."
        ) % {"criterion": criterion.name, "tracks": listed(blind)}


def _anchors(stage: ScoringStage, criterion: Criterion) -> Iterator[str]:
    spans = [
        (Decimal(str(each["from"])), Decimal(str(each["to"])))
        for each in criterion.anchors
    ]
    if not spans:
        return
    values = {
        "criterion": criterion.name,
        "low": plain(stage.scale_min),
        "high": plain(stage.scale_max),
    }
    if any(low < stage.scale_min or high > stage.scale_max for low, high in spans):
        yield (
            _(
                "The rubric of %(criterion)s describes scores outside the scale of "
                "%(low)s to %(high)s."
            )
            % values
        )
        return
    # A step of the rubric may leave out what lies between two whole scores.
    gap = max(ONE, stage.scale_step)
    fits = (
        spans[0][0] == stage.scale_min
        and spans[-1][1] == stage.scale_max
        and all(0 < later[0] - earlier[1] <= gap for earlier, later in pairwise(spans))
    )
    if not fits:
        yield (
            _(
                "The rubric of %(criterion)s does not describe every score from "
                "%(low)s to %(high)s once, in ascending order."
            )
            % values
        )


def _scale(stage: ScoringStage) -> Iterator[Finding]:
    row = _row(stage)
    low, high = stage.scale_min, stage.scale_max
    if (high - low) % stage.scale_step:
        yield Finding(
            _("The scale of %(stage)s cannot be walked in steps of %(step)s.")
            % {"stage": stage.name, "step": plain(stage.scale_step)},
            row,
        )
    if stage.pass_mark is not None and not low <= stage.pass_mark <= high:
        yield Finding(
            _("The pass mark of %(stage)s is outside its scale.")
            % {"stage": stage.name},
            row,
        )
    limits = [each for each in (stage.note_below, stage.note_above) if each is not None]
    if any(not low <= each <= high for each in limits):
        yield Finding(
            _("The limits for notes of %(stage)s are outside its scale.")
            % {"stage": stage.name},
            row,
        )
    elif limits != sorted(limits):
        yield Finding(
            _(
                "%(stage)s asks for a note below %(below)s and above %(above)s: that "
                "is always. Choose “always”, or other limits."
            )
            % {
                "stage": stage.name,
                "below": plain(limits[0]),
                "above": plain(limits[-1]),
            },
            row,
        )
    if stage.wide_spread is not None and stage.wide_spread > high - low:
        yield Finding(
            _("The spread that calls for discussion in %(stage)s can never occur.")
            % {"stage": stage.name},
            row,
        )


def _panel(parts: RoundParts, stage: ScoringStage) -> Iterator[Finding]:
    fewest, needed = parts.round.jury_minimum, stage.jurors_per_proposal
    if needed is not None and fewest is not None and needed > fewest:
        yield Finding(
            ngettext(
                "%(stage)s needs %(needed)d jurors for each proposal, but the panel may"
                " have only %(count)d.",
                "%(stage)s needs %(needed)d jurors for each proposal, but the panel may"
                " have only %(count)d.",
                fewest,
            )
            % {"stage": stage.name, "needed": needed, "count": fewest},
            _row(stage),
        )


def _chain(parts: RoundParts) -> Iterator[Finding]:
    places: dict[int | None, Criterion] = {}
    for criterion in parts.tie_break_chain:
        row = anchor("criterion", criterion.scoring_stage.code, criterion.code)
        if other := places.get(criterion.tie_break):
            yield Finding(
                _("%(one)s and %(other)s have the same place in the tie-break chain.")
                % {"one": other.name, "other": criterion.name},
                row,
            )
        places[criterion.tie_break] = criterion
        if criterion.scoring_stage.is_gate:
            yield Finding(
                _("%(criterion)s has no score and cannot break a tie.")
                % {"criterion": criterion.name},
                row,
            )


def _row(stage: ScoringStage) -> str:
    return anchor("scoring", stage.code)
