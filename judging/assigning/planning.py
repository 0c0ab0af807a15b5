"""From a problem to a plan: what may be made, what is chosen, why the rest is not."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from judging.assigning.network import Network
from judging.assigning.shapes import (
    Gap,
    GapReason,
    Pair,
    Plan,
    Problem,
    Release,
    ReleaseReason,
)


def plan(problem: Problem) -> Plan:
    """Compute the assignment; the same input gives the same answer."""
    candidates = _candidates(problem)
    needs = _needs(problem, candidates)
    chosen = _choose(problem, candidates, needs)
    standing = problem.standing - problem.kept
    final = problem.kept | chosen
    return Plan(
        added=tuple(sorted(chosen - standing, key=_by_proposal)),
        released=_releases(problem, standing - chosen, needs),
        gaps=tuple(_gaps(problem, final)),
        before=_loads(problem, problem.kept | standing),
        after=_loads(problem, final),
        unlike=_unlike(problem, final),
    )


def _by_proposal(pair: Pair) -> Pair:
    return pair[1], pair[0]


def _loads(problem: Problem, pairs: Iterable[Pair]) -> dict[int, int]:
    load = Counter(juror for juror, _proposal in pairs)
    return {each.key: each.load + load[each.key] for each in problem.jurors}


def _candidates(problem: Problem) -> list[Pair]:
    """The pairs that may be made, in order."""
    never = problem.barred | problem.kept
    jurors = sorted(each.key for each in problem.jurors)
    return [
        (juror, proposal)
        for proposal in sorted(each.key for each in problem.proposals)
        for juror in jurors
        if (juror, proposal) not in never
    ]


def _needs(problem: Problem, candidates: Iterable[Pair]) -> dict[int, int]:
    """How many jurors each proposal still takes, beside those kept."""
    free = Counter(proposal for _juror, proposal in candidates)
    if problem.wanted is None:
        return {each.key: free[each.key] for each in problem.proposals}
    has = Counter(proposal for _juror, proposal in problem.kept)
    return {
        each.key: max(problem.wanted - has[each.key], 0) for each in problem.proposals
    }


def _room(problem: Problem) -> dict[int, int | None]:
    """How much each juror still takes, beside what is kept; None: any."""
    kept = Counter(juror for juror, _proposal in problem.kept)
    return {
        each.key: None
        if each.capacity is None
        else max(each.capacity - each.load - kept[each.key], 0)
        for each in problem.jurors
    }


def _choose(
    problem: Problem, candidates: Sequence[Pair], needs: Mapping[int, int]
) -> set[Pair]:
    room = _room(problem)
    open_pairs = [pair for pair in candidates if needs[pair[1]] and room[pair[0]] != 0]
    load = Counter(juror for juror, _proposal in open_pairs)
    offers = Counter(proposal for _juror, proposal in open_pairs)
    has_room = all((room[juror] or load[juror]) >= load[juror] for juror in load)
    if has_room and all(needs[proposal] >= offers[proposal] for proposal in offers):
        return set(open_pairs)  # everybody gets everything: there is nothing to choose
    return Network(problem, open_pairs, needs, room).solve()


def _unlike(problem: Problem, pairs: Iterable[Pair]) -> int:
    jurors = {each.key: each for each in problem.jurors}
    proposals = {each.key: each for each in problem.proposals}
    return sum(
        not jurors[juror].can_judge(proposals[proposal])
        for juror, proposal in pairs
        if juror in jurors and proposal in proposals
    )


def _releases(
    problem: Problem, pairs: Iterable[Pair], needs: Mapping[int, int]
) -> tuple[Release, ...]:
    sitting = {each.key for each in problem.jurors}
    room = _room(problem)

    def reason(juror: int, proposal: int) -> ReleaseReason:
        if (juror, proposal) in problem.barred:
            return ReleaseReason.BARRED
        if juror not in sitting:
            return ReleaseReason.LEFT
        if (juror, proposal) in surplus:
            return ReleaseReason.TOO_MANY
        if juror in crowded or room[juror] == 0:
            return ReleaseReason.CAPACITY
        return ReleaseReason.BALANCE

    standing = Counter(juror for juror, _proposal in problem.standing - problem.kept)
    crowded = {
        juror
        for juror, left in room.items()
        if left is not None and standing[juror] > left
    }
    by_proposal = Counter(proposal for _j, proposal in problem.standing - problem.kept)
    surplus = {
        (juror, proposal)
        for juror, proposal in pairs
        if by_proposal[proposal] > needs[proposal]
    }
    return tuple(
        Release(juror, proposal, reason(juror, proposal))
        for juror, proposal in sorted(pairs, key=_by_proposal)
    )


def _gaps(problem: Problem, final: Collection[Pair]) -> Iterator[Gap]:
    """Say of each proposal that lacks jurors why it does."""
    panels = defaultdict[int, set[int]](set)
    for juror, proposal in final:
        panels[proposal].add(juror)
    apart = defaultdict[int, set[int]](set)
    for juror, proposal in problem.barred:
        apart[proposal].add(juror)
    sitting = {each.key for each in problem.jurors}
    for proposal in sorted(each.key for each in problem.proposals):
        panel, barred = panels[proposal], apart[proposal] & sitting
        full = sitting - panel - barred
        # Where all are to judge, who is barred leaves no gap, unless nobody is left.
        wanted = (
            max(len(panel) + len(full), 1) if problem.wanted is None else problem.wanted
        )
        missing = wanted - len(panel)
        if missing <= 0:
            continue
        if full:
            reason = GapReason.CAPACITY
        elif len(sitting | panel) < wanted:
            reason = GapReason.TOO_FEW_JURORS
        else:
            reason = GapReason.BARRED
        yield Gap(proposal, missing, reason, len(barred), tuple(sorted(full)))
