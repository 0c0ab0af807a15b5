"""Minimal valid rows of the register of innovations, beside the innovations."""

from datetime import date

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.crypto import get_random_string
from factory.django import DjangoModelFactory

from innovations.models import Achievement, AchievementFile, JointOwner, YearStatus
from tests.factories.accounts import InstitutionFactory, UserFactory
from tests.factories.innovations import InnovationFactory


class AchievementFactory(DjangoModelFactory):
    """Typed in by its institution, not confirmed."""

    class Meta:
        model = Achievement

    innovation = factory.SubFactory(InnovationFactory)
    level = "Top 45"
    competition = "KIPP Nasional"
    year = 2021
    key = factory.LazyFunction(lambda: get_random_string(16))
    public_from = factory.LazyFunction(timezone.now)
    recorded_at = factory.SelfAttribute("public_from")
    recorded_by = factory.SubFactory(UserFactory)


class AchievementFileFactory(DjangoModelFactory):
    class Meta:
        model = AchievementFile

    achievement = factory.SubFactory(AchievementFactory)
    key = factory.LazyFunction(lambda: get_random_string(20))
    name = "piagam.pdf"
    content_type = "application/pdf"
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4", name="acak.pdf"))
    size = 8
    sha256 = "b" * 64
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = factory.LazyFunction(timezone.now)


class JointOwnerFactory(DjangoModelFactory):
    """Asked and agreed."""

    class Meta:
        model = JointOwner

    innovation = factory.SubFactory(InnovationFactory)
    institution = factory.LazyAttribute(
        lambda o: InstitutionFactory(government=o.innovation.institution.government)
    )
    key = factory.LazyFunction(lambda: get_random_string(16))
    from_date = date(2021, 1, 4)
    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(timezone.now)
    confirmed_by = factory.SelfAttribute("asked_by")
    confirmed_at = factory.SelfAttribute("asked_at")


class YearStatusFactory(DjangoModelFactory):
    class Meta:
        model = YearStatus

    innovation = factory.SubFactory(InnovationFactory)
    year = 2022
    state = YearStatus.State.RUNNING
    noted_by = factory.SubFactory(UserFactory)
    noted_at = factory.LazyFunction(timezone.now)
