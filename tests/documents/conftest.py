from pathlib import Path

import pytest

from documents import rendering
from tests.documents import signers
from tests.factories.accounts import GovernmentFactory, SecretariatFactory
from tests.factories.documents import MOMENT, IssuedDocumentFactory


@pytest.fixture(autouse=True)
def paper_templates(settings):
    """Let documents be made of the templates beside these tests."""
    engine = settings.TEMPLATES[0]
    folders = [Path(__file__).parent / "templates", *engine["DIRS"]]
    settings.TEMPLATES = [engine | {"DIRS": folders}]


class SigningPortal:
    """A government with a key file, an official who signs, and trust in who certified.

    Everything it needs is made as it is asked for.
    """

    def __init__(self, folder):
        self.keys = folder / "keys"
        self.roots = folder / "roots"
        self.roots.mkdir()
        (self.roots / "uji.pem").write_bytes(signers.authority().pem())
        (self.roots / "nyasar.pem").write_bytes(b"no certificate")
        self.government = GovernmentFactory()
        self.government.signatory_set.create(
            name="H. Fulan, S.H.", position="Wali Kota Contoh", is_default=True
        )
        self.person = SecretariatFactory(government=self.government)
        self.key = f"{self.government.code}/wali"
        self.add_key("wali", signers.signer())

    def add_key(self, name, person):
        folder = self.keys / self.government.code
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.p12").write_bytes(person.p12())

    def paper(self, **details):
        """A paper with its file."""
        details = {"template": "spaced.html", **details}
        document = IssuedDocumentFactory(government=self.government, **details)
        assert rendering.render(document_id=document.pk, at=MOMENT)
        document.refresh_from_db()
        return document


@pytest.fixture
def signing_portal(db, settings, tmp_path):
    portal = SigningPortal(tmp_path)
    settings.SIGNING_KEYS_DIR = str(portal.keys)
    settings.SIGNING_ROOTS_DIR = str(portal.roots)
    settings.SIGNING_TIME_STAMP_URL = ""
    settings.SIGNING_SERVICE_URL = ""
    return portal
