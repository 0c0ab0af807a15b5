from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import checks, queries
from competitions.checks import Step
from competitions.models import Requirement, Stage
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(db):
    return make.small_round(opened_at=None)


def found(round, at=None):
    round.refresh_from_db()
    parts = queries.round_parts(round)
    return [
        (each.step, each.sentence)
        for each in checks.contradictions(parts, at or timezone.now())
    ]


def test_small_round_has_no_contradiction(round):
    assert found(round) == []


def test_base_data_need_theme_tracks_and_categories(round):
    round.theme = " "
    round.save()
    round.track_set.all().delete()
    round.category_set.all().delete()

    assert found(round) == [
        (Step.BASE, "The theme is empty. Write the theme of this round."),
        (
            Step.TRACKS,
            "There is no track. A proposal must be able to choose one.",
        ),
        (
            Step.TRACKS,
            "There is no category. A proposal must be able to choose one.",
        ),
    ]


def test_calendar_needs_submission_and_scoring(round):
    round.stage_set.filter(kind__in=["submission", "scoring"]).delete()

    assert found(round) == [
        (
            Step.CALENDAR,
            "No stage for the submission of proposals. Fill in its dates.",
        ),
        (Step.CALENDAR, "No stage for the scoring of proposals. Fill in its dates."),
    ]


def test_calendar_must_not_be_over_already(round):
    submission = round.stage_set.get(kind="submission")

    ((step, sentence),) = found(round, at=submission.closes_at)

    assert step == Step.CALENDAR
    assert sentence.startswith(f"{submission.name} closed on ")
    assert found(round, at=submission.closes_at - timedelta(seconds=1)) == []


def _stage(kind, opens, closes):
    origin = timezone.now()
    return Stage(
        kind=kind,
        name=kind,
        order=Stage.Kind(kind).position,
        opens_at=origin + timedelta(days=opens),
        closes_at=origin + timedelta(days=closes),
    )


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ({"screening": (10, 20)}, []),
        ({"screening": (9, 20)}, ["screening opens on", "submission runs until"]),
        ({"screening": (-1, 5)}, ["before submission opens on"]),
        ({"screening": (12, 12)}, ["screening closes before it opens."]),
        ({"screening": (15, 12)}, ["screening closes before it opens."]),
        ({"kickoff": (-3, -2)}, []),
        ({"kickoff": (2, 3)}, []),
        ({"kickoff": (10, 11)}, ["kickoff comes after submission has closed."]),
        # The objection period runs beside the others.
        ({"objection": (25, 45)}, []),
        # Presentation is compared with what stands before it, also across a gap.
        ({"presentation": (35, 50)}, ["presentation opens on", "scoring runs until"]),
    ],
)
def test_calendar_order(spans, expected):
    base = {"submission": (0, 10), "scoring": (30, 40)}
    stages = [_stage(kind, *span) for kind, span in (base | spans).items()]

    sentences = list(checks.check_calendar(stages))

    assert len(sentences) == bool(expected)
    for part in expected:
        assert part in sentences[0]


def test_form_needs_sections(round):
    form = round.formtemplate_set.get()
    for criterion in round.scoringstage_set.get().criterion_set.all():
        criterion.sections.clear()
    form.section_set.all().delete()

    assert (Step.FORM, "The proposal form has no section.") in found(round)


def test_form_has_something_for_every_track(round):
    round.formtemplate_set.get().section_set.update(tracks=["umum"])

    blind = "looks at no section that the track Replikasi answers."
    assert found(round) == [
        (Step.FORM, "No section of the form is for the track Replikasi."),
        (Step.SCORING, f"The criterion Kebaruan {blind}"),
        (Step.SCORING, f"The criterion Signifikansi {blind}"),
    ]


