"""Minimal valid rows of `monitoring`."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from monitoring.models import Broadcast, Nudge
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    UserFactory,
)
from tests.factories.competitions import RoundFactory


class NudgeFactory(DjangoModelFactory):
    """A reminder that the portal sent today to one person."""

    class Meta:
        model = Nudge

    round = factory.SubFactory(RoundFactory)
    institution = factory.LazyAttribute(
        lambda o: InstitutionFactory(government=o.round.competition.government)
    )
    channel = Nudge.Channel.PORTAL
    told = factory.LazyAttribute(lambda o: int(o.channel == Nudge.Channel.PORTAL))
    day = factory.LazyFunction(timezone.localdate)
    noted_by = factory.SubFactory(UserFactory)
    noted_at = factory.LazyFunction(timezone.now)


class BroadcastFactory(DjangoModelFactory):
    """A draft to all authors."""

    class Meta:
        model = Broadcast

    government = factory.SubFactory(GovernmentFactory)
    group = Broadcast.Group.AUTHORS
    subject = "Undangan klinik inovasi"
    body = "Silakan hadir.\n\nTerima kasih."
    written_by = factory.SubFactory(UserFactory)
    written_at = factory.LazyFunction(timezone.now)
