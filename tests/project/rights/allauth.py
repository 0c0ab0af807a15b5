from tests.project.rights.people import SIGNED_IN
from tests.project.rows import post, row

# Of the library: who is signed in already is sent on from some of them.
ROWS = [
    row("account_login", "*", answer=None),
    post("account_login", "*", answer=None),
    row("account_logout", "*", answer=None),
    post("account_logout", "*"),
    row("account_inactive", "*"),
    row("account_reauthenticate", SIGNED_IN, answer=None),
    post("account_reauthenticate", SIGNED_IN, answer=None),
    row("account_change_password", SIGNED_IN),
    post("account_change_password", SIGNED_IN, answer=200),
    row("account_reset_password", "*"),
    post("account_reset_password", "*", data={"email": "tidak@ada.example"}),
    row("account_reset_password_done", "*"),
    row("account_reset_password_from_key", "*", "1", "salah"),
    post("account_reset_password_from_key", "*", "1", "salah", answer=200),
    row("account_reset_password_from_key_done", "*"),
]
