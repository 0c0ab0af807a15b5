"""The certificate itself, rendered from its stored values."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from awards import services
from awards.models import Award
from documents import rendering
from documents.models import IssuedDocument
from tests.factories.accounts import SecretariatFactory
from tests.factories.awards import awarded_round

pytestmark = pytest.mark.django_db

LONG = (
    "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan Perempuan dan "
    "Perlindungan Anak"
)


def certificate(**institution):
    round = awarded_round(publish_in=timedelta(hours=-1), proposals=1)
    holder = Award.objects.get().row.proposal.institution
    for field, value in institution.items():
        setattr(holder, field, value)
    holder.save()
    services.issue_certificates(
        round=round,
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )
    return IssuedDocument.objects.get()


def test_certificate_says_what_it_must_and_claims_no_signature():
    paper = certificate()

    page = render_to_string(paper.template, rendering.paper_context(paper))

    for text in (paper.number, paper.value("holder"), "Juara I", "Wali Kota"):
        assert text in page
    assert "<svg" in page
    for claim in ("elektronik", "electronic", "BSrE"):
        assert claim not in page


def test_longest_name_stays_on_one_page():
    paper = certificate(name=LONG)

    pdf = pikepdf.open(BytesIO(rendering.render_document(paper)))

    assert len(pdf.pages) == 1
    width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
    assert width > height
