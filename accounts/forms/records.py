"""What the page of the log is narrowed by."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import records
from accounts.forms.lines import plausible_year


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RecordFilterForm(forms.Form):
    """Words, person, kind of act, kind of object, days; all of them optional."""

    cari = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    orang = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    jenis = forms.ChoiceField(label=_("Kind of act"), required=False)
    objek = forms.ChoiceField(label=_("Kind of object"), required=False)
    dari = forms.DateField(
        label=_("From"), required=False, widget=DayInput, validators=[plausible_year]
    )
    sampai = forms.DateField(
        label=_("Until"), required=False, widget=DayInput, validators=[plausible_year]
    )

    def __init__(self, data: Mapping[str, Any], *, with_entries: bool = True) -> None:
        """Offer what there may be; without `with_entries` nothing of competitors."""
        super().__init__(data)
        groups = {
            key: group.label
            for key, group in records.GROUPS.items()
            if with_entries or not group.is_of_entries
        }
        self._offer("jenis", _("All acts"), groups)
        self._offer("objek", _("All objects"), records.KINDS)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        first, last = asked.get("dari"), asked.get("sampai")
        if first and last and first > last:
            raise ValidationError(
                {"sampai": _("This day lies before the first one. Choose a later day.")}
            )
        return asked

    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked for."""
        return any(self.cleaned_data.values())

    def _offer(self, name: str, all_label: Any, words: Mapping[str, Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", all_label), *words.items()]
