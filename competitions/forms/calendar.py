"""The calendar of a round, with dates typed as text."""

from collections.abc import Sequence
from datetime import datetime, time, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from competitions import date_text
from competitions.building import StageData
from competitions.forms.fields import TextDateField, TextMomentField
from competitions.models import Round, Stage
from core import dates

# The kinds of stage that happen at a place.
PLACED_KINDS = {
    Stage.Kind.KICKOFF,
    Stage.Kind.PRESENTATION,
    Stage.Kind.PLENARY,
    Stage.Kind.CEREMONY,
}
DEFAULT_CLOSING = "16.00"
_MOMENTS = ("opens", "closes")


class StageForm(forms.Form):
    """One row of the calendar; an empty one is a stage that does not take place."""

    opens = forms.CharField(label=_("Begins"), required=False, max_length=60)
    closes = forms.CharField(label=_("Ends"), required=False, max_length=60)
    closing_time = forms.CharField(
        label=_("Closing time"), required=False, max_length=20
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=150)

    def __init__(
        self,
        data: Any = None,
        *,
        kind: Stage.Kind,
        stage: Stage | None,
        zone: tzinfo,
        year: int | None = None,
    ) -> None:
        self.kind = kind
        self.stage = stage
        self.zone = zone
        self.year = year
        self.name = stage.name if stage else str(kind.label)
        super().__init__(
            data, prefix=kind.value, initial=self._initial_texts(), auto_id="%s"
        )
        if kind not in PLACED_KINDS:
            del self.fields["place"]
        for name, field in self.fields.items():
            field.label = f"{field.label} {self.name}"
            field.widget.attrs |= {
                "autocomplete": "off",
                "class": "form-control--cell",
                "aria-describedby": "calendar-hint",
            }
            if name == "closing_time":
                field.widget.attrs["inputmode"] = "decimal"

    def _initial_texts(self) -> dict[str, str]:
        if self.stage is None:
            return {"closing_time": DEFAULT_CLOSING}
        opens = self.stage.opens_at.astimezone(self.zone)
        closes = self.stage.closes_at.astimezone(self.zone)
        clock = dates.format_time(opens, "bare", self.zone)
        day = dates.format_date(opens, "short", self.zone)
        return {
            "opens": day if opens.time() == time(0) else f"{day}, {clock}",
            "closes": dates.format_date(closes, "short", self.zone),
            "closing_time": dates.format_time(closes, "bare", self.zone),
            "place": self.stage.place,
        }

    @property
    def is_left_out(self) -> bool:
        """Whether neither day is given."""
        return not (self.cleaned_data.get("opens") or self.cleaned_data.get("closes"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or not (data.get("opens") or data.get("closes")):
            return data
        opens_at = self._opening(data)
        closes_at = self._closing(data)
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error(
                "closes",
                _("Ends before it begins. Choose an end after %(moment)s.")
                % {"moment": dates.format_datetime(opens_at, "medium", self.zone)},
            )
        return data | {"opens_at": opens_at, "closes_at": closes_at}

    def _opening(self, data: dict[str, Any]) -> datetime | None:
        if self.stage and "opens" not in self.changed_data:
            return self.stage.opens_at
        try:
            day, clock = date_text.parse_date_and_time(
                data["opens"], str(self.zone), self.year
            )
        except date_text.UnreadableDate as refusal:
            self.add_error("opens", refusal.message)
            return None
        return datetime.combine(day, clock or time(0), self.zone)

    def _closing(self, data: dict[str, Any]) -> datetime | None:
        # A text left alone keeps the moment to the second.
        if self.stage and not {"closes", "closing_time"} & set(self.changed_data):
            return self.stage.closes_at
        try:
            day = date_text.parse_date(data["closes"], self.year)
        except date_text.UnreadableDate as refusal:
            self.add_error("closes", refusal.message)
            return None
        try:
            clock = date_text.parse_time(
                data["closing_time"] or DEFAULT_CLOSING, str(self.zone)
            )
        except date_text.UnreadableDate as refusal:
            self.add_error("closing_time", refusal.message)
            return None
        return datetime.combine(day, clock, self.zone)

    @property
    def echo(self) -> dict[str, datetime | None]:
        """Both moments as the portal understood them, to be shown in full words."""
        if self.is_bound:
            # Beside a text that was not understood no other date may stand.
            understood = self.cleaned_data if self.is_valid() else {}
            return {key: understood.get(f"{key}_at") for key in _MOMENTS}
        return {key: getattr(self.stage, f"{key}_at", None) for key in _MOMENTS}

    def as_data(self) -> StageData:
        """The stage as typed; only for a valid row that is not left out."""
        return StageData(
            kind=self.kind.value,
            name=self.name,
            opens_at=self.cleaned_data["opens_at"],
            closes_at=self.cleaned_data["closes_at"],
            place=self.cleaned_data.get("place", ""),
        )


def stage_forms(round: Round, stages: Sequence[Stage], data: Any) -> list[StageForm]:
    """One row for every kind of stage, in their order."""
    existing = {stage.kind: stage for stage in stages}
    return [
        StageForm(
            data,
            kind=kind,
            stage=existing.get(kind),
            zone=round.zone,
            year=round.year,
        )
        for kind in Stage.Kind
    ]


class MoveForm(forms.Form):
    """The day from which the whole calendar is laid out anew."""

    first_day = TextDateField(
        label=_("First day"),
        help_text=_(
            "As in 1 Feb 2027. Each stage keeps its weekday, its hours and its "
            "distance from the others."
        ),
    )


class ReasonForm(forms.Form):
    """Why the calendar of an opened round changes."""

    reason = forms.CharField(
        label=_("Reason for the new dates"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept in the record of this round."),
    )


class ExtensionForm(forms.Form):
    """A later closing of one stage."""

    closes_on = TextMomentField(
        label=_("New closing"),
        default_time=date_text.END_OF_DAY,
        help_text=_("As in 1 Feb 2023, 16.00. Without a time: to the end of the day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody whom it concerns reads it."),
    )

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].zone = zone  # type: ignore[attr-defined]


class ExtensionNoticeForm(forms.Form):
    """How an extension is made known; typed once its consequences are seen."""

    tell = forms.BooleanField(
        label=_("Send a message to everybody concerned"), required=False, initial=True
    )
    publish = forms.BooleanField(
        label=_("Publish an announcement"), required=False, initial=True
    )
    number = forms.CharField(
        label=_("Letter number"),
        max_length=80,
        required=False,
        help_text=_("As in B/188/000.8.3.4/2022."),
    )
    issued_date = TextDateField(
        label=_("Date of the announcement"), help_text=_("As in 1 Feb 2023.")
    )
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=20_000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("title", "body"):
            if data.get("publish") and not data.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        return data


class ExceptionForm(forms.Form):
    """A later closing of submission for one institution."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        empty_label=_("Choose an institution"),
    )
    closes_on = TextMomentField(
        label=_("May submit until"),
        default_time=date_text.END_OF_DAY,
        help_text=_("As in 1 Feb 2023, 16.00. Without a time: to the end of the day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The institution reads it, and it is kept in the record."),
    )

    def __init__(
        self,
        *args: Any,
        institutions: Sequence[Institution],
        zone: tzinfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field: forms.ModelChoiceField = self.fields["institution"]  # type: ignore[assignment]
        field.queryset = Institution.objects.filter(
            pk__in=[each.pk for each in institutions]
        ).order_by("name", "pk")
        field.label_from_instance = lambda institution: institution.name  # type: ignore[assignment, method-assign]
        self.fields["closes_on"].zone = zone  # type: ignore[attr-defined]
