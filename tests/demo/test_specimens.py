"""Keys with which the demonstration signs: each government's own, and nobody's."""

from datetime import UTC, datetime

import pytest

from documents import rendering, services
from documents.signing import offers, wording
from documents.signing.provider import Secret, Signer
from documents.signing.reading import Signature
from kipp_portal.demo import specimens
from tests.factories.accounts import GovernmentFactory, SecretariatFactory
from tests.factories.documents import MOMENT, IssuedDocumentFactory

pytestmark = pytest.mark.django_db


def test_specimen_signs_and_is_told_to_be_one(settings, tmp_path):
    settings.SIGNING_KEYS_DIR = str(tmp_path)
    settings.DEMO_PASSWORD = "kata-sandi-peragaan"
    paper = IssuedDocumentFactory(template="awards/pdf/feedback_letter.html")
    specimens.make_specimens()
    (file,) = tmp_path.rglob("*.p12")
    before = file.read_bytes()
    specimens.make_specimens()
    (offer,) = offers.offers(paper.government.code)
    rendering.render(document_id=paper.pk, at=MOMENT)

    copy = services.sign_document(
        document=paper,
        signatures_before=0,
        provider=offer.provider,
        key=offer.key,
        signer=Signer("Nama", "Jabatan"),
        secret=Secret("kata-sandi-peragaan"),
        actor=SecretariatFactory(government=paper.government),
        at=datetime.now(UTC),
    )

    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o077 == 0
    told = wording.tell(Signature.from_json(copy.signatures[0]))
    assert (told.signer, told.variant) == (specimens.NAME, "warn")


def test_without_a_place_for_keys_none_are_made(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings.SIGNING_KEYS_DIR = ""
    GovernmentFactory()

    specimens.make_specimens()

    assert list(tmp_path.iterdir()) == []
