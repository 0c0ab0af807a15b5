from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from competitions.models import Announcement, Competition, Round, Stage
from tests.factories import competitions as make
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    SecretariatFactory,
)

pytestmark = pytest.mark.django_db


def refused(create):
    with pytest.raises(IntegrityError), transaction.atomic():
        create()


def test_competition_name_once_per_government():
    first = make.CompetitionFactory()

    refused(
        lambda: make.CompetitionFactory(
            government=first.government, short_name=first.short_name
        )
    )


def test_round_once_a_year_and_edition():
    first = make.RoundFactory(year=2022, edition=5)
    again = {"competition": first.competition}

    refused(lambda: make.RoundFactory(**again, year=2022, edition=6))
    refused(lambda: make.RoundFactory(**again, year=2023, edition=5))


@pytest.mark.parametrize("field", ["kind", "order"])
def test_stage_kind_and_order_once_per_round(field):
    first = make.StageFactory(kind="submission")
    other = {"kind": "screening", "order": 99} | {field: getattr(first, field)}

    refused(lambda: make.StageFactory(round=first.round, **other))


def test_stage_closes_after_opening():
    now = timezone.now()

    refused(lambda: make.StageFactory(opens_at=now, closes_at=now))


@pytest.mark.parametrize(
    ("factory", "parent", "field"),
    [
        (make.TrackFactory, "round", "code"),
        (make.CategoryFactory, "round", "code"),
        (make.ClusterFactory, "round", "code"),
        (make.FormTemplateFactory, "round", "version"),
        (make.SectionFactory, "form", "code"),
        (make.HeaderFieldFactory, "form", "code"),
        (make.LetterKindFactory, "form", "code"),
        (make.ConsentFactory, "form", "code"),
        (make.RequirementFactory, "round", "code"),
        (make.ScoringStageFactory, "round", "code"),
        (make.CriterionFactory, "scoring_stage", "code"),
        (make.AwardLevelFactory, "round", "code"),
        (make.PredicateFactory, "scoring_stage", "code"),
        (make.ShortlistFactory, "scoring_stage", "order"),
    ],
)
def test_part_named_once(factory, parent, field):
    first = factory()
    same = {name: getattr(first, name) for name in (parent, field)}

    refused(lambda: factory(**same))


def test_criterion_place_in_the_tie_break_chain_once():
    first = make.CriterionFactory(tie_break=1)

    refused(
        lambda: make.CriterionFactory(scoring_stage=first.scoring_stage, tie_break=1)
    )


@pytest.mark.parametrize("weight", [-1, 101])
def test_criterion_weight_is_percent(weight):
    refused(lambda: make.CriterionFactory(weight=weight))


def test_scale_in_order():
    refused(lambda: make.ScoringStageFactory(scale_min=5, scale_max=5))


@pytest.mark.parametrize("fields", [{"scale_step": 0}, {"share": 101}, {"share": -1}])
def test_scale_has_steps_and_share_is_percent(fields):
    refused(lambda: make.ScoringStageFactory(**fields))


def test_gate_has_no_share():
    refused(lambda: make.ScoringStageFactory(kind="field_gate", share=10))
    make.ScoringStageFactory(kind="field_gate", share=0)


def test_criterion_is_not_its_own_parent():
    criterion = make.CriterionFactory()
    criterion.parent = criterion

    refused(criterion.save)


def test_shortlist_takes_somebody():
    refused(lambda: make.ShortlistFactory(size=0))


def test_predicate_has_one_minimum_for_each_component_and_one_for_the_total():
    predicate = make.PredicateFactory()
    criterion = make.CriterionFactory(scoring_stage=predicate.scoring_stage)
    minimums = predicate.predicateminimum_set
    minimums.create(criterion=criterion, minimum=60, unit="percent")
    minimums.create(criterion=None, minimum=75)

    refused(lambda: minimums.create(criterion=criterion, minimum=10))
    refused(lambda: minimums.create(criterion=None, minimum=80))
    refused(lambda: make.PredicateFactory().predicateminimum_set.create(minimum=101))


def test_minimum_in_points():
    criterion = make.CriterionFactory(weight=Decimal("22.5"))
    predicate = make.PredicateFactory(scoring_stage=criterion.scoring_stage)
    create = predicate.predicateminimum_set.create

    assert create(criterion=criterion, minimum=60, unit="percent").points == Decimal(
        "13.5"
    )
    assert create(criterion=None, minimum=75, unit="percent").points == 75


