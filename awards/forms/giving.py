"""What the secretariat types about awards and their decree."""

from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import Decree
from competitions import date_text
from competitions.forms import TextDateField
from competitions.models import AwardLevel
from core import dates
from judging.models import Result, ResultRow


class DecreeForm(forms.Form):
    """Number and date of the decree, and when the winners become public."""

    number = forms.CharField(
        label=gettext_lazy("Number of the decree"),
        max_length=80,
        help_text=gettext_lazy("As printed, such as 000.8/123/2022."),
    )
    decree_date = TextDateField(
        label=gettext_lazy("Date of the decree"),
        help_text=gettext_lazy("Such as 10 Jun 2022. Certificates carry this date."),
    )
    publish_date = TextDateField(
        label=gettext_lazy("Winners are public from"),
        help_text=gettext_lazy("Until then nobody outside the secretariat sees them."),
    )
    publish_time = forms.CharField(
        label=gettext_lazy("Time"),
        max_length=20,
        help_text=gettext_lazy("Such as 09.00."),
    )

    def __init__(
        self, data: Any = None, *, decree: Decree | None, zone: tzinfo
    ) -> None:
        self.zone = zone
        initial: dict[str, Any] = {}
        if decree:
            moment = dates.as_local(decree.publish_at, zone)
            initial = {
                "number": decree.number,
                "decree_date": decree.decree_date,
                "publish_date": moment.date(),
                "publish_time": dates.format_time(moment, "bare", zone),
            }
        super().__init__(data, initial=initial)

    def clean_publish_time(self) -> Any:
        try:
            return date_text.parse_time(self.cleaned_data["publish_time"])
        except date_text.UnreadableDate as refusal:
            raise ValidationError(refusal.message) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, time = data.get("publish_date"), data.get("publish_time")
        if day and time:
            data["publish_at"] = datetime.combine(day, time, tzinfo=self.zone)
        if day and data.get("decree_date") and day < data["decree_date"]:
            self.add_error(
                "publish_date", _("The winners cannot be public before the decree.")
            )
        return data


class FavouriteForm(forms.Form):
    """An award outside the rank: which, to which proposal, and why."""

    row: ResultRow | None = None  # of clean_code()

    level = forms.ModelChoiceField(
        AwardLevel.objects.none(),
        label=gettext_lazy("Award"),
        to_field_name="code",
        empty_label=None,
    )
    code = forms.CharField(
        label=gettext_lazy("Code of the proposal"),
        max_length=24,
        help_text=gettext_lazy("As on the ranking, such as KIPP-7QX4MD."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Such as the vote of visitors, with its count."),
    )

    def __init__(self, data: Any = None, *, result: Result) -> None:
        super().__init__(data, prefix="favourite")
        self.result = result
        levels = self.fields["level"]
        assert isinstance(levels, forms.ModelChoiceField)
        levels.queryset = AwardLevel.objects.filter(
            round=result.round_id, kind=AwardLevel.Kind.FAVOURITE
        ).order_by("order", "pk")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        self.row = self.result.resultrow_set.filter(code=code).first()
        if self.row is None:
            raise ValidationError(_("No proposal of this result has this code."))
        return code


class RevokeForm(forms.Form):
    """Why an award is taken back; the word typed is the second thought."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The winner and the verification page show it."),
    )
    confirmation = forms.CharField(
        max_length=20, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmation"].label = _("Type %(word)s to continue") % {
            "word": _("REVOKE")
        }

    def clean_confirmation(self) -> str:
        typed = str(self.cleaned_data["confirmation"]).strip().upper()
        if typed != _("REVOKE"):
            raise ValidationError(
                _("Type %(word)s to revoke the award.") % {"word": _("REVOKE")}
            )
        return typed
