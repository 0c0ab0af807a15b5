"""Handing out proposals: computed, by hand, from a table; a juror who leaves."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.project.rights.people import COMPETING, IMPARTIAL, NOBODY, RUNNERS
from tests.project.rows import of_app, post, row

ROUND = "scoring.slug"
ENTERED = (ROUND, "entered.code")
# Who has begun it, and who is in conflict with it.
BEGUN = (*ENTERED, "panel_juror.key")
BARRED = (*ENTERED, "panel_conflicted.key")

ROWS = of_app(
    "judging",
    row("assignment_create", RUNNERS, "preparing.slug"),
    row("naming_list", IMPARTIAL, ROUND, forbid=COMPETING),
    row("naming_list", RUNNERS, "preparing.slug"),
    row("assignment_create", IMPARTIAL, ROUND, forbid=COMPETING),
    row("assignment_create", IMPARTIAL, ROUND, forbid=COMPETING, query="q=judul"),
    row("assignment_create", IMPARTIAL, "scored.slug", forbid=COMPETING),
    post("assignment_create", IMPARTIAL, ROUND, forbid=COMPETING),
    row("assignment_board", RUNNERS, "preparing.slug"),
    row("assignment_board", IMPARTIAL, ROUND, forbid=COMPETING),
    row("assignment_board", IMPARTIAL, "scored.slug", forbid=COMPETING),
    row("assignment_board", IMPARTIAL, ROUND, forbid=COMPETING, query="keadaan=kurang"),
    row("assignment_export", IMPARTIAL, ROUND, forbid=COMPETING),
    row("assignment_import", IMPARTIAL, ROUND, forbid=COMPETING),
    post("assignment_import", IMPARTIAL, ROUND, answer=422, forbid=COMPETING),
    post(
        "assignment_import",
        IMPARTIAL,
        ROUND,
        data={"isi": "tambah", "file": SimpleUploadedFile("tabel.csv", b"salah\n1\n")},
        answer=422,
        forbid=COMPETING,
    ),
    post("assignment_import", IMPARTIAL, ROUND, data={"plan": "x"}, forbid=COMPETING),
    row("assignment_edit", IMPARTIAL, *ENTERED, forbid=COMPETING),
    row(
        "assignment_edit",
        IMPARTIAL,
        "scored.slug",
        "scored_first.code",
        forbid=COMPETING,
    ),
    row("assignment_edit", NOBODY, "scored.slug", "entered.code", forbid=COMPETING),
    row("assignment_edit", NOBODY, ROUND, "failed.code", forbid=COMPETING),
    post("assignment_edit", NOBODY, *ENTERED, forbid=COMPETING),
    row("assignment_release", IMPARTIAL, *BEGUN, forbid=COMPETING),
    row("assignment_release", IMPARTIAL, *BARRED, forbid=COMPETING),
    post(
        "assignment_release",
        IMPARTIAL,
        *BARRED,
        data={"reason": "Salah bidang."},
        forbid=COMPETING,
    ),
    row("juror_replace", IMPARTIAL, ROUND, "panel_juror.key", forbid=COMPETING),
    row("juror_replace", NOBODY, "scored.slug", "panel_juror.key", forbid=COMPETING),
    post(
        "juror_replace",
        IMPARTIAL,
        ROUND,
        "panel_juror.key",
        data={"reason": "Sakit."},
        answer=200,
        forbid=COMPETING,
    ),
)
