"""What the secretariat decides on feedback to authors."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import FeedbackNote, FeedbackPlan


class FeedbackPlanForm(forms.Form):
    """To whom ranks are told."""

    places = forms.ChoiceField(
        label=gettext_lazy("Who is told the rank"),
        choices=FeedbackPlan.Places,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Everybody is told their own means and the jurors' notes in any case."
        ),
    )


class FeedbackNoteForm(forms.Form):
    """Whether a juror's note is passed on, and in which words."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Passing on"),
        choices=FeedbackNote.Choice,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Other words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Only where it goes in other words."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("For the record; authors do not read it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        choices = FeedbackNote.Choice
        if data.get("choice") == choices.EDITED and not data.get("text"):
            self.add_error("text", _("Write the words that go to the authors."))
        if data.get("choice") in (choices.EDITED, choices.WITHHELD) and not data.get(
            "reason"
        ):
            self.add_error("reason", _("Write why the note does not go as written."))
        return data
