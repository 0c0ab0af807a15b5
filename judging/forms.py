"""What people type in judging: scores, reasons, a new juror."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.models import (
    Category,
    Cluster,
    Criterion,
    Round,
    ScoringStage,
    Track,
)
from core import numbers
from judging import scoring
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
                initial[value_name(criterion)] = _initial(stage, score.value)
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


class SheetTableForm(forms.Form):
    """A workbook of score sheets, filled in."""

    file = forms.FileField(
        label=gettext_lazy("Workbook with your scores"),
        help_text=gettext_lazy("The XLSX file that you downloaded here, filled in."),
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
    )


class AbstentionForm(ReasonForm):
    """Why a juror leaves a proposal unjudged; `version` is the one they saw."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


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
    """Narrows the ranking by words of the title or institution, and by group."""

    # Name of the field, and what its choice is to a proposal.
    GROUPS = {"kategori": "category", "kelompok": "track", "klaster": "cluster"}

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    kategori = forms.ModelChoiceField(
        Category.objects.none(),
        label=gettext_lazy("Category"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All categories"),
    )
    kelompok = forms.ModelChoiceField(
        Track.objects.none(),
        label=gettext_lazy("Group"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All groups"),
    )
    klaster = forms.ModelChoiceField(
        Cluster.objects.none(),
        label=gettext_lazy("Cluster"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All clusters"),
    )

    def __init__(
        self, data: Mapping[str, Any], *, round: Round, groupings: Collection[str]
    ) -> None:
        """Leave out what the proposals of `round` are not told apart by."""
        super().__init__(data)
        for name, per in self.GROUPS.items():
            if per not in groupings:
                del self.fields[name]
                continue
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            found = field.queryset
            assert found is not None
            field.queryset = found.model.objects.filter(round=round).order_by(
                "order", "pk"
            )

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return self.is_valid() and any(self.cleaned_data.values())

    @property
    def group(self) -> tuple[str, Any] | None:
        """The grouping and the group asked for, if it is one alone."""
        if not self.is_valid():
            return None
        chosen = [
            (per, group)
            for name, per in self.GROUPS.items()
            if (group := self.cleaned_data.get(name))
        ]
        return chosen[0] if len(chosen) == 1 else None

    def matching(self, proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
        """Keep the proposals asked for."""
        if words := self.cleaned_data["q"].strip():
            proposals = proposals.filter(
                Q(title__icontains=words)
                | Q(institution__name__icontains=words)
                | Q(institution__short_name__icontains=words)
                | Q(code__iexact=words)
            )
        if category := self.cleaned_data.get("kategori"):
            proposals = proposals.filter(category=category)
        if track := self.cleaned_data.get("kelompok"):
            proposals = proposals.filter(track=track)
        if cluster := self.cleaned_data.get("klaster"):
            by_kind = Q(cluster=None, institution__kind__in=cluster.institution_kinds)
            proposals = proposals.filter(Q(cluster=cluster) | by_kind)
        return proposals


def value_name(criterion: Criterion) -> str:
    return f"value-{criterion.code}"


def note_name(criterion: Criterion) -> str:
    return f"note-{criterion.code}"


def _check_step(stage: ScoringStage, value: Decimal) -> None:
    """Refuse what lies between two steps; what lies outside is refused elsewhere."""
    is_inside = stage.scale_min <= value <= stage.scale_max
    if is_inside and (fault := scoring.off_scale(stage, value)):
        raise ValidationError(fault)


def _initial(stage: ScoringStage, value: Decimal | None) -> Any:
    """What the field of a stored value shows; a button knows itself by its text."""
    if value is not None and scoring.steps_of(stage):
        return f"{value.normalize():f}"
    return value


def _value_field(stage: ScoringStage, criterion: Criterion) -> forms.Field:
    low, high = scoring.plain(stage.scale_min), scoring.plain(stage.scale_max)
    words = {"criterion": criterion.name, "low": low, "high": high}
    label = _("Score for %(criterion)s, %(low)s to %(high)s") % words
    if steps := scoring.steps_of(stage):
        return forms.TypedChoiceField(
            label=label,
            required=False,
            coerce=Decimal,
            empty_value=None,
            choices=[(f"{step.normalize():f}", scoring.plain(step)) for step in steps],
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Choose one of the steps.")},
        )
    field = ScoreField(
        label=label,
        required=False,
        min_value=stage.scale_min,
        max_value=stage.scale_max,
        validators=[partial(_check_step, stage)],
        max_digits=5,
        decimal_places=2,
        error_messages={
            "invalid": _("Type a number, such as 82 or 82,5."),
            "min_value": _("Give at least %(low)s.") % words,
            "max_value": _("Give at most %(high)s.") % words,
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
