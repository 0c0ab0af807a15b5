"""What people type when they hand out proposals, or take them back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from competitions.models import Round
from judging.models import Juror
from judging.workload import Choices


class ChoicesForm(forms.Form):
    """How one assignment is to be computed; the first look takes the defaults."""

    tahap = forms.CharField(required=False, widget=forms.HiddenInput)
    pilihan = forms.CharField(required=False, widget=forms.HiddenInput)
    belum = forms.BooleanField(
        label=gettext_lazy("Include jurors who have not taken the seat yet"),
        required=False,
    )
    pindah = forms.BooleanField(
        label=gettext_lazy("Sheets that were not begun may go to another juror"),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any], *, stage: str) -> None:
        if not data.get("pilihan"):
            defaults = Choices()
            data = {"belum": defaults.with_unanswered, "pindah": defaults.may_move}
        super().__init__({**dict(data.items()), "tahap": stage, "pilihan": "1"})

    @property
    def choices(self) -> Choices:
        self.full_clean()
        return Choices(
            with_unanswered=self.cleaned_data["belum"],
            may_move=self.cleaned_data["pindah"],
        )

    @property
    def address(self) -> str:
        """The query that asks for the same computation."""
        chosen = {
            "belum": self.choices.with_unanswered,
            "pindah": self.choices.may_move,
        }
        asked = [f"tahap={self.data['tahap']}", "pilihan=1"]
        return "&".join(
            asked + [f"{name}=on" for name, value in chosen.items() if value]
        )


class GiveForm(forms.Form):
    """To whom a proposal is given by hand."""

    juror = forms.ModelChoiceField(Juror.objects.none(), to_field_name="key")

    def __init__(self, data: Mapping[str, Any], *, round: Round) -> None:
        super().__init__(data)
        field = self.fields["juror"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Juror.objects.filter(round=round).for_list()


class TableForm(forms.Form):
    """A table of assignments, and how it is meant."""

    ADD, WHOLE = "tambah", "seluruh"

    file = forms.FileField(
        label=gettext_lazy("Table of assignments"),
        help_text=gettext_lazy("XLSX or CSV, at most 5 MB."),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )
    isi = forms.ChoiceField(
        label=gettext_lazy("What the table holds"),
        choices=[
            (ADD, gettext_lazy("Only what is to be added; the rest stays")),
            (
                WHOLE,
                gettext_lazy("All of it; what is not in the table is taken away"),
            ),
        ],
        initial=ADD,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for what is taken away"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("isi") == self.WHOLE and not cleaned.get("reason"):
            self.add_error(
                "reason",
                gettext_lazy("Write down why; it is kept with what is taken away."),
            )
        return cleaned


class ReplaceForm(forms.Form):
    """Why a juror leaves, and who goes on with what is not finished."""

    successor = forms.ModelChoiceField(
        Juror.objects.none(),
        label=gettext_lazy("Who takes over"),
        required=False,
        to_field_name="key",
        empty_label=gettext_lazy("The other jurors, evenly"),
        help_text=gettext_lazy(
            "Somebody new? Invite them on the page of the jury first."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why the seat ends"),
        max_length=1000,
        help_text=gettext_lazy("The juror reads it."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, juror: Juror) -> None:
        super().__init__(data)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            Juror.objects.filter(round=juror.round_id)
            .sitting()
            .exclude(pk=juror.pk)
            .for_list()
        )
