"""What is scored in a stage, and the predicates of an assessment."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competitions.definitions import (
    AnchorDefinition,
    CriterionDefinition,
    MinimumDefinition,
    PredicateDefinition,
    ScoringDefinition,
)
from competitions.forms.entries import (
    EntryForm,
    NumberField,
    TracksField,
    read_number,
    set_choices,
    written,
)
from competitions.forms.rows import Column, RowsField, row_error
from competitions.forms.scoring_stages import about
from competitions.models import PredicateMinimum, ScoringStage


class CriterionForm(EntryForm):
    """A criterion, or a component of an assessment."""

    shape = CriterionDefinition

    name = forms.CharField(label=_("Name"), max_length=120)
    description = about(_("What jurors look at"))
    parent = forms.ChoiceField(label=_("Belongs below"), required=False)
    weight = NumberField(
        _("Weight"),
        suffix="%",
        help_text=_("All criteria of a stage together make 100 for each track."),
    )
    sections = forms.MultipleChoiceField(
        label=_("Sections of the form that jurors read for it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    anchors = RowsField(
        _("Rubric"),
        [
            Column("low", _("From score"), "narrow", is_number=True, limit=12),
            Column("high", _("To score"), "narrow", is_number=True, limit=12),
            Column("label", _("Level"), "middle", limit=60),
            Column("text", _("What it looks like")),
        ],
        required=False,
        help_text=_(
            "The lowest scores first, as in 0 to 59, Kurang, Belum ada bukti. Left "
            "empty, there is no rubric."
        ),
    )
    tracks = TracksField()

    def __init__(self, *args: Any, stage: ScoringDefinition, **kwargs: Any) -> None:
        self.stage = stage
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        super().prepare()
        sections = [(each.code, each.title) for each in self.rules.form.sections]
        set_choices(self, "sections", sections)
        # Only what is read at a desk is read by sections.
        is_read = self.stage.kind == ScoringStage.Kind.DESK and bool(sections)
        self.fields["sections"].required = is_read
        self.fields["sections"].error_messages["required"] = gettext(
            "Tick at least one: jurors read it when they score this criterion."
        )
        if self.entry is None:
            self._propose([code for code, _title in sections])
        if self.stage.kind != ScoringStage.Kind.ASSESSMENT:
            del self.fields["parent"]
            return
        self.fields["weight"].help_text = gettext(
            "In points of 100. What stands below a component sums to its weight."
        )
        below = {each.code for each in _below(self.entry)} if self.entry else set()
        parent: Any = self.fields["parent"]
        parent.choices = [
            ("", gettext("Nothing: it stands at the top")),
            *(
                (each.code, each.name)
                for each in self.stage.tree()
                if each.code not in below
            ),
        ]
        if self.entry is not None:
            self.initial["parent"] = next(
                (
                    each.code
                    for each in self.stage.tree()
                    if any(one.code == self.entry.code for one in each.criteria)
                ),
                "",
            )

    def _propose(self, sections: list[str]) -> None:
        """Begin with the weight that is left, and with the only section there is."""
        given = sum((each.weight for each in self.stage.criteria), Decimal(0))
        if given < 100:
            self.initial.setdefault("weight", 100 - given)
        if len(sections) == 1:
            self.initial.setdefault("sections", sections)

    def initial_of(self, entry: CriterionDefinition) -> dict[str, Any]:
        return super().initial_of(entry) | {
            "anchors": [
                {
                    "low": written(each.low),
                    "high": written(each.high),
                    "label": each.label,
                    "text": each.text,
                }
                for each in entry.anchors
            ]
        }

    def clean_anchors(self) -> tuple[AnchorDefinition, ...]:
        found = []
        for number, row in enumerate(self.cleaned_data["anchors"], start=1):
            label, text = row["label"], row["text"]
            try:
                low, high = read_number(row["low"]), read_number(row["high"])
            except ValueError:
                raise row_error(
                    number, gettext("Write two numbers, as in 0 and 59.")
                ) from None
            if high < low or high > 100:
                raise row_error(
                    number, gettext("The second number is the higher, at most 100.")
                )
            if not label or not text:
                raise row_error(
                    number, gettext("Write the level and what it looks like.")
                )
            if len(label) > 60 or len(text) > 500:
                raise row_error(
                    number,
                    gettext("A level has at most 60 characters, its text at most 500."),
                )
            found.append(AnchorDefinition(low=low, high=high, label=label, text=text))
        return tuple(found)


def _below(entry: CriterionDefinition) -> list[CriterionDefinition]:
    """A component and all that stands below it."""
    return [entry, *(each for one in entry.criteria for each in _below(one))]


class PredicateForm(EntryForm):
    """What an assessment can come to."""

    shape = PredicateDefinition

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As in WBK."))
    description = about(_("Explanation"))
    requires = forms.ChoiceField(
        label=_("Must have been reached before"), required=False
    )
    minimums = RowsField(
        _("The least that must be reached"),
        [
            Column("criterion", _("Component"), choices=[("", "")]),
            Column("minimum", _("At least"), "narrow", is_number=True, limit=12),
            Column(
                "unit", _("Counted in"), "middle", choices=PredicateMinimum.Unit.choices
            ),
        ],
        help_text=_(
            "As in a total of at least 75 points, or 60 percent of the weight of every "
            "component."
        ),
    )

    def __init__(self, *args: Any, stage: ScoringDefinition, **kwargs: Any) -> None:
        self.stage = stage
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        super().prepare()
        own = self.entry.code if self.entry is not None else ""
        requires: Any = self.fields["requires"]
        requires.choices = [
            ("", gettext("Nothing")),
            *((e.code, e.name) for e in self.stage.predicates if e.code != own),
        ]
        minimums: Any = self.fields["minimums"]
        component, *others = minimums.columns
        minimums.columns = [replace(component, choices=self._components()), *others]

    def _components(self) -> list[tuple[str, str]]:
        return [
            ("", gettext("Total")),
            *((each.code, each.name) for each in self.stage.tree()),
        ]

    def initial_of(self, entry: PredicateDefinition) -> dict[str, Any]:
        return super().initial_of(entry) | {
            "minimums": [
                {
                    "criterion": each.criterion,
                    "minimum": written(each.minimum),
                    "unit": each.unit,
                }
                for each in entry.minimums
            ]
        }

    def clean_minimums(self) -> tuple[MinimumDefinition, ...]:
        known = dict(self._components())
        found: list[MinimumDefinition] = []
        for number, row in enumerate(self.cleaned_data["minimums"], start=1):
            code = row["criterion"]
            if code not in known:
                raise row_error(number, gettext("Choose a component."))
            if any(each.criterion == code for each in found):
                raise row_error(
                    number,
                    gettext("%(component)s stands there twice.")
                    % {"component": known[code]},
                )
            try:
                minimum = read_number(row["minimum"])
            except ValueError:
                raise row_error(number, gettext("Write a number, as in 75.")) from None
            if minimum > 100:
                raise row_error(number, gettext("Write at most 100."))
            unit = PredicateMinimum.Unit(row["unit"] or PredicateMinimum.Unit.POINTS)
            found.append(
                MinimumDefinition(criterion=code, minimum=minimum, unit=unit.value)
            )
        return tuple(found)
