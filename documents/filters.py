"""What the list of documents is narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from documents import codes
from documents.models import DocumentKind, DocumentState, IssuedDocument


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
        field_name="state",
        choices=DocumentState.choices,
        empty_label=_("All states"),
    )

    class Meta:
        model = IssuedDocument
        fields: list[str] = []

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
