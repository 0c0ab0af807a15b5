from tests.project.rights.people import (
    COMPETING,
    NOBODY,
    OTHER,
    OWN,
    RUNNERS,
    SCORED,
    WINNERS,
)
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
    # What authors are told: prepared by the secretariat, read by their own institution
    # once it is released and the winners are public.
    *(
        row("feedback_list", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in SCORED
    ),
    post(
        "feedback_list",
        "secretariat",
        "sealed.slug",
        data={"places": "band"},
        forbid=COMPETING,
    ),
    post("feedback_release", "secretariat", "sealed.slug", forbid=COMPETING),
    *(
        row("feedback_notes", allow, f"{name}.slug", f"{code}.code", forbid=COMPETING)
        for allow, name, code in [
            *zip(["secretariat"] * 3, SCORED[1:], WINNERS[1:], strict=True),
            (NOBODY, "scored", "scored_first"),
            (NOBODY, "sealed", "finished_first"),
        ]
    ),
    post(
        "feedback_notes",
        "secretariat",
        "sealed.slug",
        "sealed_first.code",
        answer=200,
        forbid=COMPETING,
    ),
    row("feedback_detail", OWN, "finished_first.code"),
    row("feedback_detail", OTHER, "finished_last.code"),
    *(
        row("feedback_detail", NOBODY, f"{name}.code")
        for name in ("scored_first", "sealed_first", "decreed_first", "draft", "failed")
    ),
    row("feedback_letter", OTHER, "finished_last.code"),
    # Who was chosen gets a certificate, and no letter.
    row("feedback_letter", NOBODY, "finished_first.code"),
    row("feedback_letter", NOBODY, "decreed_last.code"),
)
