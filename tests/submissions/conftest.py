"""A city with a round in its submission stage, and a proposal ready to be sent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Government, Institution, User
from competitions.models import Round, Section, Stage
from submissions.models import Proposal
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.competitions import small_round
from tests.factories.submissions import complete_proposal

AT = datetime(2022, 3, 20, 3, tzinfo=UTC)  # 20 March 2022, 10.00 WIB


@dataclass
class City:
    """A government with one institution, its author, its head, and a secretary."""

    government: Government
    institution: Institution
    author: User
    head: User
    secretary: User
    round: Round

    @property
    def stage(self) -> Stage:
        return self.round.stage_set.get(kind=Stage.Kind.SUBMISSION)

    @property
    def section(self) -> Section:
        return Section.objects.get(form__round=self.round, code="kebaruan")

    def proposal(self, **fields) -> Proposal:
        """A draft that meets every requirement."""
        values = {
            "round": self.round,
            "institution": self.institution,
            "created_by": self.author,
            "created_at": AT - timedelta(days=1),
        }
        return complete_proposal(**(values | fields))


def make_city(*, at: datetime | None = AT, **fields) -> City:
    """Build a City whose round takes proposals around `at`, or around now."""
    government = GovernmentFactory()
    institution = InstitutionFactory(government=government)
    opened = {"opened_at": at - timedelta(days=60)} if at else {}
    return City(
        government=government,
        institution=institution,
        author=AuthorFactory(institution=institution),
        head=InstitutionAdminFactory(institution=institution),
        secretary=SecretariatFactory(government=government),
        round=small_round(government=government, at=at, **(opened | fields)),
    )


@pytest.fixture
def city(db) -> City:
    """A City whose clock stands at `AT`."""
    return make_city()


@pytest.fixture
def live_city(db) -> City:
    """A City whose round is open now, for views."""
    return make_city(at=None)
