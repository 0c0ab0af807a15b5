from tests.project.rights.people import SIGNED_IN
from tests.project.rows import post, row

ROWS = [
    row("home", "*"),
    row("help", "*"),
    row("privacy", "*"),
    post("set_language", "*", data={"language": "en"}),
    row("healthz", "*"),
    row("readyz", "*", answer=503),  # in a test no clock ticks
    row("dashboard", SIGNED_IN),
    row("personal_data", SIGNED_IN),
    post("personal_data", SIGNED_IN),
    # To its owner, after the password.
    row("personal_data_file", "author", "export.code", answer=302),
]
