"""Signing in the portal, and what the files then are."""

import logging
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO, StringIO
from itertools import count

import pikepdf
import pypdfium2
import pytest
from django.db import InternalError
from django.urls import reverse
from django.utils import translation

from core.models import AuditEntry
from documents import queries, rendering, services
from documents.models import IssuedDocument, SignedCopy
from documents.signing import blocks, reading
from documents.signing.keyfile import KeyFileProvider
from documents.signing.provider import (
    CertificateUnusable,
    PassphraseWrong,
    ProviderAway,
    Secret,
    Signer,
)
from tests.documents import signers
from tests.documents.clocks import TimeStampServer
from tests.factories.accounts import SecretariatFactory
from tests.factories.documents import MOMENT, IssuedDocumentFactory

pytestmark = pytest.mark.django_db
MAYOR = Signer("H. Fulan, S.H.", "Wali Kota Contoh", "", "19800101 200501 1 001")
SECRET = Secret(signers.PASSPHRASE)


@pytest.fixture
def paper(signing_portal):
    return signing_portal.paper()


def sign(document, *, before=0, key="wali", secret=SECRET, at=None):
    return services.sign_document(
        document=document,
        signatures_before=before,
        provider=KeyFileProvider(),
        key=f"{document.government.code}/{key}",
        signer=MAYOR,
        secret=secret,
        actor=SecretariatFactory(government=document.government),
        at=at or datetime.now(UTC),
    )


def read(document, content):
    issued = queries.bytes_of(document)
    return reading.read_own(content, at=datetime.now(UTC), issued=issued)


def test_signed_paper_keeps_its_bytes_and_gains_a_signature(paper):
    copy = sign(paper)

    content = queries.bytes_of(copy)
    assert content.startswith(queries.bytes_of(paper))
    (signature,) = map(reading.Signature.from_json, copy.signatures)
    assert (signature.signer, signature.issuer) == (
        "H. Fulan, S.H.",
        "CA Uji, Balai Uji",
    )
    assert (signature.holds, signature.is_trusted, signature.covers) == (
        True,
        True,
        "file",
    )
    assert not signature.is_time_attested
    with pikepdf.open(BytesIO(content)) as signed:
        (field,) = signed.Root.AcroForm.Fields
        # For who does not see the block.
        assert str(field.TU).endswith(" H. Fulan, S.H.")
    assert (copy.sequence, copy.way) == (1, "key")
    entry = AuditEntry.objects.get(action="document.signed")
    assert entry.changes == {"signers": "H. Fulan, S.H.", "sha256": copy.sha256}


def test_signed_paper_stays_archival_and_tagged(paper):
    content = queries.bytes_of(sign(paper))

    with pikepdf.open(BytesIO(content)) as signed:
        metadata = signed.open_metadata()
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdf:Keywords"] == paper.code
        assert signed.docinfo["/Keywords"] == paper.code
        assert "/StructTreeRoot" in signed.Root
        (widget,) = signed.pages[-1].Annots
        assert int(widget.F) & 0b111 == 0b100  # printed, neither hidden nor invisible
        block = widget.AP.N.Resources.XObject.Block
        fonts = block.Resources.Font
        for font in fonts.values():
            (descendant,) = font.DescendantFonts
            assert set(descendant.FontDescriptor.keys()) & {"/FontFile2", "/FontFile3"}


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler is not installed")
def test_poppler_finds_it_valid_and_after_one_changed_byte_not(paper, tmp_path):
    content = queries.bytes_of(sign(paper))
    (tmp_path / "good.pdf").write_bytes(content)
    (tmp_path / "bad.pdf").write_bytes(flipped(content, 1500))

    good, bad = (
        subprocess.run(
            ["pdfsig", "-nocert", tmp_path / name], capture_output=True, text=True
        ).stdout
        for name in ("good.pdf", "bad.pdf")
    )

    assert "Signature is Valid" in good
    assert "Total document signed" in good
    assert "Signature is Valid" not in bad


def flipped(content, place):
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def test_one_changed_byte_is_found_wherever_it_stands(paper):
    content = queries.bytes_of(sign(paper))
    in_the_block = len(queries.bytes_of(paper)) + 700

    for place in (300, 1500, in_the_block):
        found = read(paper, flipped(content, place))

        assert not (
            found.is_read
            and found.sameness == "same"
            and found.signatures
            and all(signature.holds for signature in found.signatures)
        )


