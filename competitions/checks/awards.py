"""Checks of the award scheme."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.checks.base import Finding, anchor
from competitions.checks.groups import check_groups, sizes_of
from competitions.models import AwardLevel, Grouping
from competitions.queries import RoundParts


def check_awards(parts: RoundParts) -> Iterator[Finding]:
    """Name award levels that do not follow each other from rank 1, or reach too far."""
    if not parts.awards:
        yield Finding(_("There is no award level."))
        return
    for level in parts.awards:
        row = anchor("award", level.code)
        yield from check_groups(parts, level, level.name, row)
    ladders: dict[tuple[str, tuple[str, ...]], list[AwardLevel]] = {}
    for level in parts.awards:
        if level.is_by_rank:
            ladders.setdefault((level.per, tuple(sorted(level.groups))), []).append(
                level
            )
    for (per, groups), levels in ladders.items():
        yield from _ladder(levels)
        yield from _reach(parts, per, groups, levels)


def _ladder(awards: Sequence[AwardLevel]) -> Iterator[Finding]:
    levels = sorted(awards, key=_ranks)
    first, _last = _ranks(levels[0])
    if first != 1:
        yield Finding(
            _("No award for rank 1: %(level)s begins at rank %(rank)d.")
            % {"level": levels[0].name, "rank": first},
            anchor("award", levels[0].code),
        )
    for upper, lower in pairwise(levels):
        (_first, upper_last), (lower_first, _end) = _ranks(upper), _ranks(lower)
        values = {"upper": upper.name, "lower": lower.name}
        if lower_first <= upper_last:
            yield Finding(
                _("%(upper)s and %(lower)s both go to rank %(rank)d.")
                % {**values, "rank": lower_first},
                anchor("award", lower.code),
            )
        elif lower_first > upper_last + 1:
            yield Finding(
                _("No award for rank %(rank)d, between %(upper)s and %(lower)s.")
                % {**values, "rank": upper_last + 1},
                anchor("award", lower.code),
            )


def _reach(
    parts: RoundParts, per: str, groups: Sequence[str], levels: Sequence[AwardLevel]
) -> Iterator[Finding]:
    """Compare the last rank with the shortlist of every stage, group by group."""
    last = max(levels, key=lambda level: _ranks(level)[1])
    last_rank = _ranks(last)[1]
    row = anchor("award", last.code)
    for scoring in parts.scoring:
        sizes = [scoring.stage.shortlist_size]
        if per != Grouping.OVERALL:
            by_group = sizes_of(parts, scoring, per)
            sizes += [
                size for code, size in by_group.items() if not groups or code in groups
            ]
        size = min((each for each in sizes if each is not None), default=None)
        if size is not None and size < last_rank:
            yield Finding(
                ngettext(
                    "%(stage)s shortlists %(size)d proposal, but awards go to rank "
                    "%(rank)d.",
                    "%(stage)s shortlists %(size)d proposals, but awards go to rank "
                    "%(rank)d.",
                    size,
                )
                % {"stage": scoring.stage.name, "size": size, "rank": last_rank},
                row,
            )


def _ranks(level: AwardLevel) -> tuple[int, int]:
    assert level.rank_from is not None  # competitions_awardlevel_fits_its_kind
    assert level.rank_to is not None
    return level.rank_from, level.rank_to
