"""Minimal valid rows of invitations and handovers."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from accounts.models import Handover, Invitation, Membership
from accounts.services.invitations import digest_of
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    UserFactory,
)

SENT_AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)


class HandoverFactory(DjangoModelFactory):
    class Meta:
        model = Handover

    giver = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)
    roles = [Membership.Role.AUTHOR]
    from_date = date(2022, 2, 1)
    reason = "Mutasi"
    ordered_at = SENT_AT


class InvitationFactory(DjangoModelFactory):
    """An open invitation of an author; its link's secret is `secret`."""

    class Meta:
        model = Invitation
        exclude = ["secret"]

    secret = factory.Sequence(lambda n: f"rahasia-{n}")
    role = Membership.Role.AUTHOR
    institution = factory.Maybe(
        factory.LazyAttribute(lambda o: o.role in ("author", "institution_admin")),
        factory.SubFactory(InstitutionFactory),
    )
    government = factory.Maybe(
        factory.LazyAttribute(lambda o: o.role in ("secretariat", "leader")),
        factory.SubFactory(GovernmentFactory),
    )
    email = factory.Sequence(lambda n: f"undangan{n}@contoh.example")
    name = factory.Sequence(lambda n: f"Calon {n}")
    digest = factory.LazyAttribute(lambda o: digest_of(o.secret))
    invited_at = SENT_AT
    sent_at = SENT_AT
    expires_at = factory.LazyAttribute(lambda o: o.sent_at + timedelta(days=14))