def test_second_signatory_signs_what_the_first_has_signed(paper, signing_portal):
    signing_portal.add_key("sekda", signers.signer("Sekretaris Daerah"))
    first = sign(paper)
    second = sign(paper, before=1, key="sekda")

    assert queries.bytes_of(second).startswith(queries.bytes_of(first))
    assert (second.sequence, second.signers) == (
        2,
        ["H. Fulan, S.H.", "Sekretaris Daerah"],
    )
    found = read(paper, queries.bytes_of(second))
    assert [signature.holds for signature in found.signatures] == [True, True]
    assert queries.newest_copy(paper) == second
    assert queries.newest_files([paper]) == {paper.pk: second}


def test_block_stands_in_the_space_for_the_ink(signing_portal):
    document = signing_portal.paper(template="spaced.html")

    content = queries.bytes_of(sign(document))

    with pikepdf.open(BytesIO(content)) as signed:
        spots = dict(blocks._spots(signed))
        page, left, top = spots["tanda-tangan-1"]
        (widget,) = signed.pages[page].Annots
        box = [float(side) for side in widget.Rect]
    assert (box[0], box[3]) == pytest.approx((left, top), abs=1)
    with pypdfium2.PdfDocument(content) as drawn:
        drawn.init_forms()
        shown = drawn[page].render(scale=2, may_draw_forms=True).to_numpy()
    height = shown.shape[0]
    inside = shown[
        height - int(box[3] * 2) : height - int(box[1] * 2),
        int(box[0] * 2) : int(box[2] * 2),
    ]
    assert (inside < 128).sum() > 200  # something is written there


@pytest.mark.parametrize(
    ("way", "carries"),
    [(SignedCopy.Way.KEY, False), (SignedCopy.Way.SERVICE, True)],
)
def test_only_a_certified_block_carries_the_sentence_of_the_law(way, carries):
    text = text_of(blocks.draw(MAYOR, way, on="10 Juni 2022"))

    assert "H. Fulan, S.H." in text
    assert ("BSrE" in text, "ITE" in text) == (carries, carries)


