"""Fields that several forms share."""

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from competitions import date_text
from core import dates
from documents.forms import CheckedFileField
from documents.uploads import EVIDENCE_TYPES, CheckedFile

MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024


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


class TextMomentField(forms.CharField):
    """A date with its time typed as text: "1 Feb 2023, 08.00"; an aware moment.

    `zone` is set by the form; without a time `default_time` is meant.
    """

    zone: tzinfo | None = None

    def __init__(self, *, default_time: time = time(0), **kwargs: Any) -> None:
        super().__init__(**{"max_length": 60, **kwargs})
        self.default_time = default_time
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        day = dates.format_date(value, "short", self.zone)
        return f"{day}, {dates.format_time(value, 'bare', self.zone)}"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            day, clock = date_text.parse_date_and_time(text, str(self.zone))
        except date_text.UnreadableDate as refusal:
            raise ValidationError(refusal.message) from None
        return datetime.combine(day, clock or self.default_time, self.zone)


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class CheckedFilesField(CheckedFileField):
    """Several uploads, each checked by its content; gives a list of CheckedFile."""

    widget = _ManyFiles

    def __init__(self, *, many: bool = True, **kwargs: Any) -> None:
        super().__init__(
            **{
                "max_bytes": MAX_ATTACHMENT_BYTES,
                "types": EVIDENCE_TYPES,
                "required": False,
                "label": _("Files"),
                "help_text": _(
                    "PDF, Word, Excel, JPEG or PNG, of at most 10 MB each. You can "
                    "choose several."
                ),
                **kwargs,
            }
        )
        if not many:
            del self.widget.attrs["multiple"]

    def clean(self, data: Any, initial: Any = None) -> Sequence[CheckedFile]:
        uploads = data if isinstance(data, list | tuple) else [data]
        checked = [forms.Field.clean(self, each) for each in uploads if each]
        if not checked and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return checked
