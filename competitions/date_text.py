"""Dates and times as people type them.

Native date pickers show the month first on English-language machines, so dates are
typed as text, read generously and echoed in words. Numbers alone are read day first.
"""

import re
from datetime import date, time

from django.utils.translation import gettext as _

from core.errors import DomainError

# A closing of 23.59 means to the end of the day: the last minute counts.
END_OF_DAY = time(23, 59, 59)

_MONTHS = [
    "januari january jan",
    "februari pebruari february feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agust agu agt ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
]
_MONTH_OF = {
    name: month
    for month, names in enumerate(_MONTHS, start=1)
    for name in names.split()
}
_WEEKDAY = re.compile(
    r"^(senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b[,\s]*"
)
_NUMBERS = re.compile(r"^(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})$")
_DAY_MONTH = re.compile(r"^(\d{1,2})[\s\-./]*([a-z]+)[\s\-./,]*(\d{4}|\d{2})$")
_DAY_MONTH_ONLY = re.compile(r"^(\d{1,2})[\s\-./]*([a-z]+)$")
_MONTH_DAY = re.compile(
    r"^([a-z]+)[\s\-./]*(\d{1,2})(?:st|nd|rd|th)?[\s\-./,]+(\d{4})$"
)
_TIME = re.compile(
    r"^(?:pukul|pkl|jam)?\.?\s*(\d{1,2})(?:\s*[.:]\s*(\d{2}))?(?:[.:]00)?\s*"
    r"(wib|wita|wit)?$"
)
_TIME_AFTER_DATE = re.compile(
    r"[,\s]+(?:(?:pukul|pkl|jam)\.?\s*\d{1,2}(?:[.:]\d{2})?|\d{1,2}[.:]\d{2})"
    r"\s*(?:wib|wita|wit)?$"
)
_ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


class UnreadableDate(DomainError):
    """What was typed is no date or no time; the message tells how to write it."""


def parse_date(text: str, usual_year: int | None = None) -> date:
    """Read a date: "1 Feb 2023", "1/2/2023", "Rabu, 1 Februari 2023", "2023-02-01".

    With `usual_year` the year may be left out: "1 Feb". Raises UnreadableDate.
    """
    plain = _WEEKDAY.sub("", _simplify(text))
    match = _DAY_MONTH_ONLY.match(plain) if usual_year else None
    if match and match[2] in _MONTH_OF:
        plain = f"{plain} {usual_year}"
    day, month, year = _split_date(plain)
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableDate(
            _("%(text)s is not in the calendar. Check the day and the month.")
            % {"text": text.strip()}
        ) from None


def _split_date(plain: str) -> tuple[int, int, int]:
    if match := _NUMBERS.match(plain):
        return int(match[1]), int(match[2]), _year(match[3])
    if match := _ISO.match(plain):
        return int(match[3]), int(match[2]), int(match[1])
    if (match := _DAY_MONTH.match(plain)) and match[2] in _MONTH_OF:
        return int(match[1]), _MONTH_OF[match[2]], _year(match[3])
    if (match := _MONTH_DAY.match(plain)) and match[1] in _MONTH_OF:
        return int(match[2]), _MONTH_OF[match[1]], int(match[3])
    raise UnreadableDate(_("Write day, month and year, as in 1 Feb 2023."))


def parse_time(text: str, zone: str = "") -> time:
    """Read a time of day: "16.00", "16:00", "16", "pukul 16.00 WIB".

    "23.59" and "24.00" mean the end of the day. `zone` is the zone it is meant in,
    as "Asia/Jakarta": another one behind the time is refused, not converted.

    Raises UnreadableDate.
    """
    match = _TIME.match(_simplify(text))
    if not match:
        raise UnreadableDate(_("Write hour and minutes, as in 16.00."))
    hour, minute, named = int(match[1]), int(match[2] or 0), (match[3] or "").upper()
    if named and zone and named != _ZONE_NAMES.get(zone):
        raise UnreadableDate(
            _("Times here are in %(zone)s. Write the time in that zone.")
            % {"zone": _ZONE_NAMES.get(zone, zone)}
        )
    if (hour, minute) in {(24, 0), (23, 59)}:
        return END_OF_DAY
    if hour > 23 or minute > 59:
        raise UnreadableDate(_("Write hour and minutes, as in 16.00."))
    return time(hour, minute)


def parse_date_and_time(
    text: str, zone: str = "", usual_year: int | None = None
) -> tuple[date, time | None]:
    """Read a date that a time may follow: "31 Jan 2022, 08.00".

    Raises UnreadableDate.
    """
    plain = _simplify(text)
    match = _TIME_AFTER_DATE.search(plain)
    if match:
        try:
            day = parse_date(plain[: match.start()], usual_year)
        except UnreadableDate:
            # "1.02.23" ends like a time but is all date.
            return parse_date(text, usual_year), None
        return day, parse_time(match[0].strip(" ,"), zone)
    return parse_date(text, usual_year), None


def _simplify(text: str) -> str:
    plain = re.sub(r"[\u2013\u2014\u2212]", "-", text.lower())
    return re.sub(r"\s+", " ", plain).strip(" ,.")


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
