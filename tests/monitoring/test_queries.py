from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from monitoring import queries
from submissions.models import ProposalState
from tests.factories.accounts import GovernmentFactory, InstitutionFactory
from tests.factories.competitions import RoundFactory
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
State = ProposalState


@pytest.fixture
def city():
    return GovernmentFactory()


@pytest.fixture
def round(city):
    return RoundFactory(government=city, phase="submission")


def who_is_in(round, at=None):
    stages = list(round.stage_set.all())
    found = queries.participation(round, stages, at or timezone.now())
    return {unit.label: unit.entered for unit in found.units}


def institution(city, name, **fields):
    return InstitutionFactory(government=city, name=name, short_name=name, **fields)


def test_participation_counts_a_tree_as_its_top(city, round):
    dinkes = institution(city, "Dinkes")
    puskesmas = institution(city, "Puskesmas", parent=dinkes)
    institution(city, "Dinsos")
    ProposalFactory(round=round, institution=dinkes, state=State.SUBMITTED)
    ProposalFactory(round=round, institution=puskesmas, state=State.SCREENED_FAILED)

    assert who_is_in(round) == {"Dinsos": 0, "Dinkes": 2}


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (State.DRAFT, False),
        (State.ENDORSING, False),
        (State.RETURNED, False),
        (State.REOPENED, False),
        (State.SUBMITTED, True),
        (State.SCREENED_PASSED, True),
        (State.SCREENED_FAILED, True),
        (State.WITHDRAWN, False),
        (State.DISQUALIFIED, False),
    ],
)
def test_participation_counts_what_was_submitted(city, round, state, counts):
    ProposalFactory(round=round, institution=institution(city, "Dinkes"), state=state)

    assert who_is_in(round) == {"Dinkes": int(counts)}


def test_participation_puts_the_missing_first_then_by_name(city, round):
    units = [institution(city, name) for name in ("A", "B", "C", "D")]
    for unit in (units[0], units[2]):
        ProposalFactory(round=round, institution=unit, state=State.SUBMITTED)
    ProposalFactory(round=round, institution=units[3])

    found = queries.participation(round, list(round.stage_set.all()), timezone.now())

    assert [unit.label for unit in found.units] == ["B", "D", "A", "C"]
    assert (found.filled, found.missing, found.total) == (2, 2, 4)
    assert found.proposal_count == 2
    assert [unit.unsent for unit in found.units] == [0, 1, 0, 0]


def test_participation_expects_no_citizens_and_nobody_elses(city, round):
    institution(city, "Warga", kind="komunitas")
    elsewhere = InstitutionFactory(code="SAMA")
    institution(city, "Dinkes", code="SAMA")
    ProposalFactory(round=round, institution=elsewhere, state=State.SUBMITTED)
    ProposalFactory(institution=elsewhere, state=State.SUBMITTED)

    assert who_is_in(round) == {"Dinkes": 0}


def test_participation_expects_who_was_active_when_submission_closed(city):
    round = RoundFactory(government=city, phase="after")
    # The day in the city: near midnight that of the server is another one.
    closed = city.day_of(round.stage_set.get(kind="submission").closes_at)
    institution(city, "Bubar sebelumnya", active_to=closed - timedelta(days=1))
    institution(city, "Bubar sesudahnya", active_to=closed + timedelta(days=1))
    institution(city, "Berdiri sesudahnya", active_from=closed + timedelta(days=1))

    assert who_is_in(round) == {"Bubar sesudahnya": 0}


@pytest.mark.parametrize("row_count", [1, 3, 1000])
def test_participation_query_count(city, round, django_assert_num_queries, row_count):
    _many(round, city, row_count)
    stages = list(round.stage_set.all())

    with django_assert_num_queries(2):
        found = queries.participation(round, stages, timezone.now())

    assert found.proposal_count == row_count


def _many(round, city, count):
    """As many submitted proposals, in a hurry."""
    first = ProposalFactory(
        round=round, institution=institution(city, "Dinkes"), state=State.SUBMITTED
    )
    model = type(first)
    fields = {
        name: getattr(first, name)
        for name in [
            *["round", "institution", "form", "track", "category", "title", "state"],
            *["created_by", "created_at", "last_saved_at"],
            *["submitted_at", "submitted_by", "digest"],
        ]
    }
    innovations = type(first.innovation).objects.bulk_create(
        type(first.innovation)(
            institution=first.institution,
            title="Inovasi",
            slug=f"inovasi-banyak-{n}",
            created_at=first.created_at,
        )
        for n in range(count - 1)
    )
    model.objects.bulk_create(
        model(
            **fields,
            innovation=innovation,
            code=f"KIPP-B{n:05}",
            receipt_number=f"B-{n:05}",
        )
        for n, innovation in enumerate(innovations)
    )


