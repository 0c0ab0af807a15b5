"""What a juror must never see."""

import pytest
from django.urls import reverse

from judging.models import Juror, ScoreSheet
from tests.factories.judging import (
    ConflictFactory,
    scoring_round,
    write_sheet,
)
from tests.factories.submissions import EvidenceFactory
from tests.judging.pages import AUTOSAVE, content_of, payload, sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(client):
    """A draft of a juror who is signed in."""
    sheet = sheet_of(scoring_round(jurors=1, proposals=1))
    client.force_login(sheet.assignment.juror.user)
    return sheet


def _status(client, url):
    response = client.get(url)
    content_of(response)
    return response.status_code


def test_conflicted_juror_opens_the_proposal_nowhere(client, sheet):
    file = EvidenceFactory(proposal=sheet.assignment.proposal)
    pages = [
        sheet.get_absolute_url(),
        reverse("judging:conflict_create", args=[sheet.key]),
        reverse("judging:sheet_evidence", args=[sheet.key, file.key]),
    ]
    assert [_status(client, page) for page in pages] == [200, 200, 200]

    ConflictFactory(
        juror=sheet.assignment.juror, institution=sheet.assignment.proposal.institution
    )

    assert [_status(client, page) for page in pages] == [404, 404, 404]
    url = reverse("judging:sheet_finalise", args=[sheet.key])
    assert client.post(url, payload()).status_code == 404
    queue = client.get(reverse("judging:assignment_list"))
    assert sheet.assignment.proposal.title not in queue.content.decode()
    proposal_page = sheet.assignment.proposal.get_absolute_url()
    assert client.get(proposal_page).status_code == 404


def test_nothing_of_others_scores_reaches_a_juror(client):
    round = scoring_round(jurors=3, proposals=2)
    mine, *others = Juror.objects.filter(round=round).order_by("pk")
    proposal = round.proposal_set.first()
    for number, juror in enumerate(others):
        sheet = ScoreSheet.objects.get(
            assignment__juror=juror, assignment__proposal=proposal
        )
        write_sheet(sheet, "61.37", "73.91", is_final=number == 0)
    own = ScoreSheet.objects.get(assignment__juror=mine, assignment__proposal=proposal)
    file = EvidenceFactory(proposal=proposal)
    client.force_login(mine.user)
    pages = [
        client.get(reverse("judging:assignment_list")),
        client.get(reverse("judging:assignment_list"), {"status": "selesai"}),
        client.get(own.get_absolute_url()),
        client.post(own.get_absolute_url(), payload(), headers=AUTOSAVE),
        client.post(own.get_absolute_url(), payload(first="20"), headers=AUTOSAVE),
        client.get(reverse("judging:sheet_evidence", args=[own.key, file.key])),
        client.get(reverse("judging:panel_accept", args=[round.slug])),
    ]
    traces = ["61,37", "61.37", "73,91", "73.91", "68,89", "68.89", "Catatan."]
    traces += [juror.user.name for juror in others]
    foreign = ScoreSheet.objects.filter(assignment__juror__in=others)
    traces += [sheet.key for sheet in foreign]

    for page in pages:
        body = content_of(page).decode(errors="ignore")
        found = [trace for trace in traces if trace in body]
        assert found == []
    for sheet in foreign:
        assert client.get(sheet.get_absolute_url()).status_code == 404
    for name in ("ranking", "ranking_export", "result_detail", "juror_list"):
        page = client.get(reverse(f"judging:{name}", args=[round.slug]))
        assert page.status_code == 404


def test_file_of_another_proposal_is_not_served(client, sheet):
    other = EvidenceFactory()

    page = client.get(reverse("judging:sheet_evidence", args=[sheet.key, other.key]))

    assert page.status_code == 404


def test_file_is_served_with_its_name(client, sheet):
    file = EvidenceFactory(proposal=sheet.assignment.proposal, name="bukti kinerja.pdf")

    page = client.get(reverse("judging:sheet_evidence", args=[sheet.key, file.key]))

    assert content_of(page)[:5] == b"%PDF-"
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
