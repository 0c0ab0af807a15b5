"""Who may do what: every route, every method, every kind of person.

One row for each route and method, and one more for each object whose state or owner
changes the answer. `allow` names who gets an answer, `forbid` who sees the thing but
may not do this (403). Everybody else gets 404; the public is sent to the sign-in page
where a page asks for signing in, and gets 404 on public ones. "*" is everybody.

A word with a dot names an object of `world`: "draft.code" is the code of the draft.
"""

from tests.project.city import PEOPLE
from tests.project.rows import of_app, post, row

SIGNED_IN = " ".join(PEOPLE)
OWN = "author admin admin_above"
OTHER = "author_other admin_other secretariat_competing"
# Both work in the secretariat; the second also for an institution that competes.
RUNNERS = "secretariat secretariat_competing"
COMPETING = "secretariat_competing"
ANY_SECRETARIAT = f"{RUNNERS} secretariat_foreign"
ENDORSERS = "admin admin_above"
READERS = f"author {RUNNERS}"  # who see it, but do not endorse
PANEL = "juror juror_unassigned juror_conflicted juror_unsigned"
NOBODY = ""
# Rounds whose scoring is over, in the order of time, and what came first and last.
SCORED = ["scored", "sealed", "decreed", "finished"]
WINNERS = [f"{name}_first" for name in SCORED]
LOSERS = [f"{name}_last" for name in SCORED]
AUTOSAVE = {"X-Requested-With": "autosave"}
HTMX = {"HX-Request": "true"}

PORTAL = [
    row("home", "*"),
    row("help", "*"),
    row("privacy", "*"),
    row("healthz", "*"),
    row("readyz", "*", answer=503),  # in a test no clock ticks
    row("dashboard", SIGNED_IN),
]

# Of the library: who is signed in already is sent on from some of them.
ACCOUNT = [
    row("account_login", "*", answer=None),
    post("account_login", "*", answer=None),
    row("account_logout", "*", answer=None),
    post("account_logout", "*"),
    row("account_inactive", "*"),
    row("account_reauthenticate", SIGNED_IN, answer=None),
    post("account_reauthenticate", SIGNED_IN, answer=None),
    row("account_change_password", SIGNED_IN),
    post("account_change_password", SIGNED_IN, answer=200),
    row("account_reset_password", "*"),
    post("account_reset_password", "*", data={"email": "tidak@ada.example"}),
    row("account_reset_password_done", "*"),
    row("account_reset_password_from_key", "*", "1", "salah"),
    post("account_reset_password_from_key", "*", "1", "salah", answer=200),
    row("account_reset_password_from_key_done", "*"),
]