def test_proposal_counts_by_state(round):
    for state in (State.DRAFT, State.ENDORSING, State.SUBMITTED, State.SUBMITTED):
        ProposalFactory(round=round, state=state)
    ProposalFactory(round=round, state=State.SCREENED_PASSED)
    ProposalFactory(round=round, state=State.SCREENED_FAILED)
    ProposalFactory(round=round, state=State.WITHDRAWN)
    ProposalFactory(state=State.SUBMITTED)

    assert queries.proposal_counts(round) == queries.ProposalCounts(
        unsent=2, endorsing=1, submitted=2, passed=1, failed=1
    )


def test_submissions_per_day_counts_days_of_the_zone(city):
    zone = ZoneInfo("Asia/Jayapura")
    round = RoundFactory(government=city, phase="")
    stage = _submission(round, datetime(2022, 3, 1, tzinfo=zone), days=31)
    # 23.30 WIB of the 29th is the 30th in WIT.
    for moment in (
        datetime(2022, 3, 29, 23, 30, tzinfo=ZoneInfo("Asia/Jakarta")),
        datetime(2022, 3, 30, 12, tzinfo=zone),
        datetime(2022, 3, 31, 23, tzinfo=zone),
        datetime(2022, 3, 2, 12, tzinfo=zone),
    ):
        ProposalFactory(round=round, state=State.SUBMITTED, created_at=moment)
    ProposalFactory(round=round, created_at=datetime(2022, 3, 31, tzinfo=zone))

    daily = queries.submissions_per_day(
        round, stage, datetime(2022, 5, 1, tzinfo=zone), zone
    )

    assert (daily.first, daily.last) == (date(2022, 3, 18), date(2022, 3, 31))
    assert len(daily.days) == 14
    assert dict(daily.days)[date(2022, 3, 30)] == 2
    assert dict(daily.days)[date(2022, 3, 29)] == 0
    assert daily.busiest == (date(2022, 3, 30), 2)


def _submission(round, opens_at, days):
    return round.stage_set.create(
        kind="submission",
        order=2,
        name="Pengajuan",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=days),
    )


def test_submissions_per_day_begins_with_the_stage(city):
    zone = ZoneInfo("Asia/Jakarta")
    round = RoundFactory(government=city, phase="")
    opening = datetime(2022, 2, 1, tzinfo=zone)
    stage = _submission(round, opening, days=30)

    before = queries.submissions_per_day(
        round, stage, opening - timedelta(seconds=1), zone
    )
    third_day = queries.submissions_per_day(
        round, stage, opening + timedelta(days=2, hours=1), zone
    )

    assert before is None
    assert queries.submissions_per_day(round, None, opening, zone) is None
    assert [day.day for day, _count in third_day.days] == [1, 2, 3]


def test_entered_by_category_puts_most_first(round):
    health = ProposalFactory(round=round, state=State.SUBMITTED).category
    other = round.category_set.create(code="lain", name="Lain", order=9)
    ProposalFactory.create_batch(2, round=round, category=other, state=State.SUBMITTED)
    ProposalFactory(round=round, category=health)

    assert queries.entered_by_category(round) == [("Lain", 2), (health.name, 1)]


@pytest.mark.parametrize("round_count", [1, 3])
def test_figures_of_rounds_agree_with_participation(
    city, django_assert_num_queries, round_count
):
    rounds = RoundFactory.create_batch(round_count, government=city)
    dinkes = institution(city, "Dinkes")
    puskesmas = institution(city, "Puskesmas", parent=dinkes)
    institution(city, "Dinsos")
    for round in rounds:
        for unit in (dinkes, puskesmas):
            ProposalFactory(round=round, institution=unit, state=State.SUBMITTED)

    with django_assert_num_queries(2):
        figures = queries.figures_of(rounds, timezone.localdate())

    assert figures == {
        round.pk: queries.RoundFigures(taking_part=1, expected=2, entered=2)
        for round in rounds
    }


def test_previous_participation_is_the_round_before(city):
    first = RoundFactory(government=city, year=2020, edition=3)
    before = RoundFactory(competition=first.competition, year=2021, edition=4)
    now = RoundFactory(competition=first.competition, year=2022, edition=5)
    ProposalFactory(
        round=before, institution=institution(city, "Dinkes"), state=State.SUBMITTED
    )
    day = timezone.localdate()

    assert queries.previous_participation(now, day) == (
        before,
        queries.RoundFigures(taking_part=1, expected=1, entered=1),
    )
    assert queries.previous_participation(first, day) is None
