"""Public notices."""

from datetime import datetime, time, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions import date_text
from competitions.forms.fields import TextDateField


class AnnouncementForm(forms.Form):
    """A public notice, published now or later."""

    title = forms.CharField(label=_("Title"), max_length=200)
    number = forms.CharField(
        label=_("Letter number"),
        max_length=80,
        required=False,
        help_text=_("As in B/187/000.8.3.4/2022."),
    )
    issued_date = TextDateField(
        label=_("Date of the announcement"), help_text=_("As in 1 Feb 2023.")
    )
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text=_("An empty line begins a new paragraph."),
    )
    publish_on = forms.CharField(
        label=_("Publish on"),
        required=False,
        max_length=60,
        help_text=_("As in 1 Feb 2023, 08.00. Empty means now."),
    )

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["publish_on"].widget.attrs["autocomplete"] = "off"

    def clean_publish_on(self) -> datetime | None:
        text = self.cleaned_data["publish_on"]
        if not text:
            return None
        try:
            day, clock = date_text.parse_date_and_time(text, str(self.zone))
        except date_text.UnreadableDate as refusal:
            raise ValidationError(refusal.message) from None
        return datetime.combine(day, clock or time(0), self.zone)
