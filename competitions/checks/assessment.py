"""Checks of predicates: what an assessment must reach, and whether it can."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from competitions.checks.base import HUNDRED, Finding, anchor, plain
from competitions.models import Predicate, PredicateMinimum, ScoringStage
from competitions.queries import RoundParts, ScoringParts


def check_predicates(parts: RoundParts) -> Iterator[Finding]:
    """Name predicates that nobody could reach, or that an easier one outdoes.

    Source: rule RND-12 in docs/rules.md.
    """
    for scoring in parts.scoring:
        stage = scoring.stage
        row = anchor("scoring", stage.code)
        if stage.is_assessment and not scoring.predicates:
            yield Finding(
                _("%(stage)s is an assessment, but names no predicate to reach.")
                % {"stage": stage.name},
                row,
            )
        if not stage.is_assessment and scoring.predicates:
            yield Finding(
                _("%(stage)s has predicates; only an assessment may.")
                % {"stage": stage.name},
                row,
            )
        yield from _minimums(scoring)


def _minimums(scoring: ScoringParts) -> Iterator[Finding]:
    reached: dict[int | None, tuple[Predicate, Decimal]] = {}
    for predicate in scoring.predicates:
        row = anchor("predicate", scoring.stage.code, predicate.code)
        minimums = predicate.predicateminimum_set.all()
        if not minimums:
            yield Finding(
                _("%(predicate)s asks for nothing: everybody would reach it.")
                % {"predicate": predicate.name},
                row,
            )
        for each in minimums:
            yield from _possible(scoring.stage, predicate, each, row)
            lower = reached.get(each.criterion_id)
            if lower and each.points < lower[1]:
                yield Finding(
                    _(
                        "%(predicate)s asks less of %(component)s than %(lower)s, which"
                        " stands below it."
                    )
                    % {
                        "predicate": predicate.name,
                        "component": _name(each),
                        "lower": lower[0].name,
                    },
                    row,
                )
            reached[each.criterion_id] = (predicate, each.points)


def _possible(
    stage: ScoringStage, predicate: Predicate, minimum: PredicateMinimum, row: str
) -> Iterator[Finding]:
    most = minimum.criterion.weight if minimum.criterion else HUNDRED
    if minimum.points > most:
        yield Finding(
            _(
                "%(predicate)s asks for %(minimum)s of %(component)s, which can reach "
                "%(most)s at most."
            )
            % {
                "predicate": predicate.name,
                "minimum": plain(minimum.points),
                "component": _name(minimum),
                "most": plain(most),
            },
            row,
        )


def _name(minimum: PredicateMinimum) -> str:
    return minimum.criterion.name if minimum.criterion else _("the total")
