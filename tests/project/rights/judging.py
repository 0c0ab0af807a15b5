from tests.project.rights.people import (
    AUTOSAVE,
    COMPETING,
    IMPARTIAL,
    NOBODY,
    PANEL,
    RUNNERS,
    SCORED,
    WINNERS,
)
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "judging",
    row("assignment_list", f"{PANEL} juror_foreign"),
    row("assignment_list", f"{PANEL} juror_foreign", query="status=selesai"),
    row("panel_accept", PANEL, "scoring.slug"),
    post("panel_accept", PANEL, "scoring.slug", data={"agree": "1"}),
    row("sheet_edit", "juror", "sheet.key"),
    row("sheet_edit", "juror", "final_sheet.key"),
    row("sheet_edit", NOBODY, "second_sheet.key"),
    row("sheet_edit", NOBODY, "conflicted_sheet.key"),
    # First the statement, then the proposal.
    row("sheet_edit", "juror_unsigned", "unsigned_sheet.key", answer=302),
    post("sheet_edit", "juror", "sheet.key", data={"version": "1"}),
    post(
        "sheet_edit",
        "juror",
        "sheet.key",
        data={"version": "1", "value-kebaruan": "70"},
        headers=AUTOSAVE,
        answer=200,
    ),
    post("sheet_edit", NOBODY, "second_sheet.key", data={"version": "1"}),
    post("sheet_edit", NOBODY, "conflicted_sheet.key", data={"version": "0"}),
    post("sheet_edit", "juror_unsigned", "unsigned_sheet.key", data={"version": "0"}),
    post("sheet_finalise", "juror", "sheet.key", data={"version": "1"}),
    post("sheet_finalise", NOBODY, "second_sheet.key", data={"version": "1"}),
    row("conflict_create", "juror", "sheet.key"),
    row("conflict_create", NOBODY, "second_sheet.key"),
    post("conflict_create", "juror", "sheet.key", data={"reason": "Atasan saya."}),
    row("sheet_evidence", "juror", "sheet.key", "entered_file.key"),
    *(
        row("sheet_evidence", NOBODY, f"{sheet}.key", f"{file}.key")
        for sheet, file in (
            ("conflicted_sheet", "entered_file"),
            ("unsigned_sheet", "entered_file"),
            ("sheet", "submitted_file"),
        )
    ),
    row("juror_list", RUNNERS, "preparing.slug"),
    row("juror_list", IMPARTIAL, "scoring.slug", forbid=COMPETING),
    row("juror_list", IMPARTIAL, "scored.slug", forbid=COMPETING),
    post("juror_list", IMPARTIAL, "scoring.slug", answer=200, forbid=COMPETING),
    post("assignment_create", IMPARTIAL, "scoring.slug", forbid=COMPETING),
    *(
        row("juror_detail", allow, *path, forbid=COMPETING)
        for allow, *path in (
            (IMPARTIAL, "scoring.slug", "panel_juror.key"),
            (IMPARTIAL, "scoring.slug", "panel_conflicted.key"),
            (NOBODY, "scored.slug", "panel_juror.key"),
        )
    ),
    post(
        "juror_remind", IMPARTIAL, "scoring.slug", "panel_juror.key", forbid=COMPETING
    ),
    row("sheet_reopen", "secretariat", "final_sheet.key", forbid=COMPETING),
    post(
        "sheet_reopen",
        "secretariat",
        "final_sheet.key",
        data={"reason": "Salah ketik."},
        forbid=COMPETING,
    ),
    # While the jury scores it shows progress only; that is in the markers.
    *(
        row("ranking", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in ["scoring", *SCORED]
    ),
    row("ranking", "secretariat", "scored.slug", forbid=COMPETING, query="q=judul"),
    post(
        "result_seal",
        "secretariat",
        "scored.slug",
        data={"confirmation": "x"},
        forbid=COMPETING,
    ),
    *(
        row("ranking_detail", allow, f"{name}.slug", f"{code}.code", forbid=COMPETING)
        for allow, name, code in [
            *zip(["secretariat"] * 4, SCORED, WINNERS, strict=True),
            (NOBODY, "scoring", "entered"),
            (NOBODY, "scored", "entered"),
        ]
    ),
    row("calibration", "secretariat", "scored.slug", forbid=COMPETING),
    row("calibration", "secretariat", "scoring.slug", forbid=COMPETING),
    row("ranking_export", "secretariat", "scored.slug", forbid=COMPETING),
    row("ranking_export", NOBODY, "scoring.slug", forbid=COMPETING),
    row("result_detail", "secretariat", "sealed.slug", forbid=COMPETING),
    row("result_detail", NOBODY, "scored.slug", forbid=COMPETING),
    row("result_export", "secretariat", "sealed.slug", forbid=COMPETING),
    row("result_export", NOBODY, "scored.slug", forbid=COMPETING),
)