def text_of(block):
    with pypdfium2.PdfDocument(block) as drawn:
        assert len(drawn) == 1  # what stands on a second one is cut off
        return " ".join(drawn[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_of_a_block_is_cut_off_by_long_names(language):
    longest = Signer(
        "Prof. Dr. Ir. Raden Mas Haji Nama Yang Amat Panjang Sekali, S.T., M.T., Ph.D.",
        "Pelaksana Tugas Sekretaris Daerah Kabupaten Kepulauan Yang Paling Jauh",
        "Pembina Utama Madya (IV/d)",
        "19800101 200501 1 001",
    )

    with translation.override(language):
        text = text_of(blocks.draw(longest, SignedCopy.Way.SERVICE, on="1 Juli 2022"))

    assert longest.name in text
    assert "200501 1 001" in text
    assert text.endswith(("bukti hukum yang sah.", "valid legal evidence."))


def test_unsigned_papers_and_templates_never_hold_the_sentence(paper):
    with pypdfium2.PdfDocument(queries.bytes_of(paper)) as drawn:
        text = drawn[0].get_textpage().get_text_range()

    assert "BSrE" not in text


def test_time_stamp_proves_when_it_was_signed(paper, settings):
    with TimeStampServer() as server:
        settings.SIGNING_TIME_STAMP_URL = server.url
        copy = sign(paper)

    assert copy.signatures[0]["is_time_attested"] is True
    assert server.asked


def test_time_stamp_server_away_leaves_the_paper_unsigned(paper, settings):
    settings.SIGNING_TIME_STAMP_URL = "http://127.0.0.1:9/"

    with pytest.raises(ProviderAway):
        sign(paper)

    assert not SignedCopy.objects.exists()


def test_wrong_passphrase_signs_nothing(paper):
    with pytest.raises(PassphraseWrong):
        sign(paper, secret=Secret("salah"))

    assert not SignedCopy.objects.exists()
    assert not AuditEntry.objects.filter(action="document.signed").exists()


@pytest.mark.parametrize("days", [(-500, -1), (5, 500)])
def test_certificate_out_of_its_time_signs_nothing(paper, signing_portal, days):
    signing_portal.add_key("lama", signers.signer("Lama", days=days))

    with pytest.raises(CertificateUnusable):
        sign(paper, key="lama")


@pytest.mark.parametrize("key", ["../wali", "tidak-ada", "", "../../etc/passwd"])
def test_only_offered_key_files_are_opened(paper, key):
    with pytest.raises(CertificateUnusable):
        sign(paper, key=key)


@pytest.mark.parametrize("state", ["revoked", "replaced"])
def test_ended_paper_is_not_signed(signing_portal, state):
    paper = IssuedDocumentFactory(
        government=signing_portal.government,
        state=state,
        ended_at=MOMENT,
        end_reason="Keliru.",
        rendered_at=MOMENT,
        file="ada.pdf",
        sha256="a" * 64,
    )

    with pytest.raises(services.NotSignableError):
        sign(paper)
    with pytest.raises(InternalError, match="Only a valid paper"):
        SignedCopy.objects.create(
            document=paper,
            sequence=1,
            way="key",
            file="b.pdf",
            size=1,
            sha256="b" * 64,
            signatures=[{}],
            kept_by=signing_portal.person,
            kept_at=MOMENT,
        )


def test_paper_without_file_is_not_signed(signing_portal):
    with pytest.raises(services.NotSignableError):
        sign(IssuedDocumentFactory(government=signing_portal.government))


def test_signing_twice_from_two_tabs_signs_once(paper):
    sign(paper)

    with pytest.raises(services.NotSignableError):
        sign(paper)

    assert SignedCopy.objects.count() == 1


def test_batch_reports_each_paper_and_leaves_the_rest_for_the_next_press(
    signing_portal,
):
    papers = [signing_portal.paper() for _ in range(3)]
    services.revoke_document(
        document=papers[0], actor=signing_portal.person, reason="Keliru.", at=MOMENT
    )
    ticks = count(0, services.signing.SECONDS * 0.4)

    report = services.sign_documents(
        documents=papers,
        signatures_before=0,
        provider=KeyFileProvider(),
        key=signing_portal.key,
        signer=MAYOR,
        secret=SECRET,
        actor=signing_portal.person,
        at=datetime.now(UTC),
        clock=lambda: next(ticks),
    )

    assert [paper for paper, _why in report.failed] == papers[:1]
    assert (report.signed, report.left) == (papers[1:2], papers[2:])
    assert report.refusal is None


def test_wrong_passphrase_stops_a_batch_before_its_first_paper(signing_portal):
    papers = [signing_portal.paper() for _ in range(2)]

    report = services.sign_documents(
        documents=papers,
        signatures_before=0,
        provider=KeyFileProvider(),
        key=signing_portal.key,
        signer=MAYOR,
        secret=Secret("salah"),
        actor=signing_portal.person,
        at=datetime.now(UTC),
    )

    assert isinstance(report.refusal, PassphraseWrong)
    assert (report.signed, report.failed, report.left) == ([], [], papers)


def test_passphrase_is_in_no_log_row_file_or_traceback(
    client, signing_portal, monkeypatch, settings
):
    document = signing_portal.paper()
    client.force_login(signing_portal.person)
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    url = reverse("documents:signing_list", args=[signing_portal.government.slug])
    signatory = signing_portal.government.signatory_set.get()
    form = {
        "dokumen": document.code,
        "way": f"keyfile:{signing_portal.key}",
        "signatory": str(signatory.key),
        "passphrase": signers.PASSPHRASE,
    }
    try:
        page = client.post(url, form)
        another = signing_portal.paper()
        settings.DEBUG_PROPAGATE_EXCEPTIONS = False
        monkeypatch.setattr(rendering, "as_printed", None)
        client.raise_request_exception = False
        broken = client.post(url, form | {"dokumen": another.code})
    finally:
        root.removeHandler(handler)
        root.setLevel(level)

    assert (page.status_code, broken.status_code) == (200, 500)
    assert SignedCopy.objects.filter(document=document).exists()
    told = heard.getvalue()
    assert "Traceback" in told
    assert signers.PASSPHRASE not in told + page.content.decode()
    for model in (AuditEntry, SignedCopy, IssuedDocument):
        assert signers.PASSPHRASE not in str(list(model.objects.values()))
    assert signers.PASSPHRASE not in repr(Secret(signers.PASSPHRASE))
    assert signers.PASSPHRASE.encode() not in queries.bytes_of(
        queries.newest_copy(document)
    )
