"""What the secretariat writes to many."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from competitions.models import Round
from core.fields import LineField
from monitoring.models import GROUPS_OF_ENTRIES, BroadcastGroup
from monitoring.services import BroadcastText


class BroadcastForm(forms.Form):
    """To whom, and what; `closed` are the rounds in which the person competes."""

    group = forms.ChoiceField(label=_("To whom"), choices=BroadcastGroup.choices)
    round = forms.ModelChoiceField(
        Round.objects.none(),
        label=_("Round"),
        required=False,
        empty_label=_("No round"),
        to_field_name="slug",
        help_text=_("Needed where the group is that of a round."),
    )
    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        required=False,
        empty_label=_("No single institution"),
        to_field_name="code",
        help_text=_("Only where you write to the people of one institution."),
    )
    subject = LineField(label=_("Subject"), max_length=150)
    body = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "An empty line begins a new paragraph. The portal adds greeting, link and "
            "who wrote it."
        ),
    )

    def __init__(
        self,
        *args: Any,
        rounds: QuerySet[Round],
        institutions: QuerySet[Institution],
        closed: Collection[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.closed = closed
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]
        self.fields["institution"].queryset = institutions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        group, round = data.get("group"), data.get("round")
        if group in GROUPS_OF_ENTRIES and "round" not in self.errors:
            if round is None:
                self.add_error("round", _("Choose the round of this group."))
            elif round.pk in self.closed:
                self.add_error(
                    "group",
                    _(
                        "Your institution competes in this round. Your colleagues "
                        "write to this group."
                    ),
                )
        if group == BroadcastGroup.INSTITUTION:
            if data.get("institution") is None and "institution" not in self.errors:
                self.add_error("institution", _("Choose the institution."))
        else:
            data["institution"] = None
        return data

    def as_text(self) -> BroadcastText:
        data = self.cleaned_data
        return BroadcastText(
            group=data["group"],
            round=data["round"],
            institution=data["institution"],
            subject=data["subject"],
            body=data["body"].replace("\r\n", "\n").strip(),
        )
