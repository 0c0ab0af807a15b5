"""Awards and decrees, minimal and valid."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from awards import services
from awards.models import Award, Decree
from tests.factories.accounts import SecretariatFactory, SignatoryFactory, UserFactory
from tests.factories.competitions import RoundFactory
from tests.factories.judging import sealed_round


class DecreeFactory(DjangoModelFactory):
    """A decree whose winners are public since an hour."""

    class Meta:
        model = Decree

    round = factory.SubFactory(RoundFactory)
    number = factory.Sequence("000.8/{}/2022".format)
    decree_date = date(2022, 6, 10)
    publish_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.SelfAttribute("publish_at")


class AwardFactory(DjangoModelFactory):
    """An award for `row`, a row of a sealed result; the level is the round's first."""

    class Meta:
        model = Award

    key = factory.Sequence("penghargaan-{}".format)
    row = factory.LazyFunction(
        lambda: sealed_round(jurors=1, proposals=1).result_set.get().resultrow_set.get()
    )
    level = factory.LazyAttribute(
        lambda o: o.row.result.round.awardlevel_set.order_by("order").first()
    )
    given_at = factory.LazyFunction(timezone.now)
    given_by = factory.SubFactory(UserFactory)


def awarded_round(*, publish_in: timedelta | None = None, proposals: int = 3, **fields):
    """A sealed round with a signatory whose awards are given.

    With `publish_in` its decree is recorded too, public that long after now.
    """
    round = sealed_round(jurors=1, proposals=proposals, **fields)
    government = round.competition.government
    if not government.signatory_set.exists():
        SignatoryFactory(government=government)
    actor = SecretariatFactory(government=government)
    services.give_awards(round=round, actor=actor, at=timezone.now())
    if publish_in is not None:
        services.record_decree(
            round=round,
            number="000.8/112/2022",
            decree_date=date(2022, 6, 10),
            publish_at=timezone.now() + publish_in,
            actor=actor,
            at=timezone.now(),
        )
    return round
