"""Prepared changes in the words of the forms in which they were typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from competitions.consequences import Consequence, place_of
from competitions.definitions import RoundDefinition
from competitions.definitions.fields import parts_of
from competitions.forms.awards import AwardForm, JuryForm
from competitions.forms.entries import EntryForm
from competitions.forms.form_parts import (
    CategoryForm,
    ClusterForm,
    ConsentForm,
    FormBaseForm,
    HeaderFieldForm,
    LetterForm,
    SectionForm,
    TrackForm,
)
from competitions.forms.requirements import RequirementForm
from competitions.forms.rows import RowsField
from competitions.forms.scoring_parts import CriterionForm, PredicateForm
from competitions.forms.scoring_stages import ScoringStageForm
from competitions.merging import differences
from competitions.models import Requirement, Round
from competitions.rule_changes import Rules
from competitions.rule_lists import OF_FORM, OF_ROUND, OF_STAGE, RuleList
from competitions.rule_rows import label_of, texts
from competitions.setup import URL_NAMES

ENTRY_FORMS: dict[str, type[EntryForm]] = {
    "isian": HeaderFieldForm,
    "bagian": SectionForm,
    "surat": LetterForm,
    "pernyataan": ConsentForm,
    "kelompok": TrackForm,
    "kategori": CategoryForm,
    "klaster": ClusterForm,
    "syarat": RequirementForm,
    "tahap": ScoringStageForm,
    "kriteria": CriterionForm,
    "predikat": PredicateForm,
    "penghargaan": AwardForm,
}
BASE, FORM, JURY = "dasar", "formulir", "juri"


class ChangeReasonForm(forms.Form):
    """Why rules of an opened round change, or why not."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept in the record of this round."),
    )


