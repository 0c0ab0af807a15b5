from tests.project.rights.people import NOBODY, RUNNERS
from tests.project.rows import of_app, row

ROWS = of_app(
    "monitoring",
    row("round_dashboard", RUNNERS, "running.slug"),
    row("round_dashboard", RUNNERS, "preparing.slug"),
    row("round_dashboard", RUNNERS, "scored.slug"),
    row("leader_overview", "leader leader_foreign leader_above"),
    row("leader_round", "leader leader_above", "running.slug"),
    row("leader_round", "leader leader_above", "scored.slug"),
    row("leader_round", NOBODY, "preparing.slug"),
)
