"""Forms of the author and of the one who endorses."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Institution
from competitions.forms import TextDateField
from competitions.models import (
    Category,
    HeaderField,
    LetterKind,
    Round,
    Section,
    Track,
)
from core.numbers import file_size
from innovations.sdgs import SDGS
from submissions.forms.fields import (
    CheckedFileField,
    LeanCheckboxes,
    LeanSelect,
    LineField,
    ProseField,
)
from submissions.headers import as_date
from submissions.models import Proposal
from submissions.services import HeaderDraft
from submissions.uploads import EVIDENCE_TYPES, LETTER_TYPES

TITLE_LENGTH = 200
# A draft may be longer than its word limit, but not without end.
LONGEST_ANSWER = 60_000
LONGEST_NOTE = 5_000
Kind = HeaderField.Kind


class ProposalForm(forms.Form):
    """The little that begins a proposal."""

    title = LineField(
        label=gettext_lazy("Name of the innovation"),
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy(
            "Short and describing what it does. You can change it until you submit."
        ),
        error_messages={"required": gettext_lazy("Write the name of the innovation.")},
    )
    institution = forms.ModelChoiceField(
        label=gettext_lazy("Institution"),
        queryset=Institution.objects.none(),
        empty_label=None,
    )
    track = forms.ModelChoiceField(
        label=gettext_lazy("Group"),
        queryset=Track.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a group.")},
    )

    def __init__(
        self, *args: Any, round: Round, institutions: Iterable[Institution], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        pks = [institution.pk for institution in institutions]
        houses = Institution.objects.filter(pk__in=pks).order_by("name", "pk")
        self.fields["institution"].queryset = houses  # type: ignore[attr-defined]
        self.fields["institution"].label_from_instance = _full_name  # type: ignore[attr-defined]
        tracks = Track.objects.filter(round=round).order_by("order", "pk")
        self.fields["track"].queryset = tracks  # type: ignore[attr-defined]
        self.fields["track"].label_from_instance = _with_description  # type: ignore[attr-defined]
        if len(pks) == 1:
            self.fields["institution"].widget = forms.HiddenInput()
            self.initial.setdefault("institution", pks[0])
        if first := tracks.first():
            self.initial.setdefault("track", first.pk)


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

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        self.header_fields = list(
            HeaderField.objects.filter(form=proposal.form_id).order_by("order", "pk")
        )
        tracks = list(Track.objects.filter(round=proposal.round_id).order_by("order"))
        self.categories = {
            str(each.pk): each
            for each in Category.objects.filter(round=proposal.round_id).order_by(
                "order", "pk"
            )
        }
        self.tracks = {str(each.pk): each for each in tracks}
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
        self.initial.setdefault("title", proposal.title)
        for field in self.header_fields:
            self._add(field, proposal.header.get(field.code))

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
        return HeaderDraft(
            title=cleaned.get("title") or self.proposal.title,
            track=track,
            category=category,
            values={
                field.code: self._stored(field)
                for field in self.header_fields
                if self._names(field) <= set(cleaned)
            },
        )

    def _add_choice(self, name: str, label: str, choices: Any, initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, required=False, widget=LeanSelect
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
        if field.kind == Kind.DATE:
            self.fields[name] = TextDateField(**common)
            self.initial[name] = as_date(value)
        elif field.kind == Kind.SDGS:
            self.fields[name] = forms.TypedMultipleChoiceField(
                choices=[(n, f"{n}. {goal}") for n, goal in SDGS.items()],
                coerce=int,
                widget=LeanCheckboxes,
                **common,
            )
            self._frame(name, "field--columns")
            self.initial[name] = value or []
        elif field.kind == Kind.LINK:
            self.fields[name] = LinkField(**common)
            self.initial[name] = value or ""
        elif field.kind == Kind.YES_NO:
            self._add_yes_no(field, common, value if isinstance(value, Mapping) else {})
        else:
            self.fields[name] = LineField(max_length=500, **common)
            self.initial[name] = value or ""

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

    def _names(self, field: HeaderField) -> set[str]:
        name = _name(field)
        return {each for each in (name, f"{name}-detail") if each in self.fields}

    def _stored(self, field: HeaderField) -> Any:
        value = self.cleaned_data[_name(field)]
        if field.kind == Kind.DATE:
            return value.isoformat() if value else ""
        if field.kind == Kind.YES_NO:
            detail = self.cleaned_data.get(f"{_name(field)}-detail", "")
            return {"yes": value == "yes", "detail": detail} if value else {}
        return value


class LinkField(LineField):
    """An address of the web; a missing `https://` is put before it."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        if "://" not in text:
            text = f"https://{text}"
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError as error:
            raise ValidationError(
                _("Write a web address, as in https://www.youtube.com/watch?v=abc.")
            ) from error
        return text

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, **kwargs)
        self.widget.attrs.update({"inputmode": "url", "autocomplete": "off"})


