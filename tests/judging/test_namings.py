"""Proposals of a blind stage that name their own institution."""

import pytest
from django.urls import reverse

from judging import queries
from tests.factories.accounts import InstitutionFactory
from tests.factories.judging import scoring_round
from tests.factories.submissions import (
    AnswerFactory,
    EvidenceFactory,
    ProposalFactory,
)
from tests.judging.pages import login_secretariat

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    round = scoring_round(jurors=1, proposals=1)
    round.scoringstage_set.update(is_blind=True)
    return round


def proposal_with(round, *, text="", file="", title="Antrean cepat"):
    house = InstitutionFactory(
        government=round.competition.government,
        name="Dinas Kesehatan Kota",
        short_name="Dinkes",
    )
    proposal = ProposalFactory(
        round=round, institution=house, state="screened_passed", title=title
    )
    section = proposal.form.section_set.order_by("order").first()
    AnswerFactory(proposal=proposal, section=section, text=text)
    if file:
        EvidenceFactory(proposal=proposal, section=section, name=file)
    return proposal, section


def named_in(round):
    stage = round.scoringstage_set.get()
    return [(each.proposal, each.places) for each in queries.namings_of(stage)]


@pytest.mark.parametrize(
    "text",
    ["Kami di DINKES melayani.", "dinas kesehatan kota, sejak 2020", "(Dinkes)"],
)
def test_name_in_an_answer_is_found(round, text):
    proposal, section = proposal_with(round, text=text)

    assert named_in(round) == [(proposal, [section.title])]


@pytest.mark.parametrize("text", ["", "Dinkesmas melayani.", "Dinas lain di kota."])
def test_other_words_are_not(round, text):
    proposal_with(round, text=text)

    assert named_in(round) == []


def test_title_and_names_of_files_are_looked_at(round):
    proposal, _section = proposal_with(
        round, title="Dinkes Cepat", file="SK_dinkes_2020.pdf"
    )

    assert named_in(round) == [(proposal, ["Title", "SK_dinkes_2020.pdf"])]


@pytest.mark.parametrize(
    ("state", "is_shown"),
    [("submitted", True), ("draft", False), ("screened_failed", False)],
)
def test_what_is_being_screened_is_looked_at_already(round, state, is_shown):
    house = InstitutionFactory(name="Dinas Kesehatan Kota", short_name="Dinkes")
    ProposalFactory(round=round, institution=house, state=state, title="Dinkes Cepat")

    assert bool(named_in(round)) == is_shown


@pytest.mark.parametrize("is_blind", [True, False])
def test_screening_leads_to_it_where_a_stage_is_blind(client, round, is_blind):
    round.scoringstage_set.update(is_blind=is_blind)
    login_secretariat(client, round)

    page = client.get(reverse("submissions:screening_list", args=[round.slug]))

    url = reverse("judging:naming_list", args=[round.slug])
    code = round.scoringstage_set.get().code
    assert (f"{url}?tahap={code}" in page.content.decode()) == is_blind


@pytest.mark.parametrize("row_count", [1, 3])
def test_page_query_count(client, round, django_assert_num_queries, row_count):
    for _number in range(row_count):
        proposal_with(round, text="Dinkes")
    login_secretariat(client, round)
    url = reverse("judging:naming_list", args=[round.slug])
    client.get(url)

    with django_assert_num_queries(10):
        # user, memberships, round, stages, windows, proposals, answers, files; unread,
        # role of juror
        page = client.get(url)

    assert len(page.context["page"].object_list) == row_count
