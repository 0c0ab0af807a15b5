"""What is stored in a paper is in its own language, whoever has it made."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from awards import services as awards
from documents.models import IssuedDocument
from tests.factories.accounts import SecretariatFactory
from tests.factories.awards import awarded_round
from tests.submissions.conftest import make_city

pytestmark = pytest.mark.django_db


def told(kind):
    paper = IssuedDocument.objects.filter(kind=kind).latest("pk")
    return [paper.title, *(label for label, _text in paper.value("public"))]


def test_certificates_ordered_by_somebody_who_reads_english():
    round = awarded_round(publish_in=timedelta(days=1))
    actor = SecretariatFactory(government=round.competition.government)

    with translation.override("en"):
        batch = awards.issue_certificates(
            round=round, kind="juror", actor=actor, at=timezone.now()
        )

    assert "Piagam juri" in batch.title
    assert told("juror")[0].startswith("Piagam juri ")


def test_announcement_issued_by_somebody_who_reads_english():
    round = awarded_round(publish_in=timedelta(days=1))
    actor = SecretariatFactory(government=round.competition.government)

    with translation.override("en"):
        awards.issue_announcement(
            round=round, number="", actor=actor, at=timezone.now()
        )

    assert "Announcement" not in told("announcement")[0]
    assert "Decree" not in told("announcement")


def test_receipt_of_somebody_who_reads_english(client):
    city = make_city(at=None)
    client.force_login(city.head)
    client.cookies["django_language"] = "en"
    draft = city.proposal(title="Antar Obat Lansia")

    client.post(
        reverse("submissions:proposal_send", args=[draft.code]), {"statement": "on"}
    )

    assert told("receipt")[:2] == ["Tanda terima proposal", "Instansi"]
