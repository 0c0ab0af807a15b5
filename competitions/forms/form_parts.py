"""Entries of the proposal form, and what proposals are told apart by."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from competitions.definitions import (
    CategoryDefinition,
    ClusterDefinition,
    ConsentDefinition,
    HeaderFieldDefinition,
    LetterDefinition,
    OptionDefinition,
    SectionDefinition,
    TrackDefinition,
)
from competitions.forms.entries import (
    EntryForm,
    KindsField,
    LinesField,
    MegabytesField,
    NumberField,
    TracksField,
    free_code,
)
from competitions.models import EvidenceType, HeaderField, LetterKind

REQUIRED_LABEL = _("Authors must fill it in")


def _text(label: Any, limit: int, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


class HeaderFieldForm(EntryForm):
    shape = HeaderFieldDefinition
    named = "label"

    label = forms.CharField(label=_("What is asked"), max_length=150)
    kind = forms.ChoiceField(
        label=_("Kind of answer"),
        choices=HeaderField.Kind.choices,
        initial=HeaderField.Kind.TEXT,
    )
    help_text = forms.CharField(
        label=_("Help below the question"), max_length=300, required=False
    )
    options = LinesField(
        _("Choices, or columns of a list of people"),
        required=False,
        help_text=_(
            "One in each line. Only for choices, and for a list of people: there each "
            "line is a column beside the name, as in NIP or Jabatan."
        ),
        depends="kind=choice choices persons",
    )
    follow_up = forms.CharField(
        label=_("Question that follows a yes"),
        max_length=200,
        required=False,
        help_text=_("Only for yes or no. Left empty, nothing is asked."),
        widget=forms.TextInput(attrs={"data-depends": "kind=yes_no"}),
    )
    minimum = NumberField(
        _("At least"),
        most=10**11,
        required=False,
        help_text=_("Lowest number; or how many goals, choices or people."),
        depends="kind=number sdgs choices persons",
    )
    maximum = NumberField(
        _("At most"),
        most=10**11,
        required=False,
        depends="kind=number sdgs choices persons",
    )
    is_required = forms.BooleanField(label=REQUIRED_LABEL, required=False, initial=True)
    tracks = TracksField()

    def initial_of(self, entry: HeaderFieldDefinition) -> dict[str, Any]:
        return super().initial_of(entry) | {
            "options": [each.label for each in entry.options]
        }

    def clean_options(self) -> tuple[OptionDefinition, ...]:
        """Choices keep their codes: by their words, or where all stayed in place."""
        labels = self.cleaned_data["options"]
        old = self.entry.options if self.entry is not None else ()
        if len(set(labels)) < len(labels):
            raise ValidationError(_("The same line stands there twice."))
        if any(len(label) > 150 for label in labels):
            raise ValidationError(_("A line may have at most 150 characters."))
        codes = {each.label: each.code for each in old}
        if len(labels) == len(old):
            for label, before in zip(labels, old, strict=True):
                if before.label not in labels and label not in codes:
                    codes[label] = before.code
        taken = {codes[label] for label in labels if label in codes}
        found = []
        for label in labels:
            code = codes.get(label) or free_code(label, taken, 40)
            taken.add(code)
            found.append(OptionDefinition(code=code, label=label))
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("kind")
        if kind != HeaderField.Kind.YES_NO and data.get("follow_up"):
            self.add_error("follow_up", _("Only a yes-or-no question has one."))
        if kind not in HeaderField.WITH_OPTIONS and data.get("options"):
            self.add_error(
                "options", _("This kind of answer has no choices. Empty the lines.")
            )
        if kind in HeaderField.CHOSEN and len(data.get("options") or ()) < 2:
            self.add_error("options", _("Write at least two choices, one in a line."))
        for name in ("minimum", "maximum"):
            if kind not in HeaderField.WITH_BOUNDS and data.get(name) is not None:
                self.add_error(
                    name, _("This kind of answer has no limits. Leave it empty.")
                )
        least, most = data.get("minimum"), data.get("maximum")
        if least is not None and most is not None and most < least:
            self.add_error("maximum", _("Must not be lower than the least."))
        return data


class SectionForm(EntryForm):
    shape = SectionDefinition
    named = "title"
    groups = (
        (_("What is asked"), ["title", "question", "word_limit", "is_required"]),
        (_("What helps the author"), ["help_text", "example"]),
        (
            _("Evidence"),
            [
                "evidence_max_files",
                "evidence_types",
                "evidence_max_bytes",
                "evidence_required",
                "evidence_help",
            ],
        ),
        (_("Who answers it"), ["tracks"]),
    )

    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("Short, as in Kebaruan.")
    )
    question = _text(
        _("Question"), 4000, 3, help_text=_("What the author answers in prose.")
    )
    help_text = _text(
        _("Help for the author"),
        4000,
        4,
        required=False,
        help_text=_("What belongs into the answer, and what jurors look for."),
    )
    example = _text(
        _("Example of a good answer"),
        8000,
        4,
        required=False,
        help_text=_("Authors open it if they want to."),
    )
    word_limit = forms.IntegerField(
        label=_("Words at most"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Left empty, an answer may be as long as one likes."),
    )
    is_required = forms.BooleanField(label=REQUIRED_LABEL, required=False, initial=True)
    tracks = TracksField()
    evidence_max_files = forms.IntegerField(
        label=_("Files and links at most"),
        min_value=0,
        max_value=50,
        initial=5,
        help_text=_("0: no evidence can be attached."),
    )
    evidence_max_bytes = MegabytesField(_("Size of a file at most"))
    evidence_types = forms.MultipleChoiceField(
        label=_("What may be attached"),
        choices=EvidenceType.choices,
        initial=[each for each in EvidenceType.values if each != EvidenceType.LINK],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence_required = forms.BooleanField(
        label=_("At least one piece of evidence is needed"), required=False
    )
    evidence_help = forms.CharField(
        label=_("Help for the evidence"),
        max_length=300,
        required=False,
        help_text=_("As in: photo of the service counter, decree, statistics."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("evidence_max_files") and not data.get("evidence_types"):
            self.add_error(
                "evidence_types",
                _("Tick at least one, or allow 0 files."),
            )
        if not data.get("evidence_types"):
            # None named would mean the usual ones again.
            data["evidence_types"] = list(SectionDefinition.evidence_types)
        return data


class LetterForm(EntryForm):
    shape = LetterDefinition
    named = "title"

    title = forms.CharField(label=_("Title of the letter"), max_length=150)
    help_text = forms.CharField(
        label=_("Help for the author"), max_length=300, required=False
    )
    body = _text(
        _("Text of the letter"),
        8000,
        10,
        required=False,
        help_text=_(
            "Words in braces are filled in for each proposal; they are listed beside "
            "this form. Left empty, authors write the letter themselves."
        ),
    )
    signer = forms.ChoiceField(
        label=_("Who signs"),
        choices=LetterKind.Signer.choices,
        widget=forms.RadioSelect,
    )
    has_stamp_duty = forms.BooleanField(
        label=_("With a duty stamp of Rp10.000"), required=False
    )
    is_required = forms.BooleanField(
        label=_("A proposal needs this letter"), required=False, initial=True
    )
    max_bytes = MegabytesField(_("Size of the scan at most"))
    tracks = TracksField()

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("signer", LetterKind.Signer.HEAD)


class ConsentForm(EntryForm):
    shape = ConsentDefinition
    named = "text"

    text = _text(
        _("Statement"),
        4000,
        3,
        help_text=_("The author ticks it before sending, as in: Data ini benar."),
    )
    is_required = forms.BooleanField(
        label=_("Must be ticked"), required=False, initial=True
    )
    tracks = TracksField()


class TrackForm(EntryForm):
    shape = TrackDefinition

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("As in Umum or Replikasi.")
    )
    description = _text(
        _("Who belongs into it"),
        4000,
        2,
        required=False,
        help_text=_("Authors read it when they choose."),
    )
    is_by_invitation = forms.BooleanField(
        label=_("Only for those whom the secretariat invites"), required=False
    )


class CategoryForm(EntryForm):
    shape = CategoryDefinition

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As in Kesehatan or Pendidikan.")
    )
    names = LinesField(
        _("Names"),
        rows=8,
        help_text=_(
            "One in each line, as in Kesehatan, then Pendidikan. All are added at once."
        ),
    )

    def prepare(self) -> None:
        super().prepare()
        del self.fields["name" if self.entry is None else "names"]

    def clean_names(self) -> list[str]:
        names: list[str] = self.cleaned_data["names"]
        known = {each.name.casefold() for each in self.rules.categories}
        for name in names:
            if len(name) > 120:
                raise ValidationError(_("A line may have at most 120 characters."))
            if name.casefold() in known:
                raise ValidationError(
                    gettext("“%(name)s” stands there twice.") % {"name": name}
                )
            known.add(name.casefold())
        return names

    def as_entries(self) -> list[CategoryDefinition]:
        found = []
        for name in self.cleaned_data["names"]:
            code = free_code(name, self.taken, self.code_limit)
            self.taken.add(code)
            found.append(CategoryDefinition(code=code, name=name))
        return found


class ClusterForm(EntryForm):
    shape = ClusterDefinition

    name = forms.CharField(label=_("Name"), max_length=120)
    institution_kinds = KindsField(
        Institution.Kind.choices, _("Institutions that belong to it")
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["institution_kinds"].help_text = gettext(
            "Tick none if the secretariat chooses the cluster of each proposal by hand."
        )


class FormBaseForm(forms.Form):
    """What holds for the proposal form as a whole."""

    name = forms.CharField(label=_("Name of the form"), max_length=120)
    statement = _text(
        _("Statement of truth"),
        4000,
        3,
        help_text=_("The author accepts it with every proposal that is sent."),
    )
