"""Forms of sending: what goes back, and why."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import ProseField
from submissions.dossier import Step

LONGEST_NOTE = 5_000


class ReturnForm(forms.Form):
    """What the authors should mend: for the whole, and at each part."""

    note = ProseField(
        label=gettext_lazy("For the whole proposal"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=gettext_lazy("Your colleagues read this on the proposal."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, steps: Iterable[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {f"at_{step.key}": step for step in steps}
        for name, step in self.parts.items():
            self.fields[name] = ProseField(
                label=_("Note on %(part)s") % {"part": step.label},
                required=False,
                max_length=LONGEST_NOTE,
                # The fields stand beside what is read, away from their form.
                widget=forms.Textarea(attrs={"rows": 3, "form": "form-kembalikan"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            self.add_error("note", _("Write what should be mended before you endorse."))
        return cleaned

    def notes(self) -> dict[str, str]:
        """What was written at each part, by the key of its step."""
        return {
            step.key: text
            for name, step in self.parts.items()
            if (text := self.cleaned_data.get(name))
        }


class LateForm(forms.Form):
    """Why the secretariat counts what came after the closing."""

    reason = ProseField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        help_text=gettext_lazy(
            "It is announced to the public, and stays on record. Say why this "
            "institution, and not everybody, may be late."
        ),
        error_messages={
            "required": gettext_lazy("Write why the late proposal counts.")
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )
