"""Forms of the author and of the one who endorses."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Institution
from competitions.models import (
    EvidenceType,
    LetterKind,
    Round,
    Section,
    Track,
)
from core import rich_text
from core.fields import LineField, ProseField
from core.numbers import decimal, file_size
from core.rich_text import RichText
from documents.forms import CheckedFileField
from documents.uploads import EVIDENCE_TYPES, LETTER_TYPES
from documents.uploads.checking import FileType
from innovations.models import Innovation
from submissions import queries, sources
from submissions.dossier import ConsentPart
from submissions.forms.fields import LinkField

TITLE_LENGTH = 200
# A draft may be longer than its word limit, but not without end.
LONGEST_ANSWER = 60_000
# With all its formats; what is longer is not even read.
LONGEST_MARKUP = 600_000
# The file types that stand behind a type of evidence, by their ending.
ENDINGS = {
    EvidenceType.PDF: {".pdf"},
    EvidenceType.IMAGE: {".jpg", ".png"},
    EvidenceType.SHEET: {".xlsx"},
    EvidenceType.TEXT: {".docx"},
}


class ProposalForm(forms.Form):
    """The little that begins a proposal."""

    innovation = forms.ModelChoiceField(
        label=gettext_lazy("Innovation"),
        queryset=Innovation.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("A new innovation"),
        help_text=gettext_lazy(
            "One that has been proposed before starts from its last text."
        ),
    )
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
        enterable = [each.pk for each in queries.tracks_for(round, pks)]
        tracks = Track.objects.filter(pk__in=enterable).order_by("order", "pk")
        self.fields["track"].queryset = tracks  # type: ignore[attr-defined]
        self.fields["track"].label_from_instance = _with_description  # type: ignore[attr-defined]
        known = sources.known_innovations(houses)
        self.fields["innovation"].queryset = known  # type: ignore[attr-defined]
        if not known.exists():
            del self.fields["innovation"]
        if len(pks) == 1:
            self.fields["institution"].widget = forms.HiddenInput()
            self.initial.setdefault("institution", pks[0])
        if first := tracks.first():
            self.initial.setdefault("track", first.pk)

    def clean(self) -> dict[str, Any]:
        """A known innovation brings its name along."""
        cleaned = super().clean() or {}
        innovation = cleaned.get("innovation")
        if innovation and not self.data.get("title", "").strip():
            self.errors.pop("title", None)
            cleaned["title"] = innovation.title
        return cleaned


class AnswerForm(forms.Form):
    """The text of one section; too many words are allowed until submission.

    A page with the editor sends `html`, and then it counts; one without sends `text`.
    """

    text = ProseField(required=False)
    html = ProseField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = section.title
        self.fields["text"].help_text = section.question
        self.fields["text"].widget.attrs.update(
            {"rows": 16}
            if section.word_limit is None
            else {
                "data-words": section.word_limit,
                "rows": min(16, max(8, section.word_limit // 20)),
            }
        )

    @property
    def answer(self) -> RichText:
        """What was written, once the form is valid."""
        return RichText(self.cleaned_data["text"], self.cleaned_data["html"] or "")

    def clean(self) -> dict[str, Any]:
        """Clean the formats; `html` becomes None where the page sent none."""
        markup = self.cleaned_data.get("html") if "html" in self.data else None
        self.dropped = 0
        if markup is None or len(markup) > LONGEST_MARKUP:
            self.cleaned_data["html"] = None
            self._refuse_long(max(len(markup or ""), len(self.cleaned_data["text"])))
        else:
            rich = rich_text.clean(markup)
            self.dropped = rich.dropped
            self.cleaned_data.update(text=rich.text, html=rich.html)
            self._refuse_long(len(rich.text))
        return self.cleaned_data

    def _refuse_long(self, length: int) -> None:
        if length > LONGEST_ANSWER:
            self.add_error(
                "text",
                _(
                    "This text has %(show_value)s characters; at most %(limit_value)s "
                    "can be saved. Shorten it, it is not saved yet."
                )
                % {
                    "show_value": decimal(length, 0),
                    "limit_value": decimal(LONGEST_ANSWER, 0),
                },
            )


class EvidenceForm(forms.Form):
    """One file that supports a section, of a type that the section takes."""

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = file_types(section)
        self.fields["file"] = CheckedFileField(
            max_bytes=section.evidence_max_bytes,
            types=types,
            label=_("Choose a file"),
            help_text=_("%(types)s. At most %(limit)s each.")
            % {
                "types": ", ".join(kind.label for kind in types),
                "limit": file_size(section.evidence_max_bytes),
            },
            error_messages={"required": _("Choose a file first.")},
        )


def file_types(section: Section) -> Sequence[FileType]:
    """The types of file that `section` takes."""
    endings: set[str] = set()
    for each in section.evidence_types:
        endings |= ENDINGS.get(EvidenceType(each), set())
    return [kind for kind in EVIDENCE_TYPES if kind.extension in endings]


class EvidenceLinkForm(forms.Form):
    """One address that supports a section."""

    url = LinkField(
        label=gettext_lazy("Address of the web page"),
        error_messages={"required": gettext_lazy("Write the address first.")},
    )
    label = LineField(
        label=gettext_lazy("What is to be seen there (optional)"),
        max_length=150,
        required=False,
    )


class ConsentsForm(forms.Form):
    """The statements that the author ticks, one box each; none is compulsory yet."""

    def __init__(self, *args: Any, parts: Sequence[ConsentPart], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.parts = parts
        for part in parts:
            text = part.consent.text
            self.fields[part.consent.code] = forms.BooleanField(
                label=text
                if part.consent.is_required
                else _("%(label)s (optional)") % {"label": text},
                required=False,
                initial=part.is_ticked,
            )

    def ticked(self) -> list[str]:
        """The codes of what was ticked."""
        return [code for code, is_ticked in self.cleaned_data.items() if is_ticked]


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
    """The statement of truth, which stands above it; without it nothing is sent."""

    statement = forms.BooleanField(
        label=gettext_lazy("Yes, this is my statement"),
        error_messages={
            "required": gettext_lazy("Tick the statement before you send the proposal.")
        },
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


def _full_name(institution: Institution) -> str:
    return institution.name


def _with_description(track: Track) -> str:
    if not track.description:
        return track.name
    return f"{track.name}. {track.description}"
