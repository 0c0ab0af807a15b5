"""Checks of what holds for each track, category or cluster: shortlists, clusters."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Institution
from competitions.checks.base import Finding, anchor, listed, unknown
from competitions.models import Grouping, ScoringStage
from competitions.models.parts import ForGroups
from competitions.queries import RoundParts, ScoringParts


def codes_of(parts: RoundParts, per: str) -> list[str]:
    """The codes that proposals are told apart by."""
    rows: Mapping[str, Sequence[object]] = {
        Grouping.TRACK: parts.tracks,
        Grouping.CATEGORY: parts.categories,
        Grouping.CLUSTER: parts.clusters,
    }
    return [each.code for each in rows.get(per, ())]  # type: ignore[attr-defined]


def check_clusters(parts: RoundParts) -> Iterator[Finding]:
    """Name kinds of institutions that two clusters claim, or none does."""
    claimed: dict[str, str] = {}
    for cluster in parts.clusters:
        for kind in cluster.institution_kinds:
            if kind in claimed:
                yield Finding(
                    _("%(kind)s belongs to two clusters: %(one)s and %(other)s.")
                    % {
                        "kind": Institution.Kind(kind).label,
                        "one": claimed[kind],
                        "other": cluster.name,
                    },
                    anchor("cluster", cluster.code),
                )
            claimed.setdefault(kind, cluster.name)
    if claimed and all(cluster.institution_kinds for cluster in parts.clusters):
        admitted = [kind for kind in Institution.Kind if parts.round.admits(kind)]
        left = [kind.label for kind in admitted if kind not in claimed]
        if left:
            yield Finding(
                _(
                    "No cluster is for %(kinds)s. Give them one, or do not let them "
                    "enter."
                )
                % {"kinds": listed(left)},
                anchor("cluster", parts.clusters[0].code),
            )


def check_groups(
    parts: RoundParts, part: ForGroups, name: str, row: str
) -> Iterator[Finding]:
    """Name the groups of a part that are not there."""
    known = codes_of(parts, part.per)
    if part.per != Grouping.OVERALL and not known:
        yield Finding(
            _("%(name)s goes by “%(per)s”, but this round has none.")
            % {"name": name, "per": part.get_per_display()},
            row,
        )
        return
    for code in unknown(part.groups, known):
        yield Finding(
            _("%(name)s names %(code)s, which does not exist. Choose again.")
            % {"name": name, "code": code},
            row,
        )


def check_shortlists(parts: RoundParts) -> Iterator[Finding]:
    """Name shortlists that are larger than what can reach them."""
    before: tuple[ScoringStage, int] | None = None
    for scoring in parts.scoring:
        stage = scoring.stage
        row = anchor("scoring", stage.code)
        for shortlist in scoring.shortlists:
            name = _("The shortlist of %(stage)s") % {"stage": stage.name}
            yield from check_groups(parts, shortlist, name, row)
        yield from _doubles(parts, scoring, row)
        size = stage.shortlist_size
        for per in dict.fromkeys(each.per for each in scoring.shortlists):
            in_groups = sum(sizes_of(parts, scoring, per).values())
            if size is not None and in_groups > size:
                yield Finding(
                    _(
                        "The groups of %(stage)s take %(groups)d proposals together, "
                        "but it shortlists %(size)d in all."
                    )
                    % {"stage": stage.name, "groups": in_groups, "size": size},
                    row,
                )
        most = most_of(parts, scoring)
        if most is None:
            continue
        if before is not None and most > before[1]:
            yield Finding(
                ngettext(
                    "%(stage)s shortlists %(size)d proposals, but only %(count)d comes "
                    "out of %(earlier)s.",
                    "%(stage)s shortlists %(size)d proposals, but only %(count)d come "
                    "out of %(earlier)s.",
                    before[1],
                )
                % {
                    "stage": stage.name,
                    "size": most,
                    "count": before[1],
                    "earlier": before[0].name,
                },
                row,
            )
        before = (stage, min(most, before[1]) if before else most)


def _doubles(parts: RoundParts, scoring: ScoringParts, row: str) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for shortlist in scoring.shortlists:
        for code in shortlist.groups or [""]:
            if (shortlist.per, code) in seen:
                yield Finding(
                    _("The shortlist of %(stage)s names the same group twice.")
                    % {"stage": scoring.stage.name},
                    row,
                )
            seen.add((shortlist.per, code))


def sizes_of(parts: RoundParts, scoring: ScoringParts, per: str) -> dict[str, int]:
    """How many of each group pass a stage; a size without groups is for the rest."""
    rows = [each for each in scoring.shortlists if each.per == per]
    rest = next((each.size for each in rows if not each.groups), None)
    named = {code: each.size for each in rows for code in each.groups}
    sizes = {code: named.get(code, rest) for code in codes_of(parts, per)}
    return {code: size for code, size in sizes.items() if size is not None}


def most_of(parts: RoundParts, scoring: ScoringParts) -> int | None:
    """How many can pass a stage at most; None: no limit.

    Groups limit the whole only where every one of them has a size.
    """
    limits = []
    if scoring.stage.shortlist_size is not None:
        limits.append(scoring.stage.shortlist_size)
    for per in {each.per for each in scoring.shortlists}:
        sizes = sizes_of(parts, scoring, per)
        if sizes and sizes.keys() == set(codes_of(parts, per)):
            limits.append(sum(sizes.values()))
    return min(limits, default=None)
