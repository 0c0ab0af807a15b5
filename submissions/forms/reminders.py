"""A row of the plan of reminders."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.models import ReminderAnchor, ReminderAudience, Stage
from competitions.models.reminders import REMINDER_CHANNELS, audiences_of
from notifications.models import DeliveryChannel
from submissions.services import ReminderTerms

MOST_DAYS = 90


class ReminderForm(forms.Form):
    """When a reminder goes out, to whom, and through what beside the portal."""

    stage = forms.ChoiceField(label=_("Stage"))
    number = forms.IntegerField(
        label=_("How long"),
        min_value=0,
        max_value=24 * MOST_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    unit = forms.ChoiceField(
        label=_("Counted in"), choices=[("days", _("days")), ("hours", _("hours"))]
    )
    anchor = forms.ChoiceField(label=_("When"), choices=ReminderAnchor.choices)
    audience = forms.ChoiceField(label=_("To whom"), choices=ReminderAudience.choices)
    channels = forms.MultipleChoiceField(
        label=_("Also by"),
        required=False,
        choices=[(each, DeliveryChannel(each).label) for each in REMINDER_CHANNELS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Everybody finds it in the portal. By other ways only those are told who "
            "have not switched them off."
        ),
    )

    def __init__(self, *args: Any, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stages = {stage.kind: stage for stage in stages}
        choices = [(stage.kind, stage.name) for stage in stages]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, unit = data.get("number"), data.get("unit")
        if number is not None and unit:
            data["hours"] = number * (24 if unit == "days" else 1)
            if data["hours"] > 24 * MOST_DAYS:
                self.add_error("number", _("At most 90 days."))
            elif not number and data.get("anchor") == ReminderAnchor.BEFORE:
                self.add_error("number", _("Choose at least one hour before closing."))
        kind, audience = data.get("stage"), data.get("audience")
        if kind and audience and audience not in audiences_of(kind):
            self.add_error(
                "audience",
                _("They have nothing to do in this stage. Choose others."),
            )
        return data

    @property
    def chosen_stage(self) -> Stage:
        return self.stages[self.cleaned_data["stage"]]

    def terms(self) -> ReminderTerms:
        data = self.cleaned_data
        return ReminderTerms(
            data["anchor"], data["hours"], data["audience"], data["channels"]
        )
