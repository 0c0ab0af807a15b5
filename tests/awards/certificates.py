"""Certificates of invented values, without a database: any kind, look and length."""

from datetime import date

from django.utils import timezone, translation

from accounts.models import Government, Signatory
from awards import certificates, samples
from awards.certificates import Signer
from awards.models import CertificateDesign
from documents import codes, composing, pdf
from documents.rendering import Paper

LONG_BODY = (
    "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan Perempuan dan "
    "Perlindungan Anak Kabupaten Pekalongan Provinsi Jawa Tengah"
)[:150]
LONG_TITLE = (
    "Jaminan Pelayanan Administrasi Kependudukan Terintegrasi bagi Warga Lanjut Usia "
    "dan Penyandang Disabilitas dari Rumah ke Rumah dengan Tanda Tangan Elektronik "
    "Bersertifikat (Jakwir Cetem Plus Plus)"
)[:200]
CODE = "7K3M9QXT4B2C8DEF"
ADDRESS = "https://kipp.pekalongankab.go.id/verifikasi/"


def values(kind, *, sample="panjang", signers=1, logos=(), **look):
    """The values of a certificate; `look` are fields of the design."""
    government = Government(
        name="Pemerintah Kabupaten Pekalongan",
        short_name="Kabupaten Pekalongan",
        place="Kajen",
        time_zone="Asia/Jakarta",
    )
    for name, digest in zip(("first_logo", "second_logo"), logos, strict=False):
        look[name] = digest
    design = CertificateDesign(government=government, kind=kind, **look)
    found = samples.values_of(
        design,
        [_signer(place, sample) for place in range(signers)],
        sample=sample,
        day=date(2022, 6, 10),
    )
    if sample == "panjang":
        found["innovation"] = LONG_TITLE
        if found["holder"].startswith("Dinas"):
            found["holder"] = LONG_BODY
    return found


def _signer(place, sample):
    if sample == "pendek":
        return Signer(Signatory(position="Bupati", name="A. B."))
    return Signer(
        Signatory(
            position="Plt. Kepala Badan Perencanaan Pembangunan Daerah, Penelitian, "
            "dan Pengembangan selaku Ketua Panitia",
            name="Dr. H. Contoh Nama Pejabat Yang Panjang, S.Sos., M.Si., M.H.",
            rank_grade="Pembina Utama Muda",
            employee_number="198001012005011001",
        ),
        role="" if place else "knows",
    )


def context(found, number="000.8/001/KIPP/2022"):
    return {
        **found,
        "document": Paper(
            number=number,
            title="Piagam",
            kind=found["kind"],
            version=1,
            code=CODE,
            code_grouped=codes.grouped(CODE),
            issued_date=date(2022, 6, 10),
            issued_at=timezone.now(),
        ),
        "verify_url": f"{ADDRESS}{CODE}/",
        "verify_address": ADDRESS.removeprefix("https://"),
        "qr_svg": pdf.qr_svg(f"{ADDRESS}{CODE}/", "Kode QR"),
    }


def drawn(found):
    """The PDF, its backdrop below."""
    with translation.override("id"):
        whole = context(found)
        return composing.compose(composing.matter_of(certificates.TEMPLATE, whole))
