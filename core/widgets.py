"""Drawing form controls without one template for each of their parts.

Django renders every control, every option and every attribute list by a template of
its own, which takes most of the time of a page with many fields.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]  # as `django.forms.Widget.get_context` gives it


class LeanRenderer(TemplatesSetting):
    """Django's renderer, which draws the plain controls itself."""

    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> SafeString:
        draw = _DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, context, request))  # noqa: S308
        return draw(context["widget"])


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else format_html(' value="{}"', str(value)),
        flatatt(widget["attrs"]),
    )


def _textarea(widget: Widget) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        flatatt(widget["attrs"]),
        widget["value"] or "",
    )


def _select(widget: Widget) -> SafeString:
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"],
        flatatt(widget["attrs"]),
        format_html_join("", "{}", ((_group(*each),) for each in widget["optgroups"])),
    )


def _group(label: str | None, options: list[Widget], _index: int) -> SafeString:
    drawn = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (str(option["value"]), flatatt(option["attrs"]), option["label"])
            for option in options
        ),
    )
    if not label:
        return drawn
    return format_html('<optgroup label="{}">{}</optgroup>', label, drawn)


def _option(widget: Widget) -> SafeString:
    """A radio button or a box of several, in its label if it asks for one."""
    if not widget.get("wrap_label"):
        return _input(widget)
    target = widget["attrs"].get("id")
    return format_html(
        "<label{}>{} {}</label>",
        format_html(' for="{}"', target) if target else "",
        _input(widget),
        widget["label"],
    )


_FOLDER = "django/forms/widgets/"
_INPUTS = "checkbox date datetime email hidden input number password text time url"
_DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS.split()},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}radio_option.html": _option,
    f"{_FOLDER}checkbox_option.html": _option,
}
