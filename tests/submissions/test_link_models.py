"""What the database refuses of the addresses that support an answer."""

import pytest
from django.db import IntegrityError, transaction

from submissions.models import EvidenceLink
from tests.factories.submissions import EvidenceLinkFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "constraint"),
    [
        ("https://data.example/a", "submissions_evidencelink_once_per_section"),
        ("javascript:alert(1)", "submissions_evidencelink_is_of_the_web"),
        ("//data.example/b", "submissions_evidencelink_is_of_the_web"),
    ],
)
def test_link_is_of_the_web_and_once_in_a_section(url, constraint):
    link = EvidenceLinkFactory(url="https://data.example/a")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EvidenceLinkFactory(proposal=link.proposal, section=link.section, url=url)

    assert EvidenceLink.objects.count() == 1
