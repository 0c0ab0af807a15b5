from tests.project.rights.people import SIGNED_IN
from tests.project.rows import of_app, post, row

UNKNOWN = {"email": "tidak@ada.example"}

# Of the library: who is signed in already is sent on from the ways in, and whoever has
# begun nothing is sent back to where it begins. What changes the keys to an account
# asks for the password first (302).
ROWS = [
    row("account_login", "*", answer=None),
    post("account_login", "*", answer=None),
    row("account_request_login_code", "*", answer=None),
    post("account_request_login_code", "*", data=UNKNOWN),
    row("account_confirm_login_code", "*", answer=302),
    post("account_confirm_login_code", "*"),
    row("mfa_login_webauthn", "*", answer=302),
    post("mfa_login_webauthn", "*"),
    row("mfa_authenticate", "*", answer=302),
    post("mfa_authenticate", "*"),
    # None is set up here: then there is no such page.
    row("single_sign_on_login", "*", answer=404),
    row("single_sign_on_callback", "*", answer=404),
    row("account_logout", "*", answer=None),
    post("account_logout", "*"),
    row("account_inactive", "*"),
    row("account_reauthenticate", SIGNED_IN, answer=None),
    post("account_reauthenticate", SIGNED_IN, answer=None),
    row("mfa_reauthenticate", SIGNED_IN, answer=302),
    post("mfa_reauthenticate", SIGNED_IN),
    row("mfa_reauthenticate_webauthn", SIGNED_IN, answer=302),
    post("mfa_reauthenticate_webauthn", SIGNED_IN),
    row("account_change_password", SIGNED_IN),
    post("account_change_password", SIGNED_IN, answer=200),
    row("account_set_password", SIGNED_IN, answer=302),
    post("account_set_password", SIGNED_IN),
    row("account_reset_password", "*"),
    post("account_reset_password", "*", data=UNKNOWN),
    row("account_reset_password_done", "*"),
    row("account_reset_password_from_key", "*", "1", "salah"),
    post("account_reset_password_from_key", "*", "1", "salah", answer=200),
    row("account_reset_password_from_key_done", "*"),
    row("mfa_index", SIGNED_IN),
    row("mfa_activate_totp", SIGNED_IN, answer=302),
    post("mfa_activate_totp", SIGNED_IN),
    # Nobody here has a second factor.
    row("mfa_deactivate_totp", ""),
    post("mfa_deactivate_totp", ""),
    row("mfa_view_recovery_codes", ""),
    row("mfa_generate_recovery_codes", SIGNED_IN, answer=302),
    post("mfa_generate_recovery_codes", SIGNED_IN),
    row("mfa_download_recovery_codes", ""),
    row("mfa_add_webauthn", SIGNED_IN, answer=302),
    post("mfa_add_webauthn", SIGNED_IN),
    row("mfa_remove_webauthn", SIGNED_IN, "1", answer=302),
    post("mfa_remove_webauthn", SIGNED_IN, "1"),
    *of_app(
        "accounts",
        row("email_change", SIGNED_IN, answer=302),
        post("email_change", SIGNED_IN),
        # The link in a mail, here one that is none.
        row("email_confirm", "*", "salah", answer=410),
        post("email_confirm", "*", "salah", answer=410),
        row("session_list", SIGNED_IN),
        row("session_left", SIGNED_IN),
        post("session_extend", SIGNED_IN, answer=200),
        post("session_end_others", SIGNED_IN),
        post("session_end", "author", "session_name.text"),
        row("kept_form_detail", "author", "kept_form.code"),
        post("kept_form_discard", "author", "kept_form.code"),
    ),
]
