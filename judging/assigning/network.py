"""The open seats of a problem as a network, solved one aim after the other."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from judging.assigning.shapes import Pair, Problem

LOT = 64


@dataclass
class _Columns:
    """Columns of a linear program: each an arc that carries 0 to `upper` units."""

    upper: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)

    def add(self, upper: int, *, into: int | None, out_of: int | None) -> int:
        """Add an arc between two places of the network; None is outside of it."""
        self.upper.append(upper)
        self.starts.append(len(self.rows))
        for row, sign in ((into, 1), (out_of, -1)):
            if row is not None:
                self.rows.append(row)
                self.signs.append(sign)
        return len(self.upper) - 1


class Network:
    """The open seats of a problem as a network, and one aim after the other."""

    def __init__(
        self,
        problem: Problem,
        pairs: Sequence[Pair],
        needs: Mapping[int, int],
        room: Mapping[int, int | None],
    ) -> None:
        self.problem = problem
        self.pairs = pairs
        self.needs = needs
        self.room = room
        self.jurors = {each.key: each for each in problem.jurors}
        self.proposals = {each.key: each for each in problem.proposals}
        self.has = Counter(juror for juror, _proposal in problem.kept) + Counter(
            {each.key: each.load for each in problem.jurors}
        )
        self.offered = Counter(juror for juror, _proposal in pairs)

    def solve(self) -> set[Pair]:
        """Give the pairs to make."""
        seats = sum(self.needs.values()) + sum(self.has.values())
        fair = 2 * (seats // max(len(self.offered), 1)) + 2
        solved = self._solve(fair)
        # Loads beyond twice the fair share were reckoned too cheap: once more, exactly.
        return solved if solved is not None else self._solve(seats + 1) or set()

    def _solve(self, steps: int) -> set[Pair] | None:
        """Solve with single steps of load up to `steps`; None if these fell short."""
        self.columns = _Columns()
        self.places: dict[Any, int] = {}
        loads, coarse = self._add_loads(steps)
        first = self._add_pairs()
        mixes, seats = self._add_seats()
        program = _Program(self.columns, len(self.places))
        standing = self.problem.standing
        program.aim({column: -worth for column, worth in seats.items()})
        values = program.aim(loads)
        if any(values[column] > 1 for column in coarse):
            return None
        if kept := self._costs(first, lambda pair: -(pair in standing)):
            program.aim(kept)
        if unlike := self._costs(first, self._is_unlike):
            program.aim(unlike)
        # One repeated background outweighs all lots together.
        weight = LOT * (len(seats) + 1)
        lots = self._costs(first, _lot)
        values = program.aim(
            lots | {column: weight * step for column, step in mixes.items()}
        )
        return {
            pair for place, pair in enumerate(self.pairs, first) if values[place] == 1
        }

    def _place(self, *name: object) -> int:
        return self.places.setdefault(name, len(self.places))

    def _add_loads(self, steps: int) -> tuple[dict[int, int], list[int]]:
        """One arc for each sheet more; the costs rise, so loads draw together."""
        costs: dict[int, int] = {}
        coarse = []
        for juror, offered in sorted(self.offered.items()):
            room = self.room[juror]
            most = offered if room is None else min(offered, room)
            row, has = self._place("juror", juror), self.has[juror]
            single = min(most, max(steps - has, 1))
            for step in range(single):
                column = self.columns.add(1, into=row, out_of=None)
                costs[column] = 2 * (has + step) + 1
            if most > single:
                column = self.columns.add(most - single, into=row, out_of=None)
                costs[column] = 2 * (has + single) + 1
                coarse.append(column)
        return costs, coarse

    def _add_pairs(self) -> int:
        first = len(self.columns.upper)
        for juror, proposal in self.pairs:
            self.columns.add(
                1,
                into=self._place("background", proposal, self.jurors[juror].background),
                out_of=self._place("juror", juror),
            )
        return first

    def _add_seats(self) -> tuple[dict[int, int], dict[int, int]]:
        """Arcs from each background to its proposal, and from there out."""
        kept_of = Counter(
            (proposal, self.jurors[juror].background)
            for juror, proposal in self.problem.kept
            if juror in self.jurors
        )
        kept = Counter(proposal for _juror, proposal in self.problem.kept)
        offers = Counter(
            (proposal, self.jurors[juror].background) for juror, proposal in self.pairs
        )
        most = max(kept[each] + need for each, need in self.needs.items())
        mixes: dict[int, int] = {}
        seats: dict[int, int] = {}
        for (proposal, background), offered in sorted(offers.items()):
            row = self._place("proposal", proposal)
            begin = kept_of[proposal, background]
            for step in range(min(offered, self.needs[proposal])):
                column = self.columns.add(
                    1,
                    into=row,
                    out_of=self._place("background", proposal, background),
                )
                mixes[column] = begin + step
        for proposal in sorted({proposal for proposal, _background in offers}):
            row = self._place("proposal", proposal)
            for step in range(self.needs[proposal]):
                column = self.columns.add(1, into=None, out_of=row)
                seats[column] = most - kept[proposal] - step
        return mixes, seats

    def _costs(self, first: int, cost: Callable[[Pair], int]) -> dict[int, int]:
        found = ((place, cost(pair)) for place, pair in enumerate(self.pairs, first))
        return {place: value for place, value in found if value}

    def _is_unlike(self, pair: Pair) -> int:
        juror, proposal = pair
        return not self.jurors[juror].can_judge(self.proposals[proposal])


def _lot(pair: Pair) -> int:
    return crc32(b"%d %d" % pair) % LOT


class _Program:
    """A linear program that is asked for one aim after the other."""

    def __init__(self, columns: _Columns, places: int) -> None:
        # Together 20 MB of memory: only the process that computes carries them.
        import highspy
        import numpy

        self.numpy = numpy
        self.size = len(columns.upper)
        self.lower = numpy.zeros(self.size)
        self.upper = numpy.array(columns.upper, float)
        self.ids = numpy.arange(self.size, dtype=numpy.int32)
        model = highspy.HighsLp()
        model.num_col_ = self.size
        model.num_row_ = places
        model.col_cost_ = numpy.zeros(self.size)
        model.col_lower_ = self.lower
        model.col_upper_ = self.upper
        model.row_lower_ = model.row_upper_ = numpy.zeros(places)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = numpy.array([*columns.starts, len(columns.rows)])
        model.a_matrix_.index_ = numpy.array(columns.rows)
        model.a_matrix_.value_ = numpy.array(columns.signs, float)
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)  # the same steps each time
        # Interior points, then crossing over to a corner: half the time of simplex.
        self.solver.setOptionValue("solver", "ipx")
        self.solver.setOptionValue("run_crossover", "on")
        self.solver.passModel(model)
        self.optimal = highspy.HighsModelStatus.kOptimal

    def aim(self, costs: Mapping[int, int]) -> list[int]:
        """Make the sum of `costs` least, keep to that, and give the columns."""
        numpy = self.numpy
        asked = numpy.zeros(self.size)
        asked[list(costs)] = list(costs.values())
        self.solver.changeColsCost(self.size, self.ids, asked)
        self.solver.run()
        if self.solver.getModelStatus() != self.optimal:
            raise RuntimeError(self.solver.getModelStatus())
        solution = self.solver.getSolution()
        found = numpy.array(solution.col_value)
        values = found.round()
        if abs(found - values).max(initial=0) > 1e-6:
            raise RuntimeError("A corner of the network is not whole.")
        # Costs are whole, so reduced costs are: 0, or at least 1 away from it.
        settled = abs(numpy.array(solution.col_dual)) > 0.5
        self.lower = numpy.where(settled, values, self.lower)
        self.upper = numpy.where(settled, values, self.upper)
        self.solver.changeColsBounds(self.size, self.ids, self.lower, self.upper)
        return [int(value) for value in values]
