"""How the public narrows the catalogue."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import EntryQuerySet
from catalogue.queries import Choices


class EntryFilterForm(forms.Form):
    """Words, field of service, year, institution, order; all of them optional."""

    q = forms.CharField(label=_("Search innovations"), required=False, max_length=100)
    bidang = forms.ChoiceField(label=_("Field of service"), required=False)
    tahun = forms.TypedChoiceField(
        label=_("Year"), required=False, coerce=int, empty_value=None
    )
    instansi = forms.ChoiceField(label=_("Institution"), required=False)
    urut = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Newest first")), ("nama", _("Name A to Z"))],
    )

    def __init__(self, data: Mapping[str, Any], *, choices: Choices) -> None:
        super().__init__(data)
        self._offer(
            "bidang",
            _("All fields"),
            [(code, f"{name} ({n})") for code, name, n in choices.categories],
        )
        self._offer(
            "tahun",
            _("All years"),
            [(year, f"{year} ({n})") for year, n in choices.years],
        )
        self._offer(
            "instansi",
            _("All institutions"),
            [(name, f"{name} ({n})") for name, n in choices.institutions],
        )
        self.fields["q"].widget.attrs |= {
            "type": "search",
            "placeholder": _("Search by name, problem or institution"),
        }

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Keep and order the entries asked for; nonsense in the address is ignored."""
        self.is_valid()
        asked = self.cleaned_data
        if category := asked.get("bidang"):
            entries = entries.filter(category_code=category)
        if year := asked.get("tahun"):
            entries = entries.filter(year=year)
        if institution := asked.get("instansi"):
            entries = entries.filter(institution_name=institution)
        words = (asked.get("q") or "").strip()
        if words:
            entries = entries.search_for(words)
        if asked.get("urut") == "nama":
            return entries.order_by("title", "pk")
        return entries if words else entries.newest_first()

    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked for but an order."""
        return any(
            self.cleaned_data.get(name) for name in ("q", "bidang", "tahun", "instansi")
        )

    def _offer(self, name: str, all_label: Any, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", all_label), *choices]
