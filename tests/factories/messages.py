"""Minimal valid rows about how people want to be told."""

import factory
from factory.django import DjangoModelFactory

from notifications.models import AddressTrouble, ChatConsent, ChatScope, Preference
from tests.factories.accounts import UserFactory
from tests.factories.notifications import MOMENT


class PreferenceFactory(DjangoModelFactory):
    """A wish for the digest of the day."""

    class Meta:
        model = Preference

    user = factory.SubFactory(UserFactory)
    kind = "proposal.sent"
    mail = "daily"


class ChatConsentFactory(DjangoModelFactory):
    """A number that the portal may write to."""

    class Meta:
        model = ChatConsent

    user = factory.SubFactory(UserFactory)
    number = factory.Sequence(lambda n: f"628120000{n:04}")
    given_at = MOMENT
    proved_at = MOMENT


class ChatScopeFactory(DjangoModelFactory):
    class Meta:
        model = ChatScope

    scope = factory.Sequence(lambda n: f"scope-{n}")
    opened_by = factory.SubFactory(UserFactory)
    opened_at = MOMENT


class AddressTroubleFactory(DjangoModelFactory):
    """An address that mails came back from so often that most are stopped."""

    class Meta:
        model = AddressTrouble

    address = factory.Sequence(lambda n: f"hilang{n}@contoh.example")
    failures = 3
    first_at = MOMENT
    last_at = MOMENT
    reason = "550 No such mailbox"
