"""Which columns the table of proposals has."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions.proposal_table import Column, Group

XLSX, CSV = "xlsx", "csv"


class TableForm(forms.Form):
    """Columns to tick, group by group, and the kind of file."""

    kolom = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one column.")},
    )
    bentuk = forms.ChoiceField(
        label=_("Kind of file"), choices=[(XLSX, "XLSX"), (CSV, "CSV")], initial=XLSX
    )

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = {each.key: each for group in groups for each in group.columns}
        self.fields["kolom"].choices = [  # type: ignore[attr-defined]
            (group.label, [(each.key, each.label) for each in group.columns])
            for group in groups
        ]

    def chosen(self) -> list[Column]:
        """The columns that were ticked, in the order of the table."""
        ticked = set(self.cleaned_data["kolom"])
        return [each for key, each in self.columns.items() if key in ticked]
