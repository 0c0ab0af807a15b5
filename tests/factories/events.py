"""Exceptions, events, places at them, and files, minimal and valid."""

from datetime import timedelta
from hashlib import sha256

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.crypto import get_random_string
from factory.django import DjangoModelFactory

from competitions.models import Attachment, Event, Registration, StageException
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.competitions import RoundFactory, StageFactory
from tests.factories.submissions import tiny_pdf

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class StageExceptionFactory(DjangoModelFactory):
    class Meta:
        model = StageException

    stage = factory.SubFactory(StageFactory)
    institution = factory.SubFactory(
        InstitutionFactory,
        government=factory.SelfAttribute("..stage.round.competition.government"),
    )
    key = factory.LazyFunction(lambda: get_random_string(16))
    closes_at = factory.LazyAttribute(lambda o: o.stage.closes_at + timedelta(days=2))
    reason = "Listrik di kantor padam dua hari."
    granted_by = factory.SubFactory(SecretariatFactory)
    granted_at = factory.LazyFunction(timezone.now)


class EventFactory(DjangoModelFactory):
    """A workshop in three days, of an opened round, that takes registrations."""

    class Meta:
        model = Event

    class Params:
        government = None

    round = factory.Maybe(
        "government",
        factory.SubFactory(
            RoundFactory, government=factory.SelfAttribute("..government")
        ),
        factory.SubFactory(RoundFactory),
    )
    slug = factory.Sequence("kegiatan-{}".format)
    kind = Event.Kind.WORKSHOP
    name = factory.Sequence("Lokakarya {}".format)
    place = "Gedung Adipura"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=4))
    created_at = factory.LazyFunction(timezone.now)
    changed_at = factory.SelfAttribute("created_at")


class RegistrationFactory(DjangoModelFactory):
    """Somebody with a place; `state` makes it another one."""

    class Meta:
        model = Registration

    event = factory.SubFactory(EventFactory)
    institution = factory.SubFactory(
        InstitutionFactory,
        government=factory.SelfAttribute("..event.round.competition.government"),
    )
    user = factory.SubFactory(
        AuthorFactory, institution=factory.SelfAttribute("..institution")
    )
    code = factory.LazyFunction(lambda: get_random_string(8, ALPHABET))
    state = Registration.State.CONFIRMED
    registered_at = factory.LazyFunction(timezone.now)
    confirmed_at = factory.LazyAttribute(
        lambda o: o.registered_at if o.state == "confirmed" else None
    )


class AttachmentFactory(DjangoModelFactory):
    """A guideline file; give `announcement` or `event` to hang it there."""

    class Meta:
        model = Attachment

    class Params:
        content = factory.Sequence(lambda n: tiny_pdf(f"Lampiran {n}"))

    round = factory.SubFactory(RoundFactory)
    title = factory.Sequence("Petunjuk teknis {}".format)
    key = factory.LazyFunction(lambda: get_random_string(16))
    name = "juknis.pdf"
    content_type = "application/pdf"
    file = factory.LazyAttribute(lambda o: ContentFile(o.content, name="acak.pdf"))
    size = factory.LazyAttribute(lambda o: len(o.content))
    sha256 = factory.LazyAttribute(lambda o: sha256(o.content).hexdigest())
    uploaded_by = factory.SubFactory(SecretariatFactory)
    uploaded_at = factory.LazyFunction(timezone.now)
