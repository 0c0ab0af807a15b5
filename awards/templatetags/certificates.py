"""What the templates of certificates need of the drawing board."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from awards import fitting, ornaments

register = template.Library()


@register.simple_tag(takes_context=True)
def certificate_sheet(context: Context) -> fitting.Sheet:
    """Settle sizes and lines of the certificate from the values of the paper."""
    values: dict[Any, Any] = context.flatten()
    return fitting.fit(values, values["document"].number)


@register.simple_tag
def sheet_rules(sheet: fitting.Sheet) -> SafeString:
    """The sizes of a sheet as style rules: numbers and colours of our own only."""
    return mark_safe(sheet.css)  # noqa: S308  see the docstring


@register.simple_tag
def certificate_ornament(design: Mapping[str, Any]) -> SafeString:
    """The batik that lies under a design."""
    return ornaments.drawing(
        design["layout"],
        design["motif"],
        design["palette"],
        has_disc=bool(design["shows_emblem"]),
    )


@register.simple_tag
def motif_swatch(motif: str, palette: str) -> SafeString:
    """A small piece of a motif in the colours of a palette."""
    return ornaments.swatch(motif, palette)
