"""Making a round, and its base data."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Government
from competitions import definitions
from competitions.forms.fields import TextDateField
from competitions.models import Competition, Round

NEW_SERIES = "+"


class RoundCreateForm(forms.Form):
    """A new round of a series, or of a series that begins with it."""

    competition = forms.ChoiceField(label=_("Competition series"))
    series_name = forms.CharField(
        label=_("Name of the new series"),
        max_length=60,
        required=False,
        help_text=_("Only if you chose a new series above, as in KIPP Kota Tegal."),
    )
    government = forms.ModelChoiceField(
        Government.objects.none(),
        label=_("Government"),
        empty_label=None,
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2014,
        max_value=2100,
        help_text=_("Named in the title of the round and on its papers."),
    )
    edition = forms.IntegerField(
        label=_("Round number"),
        min_value=1,
        max_value=100,
        help_text=_("How many times this competition is held, with this one."),
    )
    theme = forms.CharField(
        label=_("Theme"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )
    organiser = forms.CharField(label=_("Organiser"), max_length=150)
    preset = forms.ChoiceField(label=_("Rules to start from"), widget=forms.RadioSelect)
    first_day = TextDateField(
        label=_("Day of the kick-off"),
        required=False,
        help_text=_(
            "From this day the portal proposes the whole calendar. You can change "
            "every date afterwards."
        ),
    )

    def __init__(
        self,
        *args: Any,
        governments: Sequence[Government],
        competitions: Sequence[Competition],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.competitions = {each.slug: each for each in competitions}
        series: forms.ChoiceField = self.fields["competition"]  # type: ignore[assignment]
        series.choices = [
            *((each.slug, each.short_name) for each in competitions),
            (NEW_SERIES, _("A new series")),
        ]
        if not competitions:
            series.widget = forms.HiddenInput()
            series.initial = NEW_SERIES
            self.fields["series_name"].required = True
            self.fields["series_name"].help_text = _("As in KIPP Kota Tegal.")
        body: forms.ModelChoiceField = self.fields["government"]  # type: ignore[assignment]
        body.queryset = Government.objects.filter(
            pk__in=[government.pk for government in governments]
        )
        if len(governments) == 1:
            # Nobody needs to be asked what can be only one thing.
            body.widget = forms.HiddenInput()
            body.initial = governments[0]
        preset: forms.ChoiceField = self.fields["preset"]  # type: ignore[assignment]
        preset.choices = [(each.key, each.name) for each in definitions.presets()]
        preset.initial = definitions.DEFAULT_PRESET

    def clean_competition(self) -> Competition | None:
        """The series chosen; None for a new one."""
        return self.competitions.get(self.cleaned_data["competition"])

    def clean_series_name(self) -> str:
        name: str = self.cleaned_data["series_name"]
        is_new = self.data.get(self.add_prefix("competition")) == NEW_SERIES
        if is_new and not name:
            raise ValidationError(_("Write the name of the new series."))
        return name


class RoundForm(forms.ModelForm):
    """The base data; year and edition stand once the round is open."""

    class Meta:
        model = Round
        fields = (
            "name",
            "year",
            "edition",
            "theme",
            "organiser",
            "guideline",
            "endorsement_required",
        )
        labels = {
            "name": _("Name of the round"),
            "year": _("Year"),
            "edition": _("Round number"),
            "theme": _("Theme"),
            "organiser": _("Organiser"),
            "guideline": _("Guideline for the public"),
            "endorsement_required": _(
                "Proposals are endorsed by the head of the institution before they "
                "are submitted"
            ),
        }
        help_texts = {
            "guideline": _(
                "Who may enter, how a proposal goes its way. An empty line begins a "
                "new paragraph."
            ),
        }
        widgets = {
            "theme": forms.Textarea(attrs={"rows": 3}),
            "guideline": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].required = True
        for name in ("year", "edition"):
            self.fields[name].localize = False
            self.fields[name].disabled = self.instance.is_opened

    def validate_unique(self) -> None:
        """Leave doubles to the service, which looks under a lock."""
