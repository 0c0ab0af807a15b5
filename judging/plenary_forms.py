"""What people type at a plenary."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.forms.fields import TextMomentField
from competitions.models import Criterion, ScoringStage
from judging import scoring
from judging.forms import ScoreField
from judging.models import Juror, PlenaryDecision, Verdict


class PlenaryForm(forms.Form):
    """When and where a plenary is held, by whom, with which quorum."""

    stage = forms.ModelChoiceField(
        ScoringStage.objects.none(),
        label=gettext_lazy("Stage it deliberates on"),
        to_field_name="code",
        empty_label=None,
    )
    held_at = TextMomentField(
        label=gettext_lazy("Time"),
        default_time=time(9),
        help_text=gettext_lazy("As in 1 Feb 2023, 09.00."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=150,
        help_text=gettext_lazy("As it stands in the minutes."),
    )
    chair = forms.ModelChoiceField(
        Juror.objects.none(),
        label=gettext_lazy("Led by"),
        to_field_name="key",
        empty_label=None,
    )
    quorum = forms.IntegerField(
        label=gettext_lazy("Quorum"),
        min_value=1,
        required=False,
        help_text=gettext_lazy(
            "How many jurors must be present. Empty: more than half of the panel."
        ),
    )
    names_jurors = forms.BooleanField(
        label=gettext_lazy("Show the names of the jurors on the screen"),
        required=False,
        help_text=gettext_lazy("Otherwise jurors are numbered."),
    )

    def __init__(
        self,
        *args: Any,
        stages: Sequence[ScoringStage],
        panel: Sequence[Juror],
        zone: tzinfo,
        **kwargs: Any,
    ) -> None:
        """With an empty list of `stages` the stage is settled already."""
        super().__init__(*args, **kwargs)
        self.panel_size = len(panel)
        moment = self.fields["held_at"]
        assert isinstance(moment, TextMomentField)
        moment.zone = zone
        if len(stages) > 1:
            _choose_from(self.fields["stage"], ScoringStage, stages)
        else:
            del self.fields["stage"]
        _choose_from(self.fields["chair"], Juror, panel)

    def clean_quorum(self) -> int | None:
        quorum: int | None = self.cleaned_data["quorum"]
        if quorum is not None and quorum > self.panel_size:
            raise forms.ValidationError(
                _("The panel has %(number)d jurors.") % {"number": self.panel_size}
            )
        return quorum


class AttendanceForm(forms.Form):
    """Who of the panel is present."""

    present = forms.ModelMultipleChoiceField(
        Juror.objects.none(),
        label=gettext_lazy("Present"),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, panel: Sequence[Juror], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self.fields["present"], Juror, panel)


class VotesForm(forms.Form):
    """A reason, and who of those who may decide agreed; the others may say why not."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It stands in the minutes."),
    )
    agreeing = forms.MultipleChoiceField(
        label=gettext_lazy("Who agreed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick who agreed.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        free: Sequence[Juror],
        decision: PlenaryDecision | None,
        **initial: Any,
    ) -> None:
        """`free` are those present without a conflict; at first all of them agree."""
        self.free = free
        votes = (
            {each.juror_id: each for each in decision.votes.all()} if decision else {}
        )
        initial["reason"] = decision.reason if decision else ""
        initial["agreeing"] = [
            each.key for each in free if each.pk not in votes or votes[each.pk].agrees
        ]
        for each in free:
            if each.pk in votes:
                initial[f"note-{each.key}"] = votes[each.pk].note
        super().__init__(data, initial=initial)
        agreeing = self.fields["agreeing"]
        assert isinstance(agreeing, forms.MultipleChoiceField)
        agreeing.choices = [(each.key, each.user.name) for each in free]
        for each in free:
            self.fields[f"note-{each.key}"] = forms.CharField(
                label=_("Why %(name)s does not agree") % {"name": each.user.name},
                max_length=500,
                required=False,
            )

    @property
    def agreeing_jurors(self) -> list[Juror]:
        return [each for each in self.free if each.key in self.cleaned_data["agreeing"]]

    @property
    def notes(self) -> dict[Juror, str]:
        """What those wrote who did not agree."""
        return {
            each: text
            for each in self.free
            if (text := self.cleaned_data.get(f"note-{each.key}", ""))
        }

    @property
    def note_fields(self) -> list[forms.BoundField]:
        return [self[f"note-{each.key}"] for each in self.free]


class AgreementForm(VotesForm):
    """Agreed scores, shown as the means at first; what is left so keeps its mean."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        stage: ScoringStage,
        means: Sequence[tuple[Criterion, Decimal | None]],
        **kwargs: Any,
    ) -> None:
        decision: PlenaryDecision | None = kwargs["decision"]
        self.stage = stage
        self.shown = {
            criterion: on_scale(stage, mean)
            for criterion, mean in means
            if mean is not None
        }
        stored = (
            {each.criterion_id: each.value for each in decision.agreedscore_set.all()}
            if decision
            else {}
        )
        for criterion, value in self.shown.items():
            kwargs[f"value-{criterion.code}"] = stored.get(criterion.pk, value)
        super().__init__(data, **kwargs)
        for criterion in self.shown:
            self.fields[f"value-{criterion.code}"] = _value_field(stage, criterion)

    @property
    def scores(self) -> dict[Criterion, Decimal]:
        """The values that are not what the mean was shown as."""
        found = {}
        for criterion, shown in self.shown.items():
            value = self.cleaned_data.get(f"value-{criterion.code}")
            if value is not None and value != shown:
                found[criterion] = value
        return found


class RulingForm(VotesForm):
    """What the plenary finds at a gate."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What the plenary finds"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
    )


