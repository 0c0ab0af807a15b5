"""Minimal valid rows of `documents`."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from documents.models import Batch, IssuedDocument
from tests.factories.accounts import GovernmentFactory, UserFactory

MOMENT = datetime(2022, 6, 10, 3, 0, tzinfo=UTC)
# A paper of the tests' own; see the fixture `paper_templates`.
TEMPLATE = "paper.html"


class BatchFactory(DjangoModelFactory):
    class Meta:
        model = Batch

    government = factory.SubFactory(GovernmentFactory)
    title = "Piagam penghargaan KIPP 2022"
    subject_key = factory.Sequence(lambda n: f"round:{n}")
    created_by = factory.SubFactory(UserFactory)
    created_at = MOMENT


class IssuedDocumentFactory(DjangoModelFactory):
    """A valid paper without a file, as issue_document leaves it."""

    class Meta:
        model = IssuedDocument

    government = factory.SubFactory(GovernmentFactory)
    kind = IssuedDocument.Kind.CERTIFICATE
    subject_key = factory.Sequence(lambda n: f"award:{n}")
    number = factory.Sequence(lambda n: f"{n:03}/certificate/2022")
    year = 2022
    title = "Piagam Penghargaan"
    template = TEMPLATE
    values = factory.LazyFunction(
        lambda: {
            "holder": "Dinas Kependudukan dan Pencatatan Sipil",
            "issuer": "Pemerintah Kota Tegal",
            "public": [["Diberikan kepada", "Dinas Kependudukan"]],
        }
    )
    is_public = True
    issued_at = MOMENT
    issued_date = date(2022, 6, 10)
