"""The announcement of the winners as it is printed."""

from datetime import timedelta

import pypdfium2
import pytest
from django.utils import timezone

from awards import services
from documents import rendering
from tests.factories.accounts import SecretariatFactory
from tests.factories.awards import awarded_round


def letters_of(text):
    """Without the blanks and hyphens at which lines end."""
    return "".join(filter(str.isalnum, text))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [7, 10, 13])
def test_code_is_on_the_page_of_the_signature(count):
    round = awarded_round(publish_in=timedelta(hours=-1), proposals=1)
    paper = services.issue_announcement(
        round=round,
        number="",
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )
    (row,) = paper.values["groups"][0]["rows"]
    row |= {"title": "Judul yang cukup panjang untuk tiga baris " * 2}
    paper.values["groups"][0]["rows"] = [row] * count

    with pypdfium2.PdfDocument(rendering.render_document(paper)) as document:
        pages = [letters_of(page.get_textpage().get_text_range()) for page in document]

    signed = [letters_of(paper.value("signatory_name")) in page for page in pages]
    assert [paper.code in page for page in pages] == signed
    assert signed[-1]
