"""Who competes in a round is no part of its secretariat (ACC-02)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from competitions import permissions
from submissions.models import Proposal, ProposalState
from tests.factories.accounts import (
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
)
from tests.factories.competitions import small_round
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db

Role = Membership.Role


@pytest.fixture
def round():
    return small_round(phase="submission")


@pytest.fixture
def house(round):
    return InstitutionFactory(government=round.competition.government)


@pytest.fixture
def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def fresh(user):
    """As the next request would find them: roles are read once in each."""
    return User.objects.get(pk=user.pk)


def competes(user, round):
    return permissions.competes_in(fresh(user), round)


@pytest.mark.parametrize("state", ProposalState)
def test_every_proposal_competes_that_was_not_withdrawn(state, round, house, secretary):
    MembershipFactory(user=secretary, institution=house)
    ProposalFactory(round=round, institution=house, state=state)

    assert competes(secretary, round) == (state != ProposalState.WITHDRAWN)


@pytest.mark.parametrize(
    ("role", "place", "expected"),
    [
        (Role.AUTHOR, "unit", True),
        (Role.AUTHOR, "house", False),
        (Role.AUTHOR, "other", False),
        (Role.INSTITUTION_ADMIN, "unit", True),
        (Role.INSTITUTION_ADMIN, "house", True),
        (Role.INSTITUTION_ADMIN, "below", False),
    ],
)
def test_who_heads_an_institution_competes_with_all_below_it(
    role, place, expected, round, house, secretary
):
    government = house.government
    unit = InstitutionFactory(government=government, parent=house)
    places = {
        "house": house,
        "unit": unit,
        "below": InstitutionFactory(government=government, parent=unit),
        "other": InstitutionFactory(government=government),
    }
    MembershipFactory(user=secretary, role=role, institution=places[place])
    ProposalFactory(round=round, institution=unit)

    assert competes(secretary, round) == expected
    assert permissions.can_judge_fairly(fresh(secretary), round) != expected


def test_competing_begins_and_ends_with_the_role(round, house, secretary):
    ProposalFactory(round=round, institution=house)
    assert not competes(secretary, round)

    role = MembershipFactory(user=secretary, institution=house)
    assert competes(secretary, round)

    role.from_date = timezone.localdate() - timedelta(days=9)
    role.to_date = timezone.localdate() - timedelta(days=1)
    role.save(update_fields=["from_date", "to_date"])
    assert not competes(secretary, round)


def test_other_rounds_are_not_touched(round, house, secretary):
    MembershipFactory(user=secretary, institution=house)
    ProposalFactory(round=round, institution=house)
    other = ProposalFactory(round=small_round(competition=round.competition))

    found = Proposal.objects.visible_to(fresh(secretary))

    assert not competes(secretary, other.round)
    assert other in found
    assert found.count() == 2


def test_rivals_are_read_by_nobody_who_competes(round, house, secretary):
    MembershipFactory(user=secretary, institution=house)
    mine = ProposalFactory(round=round, institution=house)
    for state in ProposalState:
        ProposalFactory(round=round, state=state)

    assert list(Proposal.objects.visible_to(fresh(secretary))) == [mine]
    assert not Proposal.objects.screenable_by(fresh(secretary)).exists()


def test_whoever_works_for_no_institution_costs_no_query(
    round, secretary, django_assert_num_queries
):
    user = fresh(secretary)
    assert user.current_memberships

    with django_assert_num_queries(0):
        assert not permissions.competes_in(user, round)


@pytest.mark.parametrize("name", ["round_edit", "stage_edit", "criterion_edit"])
def test_rules_of_an_open_round_are_not_theirs_to_change(
    name, client, round, house, secretary
):
    MembershipFactory(user=secretary, institution=house)
    ProposalFactory(round=round, institution=house)
    client.force_login(secretary)
    url = reverse(f"competitions:{name}", args=[round.slug])

    assert client.get(url).status_code == 200
    answer = client.post(url, {"name": "Baru"})

    assert answer.status_code == 403
    assert permissions.why_shut_out(round) in answer.content.decode()


def test_overview_says_why_and_names_no_juror(client, round, house, secretary):
    MembershipFactory(user=secretary, institution=house)
    ProposalFactory(round=round, institution=house)
    client.force_login(secretary)

    page = client.get(reverse("monitoring:round_dashboard", args=[round.slug]))

    assert permissions.why_shut_out(round) in page.content.decode()
    assert page.context["actions"] == []
    assert (
        reverse("judging:juror_list", args=[round.slug])
        not in page.content.decode().partition("<main")[2]
    )
