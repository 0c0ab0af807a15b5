"""The ranking of a round as its sheets stand now, or as they were sealed."""

from judging.standings.advice import Advice, HingeRow, JurorRow, advice_on
from judging.standings.detail import (
    Node,
    Part,
    StageDetail,
    parts_of,
    shortfall_sentences,
    stage_detail,
)
from judging.standings.live import (
    Judged,
    contestants_of,
    current,
    papers_to_seal,
    rules_of,
    through,
)
from judging.standings.places import (
    Place,
    final_places,
    live_means,
    sealed_finals,
    sealed_means,
    sealed_places,
    stage_places,
)
from judging.standings.rows import (
    Cell,
    FinalRow,
    RankRow,
    StageCell,
    final_rows,
    live_cells,
    sealed_cells,
    stage_rows,
)

__all__ = [
    "Advice",
    "Cell",
    "FinalRow",
    "HingeRow",
    "Judged",
    "JurorRow",
    "Node",
    "Part",
    "Place",
    "RankRow",
    "StageCell",
    "StageDetail",
    "advice_on",
    "contestants_of",
    "current",
    "final_places",
    "final_rows",
    "live_cells",
    "live_means",
    "papers_to_seal",
    "parts_of",
    "rules_of",
    "sealed_cells",
    "sealed_finals",
    "sealed_means",
    "sealed_places",
    "shortfall_sentences",
    "stage_detail",
    "stage_places",
    "stage_rows",
    "through",
]
