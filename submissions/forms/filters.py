"""Filters of the queue of the administrative check."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User
from competitions.models import Category, Round, Track
from submissions.models import Proposal, ProposalQuerySet
from submissions.screenings import FINDINGS, STANDS, condition_of, of_finding

ORDERS: dict[str, tuple[Promise, tuple[Any, ...]]] = {
    "masuk": (_("Oldest first"), ("submitted_at", "pk")),
    "instansi": (_("Institution"), ("institution__name", "submitted_at", "pk")),
    "temuan": (
        _("Most findings first"),
        (
            F("machinecheck__not_met").desc(nulls_last=True),
            F("machinecheck__needs_look").desc(nulls_last=True),
            "submitted_at",
            "pk",
        ),
    ),
}


class ScreeningFilter(django_filters.FilterSet):
    """State of the check, machine finding, parts of the round, words, and the order."""

    cari = django_filters.CharFilter(
        method="search",
        label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    status = django_filters.ChoiceFilter(
        method="stand",
        label=_("State"),
        choices=[(code, label) for code, label in STANDS.items()],
        empty_label=_("All states"),
    )
    temuan = django_filters.ChoiceFilter(
        method="finding",
        label=_("The portal found"),
        choices=[(code, label) for code, label in FINDINGS.items()],
        empty_label=_("Anything"),
    )
    kelompok = django_filters.ModelChoiceFilter(
        field_name="track",
        label=_("Group"),
        queryset=Track.objects.none(),
        empty_label=_("All groups"),
    )
    kategori = django_filters.ModelChoiceFilter(
        field_name="category",
        label=_("Category"),
        queryset=Category.objects.none(),
        empty_label=_("All categories"),
    )
    instansi = django_filters.ModelChoiceFilter(
        field_name="institution",
        label=_("Institution"),
        queryset=Institution.objects.none(),
        empty_label=_("All institutions"),
    )
    pemeriksa = django_filters.ModelChoiceFilter(
        method="checker",
        label=_("Checked by"),
        queryset=User.objects.none(),
        to_field_name="key",
        empty_label=_("Anybody"),
    )
    urut = django_filters.ChoiceFilter(
        method="keep",
        label=_("Order"),
        choices=[(code, label) for code, (label, _columns) in ORDERS.items()],
        empty_label=None,
    )

    class Meta:
        model = Proposal
        fields: list[str] = []

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        inside = Proposal.objects.filter(round=round)
        choices: dict[str, Any] = {
            "kelompok": Track.objects.filter(round=round).order_by("order", "pk"),
            "kategori": Category.objects.filter(round=round).order_by("order", "pk"),
            "instansi": Institution.objects.filter(
                pk__in=inside.entered().values("institution")
            ).order_by("name", "pk"),
            "pemeriksa": User.objects.filter(
                Q(pk__in=inside.values("screening__decided_by"))
                | Q(pk__in=inside.values("screening__draft_by"))
            ).order_by("name", "pk"),
        }
        for name, rows in choices.items():
            self.filters[name].queryset = rows

    @property
    def rows(self) -> ProposalQuerySet:
        """What fits the filters, in the order that was chosen."""
        chosen = self.form.cleaned_data.get("urut") if self.form.is_valid() else ""
        _label, columns = ORDERS[chosen or "masuk"]
        found: ProposalQuerySet = self.qs.order_by(*columns)
        return found

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the order was chosen."""
        return any(
            value
            for name, value in self.data.items()
            if name in self.filters and name != "urut"
        )

    def stand(self, rows: ProposalQuerySet, name: str, value: str) -> ProposalQuerySet:
        return rows.filter(condition_of(value, self.round))

    def finding(
        self, rows: ProposalQuerySet, name: str, value: str
    ) -> ProposalQuerySet:
        return rows.filter(of_finding(value))

    def checker(
        self, rows: ProposalQuerySet, name: str, value: User
    ) -> ProposalQuerySet:
        return rows.filter(
            Q(screening__decided_by=value)
            | Q(screening__state="draft", screening__draft_by=value)
        )

    def keep(self, rows: ProposalQuerySet, name: str, value: str) -> ProposalQuerySet:
        return rows

    def search(self, rows: ProposalQuerySet, name: str, value: str) -> ProposalQuerySet:
        """Keep rows that hold every word somewhere."""
        for word in value.split()[:6]:
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(code__icontains=word)
                | Q(receipt_number__icontains=word)
                | Q(institution__name__icontains=word)
                | Q(institution__short_name__icontains=word)
            )
        return rows
