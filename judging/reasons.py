"""Why a proposal is in or out, as one sentence. Pure functions.

They say again what the ranking found, and decide nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from core import numbers
from judging import combining
from judging.ordering import GROUPINGS, NO_GROUPS, PLENARY, SHARED, Groups


@dataclass(frozen=True)
class Standing:
    """Where a proposal stands in a stage, or by the sum of the stages so far."""

    rank: int | None
    total: Decimal | None
    passes: bool
    is_shortlisted: bool
    tie_rule: str = ""
    verdict: str = ""
    ranks: Mapping[str, int] = field(default_factory=dict)
    groups: Groups = NO_GROUPS


def why(
    standing: Standing,
    rules: combining.StageRules,
    name_of: Callable[[str], str] = str,
) -> str:
    """Say in one sentence why a proposal gets through a stage, or why not.

    `name_of` gives the name of the criterion of a code, for ties.
    """
    if rules.is_gate:
        return _of_gate(standing)
    if standing.rank is None:
        return _("Out: no juror has finished a sheet for it.")
    mark = rules.ranking.pass_mark
    if not standing.passes and mark is not None:
        return _("Out: %(total)s is below the pass mark of %(mark)s.") % {
            "total": numbers.decimal(standing.total or Decimal(0), 2),
            "mark": numbers.decimal(mark, 2),
        }
    if standing.is_shortlisted:
        return _in(standing, rules) + _tie(standing, name_of)
    return _out(standing, rules) + _tie(standing, name_of)


def _of_gate(standing: Standing) -> str:
    if standing.verdict == combining.FAILS:
        return _("Out: what was found on the spot is not as described.")
    if standing.verdict == combining.REMARKS:
        return _("In: as described on the spot, with remarks.")
    if standing.verdict == combining.PASSES:
        return _("In: as described on the spot.")
    return _("In: nobody visited it, which holds nobody back.")


def _in(standing: Standing, rules: combining.StageRules) -> str:
    size = rules.ranking.shortlist_size
    limits = _group_limits(standing, rules)
    if limits:
        per, limit, rank = limits[0]
        return _("In: number %(rank)d of its %(group)s, which has %(size)d places.") % {
            "rank": rank or 0,
            "group": _word(per),
            "size": limit,
        }
    if size is not None:
        return _("In: rank %(rank)d, and there are %(size)d places.") % {
            "rank": standing.rank,
            "size": size,
        }
    if rules.ranking.pass_mark is not None:
        return _("In: %(total)s reaches the pass mark of %(mark)s.") % {
            "total": numbers.decimal(standing.total or Decimal(0), 2),
            "mark": numbers.decimal(rules.ranking.pass_mark, 2),
        }
    return _("In: rank %(rank)d; everybody who was judged goes on.") % {
        "rank": standing.rank
    }


def _out(standing: Standing, rules: combining.StageRules) -> str:
    for per, limit, rank in _group_limits(standing, rules):
        if rank is None:
            return _("Out: it belongs to no %(group)s that has places.") % {
                "group": _word(per)
            }
        if rank > limit:
            return _(
                "Out: number %(rank)d of its %(group)s, which has %(size)d places."
            ) % {"rank": rank, "group": _word(per), "size": limit}
    return _("Out: rank %(rank)d, and the %(size)d places go to those before it.") % {
        "rank": standing.rank,
        "size": rules.ranking.shortlist_size or 0,
    }


def _group_limits(
    standing: Standing, rules: combining.StageRules
) -> list[tuple[str, int, int | None]]:
    """List what applies: grouping, its places, own rank; the fullest first."""
    found = []
    for per, (named, rest) in rules.ranking.limits.items():
        size = named.get(standing.groups.code_of(per), rest)
        if size is not None:
            rank = standing.ranks.get(per) if per in GROUPINGS else standing.rank
            found.append((per, size, rank))
    return sorted(found, key=lambda each: (each[1] - (each[2] or 0), each[0]))


def _tie(standing: Standing, name_of: Callable[[str], str]) -> str:
    if not standing.tie_rule:
        return ""
    if standing.tie_rule == SHARED:
        return " " + _("It shares this rank with its equals.")
    if standing.tie_rule == PLENARY:
        return " " + _("The plenary voted on the tie.")
    return " " + _("The tie was decided by %(criterion)s.") % {
        "criterion": name_of(standing.tie_rule)
    }


def _word(per: str) -> str:
    words = {"track": _("group"), "category": _("category"), "cluster": _("cluster")}
    return words.get(per, _("list"))
