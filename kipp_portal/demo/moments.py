"""Moments of the demonstration: fixed ones, and such that stay near today."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MOMENT = re.compile(
    r"(?:H(?P<days>[+-]\d+)|(?P<date>\d{4}-\d\d-\d\d)) (?P<hour>\d\d)\.(?P<minute>\d\d)"
)
# What happened today has happened, however early the demonstration is loaded.
_JUST_NOW = timedelta(minutes=20)


@dataclass(frozen=True)
class Clock:
    """Reads "H-12 10.15" (twelve days ago) and "2021-03-15 10.15", as local times."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def moment(self, text: str) -> datetime:
        """Read a moment of the calendar."""
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no moment: write H-12 10.15 or a date")
        if match["date"]:
            day = date.fromisoformat(match["date"])
        else:
            day = self.today + timedelta(days=int(match["days"]))
        clock = time(int(match["hour"]), int(match["minute"]))
        return datetime.combine(day, clock, self.zone)

    def past(self, text: str) -> datetime:
        """Read a moment at which something was done: never later than just now."""
        return min(self.moment(text), self.now - _JUST_NOW)
