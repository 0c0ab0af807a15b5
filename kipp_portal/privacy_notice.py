"""The privacy notice: what is kept of whom, why, who sees it, how long.

What a reader must know changes with the code: whoever lets the portal keep more, or
keep it longer, changes this and raises the version. Source: rule DAT-08.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import keeping
from accounts.models import Government

VERSION = "2.1"
IN_FORCE = date(2026, 11, 22)


@dataclass(frozen=True)
class Kind:
    """One kind of data, in words for the people concerned."""

    name: str | Promise
    data: str | Promise
    purpose: str | Promise
    seen_by: str | Promise
    kept: str | Promise


KINDS = (
    Kind(
        _("Account"),
        _(
            "Name, e-mail, telephone and NIP or NRP if you give them, language, "
            "password (scrambled), second factor"
        ),
        _("To know who acts for an institution, to reach you, to keep others out"),
        _("You; the secretariat of your government and the admin of your institution"),
        _(
            "While you hold a role. An account that was never used and holds no role "
            "is emptied after 1 year. You can ask for deletion at any time."
        ),
    ),
    Kind(
        _("Roles and invitations"),
        _("Body, role, from when until when, who invited you"),
        _("To decide what you may see and do, and to prove it later"),
        _("You; the secretariat; the admin of your institution"),
        _(
            "Roles: as records of the government. Invitations nobody took up: 90 days "
            "after they expired."
        ),
    ),
    Kind(
        _("Sign-ins and looks at personal data"),
        _("Time, network address, browser in words; who saw or downloaded whose data"),
        _("To find misuse, and to tell you who looked at your data"),
        _("You (Access history); the system admin after an incident"),
        _("1 year, then deleted"),
    ),
    Kind(
        _("Proposals, answers, files, letters"),
        _(
            "What your institution writes and uploads; names, NIP and positions of "
            "innovators where the form asks for them"
        ),
        _("To hold the competition and to prove who submitted what and when"),
        _(
            "Your institution; the secretariat; jurors assigned to it. The public "
            "reads only what is published of winners."
        ),
        _("As records of the government, by its archive schedule"),
    ),
    Kind(
        _("Jurors"),
        _(
            "Background, affiliation, conflicts of interest, declared or suspected, "
            "a refusal with its reason, signed integrity statement, scores and notes"
        ),
        _("To judge independently, and to prove the result"),
        _(
            "The juror; the secretariat, scores only once scoring is over; the chair, "
            "what looks odd in finished sheets, without scores"
        ),
        _("As records of the government, by its archive schedule"),
    ),
    Kind(
        _("Results, decrees, certificates"),
        _("Rank and award of institutions; name and NIP of the official who signs"),
        _("To announce the winners and to issue papers that can be verified"),
        _("Everybody, once the decree is published; NIP only on the paper itself"),
        _("For good: sealed results and issued papers never change"),
    ),
    Kind(
        _("Messages to you"),
        _(
            "Subject, text, address, WhatsApp number if you agreed to it, how you "
            "wish to be told, when it was sent and read"
        ),
        _("To tell you what you must know or do"),
        _("You; the secretariat sees what was sent in its name, and what became of it"),
        _(
            "Their text: 2 years after you have read it. Your wishes and your number: "
            "while you have an account."
        ),
    ),
    Kind(
        _("Events"),
        _("Registration and attendance"),
        _("To plan places and to prove attendance"),
        _("You; the secretariat; on the attendance list those who attend"),
        _("As records of the government, by its archive schedule"),
    ),
    Kind(
        _("Log of actions"),
        _("Who changed what and when, from which network address, and why"),
        _("To answer for every decision. Nobody can alter it."),
        _("The secretariat for its government; the system admin for accounts"),
        _("As records of the government; at least 1 year"),
    ),
    Kind(
        _("Copies of your data that you order"),
        _("A file with all of the above about you"),
        _("Your right to take your data along"),
        _("You alone, after your password"),
        _("7 days, then deleted"),
    ),
)


@dataclass(frozen=True)
class Officer:
    """Who answers for the protection of personal data in a government."""

    government: str
    name: str
    contact: str
    is_named: bool


def officers() -> list[Officer]:
    """Name the protection officer of each government; else its secretariat."""
    return [
        Officer(
            government=body.name,
            name=body.protection_officer_name or body.secretariat_name,
            contact=body.protection_officer_contact or body.contact or body.address,
            is_named=bool(body.protection_officer_name),
        )
        for body in Government.objects.order_by("name", "pk")
    ]


@dataclass(frozen=True)
class Cookie:
    """Something small that the browser keeps for the portal."""

    name: str
    purpose: str | Promise
    kept: str | Promise


def cookies() -> list[Cookie]:
    """Name every cookie that the portal sets."""
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            _("Keeps you signed in"),
            _("until you sign out or close the browser, 12 hours at most"),
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            _("Protects forms against being sent by other sites"),
            _("1 year"),
        ),
        Cookie(
            keeping.COOKIE,
            _("Gives what you typed back to you alone when a session has ended"),
            _("2 days"),
        ),
        Cookie(
            settings.LANGUAGE_COOKIE_NAME,
            _("Remembers the language you chose"),
            _("until you close the browser"),
        ),
    ]
