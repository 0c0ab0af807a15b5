"""What everybody may open without signing in stands in this list, and nowhere else."""

from django.conf import settings

from tests.project.rights import ROWS
from tests.project.visits import all_routes

PUBLIC_VIEWS = {
    # What the public reads.
    "home",
    "set_language",
    "help",
    "privacy",
    "competitions:round_list",
    "competitions:round_detail",
    "competitions:announcement_list",
    "competitions:announcement_detail",
    "competitions:attachment_file",
    "competitions:event_calendar",
    "competitions:event_detail",
    "competitions:event_list",
    "competitions:round_calendar",
    "awards:announcement_file",
    "awards:decree_public",
    "awards:winner_list",
    "awards:winner_picture",
    "catalogue:entry_list",
    "catalogue:entry_detail",
    "documents:verify",
    "documents:verify_code",
    "documents:verify_file",
    # What machines ask.
    "healthz",
    "readyz",
    # The way in.
    "account_login",
    "accounts:invitation_open",
    "accounts:invitation_accept",
    "account_request_login_code",
    "account_confirm_login_code",
    "mfa_login_webauthn",
    "mfa_authenticate",
    "single_sign_on_login",
    "single_sign_on_callback",
    "accounts:email_confirm",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    # Links in mails: what they hold is signed.
    "notifications:unsubscribe",
    "notifications:address_confirm",
    # In the demonstration only, where every mail is invented.
    "notifications:demo_mailbox",
}


def test_signing_in_is_the_default():
    assert (
        "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    )


def test_public_views_are_those_listed():
    public = {route.name for route in all_routes() if route.is_public}

    assert public == PUBLIC_VIEWS


def test_rights_table_lets_the_public_in_nowhere_else():
    open_to_all = {each.route for each in ROWS if "public" in each.allow}

    assert open_to_all == PUBLIC_VIEWS
