"""What people type in judging: scores, reasons, a new juror."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.models import Category, Criterion, Round, ScoringStage
from core import numbers
from judging.models import Juror, Score
from submissions.models import Proposal


class ScoreField(forms.DecimalField):
    """A number with at most two decimals, after a comma or a point."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            text = numbers.decimal(value, 2)
            return text.rstrip("0").rstrip(",.")
        return value


class ScoreForm(forms.Form):
    """The whole sheet: a score and a note for each criterion.

    What is well formed is in `scores` and `notes` even where another field is not,
    so that one slip of the finger holds back nothing else.
    """

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        stage: ScoringStage,
        criteria: Sequence[Criterion],
        written: Mapping[int, Score],
        version: int,
    ) -> None:
        self.criteria = criteria
        initial: dict[str, Any] = {"version": version}
        for criterion in criteria:
            if score := written.get(criterion.pk):
                initial[value_name(criterion)] = score.value
                initial[note_name(criterion)] = score.note
        super().__init__(data, initial=initial)
        for criterion in criteria:
            self.fields[value_name(criterion)] = _value_field(stage, criterion)
            self.fields[note_name(criterion)] = _note_field(criterion)

    @property
    def scores(self) -> dict[Criterion, Decimal | None]:
        return {
            criterion: self.cleaned_data[name]
            for criterion in self.criteria
            if (name := value_name(criterion)) in self.cleaned_data
            and name in self.data
        }

    @property
    def notes(self) -> dict[Criterion, str]:
        return {
            criterion: self.cleaned_data[name]
            for criterion in self.criteria
            if (name := note_name(criterion)) in self.cleaned_data and name in self.data
        }

    @property
    def base_version(self) -> int:
        """The version the page was loaded with; nonsense counts as stale."""
        version = self.cleaned_data.get("version")
        return -1 if version is None else int(version)

    def rebase(self, version: int) -> None:
        """Show what was typed on top of another `version` of the sheet."""
        self.data = {**dict(self.data.items()), "version": str(version)}

    def add_missing(self, missing: Mapping[str, str]) -> None:
        """Mark by criterion code what keeps the sheet from being finished."""
        for criterion in self.criteria:
            if message := missing.get(criterion.code):
                is_scored = self.cleaned_data.get(value_name(criterion)) is not None
                name = note_name(criterion) if is_scored else value_name(criterion)
                self.add_error(name, message)


class ReasonForm(forms.Form):
    """A reason that will be read later."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class JurorForm(forms.ModelForm):
    """A person called into the panel."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        help_text=gettext_lazy("Used if this address has no account yet."),
    )

    background = forms.ChoiceField(
        label=gettext_lazy("Background"),
        choices=[
            ("", gettext_lazy("Choose a background")),
            *Juror.Background.choices,
        ],
    )

    class Meta:
        model = Juror
        fields = ["background", "affiliation"]

    field_order = ["name", "email", "background", "affiliation"]


class RankingFilterForm(forms.Form):
    """Narrows the ranking by words of the title or institution, and by category."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    kategori = forms.ModelChoiceField(
        Category.objects.none(),
        label=gettext_lazy("Category"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All categories"),
    )

    def __init__(self, data: Mapping[str, Any], *, round: Round) -> None:
        super().__init__(data)
        self.fields["kategori"].queryset = Category.objects.filter(  # type: ignore[attr-defined]
            round=round
        ).order_by("order", "pk")

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return self.is_valid() and any(self.cleaned_data.values())

    def matching(self, proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
        """Keep the proposals asked for."""
        if words := self.cleaned_data["q"].strip():
            proposals = proposals.filter(
                Q(title__icontains=words)
                | Q(institution__name__icontains=words)
                | Q(institution__short_name__icontains=words)
                | Q(code__iexact=words)
            )
        if category := self.cleaned_data["kategori"]:
            proposals = proposals.filter(category=category)
        return proposals


def value_name(criterion: Criterion) -> str:
    return f"value-{criterion.code}"


def note_name(criterion: Criterion) -> str:
    return f"note-{criterion.code}"


def _value_field(stage: ScoringStage, criterion: Criterion) -> ScoreField:
    low, high = numbers.decimal(stage.scale_min, 0), numbers.decimal(stage.scale_max, 0)
    field = ScoreField(
        label=_("Score for %(criterion)s, %(low)s to %(high)s")
        % {"criterion": criterion.name, "low": low, "high": high},
        required=False,
        min_value=stage.scale_min,
        max_value=stage.scale_max,
        max_digits=5,
        decimal_places=2,
        error_messages={
            "invalid": _("Type a number, such as 82 or 82,5."),
            "min_value": _("Give at least %(low)s.") % {"low": low},
            "max_value": _("Give at most %(high)s.") % {"high": high},
        },
    )
    field.widget.attrs |= {
        "class": "score-input",
        "inputmode": "decimal",
        "autocomplete": "off",
        "data-score-max": f"{stage.scale_max.normalize():f}",
    }
    return field


def _note_field(criterion: Criterion) -> forms.CharField:
    return forms.CharField(
        label=_("Note on %(criterion)s") % {"criterion": criterion.name},
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