class AnswerForm(forms.Form):
    """The text of one section; too many words are allowed until submission."""

    text = ProseField(
        required=False,
        max_length=LONGEST_ANSWER,
        error_messages={
            "max_length": gettext_lazy(
                "This text has %(show_value)s characters; at most %(limit_value)s can "
                "be saved. Shorten it, it is not saved yet."
            )
        },
    )

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = section.title
        self.fields["text"].help_text = section.question
        self.fields["text"].widget.attrs.update(
            {
                "data-words": section.word_limit,
                "rows": min(16, max(8, section.word_limit // 20)),
            }
        )


class EvidenceForm(forms.Form):
    """One file that supports a section."""

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = CheckedFileField(
            max_bytes=section.evidence_max_bytes,
            types=EVIDENCE_TYPES,
            label=_("Choose a file"),
            help_text=_("PDF, JPEG, PNG, XLSX or DOCX. At most %(limit)s each.")
            % {"limit": file_size(section.evidence_max_bytes)},
            error_messages={"required": _("Choose a file first.")},
        )


class LetterForm(forms.Form):
    """One signed letter, scanned."""

    def __init__(
        self, data: Any = None, files: Any = None, *, kind: LetterKind
    ) -> None:
        super().__init__(data, files, prefix=kind.code)
        self.fields["file"] = CheckedFileField(
            max_bytes=kind.max_bytes,
            types=LETTER_TYPES,
            label=_("Choose the signed letter"),
            help_text=_("PDF, or a clear photo as JPEG or PNG. At most %(limit)s.")
            % {"limit": file_size(kind.max_bytes)},
            error_messages={"required": _("Choose a file first.")},
        )


class SendForm(forms.Form):
    """The statement of truth; without it nothing is sent."""

    statement = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Tick the statement before you send the proposal.")
        }
    )

    def __init__(self, *args: Any, statement: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].label = statement


class ReturnForm(forms.Form):
    """What the authors should mend before the proposal is endorsed."""

    note = ProseField(
        label=gettext_lazy("What should be mended?"),
        max_length=LONGEST_NOTE,
        help_text=gettext_lazy("Your colleagues read this on the proposal."),
        error_messages={
            "required": gettext_lazy("Write what should be mended before you endorse.")
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class StandingForm(forms.Form):
    """Why the secretariat reopens or disqualifies a proposal."""

    reason = ProseField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        help_text=gettext_lazy("The institution reads it, and it stays on record."),
        error_messages={"required": gettext_lazy("Write the reason.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WithdrawForm(forms.Form):
    """Why a proposal does not go on."""

    reason = LineField(
        label=gettext_lazy("Why is the proposal withdrawn?"),
        max_length=500,
        help_text=gettext_lazy("Kept in the record of the round."),
        error_messages={
            "required": gettext_lazy("Write why the proposal is withdrawn.")
        },
    )


def _name(field: HeaderField) -> str:
    return f"field-{field.code}"


def _optional(label: str) -> str:
    return _("%(label)s (optional)") % {"label": label}


def _choices(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(pk, each.name) for pk, each in found.items()]


def _full_name(institution: Institution) -> str:
    return institution.name


def _with_description(track: Track) -> str:
    if not track.description:
        return track.name
    return f"{track.name}. {track.description}"
