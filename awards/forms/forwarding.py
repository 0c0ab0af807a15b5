"""What people type when winners are sent on."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Government
from competitions.models import Round, Track
from innovations.services import AchievementData

OUTSIDE = "luar"


class ForwardForm(forms.Form):
    """Where a winner is to go: a track of a round here, or a competition outside."""

    place = forms.ChoiceField(
        label=gettext_lazy("Where to"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where it is to go.")},
    )
    destination = forms.CharField(
        label=gettext_lazy("Competition outside of this portal"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("As in KIPP Nasional 2022 (SINOVIK)."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the institution"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None, *, rounds: Sequence[Round]) -> None:
        super().__init__(data)
        self.places: dict[str, tuple[Round, Track]] = {
            f"{round.slug}:{track.code}": (round, track)
            for round in rounds
            for track in round.track_set.filter(is_by_invitation=False).order_by(
                "order", "pk"
            )
        }
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *(
                (value, f"{round.name}, {track.name}")
                for value, (round, track) in self.places.items()
            ),
            (OUTSIDE, _("To a competition outside of this portal, as a pack")),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("place") == OUTSIDE:
            if not (data.get("destination") or "").strip():
                self.add_error("destination", _("Write which competition it is."))
        elif data.get("destination"):
            data["destination"] = ""
        return data

    @property
    def chosen(self) -> dict[str, Any]:
        """Round and track, or the competition outside, as the service takes them."""
        found = self.places.get(self.cleaned_data["place"])
        if found is None:
            return {"destination": self.cleaned_data["destination"]}
        return {"round": found[0], "track": found[1]}


class AnswerForm(forms.Form):
    """The institution agrees with a statement ticked, or declines with a reason."""

    AGREE, DECLINE = "setuju", "tolak"

    statement = forms.BooleanField(
        label=gettext_lazy(
            "We agree that our proposal, with its texts and supporting files, is used "
            "for this competition, and that its data are true."
        ),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Only if you decline. The secretariat reads it."),
    )
    answer = forms.ChoiceField(choices=[(AGREE, AGREE), (DECLINE, DECLINE)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer = data.get("answer")
        if answer == self.AGREE and not data.get("statement"):
            self.add_error("statement", _("Tick the statement to agree."))
        if answer == self.DECLINE and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Write why you decline."))
        return data

    @property
    def agrees(self) -> bool:
        return bool(self.cleaned_data["answer"] == self.AGREE)


class StopForm(forms.Form):
    """Why a winner is not sent on any more."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "The institution reads it, and the secretariat it was sent to."
        ),
    )


class ResultForm(forms.Form):
    """What a winner won outside."""

    level = forms.CharField(
        label=gettext_lazy("Award"),
        max_length=100,
        help_text=gettext_lazy("As on the certificate: Juara I, Top 45, Finalis."),
    )
    competition = forms.CharField(label=gettext_lazy("Competition"), max_length=150)
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        min_value=2014,
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": "4"}),
        error_messages={
            "invalid": gettext_lazy("Write the year in four digits, as 2022.")
        },
    )

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = this_year

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > self.this_year:
            raise ValidationError(
                _("The year has not come yet: write %(year)d or an earlier one.")
                % {"year": self.this_year}
            )
        return year

    @property
    def entered(self) -> AchievementData:
        """What was typed."""
        data = self.cleaned_data
        return AchievementData(data["level"], data["competition"], data["year"])


class AcceptForm(forms.Form):
    """From which governments a round takes winners."""

    governments = forms.ModelMultipleChoiceField(
        Government.objects.none(),
        label=gettext_lazy("Takes winners of"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, round: Round, accepted: Iterable[Government]
    ) -> None:
        super().__init__(
            data, initial={"governments": [each.slug for each in accepted]}
        )
        field = self.fields["governments"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Government.objects.exclude(
            pk=round.competition.government_id
        ).order_by("short_name", "pk")
