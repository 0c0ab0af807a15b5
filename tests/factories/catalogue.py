"""Published innovations, minimal and valid."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalogue.models import Entry
from tests.factories.innovations import InnovationFactory


class EntryFactory(DjangoModelFactory):
    """An entry the public has read for an hour."""

    class Meta:
        model = Entry

    innovation = factory.SubFactory(InnovationFactory)
    government = factory.SelfAttribute("innovation.institution.government")
    slug = factory.SelfAttribute("innovation.slug")
    title = factory.SelfAttribute("innovation.title")
    summary = "Waktu tunggu turun dari sembilan hari menjadi satu hari."
    institution_name = factory.SelfAttribute("innovation.institution.name")
    institution_short_name = factory.SelfAttribute("innovation.institution.short_name")
    category_code = "kesehatan"
    category_name = "Kesehatan"
    year = 2022
    round_name = "KIPP Kota Contoh 2022"
    round_slug = "kipp-kota-contoh-2022"
    award_name = "Juara I"
    award_order = 1
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
