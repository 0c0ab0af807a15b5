from tests.project.rights.people import (
    ANY_SECRETARIAT,
    HTMX,
    IMPARTIAL,
    NOBODY,
    RUNNERS,
)
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "documents",
    row("verify", "*"),
    row("verify_code", "*", "finished_paper.code"),
    row("verify_code", NOBODY, "receipt.code"),
    row("verify_file", "*", answer=302),
    post("verify_file", "*", answer=422),
    row("document_list", ANY_SECRETARIAT),
    row("document_list", ANY_SECRETARIAT, query="q=judul"),
    post("document_list", ANY_SECRETARIAT),
    row("document_file", IMPARTIAL, "receipt.code"),
    row("document_detail", IMPARTIAL, "receipt.code"),
    post("document_retry", IMPARTIAL, "receipt.code"),
    row("document_revoke", IMPARTIAL, "receipt.code"),
    post("document_revoke", IMPARTIAL, "receipt.code", answer=200),
    # Who competes handles no paper of competitors and learns nothing before the others.
    row("document_file", "secretariat", "decreed_paper.code"),
    row("document_detail", "secretariat", "decreed_paper.code"),
    post("document_retry", "secretariat", "decreed_paper.code"),
    row("document_replace", "secretariat", "decreed_paper.code"),
    post("document_replace", "secretariat", "decreed_paper.code", answer=422),
    # A receipt tells what was received: it is not corrected on paper.
    row("document_replace", NOBODY, "receipt.code", forbid=IMPARTIAL),
    row("document_revoke", "secretariat", "decreed_paper.code"),
    post("document_revoke", "secretariat", "decreed_paper.code", answer=200),
    row("batch_detail", "secretariat", "decreed_batch.code"),
    row("batch_detail", "secretariat", "decreed_batch.code", headers=HTMX),
    post("batch_detail", "secretariat", "decreed_batch.code"),
    row("batch_archive", "secretariat", "decreed_batch.code"),
    row("document_sign", IMPARTIAL, "receipt.code"),
    post("document_sign", IMPARTIAL, "receipt.code", answer=422),
    row("document_original", IMPARTIAL, "receipt.code"),
    row("document_sign", "secretariat", "decreed_paper.code"),
    post("document_sign", "secretariat", "decreed_paper.code", answer=422),
    row("document_original", "secretariat", "decreed_paper.code"),
    # The list holds only the papers that each of them may see.
    row("signing_list", RUNNERS, "government.slug"),
    post("signing_list", RUNNERS, "government.slug", answer=422),
    # How numbers are written is no secret before those who compete.
    row("number_list", RUNNERS, "government.slug"),
    row("number_edit", RUNNERS, "government.slug", "receipt"),
    row("number_edit", RUNNERS, "government.slug", "receipt", query="pattern=x{seq}"),
    row("number_edit", RUNNERS, "government.slug", "receipt", headers=HTMX),
    post("number_edit", RUNNERS, "government.slug", "receipt", answer=422),
)
