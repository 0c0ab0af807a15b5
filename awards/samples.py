"""Certificates to look at before there are any: the shortest and the longest names."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pypdfium2
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Signatory
from awards import certificates
from awards.certificates import Holder, Signer
from awards.models import CertificateDesign
from awards.phrases import CertificateKind
from documents import drafts
from documents import services as documents_services

# A page 297 mm wide as so many dots.
_PREVIEW_WIDTH = 1400


class Sample(TextChoices):
    LONG = "panjang", gettext_lazy("Longest names")
    SHORT = "pendek", gettext_lazy("Shortest names")


# Names of Indonesian agencies and innovations, whatever the language of the page.
_BODIES = {
    Sample.LONG: "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan "
    "Perempuan dan Perlindungan Anak",
    Sample.SHORT: "RSUD Kardinah",
}
_TITLES = {
    Sample.LONG: "Jakwir Cetem: Jaminan Kemudahan Warga dalam Layanan Administrasi "
    "Kependudukan dari Rumah ke Rumah bagi Lanjut Usia dan Penyandang Disabilitas",
    Sample.SHORT: "Temio",
}
_PEOPLE = {
    Sample.LONG: "Prof. Dr. Ir. Contoh Nama Yang Panjang Sekali, S.Sos., M.Si., Ph.D.",
    Sample.SHORT: "Contoh",
}
_AWARDS = {
    Sample.LONG: "Juara Harapan III, Replikasi Inovasi Pelayanan Publik",
    Sample.SHORT: "Juara I",
}
_ROLES = {
    CertificateKind.JUROR: {Sample.LONG: "Ketua Juri", Sample.SHORT: "Juri"},
    CertificateKind.COMMITTEE: {
        Sample.LONG: "Koordinator Bidang Publikasi, Dokumentasi, dan Humas",
        Sample.SHORT: "Ketua",
    },
}
_EVENTS = {
    Sample.LONG: "Lokakarya Penulisan Proposal Inovasi Pelayanan Publik bagi Perangkat "
    "Daerah",
    Sample.SHORT: "Lokakarya",
}


def values_of(
    design: CertificateDesign,
    signers: Sequence[Signer],
    *,
    sample: str,
    day: date,
) -> dict[str, Any]:
    """The values of an invented certificate of `design`."""
    government = design.government
    year = str(day.year)
    competition = f"Kompetisi Inovasi Pelayanan Publik {government.short_name}"
    common = {
        "competition": competition,
        "year": year,
        "event": f"{competition} Tahun {year}",
        "event_en": f"{competition} {year}",
        "decree": f"000.8/123/{year}",
    }
    return certificates.printed_values(
        _holder(CertificateKind(design.kind), Sample(sample), year),
        government=government,
        common=common,
        design=design,
        signers=signers or [Signer(_somebody())],
        day=day,
        is_demonstration=False,
    )


def _holder(kind: CertificateKind, sample: Sample, year: str) -> Holder:
    is_person = kind in {
        CertificateKind.JUROR,
        CertificateKind.COMMITTEE,
        CertificateKind.PRESENCE,
    }
    values: Mapping[str, str] = {
        "innovation": _TITLES[sample],
        "award": _AWARDS[sample],
        "institution": _BODIES[sample],
    }
    if kind in _ROLES:
        values = {**values, "role": _ROLES[kind][sample]}
    if kind == CertificateKind.PRESENCE:
        values = {
            **values,
            "event": _EVENTS[sample],
            "event_en": _EVENTS[sample],
            "event_day": f"18 Maret {year}",
            "event_day_en": f"18 March {year}",
            "event_place": "Pendopo",
        }
    name = (_PEOPLE if is_person else _BODIES)[sample]
    return Holder(subject_key="", name=name, detail="", values=values)


def _somebody() -> Signatory:
    return Signatory(position=_("Position"), name=_("Name of the signatory"))


def draft(
    design: CertificateDesign,
    signers: Sequence[Signer],
    *,
    sample: str,
    at: datetime,
) -> bytes:
    """Draw an invented certificate as a PDF with the watermark of drafts."""
    day = design.government.day_of(at)
    matter = drafts.matter_of(
        government=design.government,
        kind=design.kind,
        title=_("Sample"),
        template=certificates.TEMPLATE,
        values=values_of(design, signers, sample=sample, day=day),
        issued_date=day,
        at=at,
    )
    return documents_services.compose_awaited(matter)


def picture(content: bytes) -> bytes:
    """Draw the first page of a PDF as a PNG for the screen."""
    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        image = page.render(scale=_PREVIEW_WIDTH / page.get_width()).to_pil()
    out = BytesIO()
    image.convert("RGB").quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()
