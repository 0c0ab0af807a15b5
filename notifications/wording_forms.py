"""A government's own words for a kind of message."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import LineField
from notifications import wording
from notifications.kinds import MessageKind


class WordingForm(forms.Form):
    """Subject and paragraphs; every fault is named with its line."""

    subject = LineField(label=_("Subject"), max_length=wording.MAX_SUBJECT)
    body = forms.CharField(
        label=_("Text"),
        max_length=wording.MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "An empty line begins a new paragraph. Greeting, button and foot are added "
            "by the portal."
        ),
    )

    def __init__(self, *args: Any, kind: MessageKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_subject(self) -> str:
        return self._checked(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        return self._checked(self.cleaned_data["body"])

    def _checked(self, text: str) -> str:
        faults = wording.faults(text, self.kind)
        if faults:
            raise ValidationError([str(each) for each in faults[:5]])
        if any(mark in text for mark in wording.MARKS):
            raise ValidationError(
                _("This text holds a word that the portal needs itself.")
            )
        return text.replace("\r\n", "\n").strip()
