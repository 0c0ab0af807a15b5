from tests.project.rights.people import ANY_SECRETARIAT, NOBODY, RUNNERS
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "competitions",
    row("round_list", "*"),
    row("round_detail", "*", "running.slug"),
    row("round_detail", "*", "finished.slug"),
    row("round_detail", RUNNERS, "preparing.slug"),
    row("announcement_list", "*"),
    row("announcement_detail", "*", "announcement.slug"),
    row("announcement_detail", NOBODY, "announcement_coming.slug"),
    row("round_admin_list", ANY_SECRETARIAT),
    row("round_create", ANY_SECRETARIAT),
    post("round_create", ANY_SECRETARIAT, answer=200),
    row("round_setup", RUNNERS, "preparing.slug"),
    row("round_setup", RUNNERS, "running.slug"),
    row("round_edit", RUNNERS, "preparing.slug"),
    post("round_edit", RUNNERS, "preparing.slug", answer=200),
    row("stage_edit", RUNNERS, "preparing.slug"),
    post("stage_edit", RUNNERS, "preparing.slug"),
    row("criterion_edit", RUNNERS, "preparing.slug"),
    post(
        "criterion_edit",
        RUNNERS,
        "preparing.slug",
        data={
            "scoring_stage": "proposal",
            "proposal-kebaruan": "50",
            "proposal-signifikansi": "50",
        },
    ),
    row("form_preview", RUNNERS, "preparing.slug"),
    post("round_open", RUNNERS, "preparing.slug"),
    row("announcement_create", RUNNERS, "running.slug"),
    post("announcement_create", RUNNERS, "running.slug", answer=200),
)
