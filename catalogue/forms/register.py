"""What people type into the register of innovations, checked for form only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.forms.lines import plausible_year
from accounts.models import Institution
from competitions.forms import TextDateField
from core.fields import LineField
from documents.forms import CheckedFileField
from documents.uploads import LETTER_TYPES
from innovations.models import Innovation, InnovationQuerySet, Vitality
from innovations.services import AchievementData

FIRST_YEAR = 2000
PROOF_BYTES = 2 * 1024 * 1024


class InnovationFilterForm(forms.Form):
    """Words, how it fares, what waits; nonsense in the address is ignored."""

    cari = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            *Vitality.choices,
            ("tanpa", _("Not told yet")),
            ("dihentikan", _("Out of use")),
        ],
    )
    menunggu = forms.BooleanField(
        label=_("Only with achievements to be confirmed"), required=False
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.values())

    def narrow(self, innovations: InnovationQuerySet) -> InnovationQuerySet:
        """Keep what is asked for, of `register.for_rows`."""
        asked = self.cleaned_data
        state = asked.get("status")
        if state == "dihentikan":
            innovations = innovations.filter(retired_at__isnull=False)
        elif state == "tanpa":
            innovations = innovations.filter(Q(state=None), retired_at=None)
        elif state:
            innovations = innovations.filter(Q(state=state), retired_at=None)
        if asked.get("menunggu"):
            innovations = innovations.filter(Q(waits=True))
        for word in (asked.get("cari") or "").replace("\0", "").split()[:6]:
            innovations = innovations.filter(
                Q(title__icontains=word)
                | Q(institution__name__icontains=word)
                | Q(institution__short_name__icontains=word)
            )
        return innovations


class AchievementForm(forms.Form):
    """An award won elsewhere, with its certificate if there is one."""

    level = LineField(
        label=_("Award"),
        max_length=100,
        help_text=_("As on the certificate: Juara I, Top 45, Finalis."),
        error_messages={"required": _("Write which award it was.")},
    )
    competition = LineField(
        label=_("Competition"),
        max_length=150,
        help_text=_("With its level: KIPP Provinsi Jawa Tengah, SINOVIK."),
        error_messages={"required": _("Write which competition it was.")},
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": "4"}),
        error_messages={
            "required": _("Write the year of the award."),
            "invalid": _("Write the year in four digits, as 2022."),
        },
    )
    proof = CheckedFileField(
        max_bytes=PROOF_BYTES,
        types=LETTER_TYPES,
        label=_("Certificate or other proof"),
        required=False,
        help_text=_("PDF, JPEG or PNG, at most 2 MB."),
    )

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.this_year = this_year

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > self.this_year:
            raise forms.ValidationError(
                _("The year has not come yet: write %(year)d or an earlier one.")
                % {"year": self.this_year}
            )
        return year

    def entered(self) -> AchievementData:
        """What was typed, without the file."""
        return AchievementData(
            self.cleaned_data["level"],
            self.cleaned_data["competition"],
            self.cleaned_data["year"],
        )


class StatusForm(forms.Form):
    """How the innovation fares in a year."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    state = forms.ChoiceField(
        label=_("How does it fare?"),
        choices=Vitality.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it fares.")},
    )
    note = LineField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("What has changed, who replicates it, or why it has stopped."),
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(each, str(each)) for each in years]  # type: ignore[attr-defined]


class JointOwnerForm(forms.Form):
    """Which institution owns it too, and since when."""

    institution = forms.ModelChoiceField(
        label=_("Institution"),
        queryset=Institution.objects.none(),
        to_field_name="code",
        empty_label=_("Choose an institution"),
        error_messages={
            "required": _("Choose an institution."),
            "invalid_choice": _("Choose an institution of the list."),
        },
    )
    from_date = TextDateField(
        label=_("Joint owner since"),
        help_text=_("As in 1 Feb 2023."),
        error_messages={"required": _("Write since when.")},
    )

    def __init__(
        self, *args: Any, innovation: Innovation, day: date, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        named = innovation.jointowner_set.values("institution")
        self.fields["institution"].queryset = (  # type: ignore[attr-defined]
            Institution.objects.filter(government=innovation.institution.government_id)
            .active_on(day)
            .exclude(pk=innovation.institution_id)
            .exclude(pk__in=named)
            .order_by("name", "pk")
        )
        self.fields["institution"].label_from_instance = _full_name  # type: ignore[attr-defined]

    def clean_from_date(self) -> date:
        day: date = self.cleaned_data["from_date"]
        plausible_year(day)
        return day


def _full_name(institution: Institution) -> str:
    return institution.name


class RetireForm(forms.Form):
    """Why an innovation is taken out of use."""

    reason = LineField(
        label=_("Why is it taken out of use?"),
        max_length=500,
        help_text=_("Kept in the register."),
        error_messages={"required": _("Write why it is taken out of use.")},
    )


class MergeForm(forms.Form):
    """Which other entry stands for this one, and why they are the same."""

    into = forms.ModelChoiceField(
        label=_("The entry that stays"),
        queryset=Innovation.objects.none(),
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the entry that stays.")},
    )
    reason = LineField(
        label=_("How do you know that they are the same?"),
        max_length=500,
        error_messages={"required": _("Write how you know that they are the same.")},
    )

    def __init__(self, *args: Any, candidates: InnovationQuerySet, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["into"].queryset = candidates  # type: ignore[attr-defined]
        self.fields["into"].label_from_instance = _with_owner  # type: ignore[attr-defined]


def _with_owner(innovation: Innovation) -> str:
    return f"{innovation.title} ({innovation.institution.short_name})"