@pytest.mark.parametrize("quorum", [0, 101])
def test_quorum_is_percent(quorum):
    refused(lambda: make.RoundFactory(plenary_quorum=quorum))


def test_word_limit_is_one_or_more_or_none():
    refused(lambda: make.SectionFactory(word_limit=0))
    make.SectionFactory(word_limit=None)


def test_bounds_in_order():
    refused(lambda: make.HeaderFieldFactory(kind="number", minimum=5, maximum=4))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "rank", "rank_from": None, "rank_to": None},
        {"kind": "rank", "places": 2},
        {"kind": "favourite"},  # with the ranks of the factory
        {"kind": "predicate", "rank_from": None, "rank_to": None},
    ],
)
def test_award_level_fits_its_kind(fields):
    refused(lambda: make.AwardLevelFactory(**fields))


def test_award_level_covers_its_ranks_and_a_favourite_none():
    level = make.AwardLevelFactory(rank_from=2, rank_to=4)
    favourite = make.AwardLevelFactory(
        kind="favourite", rank_from=None, rank_to=None, places=1, order=9
    )

    assert [level.covers(rank) for rank in (None, 1, 2, 4, 5)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert not favourite.covers(1)


def test_part_is_for_the_tracks_it_names_or_for_all():
    assert make.SectionFactory.build(form=None, tracks=[]).is_for("umum")
    assert make.SectionFactory.build(form=None, tracks=["umum"]).is_for("umum")
    assert not make.SectionFactory.build(form=None, tracks=["umum"]).is_for("khusus")


def test_requirement_concerns_tracks_and_kinds():
    requirement = make.RequirementFactory.build(
        round=None, tracks=["umum"], institution_kinds=["opd"]
    )

    assert requirement.concerns("umum", "opd")
    assert not requirement.concerns("umum", "bumd")
    assert not requirement.concerns("khusus", "opd")


@pytest.mark.parametrize("ranks", [(0, 1), (3, 2)])
def test_award_ranks_in_order(ranks):
    refused(lambda: make.AwardLevelFactory(rank_from=ranks[0], rank_to=ranks[1]))


def test_rounds_in_preparation_are_seen_by_their_secretariat_only():
    city = GovernmentFactory()
    prepared = make.RoundFactory(government=city, opened_at=None)
    opened = make.RoundFactory(government=city)
    elsewhere = make.RoundFactory(opened_at=None)
    secretariat, author = SecretariatFactory(government=city), AuthorFactory()

    assert set(Round.objects.visible_to(secretariat)) == {prepared, opened}
    assert set(Round.objects.run_by(secretariat)) == {prepared, opened}
    assert set(Round.objects.visible_to(author)) == {opened}
    assert set(Round.objects.published()) == {opened}
    assert elsewhere not in Round.objects.visible_to(secretariat)


def test_competitions_are_run_by_their_secretariat():
    competition = make.CompetitionFactory()
    make.CompetitionFactory()
    user = SecretariatFactory(government=competition.government)

    assert list(Competition.objects.run_by(user)) == [competition]


def test_calendar_is_loaded_in_order(django_assert_num_queries):
    make.RoundFactory()

    with django_assert_num_queries(2):  # rounds, stages
        (loaded,) = Round.objects.for_list()
        kinds = [stage.kind for stage in loaded.stage_set.all()]
        zone = loaded.zone

    assert kinds == [kind for kind, _first, _last in make.CALENDAR]
    assert str(zone) == "Asia/Jakarta"


def test_stages_open_at_leaves_out_the_closing_moment():
    stage = make.StageFactory()

    assert stage in Stage.objects.open_at(stage.opens_at)
    assert stage not in Stage.objects.open_at(stage.closes_at)
    assert stage not in Stage.objects.open_at(stage.opens_at - timedelta(seconds=1))


def test_announcements_wait_for_their_moment_and_their_round():
    now = timezone.now()
    shown = make.AnnouncementFactory(publish_at=now)
    make.AnnouncementFactory(publish_at=now + timedelta(minutes=1))
    make.AnnouncementFactory(publish_at=now, round__opened_at=None)

    assert list(Announcement.objects.published_at(now)) == [shown]
