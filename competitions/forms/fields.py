"""Fields that several forms share."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from competitions import date_text
from core import dates


class TextDateField(forms.CharField):
    """A date typed as text: "1 Feb 2023", "1/2/2023" (day first)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 60, **kwargs})
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        return dates.format_date(value, "short") if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return date_text.parse_date(text)
        except date_text.UnreadableDate as refusal:
            raise ValidationError(refusal.message) from None
