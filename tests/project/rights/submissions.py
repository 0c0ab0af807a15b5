from tests.project.rights.people import (
    AUTOSAVE,
    COMPETING,
    ENDORSERS,
    HTMX,
    IMPARTIAL,
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
        row("proposal_detail", f"{OWN} {IMPARTIAL}", f"{name}.code")
        for name in [
            "draft",
            "endorsing",
            "submitted",
            "entered",
            "failed",
            "inherited",  # written by an institution that was merged into their own
            *WINNERS,
        ]
    ),
    *(
        row("proposal_detail", f"{OTHER} secretariat", f"{name}.code")
        for name in ["other_draft", "other_submitted", *LOSERS]
    ),
    row("header_edit", OWN, "draft.code", forbid=IMPARTIAL),
    row("header_edit", OWN, "inherited.code", forbid=IMPARTIAL),
    post("header_edit", OWN, "draft.code", forbid=IMPARTIAL, answer=422),
    post(
        "header_edit", OWN, "draft.code", headers=AUTOSAVE, forbid=IMPARTIAL, answer=422
    ),
    *(
        row("section_edit", OWN, f"{name}.code", "kebaruan", forbid=IMPARTIAL)
        for name in ("draft", "submitted")
    ),
    post(
        "section_edit",
        OWN,
        "draft.code",
        "kebaruan",
        data={"text": "Baru.", "version": "1"},
        forbid=IMPARTIAL,
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
            forbid=IMPARTIAL,
            answer=answer,
        )
        for name, version, answer in (
            ("draft", "1", 200),
            ("draft", "0", 409),
            ("submitted", "1", 422),
        )
    ),
    post(
        "evidence_create", OWN, "draft.code", "kebaruan", forbid=IMPARTIAL, answer=422
    ),
    row(
        "evidence_create",
        OWN,
        "draft.code",
        "kebaruan",
        forbid=IMPARTIAL,
        answer=302,  # back to the section, for who signed in again on the way
    ),
    post("link_create", OWN, "draft.code", "kebaruan", forbid=IMPARTIAL, answer=422),
    post(
        "link_create",
        OWN,
        "draft.code",
        "kebaruan",
        data={"url": "contoh.example/liputan", "label": "Liputan"},
        forbid=IMPARTIAL,
    ),
    row("link_create", OWN, "draft.code", "kebaruan", forbid=IMPARTIAL, answer=302),
    post("link_delete", OWN, "draft_link.key", forbid=IMPARTIAL),
    row("consent_edit", OWN, "draft.code", forbid=IMPARTIAL),
    post("consent_edit", OWN, "draft.code", data={"benar": "on"}, forbid=IMPARTIAL),
    row("letter_file", OWN, "draft.code", "implementasi", forbid=IMPARTIAL),
    row("invitation_list", IMPARTIAL, "running.slug", forbid=COMPETING),
    row("invitation_list", RUNNERS, "preparing.slug"),
    post("invitation_list", IMPARTIAL, "running.slug", forbid=COMPETING, answer=422),
    post("invitation_end", IMPARTIAL, "track_invitation.key", forbid=COMPETING),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "draft_file.key"),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "draft_letter.key"),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "submitted_file.key"),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "entered_file.key"),
    post("evidence_delete", OWN, "draft_file.key", forbid=IMPARTIAL),
    post("evidence_delete", OWN, "submitted_file.key", forbid=IMPARTIAL),
    row("letter_list", OWN, "draft.code", forbid=IMPARTIAL),
    post(
        "letter_list",
        OWN,
        "draft.code",
        data={"kind": "implementasi"},
        forbid=IMPARTIAL,
        answer=422,
    ),
    row(
        "letter_template",
        f"{OWN} {IMPARTIAL}",
        "draft.code",
        "implementasi",
        answer=302,  # to the file, where the form brings the text of the letter
    ),
    row("proposal_check", OWN, "draft.code", forbid=IMPARTIAL),
    post(
        "proposal_send", OWN, "draft.code", data={"statement": "on"}, forbid=IMPARTIAL
    ),
    row("proposal_send", OWN, "draft.code", forbid=IMPARTIAL, answer=302),
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
    row("proposal_withdraw", OWN, "draft.code", forbid=IMPARTIAL),
    post(
        "proposal_withdraw",
        ENDORSERS,
        "submitted.code",
        forbid=READERS,
        data={"reason": "Belum siap."},
    ),
    row("proposal_withdraw", NOBODY, "entered.code", forbid=f"{OWN} {IMPARTIAL}"),
    row("receipt_detail", f"{OWN} {IMPARTIAL}", "submitted.code"),
    row("receipt_detail", NOBODY, "draft.code"),
    row("receipt_file", f"{OWN} {IMPARTIAL}", "submitted.code"),
    row(
        "screening_list",
        IMPARTIAL,
        "running.slug",
        forbid=COMPETING,
    ),
    row("screening_list", RUNNERS, "preparing.slug"),
    row(
        "screening_list",
        IMPARTIAL,
        "running.slug",
        forbid=COMPETING,
        headers=HTMX,
    ),
    row(
        "screening_list",
        IMPARTIAL,
        "running.slug",
        forbid=COMPETING,
        query="cari=judul",
    ),
    row("proposal_reopen", IMPARTIAL, "submitted.code"),
    post("proposal_reopen", IMPARTIAL, "submitted.code", answer=422),
    row("proposal_disqualify", IMPARTIAL, "submitted.code"),
    post("proposal_disqualify", IMPARTIAL, "submitted.code", answer=422),
    row("proposal_reopen", NOBODY, "draft.code"),
    row("proposal_disqualify", NOBODY, "draft.code"),
    row("screening_edit", IMPARTIAL, "submitted.code"),
    post("screening_edit", IMPARTIAL, "submitted.code", answer=422),
    # Nobody checks the work of their own house, nor that of its rivals.
    row("screening_edit", IMPARTIAL, "other_submitted.code", forbid=COMPETING),
    post(
        "screening_edit",
        IMPARTIAL,
        "other_submitted.code",
        answer=422,
        forbid=COMPETING,
    ),
    row("screening_edit", NOBODY, "draft.code"),
    *(
        each
        for name in ("proposal_reopen", "proposal_disqualify")
        for each in (
            row(f"{name}", IMPARTIAL, "submitted.code"),
            row(f"{name}", IMPARTIAL, "other_submitted.code", forbid=COMPETING),
            row(f"{name}", NOBODY, "draft.code"),
            post(
                f"{name}",
                IMPARTIAL,
                "submitted.code",
                data={"reason": "Berkas keliru."},
            ),
        )
    ),
)
