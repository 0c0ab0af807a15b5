"""A stage of scoring: its scale, its panel, and who goes on from it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competitions.definitions import (
    RoundDefinition,
    ScoringDefinition,
    ShortlistDefinition,
)
from competitions.forms.entries import EntryForm, NumberField, written
from competitions.forms.rows import Column, RowsField, row_error
from competitions.models import Grouping, ScoringStage


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
    shortlists = RowsField(
        _("How many go on of each group"),
        [
            Column("group", _("Which group"), choices=[("", "")]),
            Column("size", _("How many"), "narrow", is_number=True, limit=5),
        ],
        required=False,
        help_text=_("Only if each track, category or cluster has places of its own."),
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

    def prepare(self) -> None:
        super().prepare()
        shortlists: Any = self.fields["shortlists"]
        group, size = shortlists.columns
        shortlists.columns = [replace(group, choices=self._groups_offered()), size]
        if self.entry is None:
            given = sum((each.share for each in self.rules.scoring), Decimal(0))
            self.initial["share"] = max(Decimal(0), 100 - given)
            if not self.rules.scoring:
                self.initial["name"] = str(ScoringStage.Kind.DESK.label)

    def _groups_offered(self) -> list[tuple[str, str]]:
        """Every group that places may be given to, each as "category:kesehatan"."""
        found = [("", gettext("Choose a group"))]
        for per, names in self.group_names(self.rules).items():
            if names:
                found.append((f"{per}:", _every(per)))
                found += [(f"{per}:{code}", name) for code, name in names.items()]
        return found

    def initial_of(self, entry: ScoringDefinition) -> dict[str, Any]:
        low, high = entry.scale
        return super().initial_of(entry) | {
            "scale_low": written(low),
            "scale_high": written(high),
            "shortlists": [
                {"group": f"{each.per}:{code}", "size": str(each.size)}
                for each in entry.shortlists
                for code in each.groups or [""]
            ],
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
        offered = dict(self._groups_offered())
        found: list[ShortlistDefinition] = []
        for number, row in enumerate(self.cleaned_data["shortlists"], start=1):
            if not row["group"] or row["group"] not in offered:
                raise row_error(number, gettext("Choose a group."))
            size = int(row["size"]) if row["size"].isdecimal() else 0
            if not 1 <= size <= 10_000:
                raise row_error(number, gettext("Write a whole number from 1 on."))
            per, _colon, code = row["group"].partition(":")
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
