"""The requirement forms: each rule asks only for its own parameters."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from competitions import definitions
from competitions.definitions import (
    NEEDS_LOOK,
    NOT_MET,
    RequirementDefinition,
    RoundDefinition,
)
from competitions.forms.entries import (
    EntryForm,
    KindsField,
    LinesField,
    TracksField,
    free_code,
    set_choices,
)
from competitions.models import HeaderField, Requirement

Rule = Requirement.Rule


def _whole(label: Any, low: int, high: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, **kwargs)


def _several(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


def _parameters(rule: str) -> dict[str, forms.Field]:
    """The fields of what a rule asks besides its texts."""
    if rule == Rule.MINIMUM_AGE:
        return {
            "months": _whole(
                _("Months the innovation must have run"),
                1,
                240,
                initial=12,
                help_text=_("Counted back from the closing of the submission."),
            ),
            "field": forms.ChoiceField(label=_("Counted from"), required=False),
        }
    if rule == Rule.QUOTA:
        return {
            "maximum": _whole(
                _("Proposals of one institution at most"), 1, 10_000, initial=3
            )
        }
    if rule == Rule.EARLIER_AWARDS:
        return {
            "levels": LinesField(
                _("Awards that count"),
                rows=3,
                help_text=_("One in each line, as in Juara I or Top 45."),
            ),
            "maximum": _whole(
                _("How often an innovation may have won them before"),
                0,
                100,
                initial=0,
                help_text=_("0: who won once may not enter again."),
            ),
            "outcome": forms.ChoiceField(
                label=_("If it has won them more often"),
                choices=[
                    (NOT_MET, _("The requirement is not met")),
                    (NEEDS_LOOK, _("The secretariat takes a look")),
                ],
                widget=forms.RadioSelect,
                initial=NOT_MET,
            ),
        }
    if rule == Rule.SDG_COUNT:
        return {
            "minimum": _whole(_("Goals at least"), 1, 17, initial=1),
            "maximum": _whole(
                _("Goals at most"),
                1,
                17,
                required=False,
                help_text=_("Left empty, all 17 may be named."),
            ),
        }
    if rule == Rule.LETTERS:
        return {
            "letters": _several(
                _("Letters"), _("Tick none if it is about every required letter.")
            )
        }
    if rule == Rule.EVIDENCE:
        return {
            "sections": _several(
                _("Sections"), _("Tick none if it is about all that need evidence.")
            )
        }
    if rule == Rule.CONSENTS:
        return {
            "consents": _several(
                _("Statements"), _("Tick none if it is about every required one.")
            )
        }
    return {}


def ready_requirement(rule: str) -> RequirementDefinition | None:
    """The words that the shipped rules have for such a requirement."""
    for preset in definitions.presets():
        for each in preset.requirements:
            if each.rule == rule:
                return each
    return None


class RequirementForm(EntryForm):
    shape = RequirementDefinition
    named = "title"

    title = forms.CharField(label=_("Name of the requirement"), max_length=150)
    advice = forms.CharField(
        label=_("What the author reads"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence that says what to do. You may change it."),
    )
    tracks = TracksField()
    institution_kinds = KindsField(
        Institution.Kind.choices, _("Only for these kinds of institutions")
    )
    reason_code = forms.SlugField(
        label=_("Reason code"),
        max_length=40,
        help_text=_("Stands in reports of what was returned, as UMUR_KURANG."),
    )

    def __init__(self, *args: Any, rule: str = "", **kwargs: Any) -> None:
        entry = kwargs.get("entry")
        self.rule = Rule(entry.rule if entry is not None else rule or Rule.MANUAL)
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        asked = _parameters(self.rule)
        own = dict(self.fields)
        self.parameters = list(asked)
        self.fields = asked | own  # what the rule is about comes first
        super().prepare()
        if self.entry is None and (ready := ready_requirement(self.rule)):
            self.initial.update(
                title=ready.title, advice=ready.advice, reason_code=ready.reason_code
            )
        elif self.entry is None:
            self.initial.update(title=self.rule.label, reason_code="LAINNYA")
        form = self.rules.form
        offered: dict[str, list[tuple[str, Any]]] = {
            "letters": [(each.code, each.title) for each in form.letters],
            "sections": [(each.code, each.title) for each in form.sections],
            "consents": [(each.code, each.text[:80]) for each in form.consents],
            "field": [
                ("", gettext("the first date of the form")),
                *(
                    (each.code, each.label)
                    for each in form.header
                    if each.kind == HeaderField.Kind.DATE
                ),
            ],
        }
        for name in self.parameters:
            if name in offered:
                set_choices(self, name, offered[name])

    def initial_of(self, entry: RequirementDefinition) -> dict[str, Any]:
        return super().initial_of(entry) | dict(entry.params)

    def clean_levels(self) -> list[str]:
        levels: list[str] = self.cleaned_data["levels"]
        if any(len(each) > 80 for each in levels):
            raise ValidationError(_("A line may have at most 80 characters."))
        return levels

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.rule == Rule.SDG_COUNT:
            least, most = data.get("minimum"), data.get("maximum")
            if least and most and most < least:
                self.add_error("maximum", _("Must not be lower than the least."))
        return data

    def values(self) -> dict[str, Any]:
        found = super().values()
        params = {
            name: self.cleaned_data[name]
            for name in self.parameters
            if self.cleaned_data.get(name) not in (None, "", [])
        }
        return found | {"rule": self.rule.value, "params": params}


def usual_requirements(rules: RoundDefinition) -> list[RequirementDefinition]:
    """What the portal can check by itself of this form, and is not asked for yet."""
    form = rules.form
    is_usual = {
        Rule.SECTIONS_COMPLETE: any(each.is_required for each in form.sections),
        Rule.WORD_LIMITS: any(each.word_limit for each in form.sections),
        Rule.HEADER_COMPLETE: any(each.is_required for each in form.header),
        Rule.LETTERS: any(each.is_required for each in form.letters),
        Rule.EVIDENCE: any(each.evidence_required for each in form.sections),
        Rule.CONSENTS: any(each.is_required for each in form.consents),
    }
    used = {each.rule for each in rules.requirements}
    # Parts and tracks that the shipped ones name are none of this round.
    return [
        replace(
            ready,
            title=str(rule.label),
            params={},
            tracks=(),
            institution_kinds=(),
        )
        for rule, is_asked in is_usual.items()
        if is_asked and rule not in used and (ready := ready_requirement(rule))
    ]


class UsualRequirementsForm(EntryForm):
    """The requirements that nearly every round has, several at once."""

    shape = RequirementDefinition

    rules_chosen = forms.MultipleChoiceField(
        label=_("Requirements to add"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        super().prepare()
        self.ready = {each.rule: each for each in usual_requirements(self.rules)}
        chosen: Any = self.fields["rules_chosen"]
        chosen.choices = [
            (rule, f"{each.title}: {each.advice}") for rule, each in self.ready.items()
        ]
        chosen.initial = list(self.ready)

    def as_entries(self) -> list[RequirementDefinition]:
        found = []
        for rule in self.cleaned_data["rules_chosen"]:
            ready = self.ready[rule]
            code = free_code(ready.title, self.taken, self.code_limit)
            self.taken.add(code)
            found.append(replace(ready, code=code))
        return found
