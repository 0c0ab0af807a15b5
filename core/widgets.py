"""Drawing form controls without one template for each of their parts.

Django renders every control, every option and every attribute list by a template of
its own, which takes most of the time of a page with many fields.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
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
        return mark_safe(draw(context["widget"]))  # noqa: S308  escaped piece by piece


def _attributes(attrs: Mapping[str, Any]) -> str:
    """The attributes in the order in which Django writes them."""
    named: list[str] = []
    bare: list[str] = []
    for name in sorted(attrs):
        value = attrs[name]
        if isinstance(value, bool):
            if value:
                bare.append(f" {name}")
        elif value is not None:
            named.append(f' {name}="{conditional_escape(value)}"')
    return "".join((*named, *bare))


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{conditional_escape(str(value))}"'
    name, attrs = conditional_escape(widget["name"]), _attributes(widget["attrs"])
    return f'<input type="{widget["type"]}" name="{name}"{given}{attrs}>'


def _textarea(widget: Widget) -> str:
    name, attrs = conditional_escape(widget["name"]), _attributes(widget["attrs"])
    text = conditional_escape(widget["value"] or "")
    return f'<textarea name="{name}"{attrs}>\n{text}</textarea>'


def _select(widget: Widget) -> str:
    name, attrs = conditional_escape(widget["name"]), _attributes(widget["attrs"])
    options = "".join(_group(*each) for each in widget["optgroups"])
    return f'<select name="{name}"{attrs}>{options}</select>'


def _group(label: str | None, options: list[Widget], _index: int) -> str:
    drawn = "".join(
        f'<option value="{conditional_escape(str(option["value"]))}"'
        f"{_attributes(option['attrs'])}>{conditional_escape(option['label'])}</option>"
        for option in options
    )
    if not label:
        return drawn
    return f'<optgroup label="{conditional_escape(label)}">{drawn}</optgroup>'


def _option(widget: Widget) -> str:
    """A radio button or a box of several, in its label if it asks for one."""
    drawn = _input(widget)
    if not widget.get("wrap_label"):
        return drawn
    target = widget["attrs"].get("id")
    owner = f' for="{conditional_escape(target)}"' if target else ""
    return f"<label{owner}>{drawn} {conditional_escape(widget['label'])}</label>"


_FOLDER = "django/forms/widgets/"
_INPUTS = "checkbox date datetime email hidden input number password text time url"
_DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS.split()},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}radio_option.html": _option,
    f"{_FOLDER}checkbox_option.html": _option,
}