COMPETITIONS = of_app(
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

SUBMISSIONS = of_app(
    "submissions",
    row("proposal_list", SIGNED_IN),
    row("proposal_create", f"{OWN} {OTHER}", "running.slug"),
    post("proposal_create", f"{OWN} {OTHER}", "running.slug", answer=422),
    # It is there for its secretariat, but takes nothing yet.
    row("proposal_create", COMPETING, "preparing.slug"),
    *(
        row("proposal_detail", f"{OWN} {RUNNERS}", f"{name}.code")
        for name in ["draft", "endorsing", "submitted", "entered", "failed", *WINNERS]
    ),
    *(
        row("proposal_detail", f"{OTHER} secretariat", f"{name}.code")
        for name in ["other_draft", "other_submitted", *LOSERS]
    ),
    row("header_edit", OWN, "draft.code", forbid=RUNNERS),
    post("header_edit", OWN, "draft.code", forbid=RUNNERS, answer=422),
    post(
        "header_edit", OWN, "draft.code", headers=AUTOSAVE, forbid=RUNNERS, answer=422
    ),
    *(
        row("section_edit", OWN, f"{name}.code", "kebaruan", forbid=RUNNERS)
        for name in ("draft", "submitted")
    ),
    post(
        "section_edit",
        OWN,
        "draft.code",
        "kebaruan",
        data={"text": "Baru.", "version": "1"},
        forbid=RUNNERS,
    ),
    *(
        # Saved, refused as an old version, refused as closed.
        post(
            "section_edit",
            OWN,
            f"{name}.code",
            "kebaruan",
            data={"text": "Baru.", "version": version},
            headers=AUTOSAVE,
            forbid=RUNNERS,
            answer=answer,
        )
        for name, version, answer in (
            ("draft", "1", 200),
            ("draft", "0", 409),
            ("submitted", "1", 422),
        )
    ),
    post("evidence_create", OWN, "draft.code", "kebaruan", forbid=RUNNERS, answer=422),
    row(
        "evidence_create",
        OWN,
        "draft.code",
        "kebaruan",
        forbid=RUNNERS,
        answer=302,  # back to the section, for who signed in again on the way
    ),
    row("evidence_file", f"{OWN} {RUNNERS}", "draft_file.key"),
    row("evidence_file", f"{OWN} {RUNNERS}", "draft_letter.key"),
    row("evidence_file", f"{OWN} {RUNNERS}", "submitted_file.key"),
    row("evidence_file", f"{OWN} {RUNNERS}", "entered_file.key"),
    post("evidence_delete", OWN, "draft_file.key", forbid=RUNNERS),
    post("evidence_delete", OWN, "submitted_file.key", forbid=RUNNERS),
    row("letter_list", OWN, "draft.code", forbid=RUNNERS),
    post(
        "letter_list",
        OWN,
        "draft.code",
        data={"kind": "implementasi"},
        forbid=RUNNERS,
        answer=422,
    ),
    row("letter_template", f"{OWN} {RUNNERS}", "draft.code", "implementasi"),
    row("proposal_check", OWN, "draft.code", forbid=RUNNERS),
    post("proposal_send", OWN, "draft.code", data={"statement": "on"}, forbid=RUNNERS),
    row("proposal_send", OWN, "draft.code", forbid=RUNNERS, answer=302),
    row("proposal_return", ENDORSERS, "endorsing.code", forbid=READERS, answer=302),
    row("proposal_endorse", ENDORSERS, "endorsing.code", forbid=READERS),
    post("proposal_endorse", ENDORSERS, "endorsing.code", forbid=READERS),
    post(
        "proposal_return",
        ENDORSERS,
        "endorsing.code",
        data={"note": "Lengkapi data."},
        forbid=READERS,
    ),
    # Its writers while they write it, afterwards who endorses, at last nobody.
    row("proposal_withdraw", OWN, "draft.code", forbid=RUNNERS),
    post(
        "proposal_withdraw",
        ENDORSERS,
        "submitted.code",
        forbid=READERS,
        data={"reason": "Belum siap."},
    ),
    row("proposal_withdraw", NOBODY, "entered.code", forbid=f"{OWN} {RUNNERS}"),
    row("receipt_detail", f"{OWN} {RUNNERS}", "submitted.code"),
    row("receipt_detail", NOBODY, "draft.code"),
    row("receipt_file", f"{OWN} {RUNNERS}", "submitted.code"),
    row("screening_list", RUNNERS, "running.slug"),
    row("screening_list", RUNNERS, "preparing.slug"),
    row("screening_list", RUNNERS, "running.slug", headers=HTMX),
    row("screening_list", RUNNERS, "running.slug", query="cari=judul"),
    row("proposal_reopen", RUNNERS, "submitted.code"),
    post("proposal_reopen", RUNNERS, "submitted.code", answer=422),
    row("proposal_disqualify", RUNNERS, "submitted.code"),
    post("proposal_disqualify", RUNNERS, "submitted.code", answer=422),
    row("proposal_reopen", NOBODY, "draft.code"),
    row("proposal_disqualify", NOBODY, "draft.code"),
    row("screening_edit", RUNNERS, "submitted.code"),
    post("screening_edit", RUNNERS, "submitted.code", answer=422),
    # Nobody checks the work of their own house.
    row("screening_edit", "secretariat", "other_submitted.code"),
    post("screening_edit", "secretariat", "other_submitted.code", answer=422),
    row("screening_edit", NOBODY, "draft.code"),
    *(
        each
        for name in ("proposal_reopen", "proposal_disqualify")
        for each in (
            row(f"{name}", RUNNERS, "submitted.code"),
            row(f"{name}", "secretariat", "other_submitted.code"),
            row(f"{name}", NOBODY, "draft.code"),
            post(
                f"{name}", RUNNERS, "submitted.code", data={"reason": "Berkas keliru."}
            ),
        )
    ),
)

JUDGING = of_app(
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
    row("juror_list", RUNNERS, "scoring.slug"),
    row("juror_list", RUNNERS, "scored.slug"),
    post("juror_list", RUNNERS, "scoring.slug", answer=200),
    post("assignment_create", RUNNERS, "scoring.slug"),
    row("juror_detail", RUNNERS, "scoring.slug", "panel_juror.key"),
    row("juror_detail", RUNNERS, "scoring.slug", "panel_conflicted.key"),
    row("juror_detail", NOBODY, "scored.slug", "panel_juror.key"),
    post("juror_remind", RUNNERS, "scoring.slug", "panel_juror.key"),
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
    row("ranking_export", "secretariat", "scored.slug", forbid=COMPETING),
    row("ranking_export", NOBODY, "scoring.slug", forbid=COMPETING),
    row("result_detail", "secretariat", "sealed.slug", forbid=COMPETING),
    row("result_detail", NOBODY, "scored.slug", forbid=COMPETING),
)

AWARDS = of_app(
    "awards",
    *(
        row("award_list", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in SCORED
    ),
    post("award_give", "secretariat", "sealed.slug", forbid=COMPETING),
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

CATALOGUE = of_app(
    "catalogue",
    row("entry_list", "*"),
    row("entry_list", "*", headers=HTMX, query="q=inovasi"),
    row("entry_detail", "*", "entry.slug"),
    row("entry_detail", NOBODY, "entry_coming.slug"),
)

MONITORING = of_app(
    "monitoring",
    row("round_dashboard", RUNNERS, "running.slug"),
    row("round_dashboard", RUNNERS, "preparing.slug"),
    row("round_dashboard", RUNNERS, "scored.slug"),
    row("leader_overview", "leader leader_foreign leader_above"),
    row("leader_round", "leader leader_above", "running.slug"),
    row("leader_round", "leader leader_above", "scored.slug"),
    row("leader_round", NOBODY, "preparing.slug"),
)

DOCUMENTS = of_app(
    "documents",
    row("verify", "*"),
    row("verify_code", "*", "finished_paper.code"),
    row("verify_code", NOBODY, "receipt.code"),
    row("document_list", ANY_SECRETARIAT),
    row("document_list", ANY_SECRETARIAT, query="q=judul"),
    post("document_list", ANY_SECRETARIAT),
    row("document_file", RUNNERS, "receipt.code"),
    row("document_revoke", RUNNERS, "receipt.code"),
    post("document_revoke", RUNNERS, "receipt.code", answer=200),
    # Who competes handles no certificate and learns nothing before the others.
    row("document_file", "secretariat", "decreed_paper.code"),
    row("document_revoke", "secretariat", "decreed_paper.code"),
    post("document_revoke", "secretariat", "decreed_paper.code", answer=200),
    row("batch_detail", "secretariat", "decreed_batch.code"),
    row("batch_detail", "secretariat", "decreed_batch.code", headers=HTMX),
    post("batch_detail", "secretariat", "decreed_batch.code"),
)

NOTIFICATIONS = of_app(
    "notifications",
    row("message_list", SIGNED_IN),
    post("message_list", SIGNED_IN),
    row("message_open", "author", "message.code", answer=302),
    row("delivery_list", ANY_SECRETARIAT),
    row("delivery_list", ANY_SECRETARIAT, query="keadaan=pending"),
    row("demo_mailbox", "*", answer=404),  # there in the demo only
)

ROWS = [
    *PORTAL,
    *ACCOUNT,
    *COMPETITIONS,
    *SUBMISSIONS,
    *JUDGING,
    *AWARDS,
    *CATALOGUE,
    *MONITORING,
    *DOCUMENTS,
    *NOTIFICATIONS,
]
