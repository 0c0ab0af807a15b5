"""Making a round, and its base data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution
from competitions import definitions
from competitions.definitions import FormDefinition, Mistake, RoundDefinition
from competitions.forms.entries import KindsField
from competitions.forms.fields import TextDateField
from competitions.models import Competition, Round

NEW_SERIES = "+"
COPY = "putaran:"
FROM_FILE = "berkas"
EMPTY = "kosong"


@dataclass(frozen=True)
class RuleChoice:
    """Rules a round can begin with, as the form offers them."""

    value: str
    label: str
    description: str
    section_count: int | None = None
    word_count: int = 0
    criterion_count: int = 0
    source: str = ""


@dataclass(frozen=True)
class RuleGroup:
    """Rules of one origin; the group with the chosen ones is shown unfolded."""

    label: str
    choices: Sequence[RuleChoice]
    holds_chosen: bool = False

    @property
    def takes_file(self) -> bool:
        return self.choices[0].value == FROM_FILE


class RoundCreateForm(forms.Form):
    """A new round of a series, or of a series that begins with it."""

    competition = forms.ChoiceField(label=_("Competition series"))
    series_name = forms.CharField(
        label=_("Name of the new series"),
        max_length=60,
        required=False,
        help_text=_("Only if you chose a new series above, as in KIPP Kota Tegal."),
        widget=forms.TextInput(attrs={"data-depends": "competition=+"}),
    )
    government = forms.ModelChoiceField(
        Government.objects.none(),
        label=_("Government"),
        empty_label=None,
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2014,
        max_value=2100,
        help_text=_("Named in the title of the round and on its papers."),
    )
    edition = forms.IntegerField(
        label=_("Round number"),
        min_value=1,
        max_value=100,
        help_text=_("How many times this competition is held, with this one."),
    )
    theme = forms.CharField(
        label=_("Theme"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
        help_text=_("Not decided yet? Write it later; it is needed before opening."),
    )
    organiser = forms.CharField(label=_("Organiser"), max_length=150)
    preset = forms.ChoiceField(label=_("Rules to start from"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File with the rules"),
        required=False,
        help_text=_("YAML or JSON, as the set-up page of another round gives it out."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
    )
    first_day = TextDateField(
        label=_("Day of the kick-off"),
        required=False,
        help_text=_(
            "As in 1 Feb 2027. From this day the portal proposes the whole calendar; "
            "every date can be changed afterwards. Left empty, a copy takes last "
            "year's dates into the new year, and other rules begin without dates."
        ),
    )

    def __init__(
        self,
        *args: Any,
        governments: Sequence[Government],
        competitions: Sequence[Competition],
        rounds: Sequence[Round] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.competitions = {each.slug: each for each in competitions}
        self.rounds = {each.slug: each for each in rounds}
        self.mistakes: Sequence[Mistake] = ()
        self.definition: RoundDefinition | None = None
        series: forms.ChoiceField = self.fields["competition"]  # type: ignore[assignment]
        series.choices = [
            *((each.slug, each.short_name) for each in competitions),
            (NEW_SERIES, _("A new series")),
        ]
        if not competitions:
            series.widget = forms.HiddenInput()
            series.initial = NEW_SERIES
            self.fields["series_name"].required = True
            self.fields["series_name"].help_text = _("As in KIPP Kota Tegal.")
        body: forms.ModelChoiceField = self.fields["government"]  # type: ignore[assignment]
        body.queryset = Government.objects.filter(
            pk__in=[government.pk for government in governments]
        )
        if len(governments) == 1:
            # Nobody needs to be asked what can be only one thing.
            body.widget = forms.HiddenInput()
            body.initial = governments[0]
        preset: forms.ChoiceField = self.fields["preset"]  # type: ignore[assignment]
        self.rule_groups = _rule_groups(rounds)
        preset.choices = [
            (choice.value, choice.label)
            for group in self.rule_groups
            for choice in group.choices
        ]
        # Last year's: what is only prepared has shown nothing yet.
        opened = next((each for each in rounds if each.is_opened), None)
        preset.initial = f"{COPY}{opened.slug}" if opened else preset.choices[0][0]
        shown = self["preset"].value()
        self.rule_groups = [
            replace(
                group,
                holds_chosen=any(each.value == shown for each in group.choices),
            )
            for group in self.rule_groups
        ]

    @property
    def source(self) -> Round | None:
        """The round to be copied, if one was chosen; only when valid."""
        chosen: str = self.cleaned_data["preset"]
        return self.rounds.get(chosen.removeprefix(COPY))

    def clean_competition(self) -> Competition | None:
        """The series chosen; None for a new one."""
        return self.competitions.get(self.cleaned_data["competition"])

    def clean_series_name(self) -> str:
        name: str = self.cleaned_data["series_name"]
        is_new = self.data.get(self.add_prefix("competition")) == NEW_SERIES
        if is_new and not name:
            raise ValidationError(_("Write the name of the new series."))
        return name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = data.get("preset", "")
        if chosen == FROM_FILE:
            self._read_file(data.get("file"))
        elif chosen.startswith(COPY):
            source = self.rounds[chosen.removeprefix(COPY)]
            if data.get("competition") != source.competition and not self.errors:
                self.add_error(
                    "preset",
                    _(
                        "%(round)s belongs to another series. Choose its series above,"
                        " or take its rules over as a file."
                    )
                    % {"round": source.name},
                )
        elif chosen == EMPTY:
            self.definition = _empty_rules()
        elif chosen:
            self.definition = definitions.preset(chosen)
        return data

    def _read_file(self, upload: Any) -> None:
        if not upload:
            self.add_error("file", _("Choose the file with the rules."))
            return
        if upload.size > definitions.MAX_BYTES:
            self.add_error(
                "file",
                _("The file is too large: at most %(limit)d kB.")
                % {"limit": definitions.MAX_BYTES // 1000},
            )
            return
        try:
            self.definition = definitions.parse(
                upload.read(), key=FROM_FILE, file=upload.name
            )
        except definitions.DefinitionError as error:
            self.mistakes = error.mistakes
            self.add_error(
                "file",
                ngettext(
                    "The file has %(count)d mistake. It is listed below the file.",
                    "The file has %(count)d mistakes. They are listed below the file.",
                    len(error.mistakes),
                )
                % {"count": len(error.mistakes)},
            )


def _rule_groups(rounds: Sequence[Round]) -> list[RuleGroup]:
    """What a round can begin with: an earlier one first, a file last."""
    copies = [
        RuleChoice(
            value=f"{COPY}{each.slug}",
            label=gettext("Copy of %(round)s") % {"round": each.name},
            description=gettext(
                "Form, requirements, scoring, awards and texts stay as they were; the "
                "dates move to the new year."
            ),
        )
        for each in rounds
    ]
    national: list[RuleChoice] = []
    others: list[RuleChoice] = []
    for each in definitions.presets():
        is_national = each.key.startswith("national-")
        (national if is_national else others).append(_choice_of(each))
    # The recommended one leads; then the newest first.
    national.sort(key=lambda each: each.value, reverse=True)
    national.sort(key=lambda each: each.value != definitions.DEFAULT_PRESET)
    upload = RuleChoice(
        value=FROM_FILE,
        label=gettext("A file"),
        description=gettext(
            "Rules that another government or an earlier round gave out as a file."
        ),
    )
    empty = RuleChoice(
        value=EMPTY,
        label=gettext("Empty rules"),
        description=gettext(
            "You write form, scoring and awards yourself. The set-up page names what "
            "is missing until the round can be opened."
        ),
    )
    groups = [
        RuleGroup(gettext("Your earlier rounds"), copies),
        RuleGroup(gettext("As the national competition of a year"), national),
        RuleGroup(gettext("As a city, regency or province does it"), others),
        RuleGroup(gettext("From a file"), [upload]),
        RuleGroup(gettext("From nothing"), [empty]),
    ]
    return [group for group in groups if group.choices]


def _empty_rules() -> RoundDefinition:
    """Rules that say nothing yet; a form has a name and a statement from the start."""
    return RoundDefinition(
        key=EMPTY,
        name=gettext("Empty rules"),
        calendar=definitions.preset(definitions.DEFAULT_PRESET).calendar,
        form=FormDefinition(
            name=gettext("Proposal form"),
            statement=gettext(
                "The data in this proposal are true, and I answer for them."
            ),
        ),
    )


def _choice_of(preset: RoundDefinition) -> RuleChoice:
    return RuleChoice(
        value=preset.key,
        label=preset.name,
        description=preset.description,
        section_count=len(preset.form.sections),
        word_count=sum(each.word_limit or 0 for each in preset.form.sections),
        criterion_count=sum(
            1 for stage in preset.scoring for each in stage.tree() if not each.criteria
        ),
        source=preset.source,
    )


class RoundForm(forms.ModelForm):
    """The base data; year and edition stand once the round is open."""

    institution_kinds = KindsField(
        Institution.Kind.choices, _("Institutions that may enter")
    )

    class Meta:
        model = Round
        fields = (
            "name",
            "year",
            "edition",
            "theme",
            "organiser",
            "guideline",
            "endorsement_required",
            "screening_four_eyes",
            "objection_days",
            "institution_kinds",
        )
        labels = {
            "name": _("Name of the round"),
            "year": _("Year"),
            "edition": _("Round number"),
            "theme": _("Theme"),
            "organiser": _("Organiser"),
            "guideline": _("Guideline for the public"),
            "endorsement_required": _(
                "Proposals are endorsed by the head of the institution before they "
                "are submitted"
            ),
            "screening_four_eyes": _(
                "Decisions of the administrative check that a second person confirms"
            ),
            "objection_days": _("Days for an objection against the check"),
        }
        help_texts = {
            "objection_days": _(
                "Counted from the publication of the result to the end of the last "
                "day. Leave it empty to go by the objection period of the calendar."
            ),
            "guideline": _(
                "Who may enter, how a proposal goes its way. An empty line begins a "
                "new paragraph."
            ),
        }
        widgets = {
            "theme": forms.Textarea(attrs={"rows": 3}),
            "guideline": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].required = True
        for name in ("year", "edition"):
            self.fields[name].localize = False
        for name in ("year", "edition"):
            self.fields[name].disabled = self.instance.is_opened
        self.fields["screening_four_eyes"].required = False

    def clean_screening_four_eyes(self) -> str:
        """Keep what stands there if the page did not ask."""
        chosen: str = self.cleaned_data["screening_four_eyes"]
        return chosen or self.instance.screening_four_eyes

    def validate_unique(self) -> None:
        """Leave doubles to the service, which looks under a lock."""
