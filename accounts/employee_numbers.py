"""Numbers of civil servants, police and soldiers: NIP, NI PPPK, NRP.

Pure functions. What is kept is compact (digits only); `printed` gives the form of
official papers. Source: rule DAT-01 in docs/rules.md.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.errors import DomainError

LENGTH = 18
YOUNGEST, OLDEST = 16, 60
# A police officer's number has 8 digits, a soldier's 5 to 14; the navy adds /P.
NRP_LENGTHS = frozenset({5, 6, 7, 8, 10, 11, 12, 13, 14})
OLD_NIP_LENGTH = 9
NIK_LENGTH = 16

_TITLE = re.compile(r"^(?:NI\s*PPPK|NIPPPK|NIP|NRP)(?![a-z/])[\s.:]*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.\u00ad\u2010-\u2015\u2212\u200b\u2060\ufeff-]+")
_DIGITS = re.compile(r"[0-9]+")
_NRP = re.compile(r"([0-9]+)(/[A-Z]{1,3})?")
_NONE = frozenset({"", "tidakada", "nihil", "none", "na", "n/a", "0"})


class EmployeeNumberRefused(DomainError):
    """No such number can exist; the message says which part is wrong."""


@dataclass(frozen=True)
class Parts:
    """An NIP or NI PPPK taken apart."""

    born: date
    year: int
    month: int | None  # None where a code stands in its place (NI PPPK)


def normalise(text: str | None, *, today: date) -> str:
    """Give the number as it is kept: compact, or "" where somebody has none.

    Blanks, dots, hyphens and the words NIP and NRP before it do not count. Raises
    EmployeeNumberRefused naming the part that is wrong.
    """
    compact = _compact(text)
    if compact.lower() in _NONE:
        return ""
    if not (match := _NRP.fullmatch(compact)):
        raise EmployeeNumberRefused(
            _(
                "An NIP or NRP consists of digits only. Write it as it stands on your "
                "decree, or leave it empty if you have none."
            )
        )
    length = len(match[1])
    if length == LENGTH:
        take_apart(match[1], today=today)
        return match[1]
    if length in NRP_LENGTHS and len(set(match[1])) > 1:
        return compact
    raise EmployeeNumberRefused(_why_not(length, match[1]))


def take_apart(compact: str, *, today: date) -> Parts:
    """Read the parts of 18 digits: 8 birth, 6 appointment, 1 sex, 3 serial.

    Raises EmployeeNumberRefused naming the first part that is wrong.
    """
    born = _birth_date(compact[:8], today)
    year, month = int(compact[8:12]), int(compact[12:14])
    if month == 0:
        raise EmployeeNumberRefused(
            _(
                "Digits 13–14 of the NIP are the month of appointment, 01 to 12, or "
                "the code of an NI PPPK; %(part)s is neither."
            )
            % {"part": compact[12:14]}
        )
    # From 13 on it is no month: the code in an NI PPPK.
    parts = Parts(born=born, year=year, month=month if month <= 12 else None)
    _check_appointment(parts, compact[8:14], today)
    if compact[14] not in "12":
        raise EmployeeNumberRefused(
            _(
                "Digit 15 of the NIP is 1 for men or 2 for women; %(part)s is not "
                "possible."
            )
            % {"part": compact[14]}
        )
    if compact[15:] == "000":
        raise EmployeeNumberRefused(
            _("The last three digits of the NIP run from 001 to 999.")
        )
    return parts


def printed(number: str | None) -> str:
    """Write a number as on papers: an NIP in groups of 8-6-1-3, others as they are."""
    compact = _compact(number)
    if len(compact) != LENGTH or not _DIGITS.fullmatch(compact):
        return compact
    return f"{compact[:8]} {compact[8:14]} {compact[14]} {compact[15:]}"


def name_of(number: str | None) -> str:
    """Say what a number is called before it on a paper: NIP or NRP; "" without one."""
    compact = _compact(number)
    if not compact:
        return ""
    return "NIP" if len(compact) == LENGTH else "NRP"


def _compact(text: str | None) -> str:
    bare = _BETWEEN.sub("", _TITLE.sub("", (text or "").strip()))
    return bare.upper()


def _birth_date(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise EmployeeNumberRefused(
            _(
                "The first 8 digits of the NIP are the date of birth, year month day; "
                "there is no such date as %(part)s."
            )
            % {"part": f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"}
        ) from None
    if born >= today:
        raise EmployeeNumberRefused(
            _(
                "The first 8 digits of the NIP are the date of birth; %(part)s is not "
                "in the past."
            )
            % {"part": f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"}
        )
    return born


def _check_appointment(parts: Parts, digits: str, today: date) -> None:
    if not 1900 <= parts.year <= 9999:
        raise EmployeeNumberRefused(
            _("Digits 9–12 of the NIP are the year of appointment; %(part)s is none.")
            % {"part": digits[:4]}
        )
    first = date(parts.year, parts.month or 1, 1)
    if first > today:
        raise EmployeeNumberRefused(
            _(
                "Digits 9–14 of the NIP are the month of appointment; %(part)s lies in "
                "the future."
            )
            % {"part": f"{digits[:4]}-{digits[4:]}" if parts.month else digits[:4]}
        )
    last_month = parts.month or 12
    last = date(parts.year, last_month, calendar.monthrange(parts.year, last_month)[1])
    # The day is not in the number: whoever may be of age in that time passes.
    at_most, at_least = _age(parts.born, last), _age(parts.born, first)
    if at_most < YOUNGEST or at_least > OLDEST:
        raise EmployeeNumberRefused(
            _(
                "By this NIP the appointment was at the age of %(age)s; it must be "
                "between %(youngest)s and %(oldest)s. Check the digits 1–4 (year of "
                "birth) and 9–12 (year of appointment)."
            )
            % {
                "age": at_most if at_most < YOUNGEST else at_least,
                "youngest": YOUNGEST,
                "oldest": OLDEST,
            }
        )


def _age(born: date, day: date) -> int:
    """Count whole years; before birth the number is negative."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _why_not(length: int, digits: str) -> str:
    if length == NIK_LENGTH:
        return _(
            "A number of 16 digits is an NIK, the number of your identity card. This "
            "portal does not collect it. Write your NIP (18 digits) or NRP instead, "
            "or leave the field empty."
        )
    if length == OLD_NIP_LENGTH:
        return _(
            "A number of 9 digits is an NIP of the old form. Write the new one, which "
            "has 18 digits."
        )
    if len(set(digits)) == 1:
        return _("A number of one digit repeated is no NRP.")
    return _(
        "An NIP or NI PPPK has 18 digits, an NRP of the police 8; this number has "
        "%(length)s."
    ) % {"length": length}
