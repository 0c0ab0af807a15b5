"""What the list of documents is narrowed by."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from documents import codes
from documents.models import (
    DocumentKind,
    DocumentState,
    IssuedDocument,
    IssuedDocumentQuerySet,
)

# A valid paper whose file the portal has given up making.
NOT_MADE = "failed"


class DocumentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=_("Number, holder, title or code"), method="search"
    )
    jenis = django_filters.ChoiceFilter(
        label=_("Kind"),
        field_name="kind",
        choices=DocumentKind.choices,
        empty_label=_("All kinds"),
    )
    keadaan = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*DocumentState.choices, (NOT_MADE, _("Not made"))],
        empty_label=_("All states"),
        method="in_state",
    )
    tahun = django_filters.NumberFilter(
        label=_("Year"),
        field_name="year",
        min_value=1900,
        max_value=2200,
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": "4"}),
    )

    class Meta:
        model = IssuedDocument
        fields: list[str] = []

    def in_state(
        self, queryset: IssuedDocumentQuerySet, name: str, value: str
    ) -> IssuedDocumentQuerySet:
        if value == NOT_MADE:
            return queryset.render_failed()
        return queryset.filter(state=value)

    def search(
        self, queryset: QuerySet[IssuedDocument], name: str, value: str
    ) -> QuerySet[IssuedDocument]:
        """Find by a part of number, title or `about`, or by the whole code."""
        found = (
            Q(number__icontains=value)
            | Q(title__icontains=value)
            | Q(about__icontains=value)
        )
        if code := codes.normalise(value):
            found |= Q(code=code)
        return queryset.filter(found)
