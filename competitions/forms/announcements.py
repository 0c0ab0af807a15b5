"""Public notices, and guideline files."""

from datetime import tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.forms.fields import (
    CheckedFilesField,
    TextDateField,
    TextMomentField,
)


class AnnouncementForm(forms.Form):
    """A public notice, published now or later."""

    title = forms.CharField(label=_("Title"), max_length=200)
    number = forms.CharField(
        label=_("Letter number"),
        max_length=80,
        required=False,
        help_text=_("As in B/187/000.8.3.4/2022."),
    )
    issued_date = TextDateField(
        label=_("Date of the announcement"), help_text=_("As in 1 Feb 2023.")
    )
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text=_("An empty line begins a new paragraph."),
    )
    publish_on = TextMomentField(
        label=_("Publish on"),
        required=False,
        help_text=_("As in 1 Feb 2023, 08.00. Empty means now."),
    )
    attachments = CheckedFilesField()

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publish_on"].zone = zone  # type: ignore[attr-defined]


class GuidelineForm(forms.Form):
    """A guideline file of the round, as the technical guideline signed by the mayor."""

    title = forms.CharField(
        label=_("Name on the public page"),
        max_length=150,
        help_text=_("As in Technical guideline of KIPP 2027."),
    )
    attachments = CheckedFilesField(
        many=False,
        label=_("File"),
        required=True,
        help_text=_("PDF, Word, Excel, JPEG or PNG, of at most 10 MB."),
    )
