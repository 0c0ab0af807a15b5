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
    # Who has signed has nothing to refuse any more, and is led back.
    row("panel_decline", PANEL, "scoring.slug", answer=None),
    post("panel_decline", PANEL, "scoring.slug", data={"reason": "Sibuk."}),
    row("panel_conflicts", PANEL, "scoring.slug"),
    row("panel_conflicts", PANEL, "scoring.slug", query="cari=judul"),
    post("panel_conflicts", PANEL, "scoring.slug", answer=200),
    # To the chair alone: not to the secretariat, nor to other jurors.
    row("chair_hints", "juror_unassigned", "scoring.slug"),
    row("chair_hints", NOBODY, "scored.slug"),
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
    row("sheet_abstain", "juror", "sheet.key"),
    row("sheet_abstain", NOBODY, "second_sheet.key"),
    row("sheet_abstain", NOBODY, "conflicted_sheet.key"),
    row("sheet_abstain", NOBODY, "unsigned_sheet.key"),
    post(
        "sheet_abstain",
        "juror",
        "sheet.key",
        data={"version": "1", "reason": "Bukan bidang saya."},
    ),
    post("sheet_abstain", NOBODY, "second_sheet.key", data={"version": "1"}),
    post("abstention_take_back", "juror", "sheet.key"),
    post("abstention_take_back", NOBODY, "second_sheet.key"),
    *(
        row(name, "juror juror_conflicted", "scoring.slug", "proposal")
        for name in ("sheet_export", "sheet_import", "sheet_print")
    ),
    *(
        row(name, NOBODY, "scoring.slug", "lain")
        for name in ("sheet_export", "sheet_import", "sheet_print")
    ),
    post(
        "sheet_import",
        "juror juror_conflicted",
        "scoring.slug",
        "proposal",
        answer=200,
    ),
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
    *(
        row("juror_detail", allow, *path, forbid=COMPETING)
        for allow, *path in (
            (IMPARTIAL, "scoring.slug", "panel_juror.key"),
            (IMPARTIAL, "scoring.slug", "panel_conflicted.key"),
            (IMPARTIAL, "scoring.slug", "panel_refused.key"),
            (NOBODY, "scored.slug", "panel_juror.key"),
        )
    ),
    *(
        post(
            f"juror_{name}",
            IMPARTIAL,
            "scoring.slug",
            "panel_juror.key",
            data=data,
            answer=answer,
            forbid=COMPETING,
        )
        for name, data, answer in (
            ("remind", {"nothing": "1"}, 302),
            ("chair", {"nothing": "1"}, 302),
            ("invite", {"nothing": "1"}, 302),
            ("edit", {"nothing": "1"}, 200),
            ("conflict", {"nothing": "1"}, 200),
        )
    ),
    *(
        row(route, allow, f"{round}.slug", "panel_juror.key", forbid=COMPETING)
        for route in ("juror_edit", "juror_conflict")
        for round, allow in (("scoring", IMPARTIAL), ("scored", NOBODY))
    ),
    row("conflict_list", IMPARTIAL, "scoring.slug", forbid=COMPETING),
    post("conflict_list", IMPARTIAL, "scoring.slug", forbid=COMPETING),
    post(
        "conflict_list",
        IMPARTIAL,
        "scoring.slug",
        data={"key": "x", "decision": "confirm"},
        forbid=COMPETING,
    ),
    row("coverage", RUNNERS, "preparing.slug"),
    row("coverage", IMPARTIAL, "scoring.slug", forbid=COMPETING),
    row(
        "coverage",
        IMPARTIAL,
        "scoring.slug",
        forbid=COMPETING,
        query="juri=sisa&proposal=semua",
    ),
    row("coverage", IMPARTIAL, "scored.slug", forbid=COMPETING),
    post("panel_remind", IMPARTIAL, "scoring.slug", forbid=COMPETING),
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
