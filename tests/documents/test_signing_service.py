"""Having papers signed by a certified service, tried against a double of it."""

import base64
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from django.utils import translation
from PIL import Image

from core.models import AuditEntry
from documents import queries, services
from documents.models import SignedCopy
from documents.signing import blocks
from documents.signing import service as signing_service
from documents.signing.provider import (
    CertificateUnusable,
    PaperRefused,
    PassphraseWrong,
    ProviderAway,
    Secret,
)
from documents.signing.service import ServiceProvider
from tests.documents import signers
from tests.documents.doubles import ACCOUNT, SignatureService
from tests.documents.test_signing import MAYOR, flipped

pytestmark = pytest.mark.django_db
SECRET = Secret(signers.PASSPHRASE, signers.NIK)


@pytest.fixture
def served(settings, signing_portal):
    """Enter a double and let the portal know it."""
    entered = []

    def enter(**details):
        double = SignatureService(**details).__enter__()
        entered.append(double)
        settings.SIGNING_SERVICE_URL = double.url
        settings.SIGNING_SERVICE_USER, settings.SIGNING_SERVICE_PASSWORD = ACCOUNT
        return double

    yield enter
    for double in entered:
        double.__exit__()


def sign(document):
    return services.sign_document(
        document=document,
        signatures_before=0,
        provider=ServiceProvider(),
        key="",
        signer=MAYOR,
        secret=SECRET,
        actor=document.government.membership_set.get().user,
        at=datetime.now(UTC),
    )


def test_service_signs_what_it_is_sent_at_the_place(served, signing_portal):
    double = served()
    paper = signing_portal.paper()

    copy = sign(paper)

    (heard,) = double.heard
    assert (heard["nik"], heard["passphrase"]) == (signers.NIK, signers.PASSPHRASE)
    (asked,) = heard["signatureProperties"]
    assert (asked["tampilan"], asked["page"]) == ("VISIBLE", 1)
    assert heard["file"] == [base64.b64encode(queries.bytes_of(paper)).decode()]
    picture = Image.open(BytesIO(base64.b64decode(asked["imageBase64"])))
    ratio = asked["width"] / asked["height"]
    assert picture.width / picture.height == pytest.approx(ratio, rel=0.02)
    # As large in print as the place, though drawn in finer dots.
    assert picture.width / picture.info["dpi"][0] * 72 == pytest.approx(
        blocks.WIDTH, rel=0.02
    )
    assert (copy.way, copy.signers) == ("service", ["Wali Kota Bersertifikat"])
    assert copy.signatures[0]["is_trusted"] is True
    # Counted from above by the service, it stands where the portal means it to.
    place = blocks.place_of(queries.bytes_of(paper), number=1)
    with pikepdf.open(BytesIO(queries.bytes_of(copy))) as signed:
        (box,) = [
            [float(side) for side in each.Rect]
            for each in signed.pages[place.page].Annots
            if each.get("/FT") == "/Sig"
        ]
    assert box == pytest.approx(place.box, abs=1)


def test_whether_the_signer_may_sign_is_asked_once_for_a_batch(served, signing_portal):
    double = served()
    papers = [signing_portal.paper() for _ in range(2)]

    report = sign_all(papers)

    assert (report.signed, report.refusal) == (papers, None)
    assert double.asked == [signers.NIK]


def sign_all(papers):
    return services.sign_documents(
        documents=papers,
        signatures_before=0,
        provider=ServiceProvider(),
        key="",
        signer=MAYOR,
        secret=SECRET,
        actor=papers[0].government.membership_set.get().user,
        at=datetime.now(UTC),
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ((200, {"status_code": 1110, "message": "User tidak terdaftar"}), "NIK"),
        ((404, {"error": "not registered"}), "NIK"),
        ((200, {"status": "EXPIRED"}), "expired"),
        ((200, {"status": "REVOKE"}), "revoked"),
        ((200, {"status": "NOT_REGISTERED"}), "NIK"),
        ((200, {"status": "WAITING_FOR_VERIFICATION"}), "WAITING_FOR_VERIFICATION"),
        ((200, {"status_code": 1999}), "without saying why"),
    ],
)
def test_signer_who_may_not_sign_stops_a_batch_at_once(
    served, signing_portal, status, words
):
    double = served(status=status)
    papers = [signing_portal.paper()]

    with translation.override("en"):
        report = sign_all(papers)

    assert isinstance(report.refusal, CertificateUnusable)
    assert report.left == papers
    assert double.heard == []
    assert words in report.refusal.message


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (
            (400, {"status_code": 2031, "error": "Passphrase anda salah"}),
            PassphraseWrong,
        ),
        (
            (400, {"status_code": 2021, "error": "Sertifikat kedaluwarsa"}),
            CertificateUnusable,
        ),
        (
            (
                400,
                {"status_code": 2011, "error": "NIK 3376010101800001 tidak terdaftar"},
            ),
            CertificateUnusable,
        ),
        ((400, {"status_code": 5001, "error": "Halaman tidak ada"}), PaperRefused),
        ((200, {"status_code": 5001}), PaperRefused),
        ((400, ["aneh"]), PaperRefused),
        ((200, {"file": []}), PaperRefused),
        ((200, {"file": ["bukan base64"]}), PaperRefused),
        ((200, {"file": ["c2FsYWg="]}), PaperRefused),
        ((500, {"error": "Internal"}), ProviderAway),
        ((503, {}), ProviderAway),
        (1.0, ProviderAway),
    ],
)
def test_each_refusal_of_the_service_is_told_in_words_and_signs_nothing(
    served, signing_portal, monkeypatch, answer, refusal
):
    monkeypatch.setattr(signing_service, "TIMEOUT", (1, 0.3))
    served(answers=[answer])
    paper = signing_portal.paper()

    with pytest.raises(refusal) as raised:
        sign(paper)

    assert not SignedCopy.objects.exists()
    assert not AuditEntry.objects.filter(action="document.signed").exists()
    told = str(raised.value) + repr(raised.value) + raised.value.message
    assert signers.PASSPHRASE not in told
    assert signers.NIK not in told


def test_words_of_the_service_are_told_without_what_was_typed(served, signing_portal):
    words = f"Gagal untuk {signers.NIK} dengan {signers.PASSPHRASE}: penuh"
    served(answers=[(400, {"error": words})])

    with pytest.raises(PaperRefused) as raised:
        sign(signing_portal.paper())

    assert raised.value.message.endswith("Gagal untuk … dengan …: penuh")


def test_wrong_account_of_the_portal_is_no_wrong_passphrase(
    served, signing_portal, settings
):
    served()
    settings.SIGNING_SERVICE_PASSWORD = "lama"

    with pytest.raises(ProviderAway):
        sign(signing_portal.paper())


@pytest.mark.parametrize(
    "changes",
    [
        lambda content: flipped(content, 1500),
        lambda content: content + b"\n% lebih\n",
    ],
)
def test_what_the_service_gives_back_is_checked(served, signing_portal, changes):
    served(changes=changes)

    with pytest.raises(services.SignedFileRefusedError):
        sign(signing_portal.paper())

    assert not SignedCopy.objects.exists()


def test_service_that_answers_another_paper_is_found_out(served, signing_portal):
    other = signing_portal.paper()
    served(changes=lambda content: queries.bytes_of(other))

    with pytest.raises(services.SignedFileRefusedError):
        sign(signing_portal.paper())
