"""Queries of every page, the same at one row and at three.

Three come with every page: the person, their roles, and what is unread.
"""

import pytest
from django.urls import reverse

from competitions.models import Section
from submissions.models import Answer, Evidence, Proposal, ProposalState
from tests.factories.accounts import InstitutionFactory
from tests.factories.submissions import EvidenceFactory, ProposalFactory
from tests.submissions.conftest import make_city

pytestmark = pytest.mark.django_db
ROWS = pytest.mark.parametrize("rows", [1, 3])


def url(name, *args):
    return reverse(f"submissions:{name}", args=args)


@pytest.fixture
def city():
    return make_city(at=None)


def with_files(city, rows, **fields) -> Proposal:
    """A proposal with `rows` files in every section."""
    proposal = city.proposal(**fields)
    for section in Section.objects.filter(form=proposal.form):
        for _n in range(rows):
            EvidenceFactory(proposal=proposal, section=section)
    return proposal


@ROWS
def test_proposal_list(client, city, rows, django_assert_num_queries):
    for _n in range(rows):
        city.proposal()
    client.force_login(city.author)

    with django_assert_num_queries(8):
        page = client.get(url("proposal_list"))

    assert len(page.context["page"]) == rows


@ROWS
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("proposal_detail", 16),
        ("header_edit", 17),
        ("letter_list", 13),
        ("proposal_check", 16),
    ],
)
def test_page_of_a_draft(client, city, rows, name, queries, django_assert_num_queries):
    proposal = with_files(city, rows)
    client.force_login(city.author)

    with django_assert_num_queries(queries):
        assert client.get(url(name, proposal.code)).status_code == 200


@ROWS
def test_section_page(client, city, rows, django_assert_num_queries):
    proposal = with_files(city, rows)
    client.force_login(city.author)

    with django_assert_num_queries(15):
        page = client.get(url("section_edit", proposal.code, "kebaruan"))

    assert len(page.context["files"]) == rows


@ROWS
def test_autosave(client, city, rows, django_assert_num_queries):
    proposal = with_files(city, rows)
    client.force_login(city.author)

    with django_assert_num_queries(11):
        client.post(
            url("section_edit", proposal.code, "kebaruan"),
            {"version": "1", "text": "Lebih baru."},
            headers={"X-Requested-With": "autosave"},
        )

    assert Answer.objects.filter(text="Lebih baru.").exists()


@ROWS
def test_read_page(client, city, rows, django_assert_num_queries):
    proposal = with_files(city, rows, state=ProposalState.SCREENED_PASSED)
    client.force_login(city.author)

    with django_assert_num_queries(17):
        assert client.get(proposal.get_absolute_url()).status_code == 200


@ROWS
def test_receipt_page(client, city, rows, django_assert_num_queries):
    proposal = with_files(city, rows, state=ProposalState.SUBMITTED)
    client.force_login(city.author)

    with django_assert_num_queries(16):
        page = client.get(url("receipt_detail", proposal.code))

    assert page.status_code == 200


@ROWS
def test_endorse_page(client, city, rows, django_assert_num_queries):
    proposal = with_files(city, rows, state=ProposalState.ENDORSING)
    client.force_login(city.head)

    with django_assert_num_queries(16):
        page = client.get(url("proposal_endorse", proposal.code))

    assert page.status_code == 200


@ROWS
def test_file(client, city, rows, django_assert_num_queries):
    proposal = with_files(city, rows)
    client.force_login(city.author)
    key = Evidence.objects.filter(proposal=proposal).first().key

    with django_assert_num_queries(4):  # the last: whether it is held back
        answer = client.get(url("evidence_file", key))

    assert b"".join(answer.streaming_content)


@ROWS
def test_screening_list(client, city, rows, django_assert_num_queries):
    for _n in range(rows):
        ProposalFactory(
            round=city.round,
            institution=InstitutionFactory(government=city.government),
            state=ProposalState.SUBMITTED,
        )
    client.force_login(city.secretary)

    with django_assert_num_queries(14):
        page = client.get(url("screening_list", city.round.slug))

    assert len(page.context["page"]) == rows


@ROWS
def test_screening_page(client, city, rows, django_assert_num_queries):
    proposal = with_files(city, rows, state=ProposalState.SUBMITTED)
    client.force_login(city.secretary)

    with django_assert_num_queries(16):
        page = client.get(url("screening_edit", proposal.code))

    assert len(page.context["rows"]) == 4
