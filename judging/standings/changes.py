"""What a correction changes, place by place."""

from collections.abc import Sequence
from dataclasses import dataclass

from competitions.models import Round
from judging import queries
from judging.models import Result
from judging.standings.live import current
from judging.standings.places import Place, final_places, sealed_finals


@dataclass(frozen=True)
class Change:
    """A proposal whose place is another; None where it has no place any more."""

    code: str
    title: str
    institution: str
    old: Place | None
    new: Place | None


def changes_prepared(round: Round, result: Result) -> list[Change]:
    """List what sealing anew would change about a sealed `result`."""
    judged = current(round, queries.scoring_of(round))
    return _between(result, sealed_finals(result), final_places(judged))


def changes_made(result: Result) -> list[Change]:
    """List what a sealed `result` changed about the one it replaces."""
    if result.replaces is None:
        return []
    return _between(
        result.replaces, sealed_finals(result.replaces), sealed_finals(result)
    )


def _between(
    result: Result, before: Sequence[Place], after: Sequence[Place]
) -> list[Change]:
    """By the places of old, since who was in `result` is named there."""
    names = {
        code: (title, institution)
        for code, title, institution in result.resultrow_set.values_list(
            "code", "title", "institution_name"
        )
    }
    new = {each.code: each for each in after}
    old = {each.code: each for each in before}
    changes = [
        Change(code, *names[code], place, new.get(code))
        for code, place in old.items()
        if _told(place) != _told(new.get(code))
    ]
    # A proposal that came back has no row in the old result.
    added = [each for each in after if each.code not in old]
    found = queries.names_of(each.proposal_id for each in added) if added else {}
    return changes + [
        Change(each.code, *found[each.proposal_id][:2], None, each) for each in added
    ]


def _told(place: Place | None) -> tuple[object, ...] | None:
    if place is None:
        return None
    return place.rank, place.total, place.is_shortlisted, place.predicate
