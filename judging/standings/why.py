"""Why each proposal of a ranking is in or out, in words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from competitions.queries import ScoringParts
from judging import reasons
from judging.models import Result
from judging.ordering import GROUPINGS, NO_GROUPS, Groups
from judging.standings.live import Judged, rules_of
from judging.standings.places import Place, sealed_finals, sealed_places


def why_of(
    places: Iterable[Place],
    scoring: Sequence[ScoringParts],
    parts: ScoringParts | None,
    groups: Mapping[str, Groups],
) -> dict[str, str]:
    """Say of each of `places` why it is in or out, by the proposal's code.

    `parts` is the stage they are of; without it they are those of all together, whose
    last stage then decides.
    """
    by_code = {each.stage.code: each for each in scoring}
    last = parts or scoring[-1]
    rules = rules_of(last)
    name_of = _namer(scoring)
    found = {}
    for place in places:
        stopped = by_code.get(place.stopped_at)
        if stopped is not None and stopped is not last:
            found[place.code] = _("Out: it went as far as %(stage)s.") % {
                "stage": stopped.stage.name
            }
        else:
            found[place.code] = reasons.why(
                _standing(place, groups.get(place.code, NO_GROUPS)), rules, name_of
            )
    return found


def why_sealed(
    result: Result, scoring: Sequence[ScoringParts], codes: Collection[str]
) -> dict[str, str]:
    """Say of some proposals of a sealed result why each is in or out (two queries).

    `codes` are those of the proposals; `scoring` are the stages of its round.
    """
    parts = scoring[0] if len(scoring) == 1 else None
    places = sealed_places(result, parts.stage) if parts else sealed_finals(result)
    shown = [each for each in places if each.code in codes]
    return why_of(shown, scoring, parts, sealed_groups(result))


def live_groups(judged: Judged) -> dict[str, Groups]:
    """Give the groups of each proposal as they are now."""
    return {each.code: each.groups for each in judged.contestants}


def sealed_groups(result: Result) -> dict[str, Groups]:
    """Read the groups of each proposal as sealed (one query)."""
    rows = result.resultrow_set.values_list("code", "track", "category", "cluster")
    return {code: Groups(*codes) for code, *codes in rows}


def _namer(scoring: Sequence[ScoringParts]) -> Callable[[str], str]:
    names = {each.code: each.name for parts in scoring for each in parts.leaves}
    return lambda code: names.get(code, code)


def _standing(place: Place, groups: Groups) -> reasons.Standing:
    ranks = ((per, place.rank_within(per)) for per in GROUPINGS)
    return reasons.Standing(
        rank=place.rank,
        total=place.total,
        passes=place.passes,
        is_shortlisted=place.is_shortlisted,
        tie_rule=place.tie_rule,
        verdict=place.verdict,
        ranks={per: rank for per, rank in ranks if rank is not None},
        groups=groups,
    )
