"""Who judges what, computed: plain data in, plain result out.

Jurors, proposals and the pairs between them are a network: each wanted seat is a unit
that flows from a juror through their background to a proposal. What matters is asked
for one aim after the other, and what one aim came to binds all that follow:

1. as many seats as can be are filled, and where some stay empty, evenly;
2. the loads of the jurors lie as close together as can be;
3. what stands already stays;
4. proposals go to jurors who know their category;
5. the jurors of a proposal come from different backgrounds;
6. what is still equal is drawn by a lot that is the same each time, so that jurors
   meet in ever other company.

Before all of them: a barred pair is never made, a kept pair never moves, and no juror
gets more than their capacity. Every aim is a linear program over a network with whole
numbers, so that its corners are whole too and the answer is exact. After each aim the
columns with a reduced cost are fixed where they are: just the optimal answers remain.
Source: rule SCO-30 in docs/rules.md.
"""

from judging.assigning.planning import plan
from judging.assigning.shapes import (
    Entry,
    Gap,
    GapReason,
    Judge,
    Pair,
    Plan,
    Problem,
    Release,
    ReleaseReason,
)

__all__ = [
    "Entry",
    "Gap",
    "GapReason",
    "Judge",
    "Pair",
    "Plan",
    "Problem",
    "Release",
    "ReleaseReason",
    "plan",
]
