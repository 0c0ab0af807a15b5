"""The juror's list and the seat in the panel."""

import pytest
from django.urls import reverse

from judging.models import Juror, ScoreSheet
from tests.factories.accounts import (
    AuthorFactory,
    UserFactory,
)
from tests.factories.competitions import small_round
from tests.factories.judging import (
    AssignmentFactory,
    JurorFactory,
    ScoreSheetFactory,
    scoring_round,
    write_sheet,
)
from tests.judging.pages import sheet_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row_count", [1, 3])
def test_queue_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=1, proposals=row_count)
    client.force_login(Juror.objects.get(round=round).user)
    url = reverse("judging:assignment_list")
    client.get(url)

    with django_assert_num_queries(10):
        # user, panels, stages, windows, progress, criteria, rows, which begin with the
        # next sheet; memberships, role of juror, unread; the session is in the cache
        response = client.get(url)

    assert len(response.context["page"].object_list) == row_count


def test_queue_shows_own_sheets_by_state(client):
    round = scoring_round(jurors=2, proposals=3)
    juror = Juror.objects.filter(round=round).first()
    todo, draft, done = ScoreSheet.objects.filter(assignment__juror=juror)
    write_sheet(draft, 80, 80, is_final=False)
    write_sheet(done, 80, 80)
    client.force_login(juror.user)

    def shown(status):
        response = client.get(reverse("judging:assignment_list"), {"status": status})
        return list(response.context["page"].object_list)

    assert shown("perlu") == [draft, todo]
    assert shown("draf") == [draft]
    assert shown("selesai") == [done]
    assert shown("salah") == [draft, todo]


def test_queue_is_not_there_for_others(client):
    client.force_login(AuthorFactory())

    assert client.get(reverse("judging:assignment_list")).status_code == 404


def test_panel_is_signed_by_its_juror_alone(client):
    juror = JurorFactory(round=small_round(phase="scoring"), signed_at=None)
    url = reverse("judging:panel_accept", args=[juror.round.slug])
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404
    client.force_login(juror.user)

    client.post(url)
    juror.refresh_from_db()
    assert juror.signed_at is None
    client.post(url, {"agree": "1"})
    juror.refresh_from_db()
    assert juror.has_signed
    assert juror.statement.split("\n") == client.get(url).context["sentences"]


def test_desk_sends_to_the_statement_first(client):
    sheet = sheet_of(scoring_round(jurors=1, proposals=1))
    juror = JurorFactory(round=sheet.assignment.juror.round, signed_at=None)
    own = ScoreSheetFactory(
        assignment=AssignmentFactory(juror=juror, proposal=sheet.assignment.proposal)
    )
    client.force_login(juror.user)

    response = client.get(own.get_absolute_url())

    assert response.url == reverse("judging:panel_accept", args=[juror.round.slug])


def test_queue_opens_the_round_that_is_scored_now(client):
    running = scoring_round(jurors=1, proposals=1, year=2020)
    juror = Juror.objects.get(round=running)
    later = JurorFactory(user=juror.user, round=small_round(phase="before", year=2021))
    client.force_login(juror.user)

    def shown(**query):
        url = reverse("judging:assignment_list")
        return client.get(url, query).context["juror"]

    assert shown() == juror
    assert shown(putaran=later.round.slug) == later
