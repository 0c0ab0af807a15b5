"""Minimal valid rows of `innovations`."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from innovations.models import Innovation
from tests.factories.accounts import InstitutionFactory


class InnovationFactory(DjangoModelFactory):
    class Meta:
        model = Innovation

    institution = factory.SubFactory(InstitutionFactory)
    title = factory.Sequence("Inovasi Contoh {}".format)
    slug = factory.Sequence("inovasi-contoh-{}".format)
    created_at = factory.LazyFunction(timezone.now)
