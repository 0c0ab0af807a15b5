"""Fields that several forms of accounts ask for: reasons and days."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import dates
from core.cleaning import clean_prose


class ReasonField(forms.CharField):
    """Why something is done; it stands in the record."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason"))
        options.setdefault("max_length", 500)
        options.setdefault(
            "help_text", _("One sentence, or the decree. It stands in the record.")
        )
        options.setdefault("widget", forms.Textarea({"rows": 2}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return clean_prose(super().to_python(value) or "")


def plausible_year(day: date) -> None:
    """Refuse a day whose year can only be mistyped."""
    if day.year not in dates.PLAUSIBLE_YEARS:
        raise ValidationError(_("Check the year."))


def day_field(**options: Any) -> forms.DateField:
    """A day, chosen or typed as the browser does it."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
    options.setdefault("validators", [plausible_year])
    return forms.DateField(widget=widget, input_formats=formats, **options)
