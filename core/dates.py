"""Dates and times in words, with own month tables.

Django's formats need compiled catalogues and know neither WIB nor the dot in a time.
Moments are shown in the active time zone unless another is given.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils import timezone

from core.numbers import is_english

# A day of another year can only be mistyped.
PLAUSIBLE_YEARS = range(1900, 2201)
_MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SHORT_MONTHS = {
    "id": [
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Mei",
        "Jun",
        "Jul",
        "Agu",
        "Sep",
        "Okt",
        "Nov",
        "Des",
    ],
    "en": [
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ],
}
_WEEKDAYS = {
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    "en": [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
}
_ZONES_BY_OFFSET = {7: "WIB", 8: "WITA", 9: "WIT"}


def _language() -> str:
    return "en" if is_english() else "id"


def as_local(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """Move an aware moment into `zone`, or the active time zone; leave naive ones."""
    return timezone.localtime(moment, zone) if timezone.is_aware(moment) else moment


def _as_date(value: date | datetime, zone: tzinfo | None) -> date:
    return as_local(value, zone).date() if isinstance(value, datetime) else value


def zone_name(moment: datetime) -> str:
    """Name the zone of an aware moment: WIB, WITA, WIT, or its offset from UTC."""
    offset = moment.utcoffset()
    if offset is None:
        return ""
    hours = offset / timedelta(hours=1)
    if hours in _ZONES_BY_OFFSET:
        return _ZONES_BY_OFFSET[int(hours)]
    return f"UTC{hours:+g}" if hours else "UTC"


def month_name(month: int, *, short: bool = False) -> str:
    """Name a month, 1 to 12."""
    return (_SHORT_MONTHS if short else _MONTHS)[_language()][month - 1]


def format_date(
    value: date | datetime, style: str = "long", zone: tzinfo | None = None
) -> str:
    """Write a date.

    Styles: long "31 Januari 2022", short "31 Mar 2022", weekday "Kamis, 31 Maret 2022",
    day_month "31 Maret", month_year "Maret 2022", iso "2022-03-31".
    """
    day = _as_date(value, zone)
    weekday = _WEEKDAYS[_language()][day.weekday()]
    return {
        "long": f"{day.day} {month_name(day.month)} {day.year}",
        "short": f"{day.day} {month_name(day.month, short=True)} {day.year}",
        "weekday": f"{weekday}, {day.day} {month_name(day.month)} {day.year}",
        "day_month": f"{day.day} {month_name(day.month)}",
        "month_year": f"{month_name(day.month)} {day.year}",
        "iso": day.isoformat(),
    }[style]


def format_time(
    moment: datetime, style: str = "zone", zone: tzinfo | None = None
) -> str:
    """Write a time of day.

    Styles: zone "16.00 WIB", bare "16.00", seconds "16.00.24 WIB".
    """
    local = as_local(moment, zone)
    text = f"{local:%H.%M.%S}" if style == "seconds" else f"{local:%H.%M}"
    return text if style == "bare" else f"{text} {zone_name(local)}".strip()


def format_datetime(
    moment: datetime, style: str = "long", zone: tzinfo | None = None
) -> str:
    """Write a date with its time.

    Styles: long "Kamis, 31 Maret 2022 pukul 16.00 WIB", medium the same without the
    weekday, seconds as long with seconds, short "31 Mar 2022, 16.00 WIB",
    iso "2022-03-31T16:00:00+07:00".
    """
    local = as_local(moment, zone)
    if style == "iso":
        return local.isoformat(timespec="seconds")
    if style == "short":
        return f"{format_date(local, 'short', zone)}, {format_time(local, zone=zone)}"
    day = format_date(local, "long" if style == "medium" else "weekday", zone)
    time = format_time(local, "seconds" if style == "seconds" else "zone", zone)
    return f"{day} {'at' if is_english() else 'pukul'} {time}"


def format_range(
    start: date | datetime | None,
    end: date | datetime | None,
    *,
    with_year: bool = False,
    zone: tzinfo | None = None,
) -> str:
    """Write a span of days with an en dash: "1 – 14 April", "18 April – 13 Mei".

    The year is named where asked, and always when the span crosses one.
    """
    if start is None and end is None:
        return ""
    first = _as_date(start if start is not None else end, zone)  # type: ignore[arg-type]
    last = _as_date(end if end is not None else start, zone)  # type: ignore[arg-type]
    crosses = first.year != last.year
    final = format_date(last, "long" if with_year or crosses else "day_month")
    if first == last:
        return final
    if crosses:
        return f"{format_date(first)} – {final}"
    if first.month == last.month:
        return f"{first.day} – {final}"
    return f"{format_date(first, 'day_month')} – {final}"


@dataclass(frozen=True)
class TimeLeft:
    """What is left until a moment, in whole minutes; never below nothing."""

    days: int
    hours: int
    minutes: int
    is_over: bool


def time_left(until: datetime, now: datetime) -> TimeLeft:
    """Split the time from `now` to `until` into days, hours and minutes."""
    minutes = max(0, int((until - now).total_seconds() // 60))
    return TimeLeft(
        days=minutes // 1440,
        hours=minutes // 60 % 24,
        minutes=minutes % 60,
        is_over=until <= now,
    )
