"""Fields that clean what is typed or uploaded."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from submissions.cleaning import clean_line, clean_prose
from submissions.uploads import CheckedFile, UploadRefused, check_upload
from submissions.uploads.checking import FileType


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


class LeanSelect(forms.Select):
    """A select drawn without one template per option: dozens of them stay quick."""

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (option["value"], flatatt(option["attrs"]), option["label"])
                for _group, options, _index in widget["optgroups"]
                for option in options
            ),
        )
        return format_html(
            '<select name="{}"{}>{}</select>',
            widget["name"],
            flatatt(widget["attrs"]),
            options,
        )


class LeanCheckboxes(forms.CheckboxSelectMultiple):
    """Boxes of which each takes one template in place of four."""

    option_template_name = "django/forms/widgets/input.html"


class CheckedFileField(forms.FileField):
    """An upload checked by its content; gives a CheckedFile."""

    def __init__(
        self, *, max_bytes: int, types: Sequence[FileType], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.max_bytes = max_bytes
        self.types = types
        self.widget.attrs["accept"] = ",".join(kind.extension for kind in types)

    def to_python(self, data: UploadedFile | None) -> CheckedFile | None:  # type: ignore[override]
        # Django's own check knows only "empty" and "name too long": ours says more.
        if data is None:
            return None
        try:
            return check_upload(data, max_bytes=self.max_bytes, types=self.types)
        except UploadRefused as refusal:
            raise ValidationError(refusal.message) from refusal
