"""Entries of the scoring: stages, criteria, predicates; awards; and jury rules."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competitions.definitions import (
    AnchorDefinition,
    CriterionDefinition,
    MinimumDefinition,
    PredicateDefinition,
    RoundDefinition,
    ScoringDefinition,
    ShortlistDefinition,
)
from competitions.forms.entries import (
    EntryForm,
    LinesField,
    NumberField,
    TracksField,
    by_name,
    parted,
    read_number,
    set_choices,
    unreadable_line,
    written,
)
from competitions.models import (
    Grouping,
    PredicateMinimum,
    ScoringStage,
)

_PERCENT = PredicateMinimum.Unit.PERCENT
_ANCHOR = re.compile(r"([\d.,]+)\s*[-–]\s*([\d.,]+)\s*\|([^|]+)\|(.+)")


def about(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ScoringStageForm(EntryForm):
    """One stage of scoring; its criteria have forms of their own."""

    shape = ScoringDefinition
    groups = (
        (_("What is done"), ["name", "kind", "calendar_kind", "description", "share"]),
        (
            _("Scale and panel"),
            [
                "scale_low",
                "scale_high",
                "scale_step",
                "jurors_per_proposal",
                "is_blind",
                "others_scores",
            ],
        ),
        (_("Who goes on"), ["pass_mark", "shortlist_size", "shortlists"]),
        (
            _("Notes and discussion"),
            ["note_always", "note_below", "note_above", "wide_spread"],
        ),
    )

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As in Penilaian proposal.")
    )
    kind = forms.ChoiceField(
        label=_("How it is judged"),
        choices=ScoringStage.Kind.choices,
        widget=forms.RadioSelect,
        initial=ScoringStage.Kind.DESK,
    )
    calendar_kind = forms.ChoiceField(
        label=_("When"),
        choices=[(each.value, each.label) for each in ScoringStage.CALENDAR_KINDS],
        help_text=_("The stage of the calendar in which the jury does it."),
    )
    description = about(_("Explanation for jurors"))
    share = NumberField(
        _("Share of the final score"),
        suffix="%",
        initial=100,
        help_text=_(
            "All stages together make 100, as in 70 and 30. A field verification has 0."
        ),
    )
    scale_low = NumberField(_("Lowest score"), initial=0)
    scale_high = NumberField(
        _("Highest score"), initial=100, help_text=_("Mostly 0 to 100, or 1 to 5.")
    )
    scale_step = NumberField(
        _("In steps of"), initial=1, help_text=_("1: whole numbers only.")
    )
    jurors_per_proposal = forms.IntegerField(
        label=_("Jurors for each proposal"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Left empty, every juror scores every proposal."),
    )
    is_blind = forms.BooleanField(
        label=_("Jurors do not see whose proposal it is"), required=False
    )
    others_scores = forms.ChoiceField(
        label=_("Jurors see each other's scores"),
        choices=ScoringStage.OthersScores.choices,
        initial=ScoringStage.OthersScores.NEVER,
    )
    pass_mark = NumberField(
        _("Pass mark"),
        required=False,
        help_text=_("Who has less does not go on. Left empty, there is none."),
    )
    shortlist_size = forms.IntegerField(
        label=_("How many go on in all"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Left empty, all who pass go on."),
    )
    shortlists = LinesField(
        _("How many go on of each group"),
        rows=3,
        required=False,
        help_text=_(
            "One in each line: the name of a track, category or cluster, then = and "
            "the number, as in Umum = 10. Or Setiap kategori = 3."
        ),
    )
    note_always = forms.BooleanField(
        label=_("Every score needs a note"), required=False
    )
    note_below = NumberField(_("A note is needed below"), required=False)
    note_above = NumberField(_("A note is needed above"), required=False)
    wide_spread = NumberField(
        _("Jurors discuss if their totals lie further apart than"),
        required=False,
        suffix=_("points"),
        help_text=_("Left empty, the portal does not point it out."),
    )

    def initial_of(self, entry: ScoringDefinition) -> dict[str, Any]:
        names = self.group_names(self.rules)
        lines = []
        for each in entry.shortlists:
            if not each.groups:
                lines.append(f"{_every(each.per)} = {each.size}")
            lines += [
                f"{names[each.per].get(code, code)} = {each.size}"
                for code in each.groups
            ]
        low, high = entry.scale
        return super().initial_of(entry) | {
            "scale_low": written(low),
            "scale_high": written(high),
            "shortlists": lines,
        }

    @staticmethod
    def group_names(rules: RoundDefinition) -> dict[str, dict[str, str]]:
        lists: dict[str, Any] = {
            Grouping.TRACK: rules.tracks,
            Grouping.CATEGORY: rules.categories,
            Grouping.CLUSTER: rules.clusters,
        }
        return {
            str(per): {each.code: each.name for each in found}
            for per, found in lists.items()
        }

    def clean_shortlists(self) -> tuple[ShortlistDefinition, ...]:
        groups: dict[str, tuple[str, str]] = {}
        for per, names in reversed(list(self.group_names(self.rules).items())):
            groups[_every(per).casefold()] = (per, "")
            groups |= {name: (per, code) for name, code in by_name(names).items()}
        found: list[ShortlistDefinition] = []
        for line in self.cleaned_data["shortlists"]:
            try:
                name, number = parted(line)
                per, code = groups[name.casefold()]
                size = int(number)
            except (ValueError, KeyError):
                raise unreadable_line(line, "Umum = 10") from None
            if not 1 <= size <= 10_000:
                raise unreadable_line(line, "Umum = 10")
            codes: tuple[str, ...] = (code,) if code else ()
            last = found[-1] if found else None
            if last and codes and last.groups and (last.per, last.size) == (per, size):
                codes = (*found.pop().groups, *codes)
            found.append(ShortlistDefinition(per=per, groups=codes, size=size))
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        low, high = data.get("scale_low"), data.get("scale_high")
        if low is not None and high is not None and high <= low:
            self.add_error("scale_high", _("Must be higher than the lowest score."))
        step = data.get("scale_step")
        if step is not None and step <= 0:
            self.add_error("scale_step", _("Must be more than 0."))
        if data.get("kind") == ScoringStage.Kind.FIELD_GATE and data.get("share"):
            self.add_error("share", _("A field verification gives no score. Write 0."))
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return super().values() | {"scale": (data["scale_low"], data["scale_high"])}


def _every(per: str) -> str:
    return {
        Grouping.TRACK.value: gettext("Each track"),
        Grouping.CATEGORY.value: gettext("Each category"),
        Grouping.CLUSTER.value: gettext("Each cluster"),
    }[str(per)]


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
    anchors = LinesField(
        _("Rubric"),
        rows=6,
        required=False,
        help_text=_(
            "One range of scores in each line, the lowest first, as in: "
            "0–59 | Kurang | Belum ada bukti. Left empty, there is no rubric."
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

    def initial_of(self, entry: CriterionDefinition) -> dict[str, Any]:
        return super().initial_of(entry) | {
            "anchors": [
                f"{written(each.low)}–{written(each.high)} | {each.label} | {each.text}"
                for each in entry.anchors
            ]
        }

    def clean_anchors(self) -> tuple[AnchorDefinition, ...]:
        example = "0–59 | Kurang | Belum ada bukti."
        found = []
        for line in self.cleaned_data["anchors"]:
            match = _ANCHOR.fullmatch(line)
            try:
                if match is None:
                    raise ValueError(line)
                low, high = read_number(match[1]), read_number(match[2])
            except ValueError:
                raise unreadable_line(line, example) from None
            label, text = match[3].strip(), match[4].strip()
            if high < low or max(low, high) > 100 or not label or not text:
                raise unreadable_line(line, example)
            if len(label) > 60 or len(text) > 500:
                raise ValidationError(
                    _("A level has at most 60 characters, its text at most 500.")
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
    minimums = LinesField(
        _("The least that must be reached"),
        rows=5,
        help_text=_(
            "One in each line: the name of a component, then = and its points, as in "
            "Total = 75. With a percent sign it is percent of the component's weight."
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

    def initial_of(self, entry: PredicateDefinition) -> dict[str, Any]:
        names = {each.code: each.name for each in self.stage.tree()}
        return super().initial_of(entry) | {
            "minimums": [
                f"{names.get(each.criterion, each.criterion) or gettext('Total')} = "
                f"{written(each.minimum)}{' %' if each.unit == _PERCENT else ''}"
                for each in entry.minimums
            ]
        }

    def clean_minimums(self) -> tuple[MinimumDefinition, ...]:
        known = by_name({each.code: each.name for each in self.stage.tree()})
        known |= {"total": "", gettext("Total").casefold(): ""}
        found: list[MinimumDefinition] = []
        for line in self.cleaned_data["minimums"]:
            try:
                name, number = parted(line)
                code = known[name.casefold()]
                minimum = read_number(number.removesuffix("%"))
            except (ValueError, KeyError):
                raise unreadable_line(line, "Total = 75") from None
            if minimum > 100 or any(each.criterion == code for each in found):
                raise unreadable_line(line, "Total = 75")
            unit = _PERCENT if number.endswith("%") else PredicateMinimum.Unit.POINTS
            found.append(
                MinimumDefinition(criterion=code, minimum=minimum, unit=unit.value)
            )
        return tuple(found)
