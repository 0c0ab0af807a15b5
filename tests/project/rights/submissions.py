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
        row("section_history", f"{OWN} {IMPARTIAL}", f"{name}.code", "kebaruan")
        for name in ("draft", "submitted")
    ),
    post(
        "section_history",
        OWN,
        "draft.code",
        "kebaruan",
        data={"restore": "1", "version": "1"},
        forbid=IMPARTIAL,
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
    post("link_check", OWN, "draft.code", "kebaruan", forbid=IMPARTIAL),
    *(
        row("evidence_preview", f"{OWN} {IMPARTIAL}", f"{name}.key", answer=302)
        for name in ("draft_file", "draft_letter", "submitted_file", "entered_file")
    ),
    post(
        "upload_begin",
        OWN,
        "draft.code",
        data={"name": "bukti.pdf", "size": "1000"},
        forbid=IMPARTIAL,
        answer=201,
    ),
    row("upload_part", "author", "draft_upload.key"),
    post("upload_part", "author", "draft_upload.key", answer=415),
    post("upload_cancel", "author", "draft_upload.key", answer=200),
    *(
        row(route, f"{OWN} {IMPARTIAL}", f"{name}.code")
        for route in (
            "proposal_file",
            "proposal_archive",
            "national_texts",
            "national_texts_file",
        )
        for name in ("draft", "submitted")
    ),
    row("national_texts", f"{OTHER} secretariat", "other_submitted.code"),
    row("round_archive", IMPARTIAL, "running.slug", forbid=COMPETING),
    row("proposal_table", IMPARTIAL, "running.slug", forbid=COMPETING),
    *(
        post(
            "proposal_table",
            IMPARTIAL,
            "running.slug",
            data={"kolom": "judul", "bentuk": kind},
            forbid=COMPETING,
            answer=200,
        )
        for kind in ("xlsx", "csv")
    ),
    row("innovation_index", IMPARTIAL, "running.slug", forbid=COMPETING),
    row("innovation_index_file", IMPARTIAL, "running.slug", forbid=COMPETING),
    row("consent_edit", OWN, "draft.code", forbid=IMPARTIAL),
    post("consent_edit", OWN, "draft.code", data={"benar": "on"}, forbid=IMPARTIAL),
    row("letter_file", OWN, "draft.code", "implementasi", forbid=IMPARTIAL),
    row("invitation_list", IMPARTIAL, "running.slug", forbid=COMPETING),
    row("invitation_list", RUNNERS, "preparing.slug"),
    post("invitation_list", IMPARTIAL, "running.slug", forbid=COMPETING, answer=422),
    post("invitation_end", IMPARTIAL, "track_invitation.key", forbid=COMPETING),
    # The plan of reminders
    row("reminder_list", RUNNERS, "running.slug"),
    row("reminder_list", RUNNERS, "preparing.slug"),
    post("reminder_list", IMPARTIAL, "running.slug", forbid=COMPETING, answer=422),
    post("reminder_list", RUNNERS, "preparing.slug", answer=422),
    row("reminder_edit", RUNNERS, "running.slug", "reminder.key"),
    row("reminder_edit", NOBODY, "preparing.slug", "reminder.key"),
    post(
        "reminder_edit",
        IMPARTIAL,
        "running.slug",
        "reminder.key",
        forbid=COMPETING,
        answer=422,
    ),
    post(
        "reminder_delete", IMPARTIAL, "running.slug", "reminder.key", forbid=COMPETING
    ),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "draft_file.key"),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "draft_letter.key"),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "submitted_file.key"),
    row("evidence_file", f"{OWN} {IMPARTIAL}", "entered_file.key"),
    post("evidence_delete", OWN, "draft_file.key", forbid=IMPARTIAL),
    post("evidence_delete", OWN, "submitted_file.key", forbid=IMPARTIAL),
    row("source_files", OWN, "draft.code", forbid=IMPARTIAL),
    post("source_files", OWN, "draft.code", forbid=IMPARTIAL),
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
    post("note_settle", OWN, "draft_note.key", forbid=IMPARTIAL),
    post(
        "note_settle", OWN, "draft_note.key", headers=HTMX, forbid=IMPARTIAL, answer=200
    ),
    row("proposal_check", OWN, "draft.code", headers=HTMX, forbid=IMPARTIAL),
    row(
        "proposal_create",
        f"{OWN} {OTHER}",
        "running.slug",
        query="title=Pulang+Bawa+Akta",
        headers=HTMX,
    ),
    post("late_take", OWN, "draft.code", "kebaruan", forbid=IMPARTIAL),
    row("late_list", IMPARTIAL, "running.slug", forbid=COMPETING),
    row("late_list", RUNNERS, "preparing.slug"),
    row("late_admit", IMPARTIAL, "draft.code"),
    row("late_admit", NOBODY, "submitted.code"),
    post("late_admit", IMPARTIAL, "draft.code", answer=422),
    row("receipt_list", f"{OWN} {IMPARTIAL}", "submitted.code"),
    row("receipt_list", NOBODY, "draft.code"),
    row("receipt_part", f"{OWN} {IMPARTIAL}", "submitted.code", "sent_part.name"),
    row("receipt_part", NOBODY, "submitted.code", "bagian/lain"),
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
    row("screening_edit", IMPARTIAL, "decided.code"),
    post(
        "screening_edit",
        IMPARTIAL,
        "submitted.code",
        data={"act": "draft", "version": "0"},
        answer=422,  # somebody has saved another draft
    ),
    row("screening_publish", IMPARTIAL, "running.slug", forbid=COMPETING),
    row("screening_publish", RUNNERS, "preparing.slug"),
    post("screening_publish", IMPARTIAL, "running.slug", forbid=COMPETING, answer=422),
    post("screening_refresh", IMPARTIAL, "running.slug", forbid=COMPETING),
    # Nothing is chosen.
    post("screening_bulk", IMPARTIAL, "running.slug", forbid=COMPETING),
    post(
        "screening_bulk",
        IMPARTIAL,
        "running.slug",
        data={"all": "1", "decision": "gugur", "look": "1"},
        forbid=COMPETING,
        answer=422,
    ),
    *(
        each
        for name, data in (
            ("screening_take_back", {"reason": ""}),
            ("screening_confirm", {"nothing": "1"}),
            ("screening_send_back", {"reason": ""}),
            ("screening_publish_one", {"nothing": "1"}),
        )
        for each in (
            post(name, IMPARTIAL, "decided.code", data=data),
            post(name, IMPARTIAL, "other_submitted.code", data=data, forbid=COMPETING),
            post(name, NOBODY, "draft.code", data=data),
        )
    ),
    row("proposal_correct", IMPARTIAL, "submitted.code"),
    row("proposal_correct", IMPARTIAL, "other_submitted.code", forbid=COMPETING),
    post("proposal_correct", IMPARTIAL, "submitted.code", answer=422),
    row("proposal_correct", NOBODY, "failed.code"),
    row("proposal_correct", NOBODY, "draft.code"),
    row("objection_list", IMPARTIAL, "scoring.slug", forbid=COMPETING),
    row("objection_list", RUNNERS, "preparing.slug"),
    row("objection_detail", OWN, "failed.code", forbid=IMPARTIAL),
    post("objection_detail", OWN, "failed.code", forbid=IMPARTIAL, answer=200),
    row("objection_detail", NOBODY, "submitted.code", forbid=IMPARTIAL),
    row("objection_answer", IMPARTIAL, "failed.code"),
    post("objection_answer", IMPARTIAL, "failed.code", answer=422),
    row("objection_answer", NOBODY, "submitted.code"),
    post("objection_confirm", IMPARTIAL, "failed.code"),
    post("objection_confirm", NOBODY, "submitted.code"),
    post("objection_send_back", IMPARTIAL, "failed.code", data={"reason": ""}),
    post("objection_send_back", NOBODY, "submitted.code"),
    row("objection_file", f"{OWN} {IMPARTIAL}", "objection_file.key"),
    row("screening_edit", NOBODY, "draft.code"),
    *(
        each
        for name in ("proposal_reopen", "proposal_disqualify", "proposal_take_out")
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
