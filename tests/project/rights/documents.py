from tests.project.rights.people import ANY_SECRETARIAT, HTMX, IMPARTIAL, NOBODY
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "documents",
    row("verify", "*"),
    row("verify_code", "*", "finished_paper.code"),
    row("verify_code", NOBODY, "receipt.code"),
    row("document_list", ANY_SECRETARIAT),
    row("document_list", ANY_SECRETARIAT, query="q=judul"),
    post("document_list", ANY_SECRETARIAT),
    row("document_file", IMPARTIAL, "receipt.code"),
    row("document_revoke", IMPARTIAL, "receipt.code"),
    post("document_revoke", IMPARTIAL, "receipt.code", answer=200),
    # Who competes handles no paper of competitors and learns nothing before the others.
    row("document_file", "secretariat", "decreed_paper.code"),
    row("document_revoke", "secretariat", "decreed_paper.code"),
    post("document_revoke", "secretariat", "decreed_paper.code", answer=200),
    row("batch_detail", "secretariat", "decreed_batch.code"),
    row("batch_detail", "secretariat", "decreed_batch.code", headers=HTMX),
    post("batch_detail", "secretariat", "decreed_batch.code"),
)
