from tests.project.rights.people import ANY_SECRETARIAT, SIGNED_IN
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "notifications",
    row("message_list", SIGNED_IN),
    post("message_list", SIGNED_IN),
    row("message_open", "author", "message.code", answer=302),
    row("delivery_list", ANY_SECRETARIAT),
    row("delivery_list", ANY_SECRETARIAT, query="keadaan=pending"),
    row("demo_mailbox", "*", answer=404),  # there in the demo only
)
