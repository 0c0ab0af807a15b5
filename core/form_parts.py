"""What the field template shows of a form field, beside Django's own parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.utils import ErrorDict
from django.utils.safestring import SafeString

from core.text import word_count


@dataclass(frozen=True)
class FieldParts:
    """A field taken apart for the template: its kind and what stands around it.

    Kinds: check (one box), group (radio buttons or boxes), file, password, control.
    """

    kind: str
    described_by: str
    word_limit: int | None
    words: int
    suffix: str
    is_optional: bool
    options: Sequence[BoundWidget]

    @property
    def words_over(self) -> int:
        """Count the words beyond the limit."""
        return max(0, self.words - self.word_limit) if self.word_limit else 0


def field_parts(field: BoundField) -> FieldParts:
    """Take `field` apart for the template.

    Widget attributes read: data-words (word limit), data-suffix (a unit such as %).
    """
    widget = field.field.widget
    kind = _kind(widget)
    limit = widget.attrs.get("data-words")
    return FieldParts(
        kind=kind,
        described_by=_described_by(field, counted=limit is not None),
        word_limit=int(limit) if limit is not None else None,
        words=word_count(str(field.value() or "")) if limit is not None else 0,
        suffix=str(widget.attrs.get("data-suffix", "")),
        is_optional=_is_optional(field),
        options=_options(field) if kind == "group" else (),
    )


def render_control(field: BoundField) -> SafeString:
    """Render the control alone, with our classes and all its descriptions wired."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        css_class = "form-check-input"
    elif isinstance(widget, forms.Select):
        css_class = "form-select"
    else:
        css_class = "form-control"
    own_class = widget.attrs.get("class", "")
    invalid = "is-invalid" if field.errors else ""
    attrs: dict[str, str | bool] = {
        "class": " ".join(filter(None, (css_class, own_class, invalid)))
    }
    if str(widget.attrs.get("placeholder", "")) == str(field.label):
        attrs["placeholder"] = False  # says nothing that the label does not
    described_by = _described_by(field, counted="data-words" in widget.attrs)
    if described_by:
        attrs["aria-describedby"] = described_by
    return field.as_widget(attrs=attrs)


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary."""

    href: str
    label: str
    message: str


def error_lines(found: object) -> list[ErrorLine]:
    """List the errors of a form, a formset or several of them, with their anchors."""
    if isinstance(found, forms.BaseForm):
        return [
            line
            for name, errors in (found.errors or ErrorDict()).items()
            for line in _lines_of(found, name, errors)
        ]
    if isinstance(found, forms.BaseFormSet):
        lines = [ErrorLine("", "", str(m)) for m in found.non_form_errors()]
        return lines + [line for form in found.forms for line in error_lines(form)]
    if isinstance(found, Iterable) and not isinstance(found, str):
        return [line for each in found for line in error_lines(each)]
    return []


def _lines_of(
    form: forms.BaseForm, name: str, messages: Iterable[object]
) -> list[ErrorLine]:
    if name == NON_FIELD_ERRORS or name not in form.fields:
        return [ErrorLine("", "", str(message)) for message in messages]
    field = form[name]
    if field.is_hidden:
        return [ErrorLine("", "", str(message)) for message in messages]
    many = _kind(field.field.widget) == "group"
    anchor = f"#{field.auto_id}_0" if many else f"#{field.auto_id}"
    label = str(field.label).rstrip(":")
    label += "" if label.endswith("?") else ":"
    return [ErrorLine(anchor, label, str(message)) for message in messages]


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "password" if isinstance(widget, forms.PasswordInput) else "control"


def _described_by(field: BoundField, *, counted: bool) -> str:
    own = field.field.widget.attrs.get("aria-describedby", "")
    parts = [
        own,
        f"{field.auto_id}_helptext" if field.help_text else "",
        f"{field.auto_id}_error" if field.errors else "",
        f"{field.auto_id}_count" if counted else "",
    ]
    return " ".join(filter(None, parts)) if field.auto_id else own


def _is_optional(field: BoundField) -> bool:
    """Say "optional" only where the form also has fields that must be filled."""
    widget = field.field.widget
    # data-depends: whether it must be filled is up to another field.
    if field.field.required or "data-depends" in widget.attrs:
        return False
    if _kind(widget) == "check":
        return False
    return any(other.required for other in field.form.fields.values())


def _options(field: BoundField) -> Sequence[BoundWidget]:
    options = list(field.subwidgets)
    for option in options:
        option.data["attrs"] = {**option.data["attrs"], "class": "form-check-input"}
    return options
