"""Fields that several forms use, also of apps above."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import employee_numbers


class EmployeeNumberField(forms.CharField):
    """An NIP, NI PPPK or NRP; gives the compact form, "" for none (rule DAT-01)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("NIP or NRP"))
        options.setdefault("required", False)
        options.setdefault("max_length", 40)
        options.setdefault(
            "help_text",
            _(
                "NIP or NI PPPK: 18 digits, as in 19800101 200501 1 001. NRP for "
                "police and military. Leave it empty if you have none. Never write "
                "an NIK here."
            ),
        )
        options.setdefault(
            "widget",
            forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return employee_numbers.printed(value) if _is_valid(value) else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return employee_numbers.normalise(text, today=timezone.localdate())
        except employee_numbers.EmployeeNumberRefused as refusal:
            raise ValidationError(refusal.message, code="employee_number") from None


def _is_valid(value: object) -> bool:
    """Tell a number that is kept from what somebody has typed."""
    return isinstance(value, str) and value.isdecimal() and value.isascii()
