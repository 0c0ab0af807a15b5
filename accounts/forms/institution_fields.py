"""Fields that take institutions by code or name, so that thousands need no list."""

import re
from difflib import get_close_matches
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Institution
from core.fields import LineField


class InstitutionField(LineField):
    """An institution of a government by its code, or by its name if only one has it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", gettext_lazy("Its code or its name."))
        super().__init__(max_length=200, **options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        self.choices: QuerySet[Institution] = Institution.objects.none()

    def clean(self, value: Any) -> Institution | None:
        text = super().clean(value)
        return find_institution(text, self.choices) if text else None

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Institution) else value


class InstitutionsField(LineField):
    """Several institutions by their codes, parted by commas or lines."""

    widget = forms.Textarea({"rows": 3, "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2000, **options)
        self.choices: QuerySet[Institution] = Institution.objects.none()

    def to_python(self, value: Any) -> Any:
        return "\n".join(re.split(r"[,;\r\n]+", str(value or "")))

    def clean(self, value: Any) -> list[Institution]:
        lines = super().clean(value).split("\n")
        words = [" ".join(each.split()) for each in lines if each.strip()]
        found = [find_institution(each, self.choices) for each in words[:50]]
        return list(dict.fromkeys(found))


def find_institution(text: str, among: QuerySet[Institution]) -> Institution:
    """Find the one with this code or name. Raises ValidationError with the nearest."""
    # "DINKES, Dinas Kesehatan" is what a list offers.
    code = text.partition(",")[0].strip()
    found = list(among.filter(Q(code__iexact=text) | Q(code__iexact=code))[:1])
    if not found:
        named = Q(name__iexact=text) | Q(short_name__iexact=text)
        found = list(among.filter(named).order_by("code", "pk")[:6])
    if len(found) == 1:
        return found[0]
    if found:
        raise forms.ValidationError(
            _("Several have this name. Write the code: %(codes)s.")
            % {"codes": ", ".join(each.code for each in found)}
        )
    raise forms.ValidationError(_not_found(text, among))


def _not_found(text: str, among: QuerySet[Institution]) -> str:
    part = Q(name__icontains=text) | Q(code__icontains=text)
    near = list(among.filter(part).order_by("code", "pk")[:3])
    if not near:
        codes = list(among.values_list("code", flat=True).order_by("code", "pk"))
        close = get_close_matches(text.upper(), codes, n=3, cutoff=0.6)
        near = list(among.filter(code__in=close).order_by("code", "pk"))
    if not near:
        return _("No active institution has this code or name.")
    return _("No active institution has this code or name. Did you mean %(codes)s?") % {
        "codes": ", ".join(f"{each.code} ({each.short_name})" for each in near)
    }
