"""The rules of the ranking once more, as plainly as they can be written.

Nothing of `judging.ranking`, `combining` or `ordering` is used but the shapes of what
goes in: fractions, sets and comparisons, with no thought of speed. Tests hold the
portal's own computation against it.
"""

from dataclasses import dataclass, field
from fractions import Fraction

GROUPINGS = ("track", "category", "cluster")


@dataclass
class Line:
    """What is known of a proposal in one stage, or in the end."""

    total: Fraction | None = None
    means: dict[str, Fraction | None] = field(default_factory=dict)
    sheets: int = 0
    rank: int | None = None
    tie_rule: str = ""
    ranks: dict[str, int] = field(default_factory=dict)
    passes: bool = False
    through: bool = False
    stopped_at: str = ""


def recompute(stages, contestants, sheets):
    """Give the lines of each stage, by its code, and those of the end, by proposal."""
    groups = {
        each.code: {per: getattr(each.groups, per) for per in GROUPINGS}
        for each in contestants
    }
    left = set(groups)
    found = {}
    for number, stage in enumerate(stages):
        own = [each for each in sheets if each.stage == stage.code and each.is_final]
        if stage.is_gate:
            found[stage.code] = _gate(left, own)
        else:
            found[stage.code] = _scores(stage, left, own, groups)
            so_far = [each for each in stages[: number + 1] if not each.is_gate]
            if len(so_far) > 1:
                _let_through_together(stage, so_far, found, groups)
        left = {code for code, line in found[stage.code].items() if line.through}
    return found, _end(stages, found, groups)


def _gate(proposals, sheets):
    lines = {}
    for code in proposals:
        said = [each.verdict for each in sheets if each.proposal == code]
        # Most must say so; who was not visited is let through.
        fails = Fraction(said.count("fails"), len(said) or 1) > Fraction(1, 2)
        lines[code] = Line(sheets=len(said), passes=not fails, through=not fails)
    return lines


def _scores(stage, proposals, sheets, groups):
    lines = {}
    for code in proposals:
        own = [each.scores for each in sheets if each.proposal == code]
        line = lines[code] = Line(sheets=len(own))
        if not own:
            continue
        for criterion in stage.ranking.criteria:
            is_judged = not criterion.tracks or groups[code]["track"] in (
                criterion.tracks
            )
            line.means[criterion.code] = (
                sum(Fraction(each[criterion.code]) for each in own) / len(own)
                if is_judged
                else None
            )
        line.total = sum(
            Fraction(each.weight) / 100 * line.means[each.code]
            for each in stage.ranking.criteria
            if line.means[each.code] is not None
        )
        mark = stage.ranking.pass_mark
        line.passes = mark is None or line.total >= Fraction(mark)
    chain = [
        (each.tie_break, each.code)
        for each in stage.ranking.criteria
        if each.tie_break is not None
    ]
    judged = {code: line for code, line in lines.items() if line.sheets}
    _place(
        judged,
        {code: line.total for code, line in judged.items()},
        [
            (name, {code: line.means[name] for code, line in judged.items()})
            for _link, name in sorted(chain)
        ],
        groups,
    )
    _let_through(stage, judged, groups)
    return lines


def _place(lines, keys, chain, groups):
    """Rank by key, then link by link; a link that one of the equals lacks is no link.

    `chain` holds the name of each link with its value for every proposal.
    """
    parts = []
    for key in sorted(set(keys.values()), reverse=True):
        equals = [code for code in lines if keys[code] == key]
        parts.append((equals, ""))
    for name, values in chain:
        parts = [
            part
            for equals, rule in parts
            for part in _split(equals, rule, name, values)
        ]
    before = []
    for equals, rule in parts:
        for code in equals:
            lines[code].rank = len(before) + 1
            lines[code].tie_rule = "shared" if len(equals) > 1 else rule
            lines[code].ranks = {
                per: 1 + sum(groups[other][per] == group for other in before)
                for per, group in groups[code].items()
                if group
            }
        before += equals


def _split(equals, rule, name, values):
    own = [values[code] for code in equals]
    if len(equals) == 1 or None in own or len(set(own)) == 1:
        return [(equals, rule)]
    return [
        ([code for code in equals if values[code] == value], name)
        for value in sorted(set(own), reverse=True)
    ]


def _let_through(stage, lines, groups, ranked=None):
    """Who is good enough, within the size of each group, then of all together."""
    ranked = ranked or lines
    able = [
        code
        for code, line in lines.items()
        if line.passes and _fits(stage, ranked[code], groups[code])
    ]
    size = stage.ranking.shortlist_size
    for code, line in lines.items():
        better = sum(ranked[other].rank < ranked[code].rank for other in able)
        line.through = code in able and (size is None or better < size)


def _fits(stage, line, groups):
    for per in {each.per for each in stage.ranking.shortlists}:
        sizes = [each for each in stage.ranking.shortlists if each.per == per]
        named = [each.size for each in sizes if groups.get(per, "") in each.groups]
        rest = [each.size for each in sizes if not each.groups]
        rank = line.ranks.get(per) if per in GROUPINGS else line.rank
        limit = (named or rest or [None])[-1]
        if limit is not None and (rank is None or rank > limit):
            return False
    return True


def _together(scored, found, judged):
    """The sums of all scored stages, and the chain over them, for who was judged."""
    sums = {
        code: sum(
            Fraction(stage.share)
            / 100
            * found[stage.code][code].total
            * 100
            / Fraction(stage.scale_max)
            for stage in scored
        )
        for code in judged
    }
    chain = sorted(
        (each.tie_break, place, at, each.code, stage.code)
        for place, stage in enumerate(scored)
        for at, each in enumerate(stage.ranking.criteria)
        if each.tie_break is not None
    )
    links = [
        (name, {code: found[stage][code].means[name] for code in judged})
        for *_order, name, stage in chain
    ]
    return sums, links


def _let_through_together(stage, scored, found, groups):
    judged = {c: line for c, line in found[stage.code].items() if line.sheets}
    sums, links = _together(scored, found, judged)
    ranked = {code: Line() for code in judged}
    keys = {code: (judged[code].passes, sums[code]) for code in judged}
    _place(ranked, keys, links, groups)
    _let_through(stage, judged, groups, ranked)


def _end(stages, found, groups):
    if not stages:
        return {}
    last = stages[-1]
    judged = {
        code: line
        for code, line in found[last.code].items()
        if (line.through if last.is_gate else line.sheets)
    }
    scored = [each for each in stages if not each.is_gate]
    sums, links = _together(scored, found, judged)
    lines = {
        code: Line(total=sums[code], passes=line.passes, through=line.through)
        for code, line in judged.items()
    }
    keys = {code: (judged[code].passes, sums[code]) for code in judged}
    _place(lines, keys, links, groups)
    for code in set(groups) - set(judged):
        reached = [each.code for each in stages if code in found[each.code]]
        lines[code] = Line(stopped_at=reached[-1])
    for code, line in lines.items():
        line.sheets = sum(each[code].sheets for each in found.values() if code in each)
    return lines
