"""Requests about personal data, and their answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import DataRequest
from accounts.models.privacy import ANSWERS, DataRequestState
from core.cleaning import clean_prose

TEXT_LIMIT = 4000


class DataRequestForm(forms.Form):
    """What somebody asks for, in their own words."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=DataRequest.Kind,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Your request"),
        max_length=TEXT_LIMIT,
        help_text=_(
            "Say which data you mean and what shall become of them. To correct: write "
            "what is wrong and what is right."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_text(self) -> str:
        return clean_prose(self.cleaned_data["text"]).strip()


class DataAnswerForm(forms.Form):
    """The answer to a request, with its reason."""

    state = forms.ChoiceField(
        label=_("Decision"),
        choices=[(state.value, state.label) for state in ANSWERS],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Reason"),
        max_length=TEXT_LIMIT,
        help_text=_(
            "The person reads this. Say what was done, and why the rest is not."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    confirmation = forms.BooleanField(
        label=_("I know that the account is closed and this cannot be undone."),
        required=False,
    )

    def __init__(self, *args: object, closes: bool, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # Django's own
        self.closes = closes
        if not closes:
            del self.fields["confirmation"]

    def clean_answer(self) -> str:
        return clean_prose(self.cleaned_data["answer"]).strip()

    def clean(self) -> None:
        super().clean()
        grants = self.cleaned_data.get("state") in (
            DataRequestState.GRANTED,
            DataRequestState.PARTLY,
        )
        if self.closes and grants and not self.cleaned_data.get("confirmation"):
            self.add_error(
                "confirmation",
                _("Tick this box: granting closes the account for good."),
            )
