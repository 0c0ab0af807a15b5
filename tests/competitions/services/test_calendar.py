from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import services
from competitions.models import Stage
from competitions.services import StageData
from core.models import AuditEntry
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def as_data(stages, **changes):
    """The calendar as it stands, with `changes` of fields by kind of stage."""
    return [
        StageData(
            **{
                "kind": stage.kind,
                "name": stage.name,
                "opens_at": stage.opens_at,
                "closes_at": stage.closes_at,
                "place": stage.place,
            }
            | changes.get(stage.kind, {})
        )
        for stage in stages
    ]


def test_save_stages_adds_changes_and_takes_away(actor):
    round = make.RoundFactory(opened_at=None)
    stages = {stage.kind: stage for stage in round.stage_set.all()}
    ceremony = stages.pop("ceremony")
    data = [
        *as_data(stages.values(), submission={"place": "Gedung Adipura"}),
        StageData("presentation", "Presentasi", ceremony.opens_at, ceremony.closes_at),
    ]

    saved = services.save_stages(round=round, stages=data, actor=actor, at=NOW)

    kinds = [stage.kind for stage in saved]
    assert kinds == [kind for kind in Stage.Kind if kind in {*stages, "presentation"}]
    assert round.stage_set.get(kind="submission").place == "Gedung Adipura"
    changes = AuditEntry.objects.get(action="round.calendar_changed").changes
    assert set(changes) == {"submission", "presentation", "ceremony"}
    assert changes["ceremony"][1] is None


def test_save_stages_keeps_a_wrong_calendar_while_preparing(actor):
    round = make.RoundFactory(opened_at=None)
    data = as_data(round.stage_set.all())[:1]

    services.save_stages(round=round, stages=data, actor=actor, at=NOW)

    assert round.stage_set.count() == 1


def test_save_stages_without_a_change_needs_no_reason(actor):
    round = make.RoundFactory()

    services.save_stages(
        round=round,
        stages=as_data(round.stage_set.all()),
        actor=actor,
        at=NOW,
    )

    assert not AuditEntry.objects.exists()


def later(stage, days):
    return {"closes_at": stage.closes_at + timedelta(days=days)}


def test_save_stages_of_an_open_round_extends_with_a_reason(actor):
    round = make.small_round(phase="submission")
    stages = {stage.kind: stage for stage in round.stage_set.all()}
    # Everything after it moves too, or the calendar would overlap.
    moved = {
        kind: {
            "opens_at": stage.opens_at + timedelta(days=4),
            "closes_at": stage.closes_at + timedelta(days=4),
        }
        for kind, stage in stages.items()
        if stage.opens_at > NOW
    } | {"submission": later(stages["submission"], 4)}
    data = as_data(stages.values(), **moved)

    with pytest.raises(services.CalendarRefused) as refusal:
        services.save_stages(round=round, stages=data, actor=actor, at=NOW)
    services.save_stages(
        round=round, stages=data, actor=actor, at=NOW, reason="Libur bersama"
    )

    assert "reason" in refusal.value.message
    assert round.stage_set.get(kind="submission").closes_at == (
        stages["submission"].closes_at + timedelta(days=4)
    )
    entry = AuditEntry.objects.get(action="round.calendar_changed")
    assert entry.reason == "Libur bersama"


@pytest.mark.parametrize(
    ("phase", "kind", "move", "sentence"),
    [
        ("submission", "kickoff", {"closes_at": 9}, "is over"),
        ("submission", "kickoff", {"opens_at": -9}, "has begun"),
        ("submission", "submission", {"opens_at": -9}, "has begun"),
        ("scoring", "submission", {"closes_at": 1}, "is over"),
        ("submission", "submission", {"closes_at": 9}, "must not overlap"),
        ("submission", "submission", {"closes_at": -20}, "in the past"),
    ],
)
def test_save_stages_of_an_open_round_refuses(actor, phase, kind, move, sentence):
    round = make.small_round(phase=phase)
    stage = round.stage_set.get(kind=kind)
    change = {
        field: getattr(stage, field) + timedelta(days=days)
        for field, days in move.items()
    }

    with pytest.raises(services.CalendarRefused) as refusal:
        services.save_stages(
            round=round,
            stages=as_data(round.stage_set.all(), **{kind: change}),
            actor=actor,
            at=NOW,
            reason="Alasan",
        )

    assert sentence in refusal.value.message
    stage_now = round.stage_set.get(kind=kind)
    assert (stage_now.opens_at, stage_now.closes_at) == (
        stage.opens_at,
        stage.closes_at,
    )


def test_save_stages_of_an_open_round_keeps_what_has_begun(actor):
    round = make.small_round(phase="submission")
    data = [each for each in as_data(round.stage_set.all()) if each.kind != "kickoff"]

    with pytest.raises(services.CalendarRefused):
        services.save_stages(
            round=round, stages=data, actor=actor, at=NOW, reason="Alasan"
        )

    assert round.stage_set.filter(kind="kickoff").exists()
