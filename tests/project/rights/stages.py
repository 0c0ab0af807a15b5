"""Presentations and field verification."""

from tests.project.rights.people import COMPETING, HTMX, IMPARTIAL, NOBODY, OWN
from tests.project.rows import of_app, post, row

ROUND = "staged.slug"
DAY = (ROUND, "staged_day.key")
# Of the jury: who signed sees the day; who has not is sent to sign first.
SIGNED = "juror juror_conflicted juror_unassigned"

ROWS = of_app(
    "judging",
    row("presentation_schedule", IMPARTIAL, ROUND, forbid=COMPETING),
    row("presentation_schedule", NOBODY, "scored.slug", forbid=COMPETING),
    row("presentation_calendar", IMPARTIAL, ROUND, forbid=COMPETING),
    post("presentation_arrange", IMPARTIAL, ROUND, forbid=COMPETING),
    post(
        "presentation_arrange",
        IMPARTIAL,
        ROUND,
        data={"order_by": "lot"},
        forbid=COMPETING,
    ),
    post("presentation_place", IMPARTIAL, ROUND, "staged_other.code", forbid=COMPETING),
    post("presentation_show_order", IMPARTIAL, ROUND, forbid=COMPETING),
    post("presentation_announce", IMPARTIAL, ROUND, forbid=COMPETING),
    row("presentation_day_create", IMPARTIAL, ROUND, forbid=COMPETING),
    post("presentation_day_create", IMPARTIAL, ROUND, answer=200, forbid=COMPETING),
    row("presentation_day_edit", IMPARTIAL, *DAY, forbid=COMPETING),
    row("presentation_day_edit", NOBODY, "scored.slug", DAY[1], forbid=COMPETING),
    post("presentation_day_edit", IMPARTIAL, *DAY, answer=200, forbid=COMPETING),
    post(
        "presentation_day_remove", IMPARTIAL, ROUND, "empty_day.key", forbid=COMPETING
    ),
    row("presentation_operate", IMPARTIAL, *DAY, forbid=COMPETING),
    row("presentation_operate", IMPARTIAL, *DAY, forbid=COMPETING, headers=HTMX),
    post("presentation_operate", IMPARTIAL, *DAY, forbid=COMPETING),
    row("presentation_hall", IMPARTIAL, *DAY, forbid=COMPETING),
    row("presentation_hall", IMPARTIAL, *DAY, forbid=COMPETING, headers=HTMX),
    row("presentation_call_list", IMPARTIAL, *DAY, forbid=COMPETING),
    post("presentation_move", IMPARTIAL, "staged_slot.key", forbid=COMPETING),
    row("presentation_postpone", IMPARTIAL, "staged_slot.key", forbid=COMPETING),
    post(
        "presentation_postpone",
        IMPARTIAL,
        "staged_slot.key",
        answer=200,
        forbid=COMPETING,
    ),
    post("presentation_step", IMPARTIAL, "staged_slot.key", "mulai", forbid=COMPETING),
    row("presentation_follow", f"{SIGNED} juror_unsigned", ROUND, answer=None),
    row(
        "presentation_follow",
        f"{SIGNED} juror_unsigned",
        ROUND,
        answer=None,
        headers=HTMX,
    ),
    row("presentation_follow_calendar", SIGNED, ROUND),
    # Its own people, once they were told; of others nobody was told yet.
    row("presentation_detail", f"{OWN} {IMPARTIAL}", "staged_own.code"),
    row("presentation_detail", NOBODY, "staged_other.code"),
    row("presentation_detail_calendar", f"{OWN} {IMPARTIAL}", "staged_own.code"),
    row("presentation_detail_calendar", NOBODY, "staged_other.code"),
    row("visit_list", IMPARTIAL, ROUND, forbid=COMPETING),
    row("visit_list", NOBODY, "scored.slug", forbid=COMPETING),
    row("visit_claims", IMPARTIAL, ROUND, "staged_own.code", forbid=COMPETING),
    post(
        "visit_claims",
        IMPARTIAL,
        ROUND,
        "staged_own.code",
        data={"typed": "Ada 3 loket."},
        forbid=COMPETING,
    ),
    row("visit_claims", NOBODY, ROUND, "staged_other.code", forbid=COMPETING),
    # While jurors are at it, each reads their own alone.
    row("sheet_edit", "juror", "juror_visit.key"),
    row("sheet_edit", NOBODY, "juror_second_visit.key"),
    row("visit_photo", "juror", "juror_visit.key", "juror_photo.key"),
    row("visit_photo", NOBODY, "juror_second_visit.key", "juror_second_photo.key"),
    row("visit_photo", NOBODY, "juror_visit.key", "juror_second_photo.key"),
    row(
        "visit_photo_preview",
        "juror",
        "juror_visit.key",
        "juror_photo.key",
        answer=302,
    ),
    row(
        "visit_photo_preview",
        NOBODY,
        "juror_second_visit.key",
        "juror_second_photo.key",
    ),
    row("visit_report", "juror", "juror_visit.key"),
    row("visit_report", NOBODY, "juror_second_visit.key"),
)