class TieForm(VotesForm):
    """The order of equals, or that they share their rank."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        titles: Mapping[str, str],
        order: Sequence[str],
        **kwargs: Any,
    ) -> None:
        """`titles` are by the code of the proposals, `order` is what is shown."""
        self.codes = list(titles)
        for code in titles:
            kwargs[f"place-{code}"] = order.index(code) + 1
        super().__init__(data, **kwargs)
        self.fields["shared"] = forms.BooleanField(
            label=_("They share the rank"),
            help_text=_("Then all of them get what goes to this rank."),
            required=False,
            initial=kwargs.get("shared", False),
        )
        numbers = [(each, str(each)) for each in range(1, len(titles) + 1)]
        for code, title in titles.items():
            self.fields[f"place-{code}"] = forms.TypedChoiceField(
                label=title, choices=numbers, coerce=int
            )

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return [self[f"place-{code}"] for code in self.codes]

    @property
    def order(self) -> list[str]:
        return sorted(self.codes, key=lambda code: self.cleaned_data[f"place-{code}"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [cleaned.get(f"place-{code}") for code in self.codes]
        is_whole = not cleaned.get("shared") and None not in given
        if is_whole and len(set(given)) < len(given):
            raise forms.ValidationError(_("Give each proposal a place of its own."))
        return cleaned


class MinutesForm(forms.Form):
    """What the minutes say beside what is stored."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("As given by the registry. Empty: the portal counts."),
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "The decree that appointed the jury, with number and date. One per line."
        ),
    )
    witness_position = forms.CharField(
        label=gettext_lazy("Office of who takes note"),
        max_length=150,
        help_text=gettext_lazy("As in Head of the Organisation Section."),
    )
    witness_name = forms.CharField(
        label=gettext_lazy("Name of who takes note"), max_length=150
    )


def on_scale(stage: ScoringStage, mean: Decimal) -> Decimal:
    """The value of the scale that is nearest to `mean`."""
    steps = ((mean - stage.scale_min) / stage.scale_step).quantize(
        Decimal(1), ROUND_HALF_UP
    )
    return stage.scale_min + steps * stage.scale_step


def _value_field(stage: ScoringStage, criterion: Criterion) -> ScoreField:
    outside = _("Give %(low)s to %(high)s.") % {
        "low": scoring.plain(stage.scale_min),
        "high": scoring.plain(stage.scale_max),
    }
    return ScoreField(
        label=criterion.name,
        required=False,
        min_value=stage.scale_min,
        max_value=stage.scale_max,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(
            {
                "inputmode": "decimal",
                "autocomplete": "off",
                "class": "score-input",
                # Each stands filled in: "(optional)" at all of them told nothing.
                "data-depends": "",
            }
        ),
        error_messages={"min_value": outside, "max_value": outside},
    )


def _choose_from(
    field: forms.Field, model: type[Any], rows: Iterable[ScoringStage | Juror]
) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = model.objects.filter(pk__in=[each.pk for each in rows]).order_by(
        "pk"
    )
    if model is Juror:
        field.queryset = field.queryset.select_related("user")
