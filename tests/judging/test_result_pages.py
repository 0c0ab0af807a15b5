"""Ranking and result as the secretariat sees them."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from judging.models import Juror, Result, ScoreSheet
from tests.factories.accounts import (
    SecretariatFactory,
)
from tests.factories.judging import (
    ScoreSheetFactory,
    scoring_round,
    sealed_round,
    write_sheet,
)
from tests.factories.submissions import ProposalFactory
from tests.judging.pages import (
    login_secretariat,
    sheet_of,
)

pytestmark = pytest.mark.django_db


def test_ranking_shows_only_progress_while_jurors_score(client):
    round = scoring_round(jurors=2, proposals=2)
    write_sheet(sheet_of(round), "61.37", "73.91")
    login_secretariat(client, round)
    code = round.proposal_set.first().code

    page = client.get(reverse("judging:ranking", args=[round.slug])).content.decode()

    assert "1 of 4" in page
    traces = ("61,37", "61.37", "73,9", "73.9", "68,8", "68,9")
    assert [trace for trace in traces if trace in page] == []
    for name, *more in (("ranking_export",), ("ranking_detail", code)):
        url = reverse(f"judging:{name}", args=[round.slug, *more])
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("row_count", [1, 3])
def test_ranking_query_count(client, django_assert_num_queries, row_count):
    round = sealed_round(jurors=row_count, proposals=row_count)
    login_secretariat(client, round)
    url = reverse("judging:ranking", args=[round.slug])
    client.get(url)

    with django_assert_num_queries(17):
        # user, memberships, round, stages, criteria, windows, result, groupings,
        # agreed, jurors, places, groups, names, totals, categories, unread, role of
        # juror
        response = client.get(url)

    assert len(response.context["rows"]) == row_count


def test_ranking_pages_of_fifty_with_filters(client, monkeypatch):
    monkeypatch.setattr("judging.views.results.PAGE_SIZE", 2)
    round = sealed_round(jurors=1, proposals=5)
    login_secretariat(client, round)
    url = reverse("judging:ranking", args=[round.slug])

    def ranks(**query):
        rows = client.get(url, query).context["rows"]
        return [row.place.rank for row in rows]

    assert ranks() == [1, 2]
    assert ranks(halaman=3) == [5]
    title = round.proposal_set.order_by("pk")[3].title
    assert ranks(q=title) == [4]
    assert ranks(kategori="pendidikan") == []
    assert ranks(kategori="salah") == [1, 2]


def test_line_is_drawn_once_where_the_shortlist_ends(client):
    round = scoring_round(jurors=1, proposals=3)
    stage = round.scoringstage_set.get()
    stage.shortlist_size, stage.pass_mark = 1, None
    stage.save()
    for value, sheet in enumerate(ScoreSheet.objects.order_by("pk")):
        write_sheet(sheet, 90 - value, 90)
    login_secretariat(client, round)

    rows = client.get(reverse("judging:ranking", args=[round.slug])).context["rows"]

    assert [row.is_under_line for row in rows] == [False, True, False]


def test_scores_of_one_proposal_with_notes(client):
    round = sealed_round(jurors=2, proposals=1)
    login_secretariat(client, round)
    code = round.proposal_set.get().code

    page = client.get(reverse("judging:ranking_detail", args=[round.slug, code]))

    (detail,) = page.context["details"]
    assert [column.total for column in detail.columns] == [
        Decimal("88.8"),
        Decimal("88.8"),
    ]
    assert len(detail.notes) == 2
    assert page.context["outcome"]["why"] in page.content.decode()


def test_seal_wants_its_word(client):
    round = scoring_round(jurors=1, proposals=1)
    write_sheet(sheet_of(round), 80, 70)
    login_secretariat(client, round)
    url = reverse("judging:result_seal", args=[round.slug])

    client.post(url, {"confirmation": "ya"})
    assert not Result.objects.exists()
    response = client.post(url, {"confirmation": "seal"})

    assert response.url == reverse("judging:result_detail", args=[round.slug])
    page = client.get(response.url, {"periksa": "1"})
    assert page.context["faults"] == []
    assert Result.objects.get().digest in page.content.decode()


def test_competing_secretary_is_shut_out_of_the_result(client):
    round = scoring_round(jurors=1, proposals=1)
    sheet = write_sheet(sheet_of(round), 80, 70)
    login_secretariat(client, round, institution=sheet.assignment.proposal.institution)
    code = sheet.assignment.proposal.code

    for name, *more in (
        ("ranking",),
        ("ranking_export",),
        ("ranking_detail", code),
        ("result_detail",),
        ("juror_list",),
        ("juror_detail", sheet.assignment.juror.key),
    ):
        url = reverse(f"judging:{name}", args=[round.slug, *more])
        assert client.get(url).status_code == 403
    seal_url = reverse("judging:result_seal", args=[round.slug])
    assert client.post(seal_url, {"confirmation": "SEAL"}).status_code == 403
    assert (
        client.get(reverse("judging:sheet_reopen", args=[sheet.key])).status_code == 403
    )


def test_secretary_with_an_institution_that_does_not_compete(client):
    round = scoring_round(jurors=1, proposals=1)
    write_sheet(sheet_of(round), 80, 70)
    login_secretariat(client, round, institution=ProposalFactory().institution)

    assert client.get(reverse("judging:ranking", args=[round.slug])).status_code == 200


def test_export_holds_every_rank_and_runs_no_formula(client, django_assert_num_queries):
    round = scoring_round(jurors=1, proposals=1)
    ScoreSheetFactory(
        assignment__juror=Juror.objects.get(round=round),
        assignment__proposal=ProposalFactory(
            round=round, title="=1+1", state="screened_passed"
        ),
    )
    second, first = ScoreSheet.objects.select_related("assignment__proposal").order_by(
        "pk"
    )
    write_sheet(first, "80.5", 70)
    write_sheet(second, 90, 80)
    login_secretariat(client, round)
    url = reverse("judging:ranking_export", args=[round.slug])
    client.get(url)

    with django_assert_num_queries(13):
        text = b"".join(client.get(url)).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[0] for row in rows] == ["Rank", "1", "2"]
    assert rows[2][2] == "'=1+1"
    assert rows[2][5:8] == ["80,500000", "70,000000", "74,200000"]


def test_foreign_secretariat_sees_nothing(client):
    round = sealed_round(jurors=1, proposals=1)
    client.force_login(SecretariatFactory())
    sheet = sheet_of(round)
    juror = sheet.assignment.juror

    for url in (
        reverse("judging:juror_list", args=[round.slug]),
        reverse("judging:juror_detail", args=[round.slug, juror.key]),
        reverse("judging:ranking", args=[round.slug]),
        reverse("judging:result_detail", args=[round.slug]),
        reverse("judging:sheet_reopen", args=[sheet.key]),
    ):
        assert client.get(url).status_code == 404


def test_sealed_ranking_stands_when_a_proposal_is_withdrawn_later(client):
    round = sealed_round(jurors=1, proposals=2)
    first = round.proposal_set.order_by("pk").first()
    first.state = "disqualified"
    first.save()
    login_secretariat(client, round)

    rows = client.get(reverse("judging:ranking", args=[round.slug])).context["rows"]

    assert [row.place.rank for row in rows] == [1, 2]
