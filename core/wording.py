"""Texts of libraries that the portal says in its own words.

The catalogues of Django and allauth are a fallback: what stands in ours comes first.
Nothing reads this tuple; it keeps the entries in `locale/` when they are collected.
"""

from django.utils.translation import gettext_noop

LIBRARY_TEXTS = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Password"),
    gettext_noop("Email"),
    gettext_noop("Remember Me"),
    gettext_noop("Current Password"),
    gettext_noop("New Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Please type your current password."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Incorrect code."),
    gettext_noop("Successfully signed in as %(name)s."),
)