def test_requirements_must_be_answerable(round):
    form = round.formtemplate_set.get()
    form.headerfield_set.filter(kind="date").delete()
    form.letterkind_set.all().delete()
    Requirement.objects.filter(round=round, rule="quota").update(params={})

    assert [sentence for _step, sentence in found(round)] == [
        "The requirement Umur needs a number of months and a date field in the form.",
        "The requirement Surat asks for letters, but the form has none.",
        "The requirement Kuota names no maximum.",
    ]


def test_weights_must_sum_to_100(round):
    stage = round.scoringstage_set.get()
    stage.criterion_set.filter(code="kebaruan").update(weight="30.5")

    assert found(round) == [
        (
            Step.SCORING,
            "The weights of Penilaian proposal sum to 90.50 percent, not 100.",
        )
    ]


def test_criterion_needs_weight_and_section(round):
    criterion = round.scoringstage_set.get().criterion_set.get(code="kebaruan")
    criterion.weight = 0
    criterion.save()
    criterion.sections.clear()

    assert [sentence for _step, sentence in found(round)] == [
        "The weights of Penilaian proposal sum to 60 percent, not 100.",
        "The criterion Kebaruan has no weight.",
        "The criterion Kebaruan belongs to no section.",
    ]


def test_rubric_and_pass_mark_stay_within_the_scale(round):
    stage = round.scoringstage_set.get()
    stage.pass_mark = 120
    stage.save()
    stage.criterion_set.filter(code="kebaruan").update(
        anchors=[{"from": 0, "to": 101, "label": "Baik", "text": "Baik."}]
    )

    assert [sentence for _step, sentence in found(round)] == [
        "The rubric of Kebaruan describes scores outside the scale of 0 to 100.",
        "The pass mark of Penilaian proposal is outside its scale.",
    ]


def test_scoring_stages_share_the_final_score(round):
    stage = round.scoringstage_set.get()
    stage.share = 70
    stage.save()

    assert found(round) == [
        (
            Step.SCORING,
            "The scoring stages make up 70 percent of the final score, not 100.",
        )
    ]


def test_scoring_needs_a_stage_with_criteria(round):
    stage = round.scoringstage_set.get()
    stage.criterion_set.all().delete()

    assert found(round) == [(Step.SCORING, "Penilaian proposal has no criterion.")]

    stage.delete()

    assert found(round) == [(Step.SCORING, "There is no scoring stage with criteria.")]


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([(1, 1), (2, 2), (3, 3)], []),
        ([(1, 1), (2, 6)], []),
        ([], ["There is no award level."]),
        ([(2, 2)], ["No award for rank 1: A begins at rank 2."]),
        ([(1, 2), (2, 3)], ["A and B both go to rank 2."]),
        ([(1, 1), (1, 1)], ["A and B both go to rank 1."]),
        ([(1, 1), (4, 4)], ["No award for rank 2, between A and B."]),
    ],
)
def test_awards_follow_each_other(round, ranks, expected):
    round.awardlevel_set.all().delete()
    for name, (first, last) in zip("ABC", ranks, strict=False):
        make.AwardLevelFactory(round=round, name=name, rank_from=first, rank_to=last)

    assert found(round) == [(Step.AWARDS, sentence) for sentence in expected]


def test_awards_do_not_reach_beyond_the_shortlist(round):
    stage = round.scoringstage_set.get()
    stage.shortlist_size = 2
    stage.save()

    assert found(round) == [
        (
            Step.AWARDS,
            "Penilaian proposal shortlists 2 proposals, but awards go to rank 3.",
        )
    ]


@pytest.mark.parametrize("section_count", [1, 3])
def test_round_parts_query_count(django_assert_num_queries, section_count):
    round = make.small_round()
    make.SectionFactory.create_batch(section_count, form=round.formtemplate_set.get())

    with django_assert_num_queries(13):
        parts = queries.round_parts(round)
        list(checks.contradictions(parts, timezone.now()))

    assert len(parts.sections) == 3 + section_count
    assert parts.words_for("umum") == 1000 + 200 * section_count
