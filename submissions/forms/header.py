"""The form of the general data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.forms import TextDateField
from competitions.models import Category, HeaderField, Track
from core.fields import LineField
from innovations.sdgs import SDGS
from submissions import queries
from submissions.forms.fields import LinkField, NumberField, PersonsField
from submissions.headers import as_date, as_number, chosen, people, written
from submissions.models import Proposal
from submissions.services import HeaderDraft

TITLE_LENGTH = 200
Kind = HeaderField.Kind


class HeaderForm(forms.Form):
    """The general data: title, group, category and the fields of the round's form.

    Nothing but the title is compulsory while drafting. A field that cannot be read is
    reported, and all others are saved nevertheless: see `draft()`.
    """

    title = LineField(
        label=gettext_lazy("Name of the innovation"),
        max_length=TITLE_LENGTH,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        proposal: Proposal,
        header_fields: Sequence[HeaderField] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        if header_fields is None:
            header_fields = [
                field
                for field in HeaderField.objects.filter(form=proposal.form_id).order_by(
                    "order", "pk"
                )
                if field.is_for(proposal.track.code)
            ]
        self.header_fields = header_fields
        tracks = self._tracks()
        self.categories = {
            str(each.pk): each
            for each in Category.objects.filter(round=proposal.round_id).order_by(
                "order", "pk"
            )
        }
        self.tracks = {str(each.pk): each for each in tracks}
        if self.categories:
            self._add_choice(
                "category",
                _("Category"),
                [("", _("Choose a category")), *_choices(self.categories)],
                str(proposal.category_id or ""),
            )
        if len(tracks) > 1:
            self._add_choice(
                "track", _("Group"), _choices(self.tracks), str(proposal.track_id)
            )
        self._add_clusters()
        self.initial.setdefault("title", proposal.title)
        for field in self.header_fields:
            self._add(field, proposal.header.get(field.code))

    def _tracks(self) -> list[Track]:
        """The groups it may be in: those open to its institution, and its own."""
        found = queries.tracks_for(self.proposal.round, [self.proposal.institution_id])
        if self.proposal.track_id not in [each.pk for each in found]:
            found.append(self.proposal.track)
        return found

    def _add_clusters(self) -> None:
        """Offer the clusters that are chosen by hand, if the round has any."""
        by_hand, own = queries.clusters_of(self.proposal)
        self.clusters = {str(each.pk): each for each in by_hand}
        if by_hand:
            none = (
                _("%(cluster)s, by the kind of institution") % {"cluster": own}
                if own
                else _("Choose a cluster")
            )
            self._add_choice(
                "cluster",
                _("Cluster"),
                [("", none), *_choices(self.clusters)],
                str(self.proposal.cluster_id or ""),
            )

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if not title:
            raise ValidationError(_("Write the name of the innovation."))
        return title

    def draft(self) -> HeaderDraft:
        """What can be saved: each field that could be read, the others as they were."""
        cleaned = self.cleaned_data
        track = self.tracks.get(cleaned.get("track", ""), self.proposal.track)
        category = (
            self.categories.get(cleaned["category"])
            if "category" in cleaned
            else self.proposal.category
        )
        cluster = (
            self.clusters.get(cleaned["cluster"])
            if "cluster" in cleaned
            else self.proposal.cluster
        )
        shown = self._shown()
        return HeaderDraft(
            title=cleaned.get("title") or self.proposal.title,
            track=track,
            category=category,
            cluster=cluster,
            values={
                field.code: self._stored(field)
                for field in self.header_fields
                if field.code in shown and self._names(field) <= set(cleaned)
            },
        )

    def _shown(self) -> set[str]:
        """The codes of the fields that stood on the page; unsaid means all.

        Those of another group are left alone: they were not there to be filled in.
        """
        said = str(self.data.get("shown", "")).split()
        return set(said) if said else {field.code for field in self.header_fields}

    @property
    def codes_shown(self) -> str:
        """What the page sends back as `shown`."""
        return " ".join(field.code for field in self.header_fields)

    def asks_more_of(self, track: Track) -> bool:
        """Whether a proposal of `track` has fields that were not on the page."""
        shown = self._shown()
        fields = HeaderField.objects.filter(form=self.proposal.form_id)
        return any(
            field.is_for(track.code) and field.code not in shown for field in fields
        )

    def _add_choice(self, name: str, label: str, choices: Any, initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, required=False
        )
        self.initial.setdefault(name, initial)

    def _add(self, field: HeaderField, value: Any) -> None:
        label = field.label if field.is_required else _optional(field.label)
        common: dict[str, Any] = {
            "label": label,
            "help_text": field.help_text,
            "required": False,
        }
        name = _name(field)
        if field.kind == Kind.YES_NO:
            self._add_yes_no(field, common, value if isinstance(value, Mapping) else {})
            return
        self.fields[name], self.initial[name] = _field_and_value(field, common, value)
        if field.kind in (Kind.SDGS, Kind.CHOICES):
            self._frame(name, "field--columns")

    def _add_yes_no(
        self, field: HeaderField, common: dict[str, Any], value: Mapping[str, Any]
    ) -> None:
        name = _name(field)
        self.fields[name] = forms.ChoiceField(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            widget=forms.RadioSelect,
            **common,
        )
        answers = {True: "yes", False: "no", None: ""}
        self.initial[name] = answers[value.get("yes")]
        if field.follow_up:
            self.fields[f"{name}-detail"] = LineField(
                label=_("If yes: %(question)s") % {"question": field.follow_up},
                max_length=500,
                required=False,
            )
            self._frame(f"{name}-detail", "field--detail")
            self.initial[f"{name}-detail"] = value.get("detail", "")

    def _frame(self, name: str, css_class: str) -> None:
        """Let the template put `css_class` around a field."""
        self.fields[name].wrapper_class = css_class  # type: ignore[attr-defined]

    def boxes(self) -> Iterator[tuple[BoundField, bool, str]]:
        """Every field, whether it is a list of people, and the class of its frame."""
        for field in self:
            is_persons = isinstance(field.field, PersonsField)
            yield field, is_persons, getattr(field.field, "wrapper_class", "")

    def _names(self, field: HeaderField) -> set[str]:
        name = _name(field)
        return {each for each in (name, f"{name}-detail") if each in self.fields}

    def _stored(self, field: HeaderField) -> Any:
        value = self.cleaned_data[_name(field)]
        if field.kind == Kind.DATE:
            return value.isoformat() if value else ""
        if field.kind == Kind.NUMBER:
            return "" if value is None else format(value, "f")
        if field.kind == Kind.YES_NO:
            detail = self.cleaned_data.get(f"{_name(field)}-detail", "")
            return {"yes": value == "yes", "detail": detail} if value else {}
        return value


def _field_and_value(
    field: HeaderField, common: dict[str, Any], value: Any
) -> tuple[forms.Field, Any]:
    """The control of one field with what it begins with."""
    options = [(each["code"], each["label"]) for each in field.options]
    if field.kind == Kind.DATE:
        return TextDateField(**common), as_date(value)
    if field.kind == Kind.SDGS:
        goals = forms.TypedMultipleChoiceField(
            choices=[(n, f"{n}. {goal}") for n, goal in SDGS.items()],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            **common,
        )
        return goals, value or []
    if field.kind == Kind.CHOICES:
        boxes = forms.MultipleChoiceField(
            choices=options, widget=forms.CheckboxSelectMultiple, **common
        )
        return boxes, chosen(field, value)
    if field.kind == Kind.CHOICE:
        return _choice(options, common), next(iter(chosen(field, value)), "")
    if field.kind == Kind.NUMBER:
        number = as_number(value)
        return NumberField(**common), "" if number is None else written(number)
    if field.kind == Kind.PERSONS:
        return PersonsField(header=field, **common), people(value)
    if field.kind == Kind.LINK:
        return LinkField(**common), value or ""
    return LineField(max_length=500, **common), value or ""


def _choice(options: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    """A few choices are all seen at once, many are unfolded."""
    if len(options) <= 5:
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[("", _("Choose one")), *options], **common)


def _name(field: HeaderField) -> str:
    return f"field-{field.code}"


def _optional(label: str) -> str:
    return _("%(label)s (optional)") % {"label": label}


def _choices(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(pk, each.name) for pk, each in found.items()]
