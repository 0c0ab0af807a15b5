from tests.project.rights.people import (
    COMPETING,
    ENDORSERS,
    NOBODY,
    OTHER,
    OWN,
    RUNNERS,
    SCORED,
    SIGNED_IN,
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
    # Certificates of all kinds: lists with names before and after they are issued.
    *(
        row("certificate_overview", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in SCORED
    ),
    *(
        row(
            "certificate_issue",
            "secretariat",
            "decreed.slug",
            kind,
            forbid=COMPETING,
        )
        for kind in ("pemenang", "peserta", "juri", "panitia")
    ),
    row("certificate_issue", NOBODY, "decreed.slug", "lain", forbid=COMPETING),
    post(
        "committee_add",
        "secretariat",
        "decreed.slug",
        data={"members": "Siti; Ketua"},
        forbid=COMPETING,
    ),
    post("committee_add", "secretariat", "decreed.slug", answer=422, forbid=COMPETING),
    post("committee_remove", "secretariat", "committee_member.key", forbid=COMPETING),
    row("own_certificates", SIGNED_IN),
    # How they look is no secret of a round.
    row("design_list", RUNNERS, "government.slug"),
    *(
        row("design_edit", RUNNERS, "government.slug", kind)
        for kind in ("pemenang", "kehadiran")
    ),
    row("design_edit", NOBODY, "government.slug", "lain"),
    post("design_edit", RUNNERS, "government.slug", "juri", answer=422),
    post(
        "design_edit",
        RUNNERS,
        "government.slug",
        "juri",
        data={"preview": "1"},
        answer=422,
    ),
    row("design_sample", RUNNERS, "government.slug", "juri"),
    post("design_logo", RUNNERS, "government.slug", "juri", "1", answer=422),
    post("design_logo", RUNNERS, "government.slug", "juri", "1", data={"hapus": "1"}),
    post("design_logo", RUNNERS, "government.slug", "juri", "0", answer=422),
    post("design_logo", NOBODY, "government.slug", "juri", "3"),
    post("design_restore", RUNNERS, "government.slug", "juri"),
    post(
        "certificate_issue",
        "secretariat",
        "decreed.slug",
        "pemenang",
        answer=422,
        forbid=COMPETING,
    ),
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
    # The decree, and what goes out with the winners: nobody else before its time.
    *(
        row("decree_text", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in ("sealed", "decreed", "finished")
    ),
    post("decree_text", "secretariat", "sealed.slug", answer=200, forbid=COMPETING),
    row("decree_draft", "secretariat", "decreed.slug", forbid=COMPETING),
    row("decree_draft", NOBODY, "sealed.slug", forbid=COMPETING),
    post("decree_scan", "secretariat", "sealed.slug", answer=200, forbid=COMPETING),
    *(
        row("decree_scan_file", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in ("decreed", "finished")
    ),
    row("decree_public", "*", "finished.slug"),
    row("decree_public", NOBODY, "decreed.slug"),
    *(
        row("publication", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in ("sealed", "decreed", "finished")
    ),
    post("publication", "secretariat", "sealed.slug", answer=200, forbid=COMPETING),
    *(
        row(route, "secretariat", "decreed.slug", *more, forbid=COMPETING)
        for route, *more in (
            ("publication_preview",),
            ("announcement_draft",),
            ("prize_list",),
            ("publication_picture", "persegi"),
        )
    ),
    row("announcement_file", "*", "finished.slug"),
    row("announcement_file", NOBODY, "decreed.slug"),
    row("winner_picture", "*", "finished.slug", "lanskap"),
    row("winner_picture", NOBODY, "decreed.slug", "lanskap"),
    # Winners sent on: who sends, the institution that is asked, who takes them.
    *(
        row("forwarding_list", "secretariat", f"{name}.slug", forbid=COMPETING)
        for name in ("sealed", "finished")
    ),
    row("forwarding_ask", "secretariat", "finished_award.key", forbid=COMPETING),
    post(
        "forwarding_ask",
        "secretariat",
        "finished_award.key",
        data={"place": "luar", "destination": "SINOVIK"},
        forbid=COMPETING,
    ),
    *(
        row(route, "secretariat", "sent_asked.key", forbid=COMPETING)
        for route in ("forwarding_stop", "forwarding_result")
    ),
    row("forwarding_result", NOBODY, "sent_draft.key", forbid=COMPETING),
    post(
        "forwarding_stop",
        "secretariat",
        "sent_draft.key",
        data={"reason": "Keliru."},
        forbid=COMPETING,
    ),
    post(
        "forwarding_result",
        "secretariat",
        "sent_asked.key",
        data={"level": "Top 45", "competition": "SINOVIK", "year": "2022"},
        forbid=COMPETING,
    ),
    row("forwarding_pack", "secretariat", "sent_pack.key", forbid=COMPETING),
    row("forwarding_pack", NOBODY, "sent_asked.key", forbid=COMPETING),
    row("forwarding_pack", NOBODY, "sent_draft.key", forbid=COMPETING),
    row("forwarding_detail", OWN, "sent_asked.key"),
    row("forwarding_detail", OWN, "sent_draft.key"),
    post(
        "forwarding_detail",
        ENDORSERS,
        "sent_asked.key",
        data={"answer": "setuju", "statement": "on"},
        forbid="author",
    ),
    row("incoming_list", "secretariat", "running.slug", forbid=COMPETING),
    post("incoming_list", "secretariat", "running.slug", forbid=COMPETING),
)
