"""Role × action on a proposal of one's own and of another institution."""

import pytest

from submissions import permissions
from submissions.models import Proposal
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    LeaderFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.submissions import ProposalFactory

# who: (sees, writes, endorses, screens)
TABLE = {
    "author": (True, True, False, False),
    "institution admin": (True, True, True, False),
    "admin above": (True, True, True, False),
    "admin below": (False, False, False, False),
    "author of another": (False, False, False, False),
    "admin of another": (False, False, False, False),
    "secretariat": (True, False, False, True),
    "secretariat of the house": (True, True, False, False),
    "secretariat elsewhere": (False, False, False, False),
    "leader": (False, False, False, False),
    "nobody": (False, False, False, False),
    "system admin": (False, False, False, False),
}


@pytest.fixture
def proposal(db):
    house = InstitutionFactory()
    unit = InstitutionFactory(government=house.government, parent=house)
    return ProposalFactory(
        institution=unit, round__competition__government=house.government
    )


@pytest.fixture
def people(proposal):
    unit = proposal.institution
    government = unit.government
    other = InstitutionFactory(government=government)
    below = InstitutionFactory(government=government, parent=unit)
    insider = SecretariatFactory(government=government)
    MembershipFactory(user=insider, institution=unit)
    return {
        "author": AuthorFactory(institution=unit),
        "institution admin": InstitutionAdminFactory(institution=unit),
        "admin above": InstitutionAdminFactory(institution=unit.parent),
        "admin below": InstitutionAdminFactory(institution=below),
        "author of another": AuthorFactory(institution=other),
        "admin of another": InstitutionAdminFactory(institution=other),
        "secretariat": SecretariatFactory(government=government),
        "secretariat of the house": insider,
        "secretariat elsewhere": SecretariatFactory(government=GovernmentFactory()),
        "leader": LeaderFactory(government=government),
        "nobody": UserFactory(),
        "system admin": UserFactory(is_system_admin=True),
    }


@pytest.mark.parametrize("who", TABLE)
def test_role_and_action(proposal, people, who):
    user = people[who]
    sees, writes, endorses, screens = TABLE[who]

    assert Proposal.objects.visible_to(user).exists() == sees
    assert Proposal.objects.of_institutions_of(user).exists() == writes
    assert Proposal.objects.screenable_by(user).exists() == screens
    assert permissions.can_write(user, proposal) == writes
    assert permissions.can_endorse(user, proposal) == endorses
    assert permissions.can_screen(user, proposal) == screens
