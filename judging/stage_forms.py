"""What people type for presentations before the jury."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions import date_text
from competitions.forms.fields import (
    TextMomentField,
)
from core import dates
from judging.models import (
    PresentationBreak,
    PresentationDay,
    PresentationPlan,
)
from judging.services import BreakData, DayData

# "12.00–13.00 Istirahat"; a hyphen does as well, and a colon in the times.
_BREAK = re.compile(
    r"(\d{1,2}[.:]\d{2})\s*(?:-|–|s\.?d\.?)\s*(\d{1,2}[.:]\d{2})\s*(.*)"
)


class DayForm(forms.Form):
    """A day of presentations: when, where, how long each."""

    begins_at = TextMomentField(
        label=gettext_lazy("Begins"),
        default_time=time(9),
        help_text=gettext_lazy("As in 1 Feb 2023, 09.00."),
    )
    presentation_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to present"),
        min_value=1,
        max_value=120,
        initial=7,
        localize=False,
    )
    questions_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of questions"),
        min_value=1,
        max_value=120,
        initial=13,
        localize=False,
    )
    pause_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between two"),
        min_value=0,
        max_value=60,
        initial=0,
        localize=False,
        help_text=gettext_lazy("To change seats."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("How many present at most"),
        required=False,
        min_value=1,
        max_value=200,
        localize=False,
        help_text=gettext_lazy("Empty: the days share all proposals evenly."),
    )
    breaks = forms.CharField(
        label=gettext_lazy("Breaks"),
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("One a line, as in: 12.00–13.00 Lunch and prayer."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Building and room. Empty if it is only online."),
    )
    link = forms.CharField(
        label=gettext_lazy("Link to the meeting"),
        required=False,
        max_length=300,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput,
        help_text=gettext_lazy("Sent to those who present on this day."),
    )

    def __init__(
        self, *args: Any, zone: tzinfo, day: PresentationDay | None, **kwargs: Any
    ) -> None:
        if day is not None:
            kwargs["initial"] = {
                name: getattr(day, name) for name in DayData.__dataclass_fields__
            } | {"breaks": breaks_as_text(day.presentationbreak_set.all(), zone)}
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["begins_at"].zone = zone  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("place") or data.get("link") or "link" in self.errors):
            self.add_error("place", _("Write a place, or a link to the meeting."))
        begins_at = data.get("begins_at")
        if begins_at and "breaks" in data:
            try:
                data["read_breaks"] = _read_breaks(data["breaks"], begins_at, self.zone)
            except ValidationError as error:
                self.add_error("breaks", error)
        return data

    def as_data(self) -> DayData:
        """The day as typed; only when valid."""
        fields = DayData.__dataclass_fields__
        return DayData(**{name: self.cleaned_data[name] for name in fields})

    @property
    def read_breaks(self) -> Sequence[BreakData]:
        found: Sequence[BreakData] = self.cleaned_data.get("read_breaks", [])
        return found


class ArrangeForm(forms.Form):
    """How those who present are put into order."""

    order_by = forms.ChoiceField(
        label=gettext_lazy("Order"),
        choices=PresentationPlan.OrderBy.choices,
        initial=PresentationPlan.OrderBy.LOT,
        widget=forms.RadioSelect,
    )
    seed = forms.CharField(
        label=gettext_lazy("Seed of the lot"),
        required=False,
        max_length=64,
        help_text=gettext_lazy(
            "Empty: the portal takes a random one. Or type what was drawn before "
            "witnesses, as the numbers of a dice."
        ),
    )


class PostponeForm(forms.Form):
    """Why a presentation is postponed, and to when."""

    NOWHERE = "-"

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The institution reads it."),
    )
    to = forms.ChoiceField(label=gettext_lazy("New time"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, days: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            *days,
            (self.NOWHERE, _("No time yet: it is found later")),
        ]
        self.fields["to"].initial = days[0][0] if days else self.NOWHERE


def breaks_as_text(breaks: Iterable[PresentationBreak], zone: tzinfo) -> str:
    """Write breaks as they are typed."""
    return "\n".join(
        f"{dates.format_time(each.starts_at, 'bare', zone)}–"
        f"{dates.format_time(each.ends_at, 'bare', zone)} {each.label}".strip()
        for each in sorted(breaks, key=lambda each: each.starts_at)
    )


def _read_breaks(text: str, begins_at: datetime, zone: tzinfo) -> list[BreakData]:
    """Read the breaks of the day that begins at `begins_at`."""
    day = dates.as_local(begins_at, zone).date()
    found = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        match = _BREAK.fullmatch(line)
        if match is None:
            raise ValidationError(
                _("“%(line)s”: write a break as in 12.00–13.00 Lunch.")
                % {"line": line[:60]}
            )
        starts, ends = (
            datetime.combine(day, _clock(each), zone) for each in match.groups()[:2]
        )
        if ends <= starts:
            raise ValidationError(
                _("“%(line)s” ends before it begins.") % {"line": line[:60]}
            )
        found.append(BreakData(starts, ends, match[3].strip()[:80] or _("Break")))
    return found


def _clock(text: str) -> time:
    try:
        return date_text.parse_time(text)
    except date_text.UnreadableDate as refusal:
        raise ValidationError(refusal.message) from None
