from tests.project.rights.people import SIGNED_IN
from tests.project.rows import row

ROWS = [
    row("home", "*"),
    row("help", "*"),
    row("privacy", "*"),
    row("healthz", "*"),
    row("readyz", "*", answer=503),  # in a test no clock ticks
    row("dashboard", SIGNED_IN),
]
