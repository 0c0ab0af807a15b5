"""What the pages of a proposal show at each of its parts."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BaseForm, BoundField

register = template.Library()


@register.filter
def at_part(found: Mapping[str, Any] | None, part: str) -> Any:
    """What a mapping by part holds for one of them: {{ notes|at_part:"data" }}."""
    return found.get(part) if found else None


@register.filter
def field_at(form: BaseForm | None, part: str) -> BoundField | None:
    """The field of a form for notes at one part: {{ form|field_at:"data" }}."""
    name = f"at_{part}"
    return form[name] if form and name in form.fields else None