@dataclass(frozen=True)
class Detail:
    """One value, in words; `old` is None where only the new one is told."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True)
class ChangeRow:
    """One entry of the rules that changes, comes or goes."""

    place: str
    title: str
    label: str
    kind: str  # changed, added, removed, moved
    url: str
    details: Sequence[Detail] = ()
    consequences: Sequence[Consequence] = ()

    @property
    def kind_label(self) -> str:
        return {
            "changed": pgettext("a rule", "Changed"),
            "added": pgettext("a rule", "New"),
            "removed": pgettext("a rule", "Removed"),
            "moved": pgettext("a rule", "New order"),
        }[self.kind]

    @property
    def variant(self) -> str:
        return {"added": "ok", "removed": "bad"}.get(self.kind, "info")


def entry_form(
    listed: RuleList, rules: RoundDefinition, data: Any, entry: Any, **more: Any
) -> EntryForm:
    """The form of one entry of a list."""
    details: dict[str, Any] = {"rules": rules, "entry": entry, **more}
    details["taken"] = [each.code for each, _depth in listed.walk(rules)]
    if listed.stage:
        details["stage"] = next(
            each for each in rules.scoring if each.code == listed.stage
        )
    return ENTRY_FORMS[listed.kind](data, **details)


def change_rows(rules: Rules) -> list[ChangeRow]:
    """Every entry that a prepared change touches, in the order of the set-up."""
    if rules.change is None:
        return []
    return list(_Compared(rules).rows()) or _unseen(rules)


def with_consequences(
    rows: Sequence[ChangeRow], found: Sequence[Consequence]
) -> tuple[list[ChangeRow], list[Consequence]]:
    """Put each consequence beside its row; give those of the whole as well."""
    places = {row.place for row in rows}
    beside = [
        replace(row, consequences=[each for each in found if each.place == row.place])
        for row in rows
    ]
    return beside, [each for each in found if each.place not in places]


def _unseen(rules: Rules) -> list[ChangeRow]:
    """What only a code says, which no form shows; nothing goes in force unnamed."""
    found = differences(rules.live_definition, rules.definition)
    details = [Detail(place, str(old), str(new)) for place, (old, new) in found.items()]
    title = _("Codes of entries")
    url = reverse("competitions:round_setup", args=[rules.round.slug])
    row = ChangeRow(place_of(BASE), title, title, "changed", url, details)
    return [row] if details else []


class _Compared:
    """The two rule sets of a prepared change, list by list."""

    def __init__(self, rules: Rules) -> None:
        self.old, self.new = rules.live_definition, rules.definition
        self.slug = rules.round.slug

    def rows(self) -> Iterator[ChangeRow]:
        yield from self._base()
        for kind in ("kelompok", "kategori", "klaster"):
            yield from self._list(RuleList(kind))
        yield from self._form()
        for kind in [*OF_FORM, "syarat", "tahap"]:
            yield from self._list(RuleList(kind))
        kept = {each.code for each in self.old.scoring}
        for stage in self.new.scoring:
            if stage.code in kept:
                for kind in OF_STAGE:
                    yield from self._list(RuleList(kind, stage.code), stage.name)
        yield from self._chain()
        yield from self._list(RuleList("penghargaan"))
        yield from self._jury()

    def _base(self) -> Iterator[ChangeRow]:
        """Values of the round itself."""
        details = []
        for name, _key, _field in parts_of(RoundDefinition):
            old, new = getattr(self.old, name), getattr(self.new, name)
            if old == new or name in _OF_LISTS:
                continue
            column: Any = Round._meta.get_field(_COLUMNS.get(name, name))
            field = column.formfield() or forms.CharField()
            label = str(column.verbose_name)
            details.append(
                Detail(
                    label[:1].upper() + label[1:], _said(field, old), _said(field, new)
                )
            )
        if details:
            url = reverse("competitions:round_edit", args=[self.slug])
            title = _("Base data and theme")
            yield ChangeRow(place_of(BASE), title, title, "changed", url, details)

    def _form(self) -> Iterator[ChangeRow]:
        old, new = (
            FormBaseForm(initial={"name": form.name, "statement": form.statement})
            for form in (self.old.form, self.new.form)
        )
        if details := _details(old, new):
            url = reverse("competitions:form_edit", args=[self.slug])
            title = _("Proposal form")
            yield ChangeRow(place_of(FORM), title, title, "changed", url, details)

    def _jury(self) -> Iterator[ChangeRow]:
        old, new = (JuryForm(jury=each.jury) for each in (self.old, self.new))
        if details := _details(old, new):
            url = reverse("competitions:jury_edit", args=[self.slug])
            title = _("Jury rules")
            yield ChangeRow(place_of(JURY), title, title, "changed", url, details)

    def _chain(self) -> Iterator[ChangeRow]:
        listed = RuleList("seri")
        if self.old.tie_break == self.new.tie_break:
            return
        old, new = (
            " · ".join(label_of(listed, rules, link) for link in listed.read(rules))
            for rules in (self.old, self.new)
        )
        title = texts("seri")[0]
        order = Detail(_("Order"), old or _("(empty)"), new or _("(empty)"))
        yield ChangeRow(
            place_of("seri"), title, title, "changed", self._url(listed), [order]
        )

    def _list(self, listed: RuleList, stage: str = "") -> Iterator[ChangeRow]:
        old = {each.code: each for each, _depth in listed.walk(self.old)}
        new = {each.code: each for each, _depth in listed.walk(self.new)}
        title = texts(listed.kind)[0]
        title = f"{title} ({stage})" if stage else title
        for code, entry in new.items():
            before = old.get(code)
            differs = before != entry or listed.is_tree
            details = self._entry(listed, before, entry) if differs else []
            if details or before is None:
                yield ChangeRow(
                    place_of(listed.key, code),
                    title,
                    label_of(listed, self.new, entry),
                    "changed" if before is not None else "added",
                    reverse(
                        "competitions:entry_edit", args=[self.slug, listed.key, code]
                    ),
                    details,
                )
        for code, entry in old.items():
            if code not in new:
                yield ChangeRow(
                    place_of(listed.key, code),
                    title,
                    label_of(listed, self.old, entry),
                    "removed",
                    self._url(listed),
                )
        first = [code for code in old if code in new]
        if first != [code for code in new if code in old]:
            names = (
                " · ".join(label_of(listed, rules, entries[code]) for code in codes)
                for rules, entries, codes in (
                    (self.old, old, list(old)),
                    (self.new, new, list(new)),
                )
            )
            detail = Detail(_("Order"), *names)
            yield ChangeRow(
                place_of(listed.key), title, title, "moved", self._url(listed), [detail]
            )

    def _entry(self, listed: RuleList, old: Any, new: Any) -> list[Detail]:
        form = entry_form(listed, self.new, None, new)
        if old is not None:
            changed = _details(entry_form(listed, self.old, None, old), form)
            return [*_other_rule(old, new), *changed]
        return [
            Detail(str(field.label), None, said)
            for name, field in form.fields.items()
            if name != form.named and (said := _shown(form, name)) != _("(empty)")
        ]

    def _url(self, listed: RuleList) -> str:
        return reverse(URL_NAMES[listed.step], args=[self.slug])


_OF_LISTS = {*OF_ROUND.values(), "calendar", "form", "scoring", "tie_break", "jury"}
_COLUMNS: Mapping[str, str] = {
    "name": "rules_name",
    "description": "rules_description",
    "source": "rules_source",
}


def _other_rule(old: Any, new: Any) -> Iterator[Detail]:
    """What a requirement checks, which its form asks for only at the beginning."""
    before, after = getattr(old, "rule", ""), getattr(new, "rule", "")
    if before != after:
        labels = (str(Requirement.Rule(each).label) for each in (before, after))
        yield Detail(_("Kind"), *labels)


def _details(old: forms.Form, new: forms.Form) -> list[Detail]:
    """The fields of two forms that do not show the same."""
    found = []
    for name in dict.fromkeys([*old.fields, *new.fields]):
        before, after = _shown(old, name), _shown(new, name)
        if before != after:
            field = new.fields.get(name) or old.fields[name]
            found.append(Detail(str(field.label), before, after))
    return found


def _shown(form: forms.Form, name: str) -> str:
    """What a field of an unsent form shows, in words."""
    if name not in form.fields:
        return _("(empty)")
    return _said(form.fields[name], form[name].value())


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if value in (None, "", [], ()):
        return _("(empty)")
    if isinstance(field, RowsField):
        return "; ".join(_row_said(field, row) for row in value)
    choices: dict[Any, Any] = dict(getattr(field, "choices", None) or [])
    if isinstance(value, list | tuple):
        return ", ".join(str(choices.get(each, each)) for each in value)
    text = str(choices.get(value, value))
    suffix = field.widget.attrs.get("data-suffix", "")
    return f"{text}%" if suffix == "%" else f"{text} {suffix}".strip()


def _row_said(field: RowsField, row: Mapping[str, str]) -> str:
    found = []
    for column in field.columns:
        text = row.get(column.name, "")
        found.append(str(dict(column.choices).get(text, text)))
    return " · ".join(each for each in found if each)
