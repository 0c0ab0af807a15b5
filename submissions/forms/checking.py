"""Forms around the administrative check: publication, correction, many at once."""

from collections.abc import Iterable
from datetime import time, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.forms.fields import (
    CheckedFilesField,
    TextDateField,
    TextMomentField,
)
from competitions.models import Requirement
from core.fields import LineField, ProseField
from submissions.dossier import Step
from submissions.forms.sending import ReturnForm
from submissions.models import ReasonCode
from submissions.objections import MAX_FILES

LONGEST_TEXT = 5_000
LONGEST_BODY = 200_000


class ReasonForm(forms.Form):
    """Why a decision is taken back, or not confirmed; the secretariat reads it."""

    reason = ProseField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        help_text=gettext_lazy("Your colleagues read it, and it stays on record."),
        error_messages={"required": gettext_lazy("Write the reason.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublicationForm(forms.Form):
    """The announcement of the result, and why some results are kept back."""

    title = LineField(label=gettext_lazy("Title"), max_length=200)
    number = LineField(
        label=gettext_lazy("Letter number"), max_length=80, required=False
    )
    issued_date = TextDateField(
        label=gettext_lazy("Date of the announcement"),
        help_text=gettext_lazy("As in 1 Feb 2023."),
    )
    body = ProseField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_BODY,
        help_text=gettext_lazy("An empty line begins a new paragraph."),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    kept_reason = ProseField(
        label=gettext_lazy("Why the rest is kept back"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("It stays on record. Each is published singly later."),
        error_messages={
            "required": gettext_lazy(
                "Write why the results that are not ready are kept back."
            )
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expected = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_leftovers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_leftovers:
            self.fields["kept_reason"].required = True
        else:
            del self.fields["kept_reason"]


class CorrectionForm(ReturnForm):
    """What is to be corrected, where, and until when."""

    due_at = TextMomentField(
        label=gettext_lazy("To be sent again before"),
        default_time=time(23, 59),
        help_text=gettext_lazy("As in 1 Feb 2023, 16.00."),
        error_messages={
            "required": gettext_lazy("Choose a moment that is still to come.")
        },
    )

    def __init__(
        self, *args: Any, zone: tzinfo, steps: Iterable[Step], **kwargs: Any
    ) -> None:
        super().__init__(*args, steps=steps, **kwargs)
        self.fields["due_at"].zone = zone  # type: ignore[attr-defined]
        self.fields["note"].required = True
        self.fields["note"].help_text = _("The institution reads it in its e-mail.")
        self.fields["note"].error_messages["required"] = _(
            "Write what is to be corrected."
        )
        self.order_fields(["note", "due_at"])


class BulkForm(forms.Form):
    """One decision for many: they pass, or one requirement is not met by all."""

    PASS, FAIL = "lolos", "gugur"

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (PASS, gettext_lazy("All requirements are met: passed")),
            (FAIL, gettext_lazy("One requirement is not met: not passed")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the decision.")},
    )
    requirement = forms.ModelChoiceField(
        label=gettext_lazy("Requirement that is not met"),
        queryset=Requirement.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("Choose"),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose")), *ReasonCode.choices],
        required=False,
    )
    note = ProseField(
        label=gettext_lazy("Note to the institutions"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, requirements: Iterable[Requirement], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].queryset = requirements  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == self.PASS:
            cleaned |= {"requirement": None, "reason": "", "note": ""}
        if cleaned.get("decision") == self.FAIL:
            for name, sentence in (
                ("requirement", _("Choose the requirement.")),
                ("reason", _("Choose a reason.")),
                ("note", _("Write what is wrong, so that it can be mended.")),
            ):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, sentence)
        return cleaned


class ObjectionForm(forms.Form):
    """What the institution says against the result, with its evidence."""

    text = ProseField(
        label=gettext_lazy("What you object to, and why"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy(
            "Name the requirement and where in the proposal it is met. The content of "
            "the proposal itself cannot be changed any more."
        ),
        error_messages={"required": gettext_lazy("Write what you object to.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = CheckedFilesField(
            label=_("Evidence"),
            help_text=_(
                "PDF, Word, Excel, JPEG or PNG, of at most 10 MB each; at most "
                "%(number)d files."
            )
            % {"number": MAX_FILES},
        )


class ObjectionAnswerForm(forms.Form):
    """The answer to an objection."""

    UPHELD, REJECTED = "diterima", "ditolak"

    outcome = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[
            (UPHELD, gettext_lazy("Accepted: the proposal passes the check")),
            (REJECTED, gettext_lazy("Not accepted: the result stands")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the answer.")},
    )
    answer = ProseField(
        label=gettext_lazy("Reasons"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("The institution reads them."),
        error_messages={"required": gettext_lazy("Write the reasons.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    @property
    def is_upheld(self) -> bool:
        return bool(self.cleaned_data["outcome"] == self.UPHELD)
