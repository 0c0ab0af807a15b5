"""Filters of the proposal lists."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from competitions.models import Round
from submissions.models import Proposal, ProposalQuerySet, ProposalState

SCREENED_STATES = [
    ProposalState.SUBMITTED,
    ProposalState.SCREENED_PASSED,
    ProposalState.SCREENED_FAILED,
]


class ProposalFilter(django_filters.FilterSet):
    """State, institution and words of the title, number or institution's name."""

    cari = django_filters.CharFilter(
        method="search",
        label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    status = django_filters.ChoiceFilter(
        field_name="state",
        label=_("State"),
        choices=[(state.value, state.label) for state in SCREENED_STATES],
        empty_label=_("All states"),
    )
    instansi = django_filters.ModelChoiceFilter(
        field_name="institution",
        label=_("Institution"),
        queryset=Institution.objects.none(),
        empty_label=_("All institutions"),
    )

    class Meta:
        model = Proposal
        fields: list[str] = []

    def __init__(self, *args, round: Round, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.filters["instansi"].queryset = Institution.objects.filter(
            pk__in=Proposal.objects.filter(
                round=round, state__in=SCREENED_STATES
            ).values("institution")
        ).order_by("name", "pk")

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
