"""The award scheme, the rules of the panel, and the tie-break chain."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competitions.definitions import AwardDefinition, JuryDefinition, RoundDefinition
from competitions.forms.entries import EntryForm, LinesField, by_name, set_choices
from competitions.forms.scoring_stages import ScoringStageForm, about
from competitions.models import AwardLevel, Grouping, JurorBackground, ScoringStage

# What the first six are called everywhere.
USUAL_NAMES = (
    *("Juara I", "Juara II", "Juara III"),
    *("Harapan I", "Harapan II", "Harapan III"),
)


class AwardForm(EntryForm):
    """A rung of the award scheme."""

    shape = AwardDefinition

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As in Juara I or Harapan II.")
    )
    kind = forms.ChoiceField(
        label=_("Who gets it"),
        choices=AwardLevel.Kind.choices,
        widget=forms.RadioSelect,
        initial=AwardLevel.Kind.RANK,
    )
    rank_from = forms.IntegerField(
        label=_("From rank"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Only by rank. Juara I: from 1 to 1. Top 5: from 1 to 5."),
        widget=forms.NumberInput(attrs={"data-depends": "kind=rank"}),
    )
    rank_to = forms.IntegerField(
        label=_("To rank"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Left empty, it is for the one rank."),
        widget=forms.NumberInput(attrs={"data-depends": "kind=rank"}),
    )
    places = forms.IntegerField(
        label=_("How many are chosen"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Only for what is chosen outside the rank, as a favourite."),
        widget=forms.NumberInput(attrs={"data-depends": "kind=favourite"}),
    )
    predicate = forms.ChoiceField(
        label=_("Predicate"),
        required=False,
        widget=forms.Select(attrs={"data-depends": "kind=predicate"}),
    )
    per = forms.ChoiceField(
        label=_("Given to"),
        choices=Grouping.choices,
        initial=Grouping.OVERALL,
        help_text=_("For each group the ranks count anew."),
    )
    groups_named = LinesField(
        _("Only for these groups"),
        rows=2,
        required=False,
        help_text=_("One name in each line. Left empty, it is for every group."),
        depends="per=track category cluster",
    )
    prize = forms.CharField(
        label=_("Prize"), max_length=120, required=False, help_text=_("As in a trophy.")
    )
    description = about(_("Explanation"))

    def prepare(self) -> None:
        super().prepare()
        if self.entry is None:
            self._propose()
        predicates = [
            (each.code, each.name)
            for stage in self.rules.scoring
            for each in stage.predicates
        ]
        if not predicates:
            del self.fields["predicate"]
            kind: Any = self.fields["kind"]
            kind.choices = [
                each
                for each in AwardLevel.Kind.choices
                if each[0] != AwardLevel.Kind.PREDICATE
            ]
            return
        set_choices(
            self, "predicate", [("", gettext("None by predicate")), *predicates]
        )

    def _propose(self) -> None:
        """Begin with the rank that is still free, by the name it usually has."""
        ranked = [each.ranks for each in self.rules.awards if each.ranks]
        rank = max((last for _first, last in ranked), default=0) + 1
        self.initial.setdefault("rank_from", rank)
        names = [each.name for each in self.rules.awards if each.ranks]
        if rank <= len(USUAL_NAMES) and names == list(USUAL_NAMES[: rank - 1]):
            self.initial.setdefault("name", USUAL_NAMES[rank - 1])

    def _groups(self, per: str) -> dict[str, str]:
        return ScoringStageForm.group_names(self.rules).get(per, {})

    def initial_of(self, entry: AwardDefinition) -> dict[str, Any]:
        first, last = entry.ranks or (None, None)
        names = self._groups(entry.per)
        return super().initial_of(entry) | {
            "rank_from": first,
            "rank_to": last,
            "groups_named": [names.get(code, code) for code in entry.groups],
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("kind")
        first, last = data.get("rank_from"), data.get("rank_to")
        if kind == AwardLevel.Kind.RANK:
            if first is None:
                self.add_error("rank_from", _("Write the rank it begins with."))
            elif last is None:
                data["rank_to"] = first
            elif last < first:
                self.add_error("rank_to", _("Must not be before the first rank."))
        else:
            data["rank_from"] = data["rank_to"] = None
        if kind != AwardLevel.Kind.FAVOURITE:
            data["places"] = None
        if kind == AwardLevel.Kind.PREDICATE and not data.get("predicate"):
            self.add_error("predicate", _("Choose the predicate it goes by."))
        if kind != AwardLevel.Kind.PREDICATE:
            data["predicate"] = ""
        known = by_name(self._groups(data.get("per", "")))
        groups = []
        for name in data.get("groups_named") or []:
            if name.casefold() in known:
                groups.append(known[name.casefold()])
            else:
                self.add_error(
                    "groups_named",
                    gettext("There is no group “%(name)s” of this kind.")
                    % {"name": name[:80]},
                )
        data["groups"] = groups
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data["rank_from"], data["rank_to"]
        ranks = None if first is None else (first, last)
        return super().values() | {
            "ranks": ranks,
            "groups": tuple(dict.fromkeys(data["groups"])),
            "predicate": data.get("predicate", ""),
        }


class JuryForm(forms.Form):
    """What holds for the whole panel."""

    minimum = forms.IntegerField(
        label=_("Fewest jurors of the panel"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Left empty, any number will do."),
    )
    quorum = forms.IntegerField(
        label=_("Of the panel must be present at the plenary"),
        min_value=1,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"data-suffix": "%"}),
        help_text=_("In percent, as in 67 for two thirds."),
    )
    conflict_rule = forms.CharField(
        label=_("When a juror has a conflict of interest"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Jurors read it before they declare themselves."),
    )

    def __init__(self, *args: Any, jury: JuryDefinition, **kwargs: Any) -> None:
        wanted = dict(jury.backgrounds)
        initial = {
            "minimum": jury.minimum,
            "quorum": jury.quorum,
            "conflict_rule": jury.conflict_rule,
            **{f"background_{code}": count for code, count in wanted.items()},
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        for code, label in JurorBackground.choices:
            self.fields[f"background_{code}"] = forms.IntegerField(
                label=label, min_value=1, max_value=100, required=False
            )

    @property
    def background_fields(self) -> list[forms.BoundField]:
        return [self[f"background_{code}"] for code in JurorBackground.values]

    def as_jury(self) -> JuryDefinition:
        """The rules as they were typed; only when valid."""
        data = self.cleaned_data
        return JuryDefinition(
            minimum=data["minimum"],
            quorum=data["quorum"],
            conflict_rule=data["conflict_rule"],
            backgrounds=tuple(
                (code, data[f"background_{code}"])
                for code in JurorBackground.values
                if data[f"background_{code}"]
            ),
        )


class TieBreakForm(forms.Form):
    """One more criterion for the end of the tie-break chain."""

    link = forms.ChoiceField(label=_("Then decides"))

    def __init__(self, *args: Any, rules: RoundDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        link: Any = self.fields["link"]
        link.choices = [
            (code, f"{each.name} ({stage.name})")
            for stage in rules.scoring
            if stage.kind != ScoringStage.Kind.FIELD_GATE
            for each in stage.tree()
            if not each.criteria
            and (code := f"{stage.code}.{each.code}") not in rules.tie_break
        ]
