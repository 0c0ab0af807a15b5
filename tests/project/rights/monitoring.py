from tests.project.rights.people import (
    ANY_SECRETARIAT,
    COMPETING,
    HTMX,
    IMPARTIAL,
    NOBODY,
    RUNNERS,
)
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "monitoring",
    row("round_dashboard", RUNNERS, "running.slug"),
    row("round_dashboard", RUNNERS, "preparing.slug"),
    row("round_dashboard", RUNNERS, "scored.slug"),
    *(
        each
        for page in ("rescue_board", "rescue_absent", "rescue_hours")
        for each in (
            row(page, IMPARTIAL, "running.slug", forbid=COMPETING),
            row(page, IMPARTIAL, "running.slug", forbid=COMPETING, headers=HTMX),
            row(page, RUNNERS, "preparing.slug"),
        )
    ),
    row(
        "rescue_board",
        IMPARTIAL,
        "running.slug",
        forbid=COMPETING,
        query="cari=judul&jenis=opd&isi=lengkap&diam=1&urut=-disentuh",
    ),
    row(
        "rescue_absent",
        IMPARTIAL,
        "running.slug",
        forbid=COMPETING,
        query="cari=dinas&jenis=opd&semua=on",
    ),
    row("rescue_trend", IMPARTIAL, "running.slug", forbid=COMPETING),
    row(
        "rescue_proposal",
        IMPARTIAL,
        "running.slug",
        "draft.code",
        forbid=COMPETING,
    ),
    row(
        "rescue_proposal",
        IMPARTIAL,
        "running.slug",
        "other_draft.code",
        forbid=COMPETING,
    ),
    row("rescue_proposal", NOBODY, "running.slug", "submitted.code", forbid=COMPETING),
    row("rescue_institution", IMPARTIAL, "running.slug", "own.code", forbid=COMPETING),
    row("rescue_institution", RUNNERS, "preparing.slug", "own.code"),
    *(
        post(
            f"{route}_{verb}",
            IMPARTIAL,
            "running.slug",
            thing,
            data={"channel": "telepon", "note": "Akan dikirim besok."},
            forbid=COMPETING,
        )
        for route, thing in (
            ("rescue_proposal", "draft.code"),
            ("rescue_institution", "own.code"),
        )
        for verb in ("remind", "note")
    ),
    *(
        each
        for page in ("rescue_all_drafts", "rescue_all_absent")
        for each in (
            row(page, IMPARTIAL, "running.slug", forbid=COMPETING),
            post(page, IMPARTIAL, "running.slug", forbid=COMPETING),
        )
    ),
    row("broadcast_read", "author", "broadcast_told.key"),
    # Broadcasts: of a round only for who takes no part in it
    row("broadcast_list", ANY_SECRETARIAT),
    row("broadcast_create", ANY_SECRETARIAT),
    post("broadcast_create", ANY_SECRETARIAT, answer=422),
    *(
        each
        for thing, who in (
            ("broadcast.key", RUNNERS),
            ("broadcast_drafts.key", IMPARTIAL),
        )
        for each in (
            row("broadcast_detail", who, thing),
            row("broadcast_edit", who, thing),
            post("broadcast_edit", who, thing, answer=422),
            *(
                post(f"broadcast_{act}", who, thing)
                for act in ("try", "order", "undo", "delete")
            ),
            row("broadcast_read", NOBODY, thing),
        )
    ),
    row("leader_overview", "leader leader_foreign leader_above"),
    row("leader_round", "leader leader_above", "running.slug"),
    row("leader_round", "leader leader_above", "scored.slug"),
    row("leader_round", NOBODY, "preparing.slug"),
)
