from tests.project.rights.people import RUNNERS, SIGNED_IN
from tests.project.rows import of_app, post, row

ANSWERERS = f"{RUNNERS} system_admin"

ROWS = of_app(
    "accounts",
    # One's own
    row("profile_edit", SIGNED_IN),
    post("profile_edit", SIGNED_IN, answer=200),
    row("access_list", SIGNED_IN),
    row("access_list", SIGNED_IN, query="jenis=masuk"),
    row("data_request_list", SIGNED_IN),
    post("data_request_list", SIGNED_IN, answer=200),
    post("data_request_cancel", "author", "data_request.code"),
    # Before those who answer
    row("data_request_queue", RUNNERS, "government.slug"),
    row("data_request_admin_list", "system_admin"),
    row("data_request_answer", ANSWERERS, "data_request.code"),
    post("data_request_answer", ANSWERERS, "data_request.code", answer=200),
)
