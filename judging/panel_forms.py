"""What people type about the panel: jurors, conflicts, what was suggested."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Institution
from competitions.models import Round
from judging.models import Conflict, Juror
from submissions.models import Proposal


class SeatForm(forms.ModelForm):
    """What the panel knows of a juror: where from, what for, how much."""

    capacity = forms.IntegerField(
        label=gettext_lazy("Most sheets in one stage"),
        required=False,
        min_value=1,
        max_value=9999,
        help_text=gettext_lazy("Empty: as many as it takes."),
    )

    class Meta:
        model = Juror
        fields = [
            "background",
            "affiliation",
            "categories",
            "capacity",
            "scoring_stages",
        ]
        labels = {
            "affiliation": gettext_lazy("Affiliation"),
            "categories": gettext_lazy("Categories known well"),
            "scoring_stages": gettext_lazy("Stages"),
        }
        help_texts = {
            "affiliation": gettext_lazy(
                "Where the juror works, or worked. Conflicts are suggested from it."
            ),
            "categories": gettext_lazy("None ticked: all alike."),
            "scoring_stages": gettext_lazy("None ticked: all stages."),
        }
        widgets = {
            "categories": forms.CheckboxSelectMultiple,
            "scoring_stages": forms.CheckboxSelectMultiple,
        }

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, juror: Juror, round: Round
    ) -> None:
        super().__init__(data, instance=juror)
        self._among("categories", round.category_set.order_by("order", "pk"))
        stages = round.scoringstage_set.order_by("order", "pk")
        if stages.count() > 1:
            self._among("scoring_stages", stages)
        else:
            del self.fields["scoring_stages"]

    def _among(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.to_field_name = "code"
        field.queryset = rows

    @property
    def changes(self) -> dict[str, Any]:
        """What is to be written down."""
        return {"scoring_stages": [], **self.cleaned_data}


class ConflictForm(forms.Form):
    """What kind of conflict it is, and why, in the juror's words."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of conflict"),
        choices=[
            ("", gettext_lazy("Choose what it is")),
            *Conflict.Kind.choices,
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Only the secretariat reads it."),
    )


class SheetConflictForm(ConflictForm):
    """Stepping back from one proposal; the kind may be left open."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["kind"].required = False

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Conflict.Kind.OTHER.value


class ConflictsForm(ConflictForm):
    """With whom: institutions and proposals that are ticked, by their codes."""

    instansi = forms.ModelMultipleChoiceField(
        Institution.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    proposal = forms.ModelMultipleChoiceField(
        Proposal.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        institutions: Any,
        proposals: Any,
    ) -> None:
        super().__init__(data)
        for name, rows in (("instansi", institutions), ("proposal", proposals)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_named = cleaned.get("instansi") or cleaned.get("proposal")
        if not is_named and not self.errors.keys() & {"instansi", "proposal"}:
            self.add_error(
                "instansi",
                gettext_lazy("Tick at least one institution or proposal."),
            )
        return cleaned


class SuggestionForm(forms.Form):
    """What a person says to a suggested conflict."""

    key = forms.CharField(max_length=200, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[("confirm", "confirm"), ("dismiss", "dismiss")],
        error_messages={"required": gettext_lazy("Confirm it, or say it is none.")},
    )
    note = forms.CharField(required=False, max_length=500, strip=True)
