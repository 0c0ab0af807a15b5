"""Form fields that clean what is typed."""

from collections.abc import Callable
from typing import Any

from django import forms

from core.cleaning import clean_line, clean_prose


class CleanedField(forms.CharField):
    """Text that loses null bytes and the like before anything else looks at it."""

    cleaner: Callable[[str], str] = staticmethod(clean_line)

    def to_python(self, value: Any) -> str:
        return self.cleaner(super().to_python(value) or "")


class LineField(CleanedField):
    """Text of one line."""


class ProseField(CleanedField):
    """Text of several lines."""

    cleaner = staticmethod(clean_prose)
    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: a browser would cut a pasted text off without a word.
        return {}
