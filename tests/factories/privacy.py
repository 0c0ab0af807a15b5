"""Minimal valid rows about personal data."""

from datetime import UTC, datetime, timedelta

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from accounts.models import AccessEntry, DataExport, DataRequest
from tests.factories.accounts import UserFactory

MOMENT = datetime(2022, 3, 31, 9, 0, tzinfo=UTC)


class DataRequestFactory(DjangoModelFactory):
    """An open request, made at MOMENT."""

    class Meta:
        model = DataRequest
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    kind = DataRequest.Kind.CORRECTION
    text = "Gelar saya salah tulis."
    created_at = MOMENT
    due_at = factory.LazyAttribute(lambda o: o.created_at + timedelta(hours=72))

    @factory.post_generation
    def governments(self, create, extracted, **kwargs):
        self.governments.set(extracted or [])


class DataExportFactory(DjangoModelFactory):
    """A copy that waits to be made."""

    class Meta:
        model = DataExport

    user = factory.SubFactory(UserFactory)
    requested_at = MOMENT


def ready_export(*, content: bytes = b"PK", at: datetime = MOMENT, **fields):
    """A copy that can be fetched for seven days from `at`."""
    export = DataExportFactory.build(requested_at=at, **fields)
    export.file.save("salinan.zip", ContentFile(content), save=False)
    export.state = DataExport.State.READY
    export.size = len(content)
    export.finished_at = at
    export.expires_at = at + timedelta(days=7)
    export.save()
    return export


class AccessEntryFactory(DjangoModelFactory):
    """Somebody has looked at the data of the `subjects`."""

    class Meta:
        model = AccessEntry

    at = MOMENT
    kind = AccessEntry.Kind.VIEW
    actor = factory.SubFactory(UserFactory)
    actor_label = factory.LazyAttribute(lambda o: str(o.actor))
    subjects = factory.LazyAttribute(lambda o: [o.actor.pk])
    what = "daftar orang"
