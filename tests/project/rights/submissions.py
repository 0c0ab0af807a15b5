from tests.project.rights.people import (
    AUTOSAVE,
    COMPETING,
    ENDORSERS,
    HTMX,
    LOSERS,
    NOBODY,
    OTHER,
    OWN,
    READERS,
    RUNNERS,
    SIGNED_IN,
    WINNERS,
)
from tests.project.rows import of_app, post, row

ROWS = of_app(
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
