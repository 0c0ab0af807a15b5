"""Inviting an institution into a track."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from competitions.models import Round, Track
from core.fields import LineField


class TrackInvitationForm(forms.Form):
    """Whom to invite, into which track, and on what ground."""

    track = forms.ModelChoiceField(
        label=_("Group"), queryset=Track.objects.none(), empty_label=None
    )
    institution = forms.ModelChoiceField(
        label=_("Institution"),
        queryset=Institution.objects.none(),
        empty_label=_("Choose an institution"),
        error_messages={"required": _("Choose an institution.")},
    )
    note = LineField(
        label=_("Innovation or ground"),
        max_length=300,
        help_text=_("As in: E-Antre, Juara I of 2021. It stays on record."),
        error_messages={"required": _("Write the innovation or the ground.")},
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tracks = Track.objects.filter(round=round, is_by_invitation=True)
        self.fields["track"].queryset = tracks.order_by("order", "pk")  # type: ignore[attr-defined]
        houses = Institution.objects.filter(government=round.competition.government)
        if round.institution_kinds:
            houses = houses.filter(kind__in=round.institution_kinds)
        self.fields["institution"].queryset = houses.order_by("name", "pk")  # type: ignore[attr-defined]
