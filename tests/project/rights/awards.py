from tests.project.rights.people import COMPETING, NOBODY, OWN, RUNNERS, SCORED
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "awards",
    *(
        row("award_list", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in SCORED
    ),
    post("award_give", "secretariat", "sealed.slug", forbid=COMPETING),
    post(
        "favourite_choose",
        "secretariat",
        "sealed.slug",
        answer=200,
        forbid=COMPETING,
    ),
    post("decree_edit", "secretariat", "decreed.slug", answer=200, forbid=COMPETING),
    post("certificate_issue", "secretariat", "decreed.slug", forbid=COMPETING),
    *(
        row("award_revoke", "secretariat", f"{name}_award.key", forbid=COMPETING)
        for name in ("decreed", "finished")
    ),
    post(
        "award_revoke",
        "secretariat",
        "decreed_award.key",
        data={"reason": "Keliru."},
        answer=200,
        forbid=COMPETING,
    ),
    # Before the decree is public a certificate would tell who won.
    row("certificate_file", "secretariat", "decreed_paper.code"),
    row("certificate_file", f"{OWN} {RUNNERS}", "finished_paper.code"),
    row("winner_list", "*", "finished.slug"),
    row("winner_list", NOBODY, "decreed.slug"),
    row("winner_list", NOBODY, "running.slug"),
)
