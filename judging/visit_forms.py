"""What people type for field verification."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.forms.fields import CheckedFilesField, TextDateField
from documents.uploads import CheckedFile
from documents.uploads.checking import JPEG, PNG
from judging.models import ClaimOutcome, FieldVisit, Verdict, VisitClaim
from judging.services import VisitData
from judging.visiting import Found, Suggestion, note_name, outcome_name

MAX_PHOTO_BYTES = 15 * 1024 * 1024
MOST_AT_ONCE = 12
PHOTO_FIELDS = ("camera", "photos")


class VisitForm(forms.Form):
    """The sheet of a gate: the visit, each claim, photos, and the verdict."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    visited_date = TextDateField(
        label=gettext_lazy("Date of the visit"),
        required=False,
        help_text=gettext_lazy("As in 1 Feb 2023."),
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=200)
    visitors = forms.CharField(
        label=gettext_lazy("Who was there"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Jurors, secretariat, and whom you spoke to."),
        widget=forms.Textarea({"rows": 2}),
    )
    new_claim = forms.CharField(
        label=gettext_lazy("Add a claim to check"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("A sentence of the proposal, in its own words."),
        widget=forms.Textarea({"rows": 2}),
    )
    suggested = forms.MultipleChoiceField(
        label=gettext_lazy("Sentences with figures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    camera = CheckedFilesField(
        label=gettext_lazy("Take a photo"),
        help_text="",
        types=(JPEG, PNG),
        max_bytes=MAX_PHOTO_BYTES,
    )
    photos = CheckedFilesField(
        label=gettext_lazy("Choose photos"),
        help_text=gettext_lazy(
            "JPEG or PNG, at most 15 MB each. Where they were taken is removed."
        ),
        types=(JPEG, PNG),
        max_bytes=MAX_PHOTO_BYTES,
    )
    photo_claim = forms.ChoiceField(
        label=gettext_lazy("What the photos show"), required=False
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("What did you find?"),
        choices=Verdict.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy(
            "What you saw, whom you spoke to; what differs from the proposal."
        ),
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(
        self,
        *args: Any,
        claims: Sequence[VisitClaim],
        suggestions: Sequence[Suggestion],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.claims = claims
        self.suggestions = {each.key: each for each in suggestions}
        self.fields["suggested"].choices = [  # type: ignore[attr-defined]
            (each.key, each.text) for each in suggestions
        ]
        self.fields["camera"].widget.attrs["capture"] = "environment"
        self.fields["photo_claim"].choices = [  # type: ignore[attr-defined]
            ("", _("The place as a whole")),
            *((each.key, Truncator(each.text).chars(70)) for each in claims),
        ]
        for claim in claims:
            self.fields[outcome_name(claim)] = forms.ChoiceField(
                label=claim.text,
                choices=ClaimOutcome.choices,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[note_name(claim)] = forms.CharField(
                label=_("What you saw"),
                required=False,
                max_length=2000,
                widget=forms.Textarea({"rows": 2}),
            )

    @property
    def base_version(self) -> int:
        """The version the page was loaded with; nonsense counts as stale."""
        version = self.cleaned_data.get("version")
        return -1 if version is None else int(version)

    @property
    def uploads(self) -> list[CheckedFile]:
        """The pictures sent, from the camera and from the album."""
        sent = (self.cleaned_data.get(name, []) for name in PHOTO_FIELDS)
        return [each for files in sent for each in files]

    @property
    def photo_errors(self) -> dict[str, Any]:
        """What is wrong with the pictures alone."""
        return {name: self.errors[name] for name in PHOTO_FIELDS if name in self.errors}

    @property
    def shown_claim(self) -> VisitClaim | None:
        """The claim that the pictures sent belong to."""
        key = self.cleaned_data.get("photo_claim")
        return next((each for each in self.claims if each.key == key), None)

    @property
    def new_claims(self) -> list[tuple[str, str]]:
        """The claims to be added: typed, and ticked among the suggested."""
        ticked = [
            self.suggestions[key] for key in self.cleaned_data.get("suggested", [])
        ]
        typed = " ".join(self.cleaned_data.get("new_claim", "").split())
        return [
            *((each.text, each.source) for each in ticked),
            *([(typed, "")] if typed else []),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent = [*data.get("camera", []), *data.get("photos", [])]
        if len(sent) > MOST_AT_ONCE:
            self.add_error(
                "photos",
                _("Send at most %(number)d photos at once.") % {"number": MOST_AT_ONCE},
            )
        return data

    def as_data(self, stored: FieldVisit, findings: Mapping[str, Found]) -> VisitData:
        """The visit as typed; a field that was not sent stays as it is stored."""
        return VisitData(
            visited_date=self.sent("visited_date", stored.visited_date),
            place=self.sent("place", stored.place),
            visitors=self.sent("visitors", stored.visitors),
            findings={
                claim.key: Found(
                    self.sent(
                        outcome_name(claim), findings.get(claim.key, Found()).outcome
                    ),
                    self.sent(note_name(claim), findings.get(claim.key, Found()).note),
                )
                for claim in self.claims
            },
        )

    def sent(self, name: str, stored: Any) -> Any:
        """What was typed; `stored` where it was not sent, or is not valid."""
        is_there = name in self.data and name in self.cleaned_data
        return self.cleaned_data[name] if is_there else stored

    def rebase(self, version: int) -> None:
        """Show what was typed on top of another `version` of the sheet."""
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(version)
        self.data = data

    def add_missing(self, missing: Mapping[str, str]) -> None:
        """Mark what keeps the sheet from being finished."""
        for name, message in missing.items():
            self.add_error(name, message)


class ClaimsForm(forms.Form):
    """Claims that every juror is to check: typed one a line, or ticked."""

    suggested = forms.MultipleChoiceField(
        label=gettext_lazy("Sentences with figures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    typed = forms.CharField(
        label=gettext_lazy("Other claims"),
        required=False,
        max_length=8000,
        help_text=gettext_lazy("One a line, in the words of the proposal."),
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(
        self, *args: Any, suggestions: Sequence[Suggestion], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions = {each.key: each for each in suggestions}
        self.fields["suggested"].choices = [  # type: ignore[attr-defined]
            (each.key, each.text) for each in suggestions
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.new_claims:
            self.add_error("typed", _("Tick a sentence, or write a claim."))
        return data

    @property
    def new_claims(self) -> list[tuple[str, str]]:
        """Pairs of text and title of the section."""
        ticked = [
            self.suggestions[key] for key in self.cleaned_data.get("suggested", [])
        ]
        lines = self.cleaned_data.get("typed", "").splitlines()
        typed = (" ".join(line.split())[:1000] for line in lines)
        return [
            *((each.text, each.source) for each in ticked),
            *((each, "") for each in typed if each),
        ]
