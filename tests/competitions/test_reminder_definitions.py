"""Reminders of a stage in a definition: read, written, refused, always the same."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions import building, definitions, services
from competitions.definitions import DefinitionError, ReminderDefinition
from competitions.models import ReminderAnchor, ReminderPlan, Stage
from competitions.models.reminders import REMINDER_CHANNELS, audiences_of
from competitions.queries import round_parts
from tests.factories.accounts import SecretariatFactory
from tests.factories.competitions import CompetitionFactory, ReminderPlanFactory

NOW = datetime(2026, 1, 10, 3, tzinfo=UTC)
KINDS = ["kickoff", "submission", "scoring"]


def read(text):
    return definitions.parse(text, key="uji", file="uji.yaml")


def with_reminders(kind, reminders):
    """The definition of the nation with these reminders in one stage."""
    data = json.loads(definitions.to_json(definitions.preset("national-2023")))
    (stage,) = (each for each in data["calendar"] if each["kind"] == kind)
    stage["reminders"] = reminders
    return read(yaml.safe_dump(data))


def stage_of(definition, kind):
    return next(each for each in definition.calendar if each.kind == kind)


def create(definition):
    competition = CompetitionFactory()
    zone = ZoneInfo(competition.government.time_zone)
    return services.create_round(
        competition=competition,
        year=2026,
        edition=9,
        name="KIPP 2026",
        theme="",
        organiser="Bagian Organisasi",
        definition=definition,
        stages=services.planned_stages(definition, date(2026, 2, 2), zone),
        actor=SecretariatFactory(government=competition.government),
        at=NOW,
    )


def described(round):
    return building.definition_of(round_parts(round)).calendar


@pytest.mark.parametrize("numbers", [[168, 72, 24, 3], [3, 24, 72, 168, 3]])
def test_usual_hours_are_not_written_out(numbers):
    definition = with_reminders("submission", numbers)

    assert stage_of(definition, "submission").reminders is None
    assert definition == read(definitions.to_yaml(definitions.preset("national-2023")))


def test_plain_hours_stay_one_line():
    definition = with_reminders("submission", [24, 48])

    assert "reminders: [48, 24]" in definitions.to_yaml(definition)
    assert [
        (each.hours, each.audience)
        for each in stage_of(definition, "submission").planned_reminders()
    ] == [(48, "waiting"), (24, "waiting")]


@pytest.mark.parametrize(
    ("kind", "audience"), [("scoring", "jurors"), ("kickoff", "admins")]
)
def test_bare_hours_mean_those_who_have_to_do_with_the_stage(kind, audience):
    stage = stage_of(with_reminders(kind, [24]), kind)

    (reminder,) = stage.planned_reminders()
    assert reminder.audience == audience


@pytest.mark.parametrize(
    "wrong",
    [
        "24",
        [0],
        [-1],
        [10_001],
        [True],
        ["24"],
        [1.5],
        [{}],
        [{"hours": 0}],
        [{"hours": 24, "to": "semua"}],
        [{"hours": 24, "to": "jurors"}],
        [{"hours": 24, "after": "ya"}],
        [{"hours": 24, "channels": "email"}],
        [{"hours": 24, "channels": ["pos"]}],
        [{"hours": 24, "channels": [["email"]]}],
        [{"hours": 24, "lain": 1}],
        [{24: "hours"}],
        [[24]],
        list(range(1, 50)),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(wrong):
    with pytest.raises(DefinitionError, match="reminders"):
        with_reminders("submission", wrong)


@st.composite
def plans(draw):
    kind = draw(st.sampled_from(KINDS))
    reminders = draw(
        st.lists(
            st.builds(
                ReminderDefinition.of,
                st.integers(1, 2000),
                anchor=st.sampled_from(ReminderAnchor.values),
                audience=st.sampled_from([each.value for each in audiences_of(kind)]),
                channels=st.lists(st.sampled_from(REMINDER_CHANNELS)),
            ),
            max_size=6,
        )
    )
    return kind, reminders


@given(plan=plans())
@settings(max_examples=25, deadline=None)
def test_any_plan_is_written_and_read_as_it_was(plan):
    kind, reminders = plan
    source = with_reminders(kind, [])
    calendar = tuple(
        definitions.StageDefinition(
            kind=each.kind,
            name=each.name,
            days=each.days,
            opens=each.opens,
            closes=each.closes,
            reminders=tuple(reminders) if each.kind == kind else each.reminders,
        )
        for each in source.calendar
    )
    definition = type(source)(
        **{
            name: getattr(source, name)
            for name in source.__dataclass_fields__
            if name != "calendar"
        },
        calendar=calendar,
    )

    for text in (definitions.to_yaml(definition), definitions.to_json(definition)):
        again = read(text)
        assert again.calendar == calendar
    assert definitions.to_yaml(again) == definitions.to_yaml(definition)


@pytest.mark.django_db
def test_plan_survives_the_rows_and_the_copy_of_next_year():
    definition = with_reminders(
        "submission",
        [
            72,
            {"hours": 24, "to": "drafts"},
            {"hours": 0, "after": True, "to": "admins"},
        ],
    )
    source = create(definition)
    before = described(source)
    assert stage_of(definition, "submission").reminders == (
        next(each for each in before if each.kind == "submission").reminders
    )

    copied = services.copy_round(
        source=source,
        year=2027,
        edition=10,
        actor=SecretariatFactory(government=source.competition.government),
        at=NOW,
    )

    assert described(copied) == before
    assert definitions.to_yaml(
        building.definition_of(round_parts(copied))
    ) == definitions.to_yaml(building.definition_of(round_parts(source))).replace(
        source.slug, copied.slug
    )


@pytest.mark.django_db
def test_row_that_was_taken_away_is_not_copied():
    source = create(definitions.preset("national-2023"))
    stage = Stage.objects.get(round=source, kind="submission")
    ReminderPlanFactory(stage=stage, hours=48, removed_at=NOW)
    ReminderPlan.objects.filter(stage=stage, hours=3).delete()

    (submission,) = (each for each in described(source) if each.kind == "submission")

    assert [each.hours for each in submission.planned_reminders()] == [168, 72, 24]
