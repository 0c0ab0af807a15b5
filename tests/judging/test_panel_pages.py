"""The panel as the secretariat keeps it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from judging.models import Juror
from tests.factories.competitions import small_round
from tests.factories.judging import (
    scoring_round,
    seal,
    write_sheet,
)
from tests.judging.pages import login_secretariat, sheet_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row_count", [1, 3])
def test_juror_list_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=row_count, proposals=row_count)
    login_secretariat(client, round)
    url = reverse("judging:juror_list", args=[round.slug])
    client.get(url)

    with django_assert_num_queries(17):
        # user, memberships, round; jurors, their categories and stages, sheets,
        # conflicts; the six of the suggestions; result; unread, role of juror
        response = client.get(url)

    assert len(response.context["seats"]) == row_count


@pytest.mark.parametrize("row_count", [1, 3])
def test_juror_detail_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=1, proposals=row_count)
    login_secretariat(client, round)
    juror = Juror.objects.get(round=round)
    url = reverse("judging:juror_detail", args=[round.slug, juror.key])
    client.get(url)

    with django_assert_num_queries(18):
        # user, memberships, round, juror, stages, windows, result, count, rows,
        # conflicts, categories, stages called for, left; to take over: proposals,
        # jurors, given, load; unread, role of juror
        response = client.get(url)

    assert len(response.context["page"].object_list) == row_count


def test_juror_is_invited_from_the_page(client):
    round = small_round(phase="scoring")
    login_secretariat(client, round)
    url = reverse("judging:juror_list", args=[round.slug])
    fields = {
        "email": "juri@contoh.example",
        "name": "Juri Baru",
        "background": "praktisi",
        "affiliation": "",
    }

    assert client.post(url, fields).status_code == 302
    again = client.post(url, fields)

    assert Juror.objects.get().user.name == "Juri Baru"
    assert "email" in again.context["form"].errors


def test_remind_and_reopen_from_the_pages(client):
    round = scoring_round(jurors=1, proposals=1)
    juror = Juror.objects.get(round=round)
    login_secretariat(client, round)

    sheet = sheet_of(round)
    client.post(reverse("judging:juror_remind", args=[round.slug, juror.key]))
    write_sheet(sheet, 80, 70)
    client.post(reverse("judging:sheet_reopen", args=[sheet.key]), {"reason": "Salah."})

    sheet.refresh_from_db()
    assert (sheet.state, sheet.reopen_reason) == ("draft", "Salah.")
    page = client.get(reverse("judging:juror_detail", args=[round.slug, juror.key]))
    assert not re.search(r"\b80\b", re.sub(r"<[^>]*>", " ", page.content.decode()))


def test_reopen_is_not_offered_once_sealed(client):
    round = scoring_round(jurors=1, proposals=1)
    sheet = write_sheet(sheet_of(round), 80, 70)
    seal(round)
    login_secretariat(client, round)

    client.post(reverse("judging:sheet_reopen", args=[sheet.key]), {"reason": "x"})

    sheet.refresh_from_db()
    assert sheet.is_final
    assert timezone.now() > sheet.finalised_at
