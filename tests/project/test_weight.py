"""How much a first visit loads, with all that belongs to the page, compressed."""

import pytest
from django.urls import reverse

from bench.weight import BUDGET, weight_of
from tests.factories.judging import scoring_round
from tests.judging.pages import sheet_of

pytestmark = pytest.mark.django_db


def test_first_visit_of_the_home_page_is_light(client):
    assert weight_of(client.get(reverse("home")).content) <= BUDGET


def test_first_visit_of_a_score_sheet_is_light(client):
    sheet = sheet_of(scoring_round(jurors=1, proposals=1))
    client.force_login(sheet.assignment.juror.user)

    page = client.get(sheet.get_absolute_url())

    assert page.status_code == 200
    assert weight_of(page.content) <= BUDGET
