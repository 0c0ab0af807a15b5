"""Events, places at them, and attendance."""

from collections.abc import Sequence
from datetime import time, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from competitions.forms.fields import CheckedFilesField, TextMomentField
from competitions.models import Event
from competitions.services import EventData
from core import dates
from documents import codes

MORNING = time(8)


class EventForm(forms.Form):
    """An event with its time, its place and who may come."""

    kind = forms.ChoiceField(label=_("Kind of event"), choices=Event.Kind.choices)
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("As people will call it: Kick-off of KIPP Kota Tegal 2027."),
    )
    starts_at = TextMomentField(
        label=_("Begins"),
        default_time=MORNING,
        help_text=_("As in 1 Feb 2023, 08.00."),
    )
    ends_at = TextMomentField(
        label=_("Ends"),
        default_time=time(12),
        help_text=_("As in 1 Feb 2023, 12.00."),
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("Building and address. Empty if it is only online."),
    )
    link = forms.CharField(
        label=_("Link to the meeting"),
        max_length=300,
        required=False,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput,
        help_text=_("Only those who have a place see it."),
    )
    description = forms.CharField(
        label=_("What it is about"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5_000,
        required=False,
        help_text=_("Speakers, agenda, what to bring. Everybody reads it."),
    )
    takes_registrations = forms.BooleanField(
        label=_("People of the institutions register for it"),
        required=False,
        initial=True,
    )
    capacity = forms.IntegerField(
        label=_("Number of places"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_(
            "Whoever comes after the last place waits in a line. Empty means no limit."
        ),
    )
    registration_closes_at = TextMomentField(
        label=_("Registration closes"),
        required=False,
        default_time=time(23, 59, 59),
        help_text=_("Empty means when it begins."),
    )
    attachments = CheckedFilesField(label=_("Materials"))

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["capacity"].localize = False
        for name in ("starts_at", "ends_at", "registration_closes_at"):
            self.fields[name].zone = zone  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("starts_at"), data.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error(
                "ends_at",
                _("Ends before it begins. Choose an end after %(moment)s.")
                % {"moment": dates.format_datetime(begins, "medium", self.zone)},
            )
        closes = data.get("registration_closes_at")
        if closes and ends and closes > ends:
            self.add_error(
                "registration_closes_at",
                _("Registration closes after the event. Choose an earlier moment."),
            )
        if not (data.get("place") or data.get("link") or "link" in self.errors):
            self.add_error("place", _("Write a place, or a link to the meeting."))
        return data

    def as_data(self) -> EventData:
        """The event as typed; only when valid."""
        fields = EventData.__dataclass_fields__
        return EventData(**{name: self.cleaned_data[name] for name in fields})


class EventCancelForm(forms.Form):
    """Why an event does not take place."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who registered reads it."),
    )


class RegistrationForm(forms.Form):
    """For which of one's institutions one comes."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Institution"), empty_label=None
    )

    def __init__(
        self, *args: Any, institutions: Sequence[Institution], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: forms.ModelChoiceField = self.fields["institution"]  # type: ignore[assignment]
        field.queryset = Institution.objects.filter(
            pk__in=[each.pk for each in institutions]
        ).order_by("name", "pk")
        if len(institutions) == 1:
            field.widget = forms.HiddenInput()
            field.initial = institutions[0]


class AttendanceCodeForm(forms.Form):
    """The code below a person's QR code, typed at the door."""

    code = forms.CharField(
        label=_("Registration code"),
        max_length=20,
        help_text=_("8 letters and digits below the QR code, as in 7K3M-9QXT."),
        widget=forms.TextInput(
            {
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        code = codes.normalise(self.cleaned_data["code"], length=8)
        if not code:
            raise ValidationError(
                _("A code has 8 letters and digits. Read it again, or use the list.")
            )
        return code
