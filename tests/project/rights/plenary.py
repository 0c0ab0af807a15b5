"""Rows of the plenary, of minutes and of corrections."""

from tests.project.rights.people import COMPETING, NOBODY
from tests.project.rows import of_app, post, row

_PLENARY = ("scored.slug", "plenary.key")
_STAGE = ("scored.slug", "proposal")
_FIRST = (*_PLENARY, "scored_first.code")

ROWS = of_app(
    "judging",
    *(
        row("plenary_list", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in ("scoring", "scored", "sealed")
    ),
    post("plenary_list", "secretariat", "scored.slug", answer=200, forbid=COMPETING),
    row("plenary_detail", "secretariat", *_PLENARY, forbid=COMPETING),
    row("plenary_detail", NOBODY, "sealed.slug", "plenary.key", forbid=COMPETING),
    row("plenary_edit", "secretariat", *_PLENARY, forbid=COMPETING),
    post("plenary_edit", "secretariat", *_PLENARY, answer=200, forbid=COMPETING),
    post("plenary_attend", "secretariat", *_PLENARY, forbid=COMPETING),
    post("plenary_apply", "secretariat", *_PLENARY, forbid=COMPETING),
    post("plenary_cancel", "secretariat", *_PLENARY, forbid=COMPETING),
    row("plenary_item", "secretariat", *_FIRST, forbid=COMPETING),
    post("plenary_item", "secretariat", *_FIRST, answer=200, forbid=COMPETING),
    # Nothing is equal there: who presses the button is led back to the agenda.
    post("plenary_tie", "secretariat", *_FIRST, forbid=COMPETING),
    row("plenary_tie", NOBODY, *_FIRST, forbid=COMPETING),
    post("plenary_withdraw", "secretariat", *_FIRST, forbid=COMPETING),
    # The city's juror is not present; who is sees them as the jury's own tests say.
    row("screen_agenda", "secretariat", "plenary.key", forbid=COMPETING),
    row("plenary_calendar", "juror", "plenary.key"),
    row("screen_calibration", "secretariat", "plenary.key", forbid=COMPETING),
    row("screen_ranking", "secretariat", "plenary.key", forbid=COMPETING),
    row(
        "screen_item",
        "secretariat",
        "plenary.key",
        "scored_first.code",
        forbid=COMPETING,
    ),
    *(
        row(name, "secretariat", f"{round}.slug", forbid=COMPETING)
        for name in ("minutes_issue", "minutes_draft", "recap_export", "sheets_export")
        for round in ("scored", "sealed")
    ),
    *(
        row(name, NOBODY, "scoring.slug", forbid=COMPETING)
        for name in ("minutes_issue", "minutes_draft", "recap_export", "sheets_export")
    ),
    row(
        "sheets_export",
        "secretariat",
        "scored.slug",
        forbid=COMPETING,
        query="bentuk=csv",
    ),
    post("minutes_issue", "secretariat", "sealed.slug", answer=200, forbid=COMPETING),
    post("recap_issue", "secretariat", "sealed.slug", forbid=COMPETING),
    post("recap_issue", "secretariat", "scored.slug", forbid=COMPETING),
    post("recap_issue", NOBODY, "scoring.slug", forbid=COMPETING),
    row("recap_file", "secretariat", "decreed.slug", forbid=COMPETING),
    row("recap_file", NOBODY, "scored.slug", forbid=COMPETING),
    post("score_sheets_issue", "secretariat", *_STAGE, forbid=COMPETING),
    post("score_sheets_issue", NOBODY, "scoring.slug", "proposal", forbid=COMPETING),
    row(
        "score_sheet_file", "secretariat", *_STAGE, "scored_juror.key", forbid=COMPETING
    ),
    row("score_sheet_file", NOBODY, *_STAGE, "panel_juror.key", forbid=COMPETING),
    # To the juror whose sheets they are, and to no other of the panel.
    row("own_paper_file", "juror", *_STAGE),
    row("own_paper_file", NOBODY, "sealed.slug", "proposal"),
    post("own_paper_issue", "juror", *_STAGE),
    post("own_paper_issue", NOBODY, "scored.slug", "lain"),
    row("minutes_file", "secretariat", "decreed.slug", forbid=COMPETING),
    row("minutes_file", NOBODY, "sealed.slug", forbid=COMPETING),
    row(
        "result_version",
        "secretariat",
        "sealed.slug",
        "sealed_result.sequence",
        forbid=COMPETING,
    ),
    row("correction_begin", "secretariat", "sealed.slug", forbid=COMPETING),
    row("correction_begin", NOBODY, "scored.slug", forbid=COMPETING),
    post(
        "correction_begin", "secretariat", "sealed.slug", answer=200, forbid=COMPETING
    ),
    post("correction_seal", "secretariat", "sealed.slug", forbid=COMPETING),
    post("correction_seal", NOBODY, "scored.slug", forbid=COMPETING),
    post("correction_give_up", "secretariat", "sealed.slug", forbid=COMPETING),
    post("correction_give_up", NOBODY, "scored.slug", forbid=COMPETING),
)
