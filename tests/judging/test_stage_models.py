"""What the database refuses of presentations and visits."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from judging.models import SLOT_MOVES, PresentationSlot, SlotState
from tests.factories.stages import (
    FieldVisitFactory,
    PresentationBreakFactory,
    PresentationDayFactory,
    PresentationPlanFactory,
    PresentationSlotFactory,
    VisitClaimFactory,
    VisitFindingFactory,
    VisitPhotoFactory,
)
from tests.judging.test_visiting import claim_for_all, gate_sheet

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def refused(name, make):
    """Whether `make` breaks the constraint called so, and leaves nothing."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        _make_at_once(make)


def _make_at_once(make):
    make()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"order_by": "lot"}, "lot_has_seed"),
        ({"order_by": "category", "seed": "benih"}, "lot_has_seed"),
    ],
)
def test_plan_constraints(fields, name):
    refused(name, lambda: PresentationPlanFactory(**fields))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"presentation_minutes": 0}, "has_minutes"),
        ({"questions_minutes": 0}, "has_minutes"),
        ({"place": "", "link": ""}, "is_somewhere"),
        ({"capacity": 0}, "capacity_from_one"),
    ],
)
def test_day_constraints(fields, name):
    refused(name, lambda: PresentationDayFactory(**fields))


def test_two_days_of_a_plan_do_not_begin_at_once():
    day = PresentationDayFactory()

    refused(
        "presentationday_once",
        lambda: PresentationDayFactory(plan=day.plan, begins_at=day.begins_at),
    )


def test_break_ends_after_it_starts():
    now = timezone.now()

    refused(
        "ends_after_it_starts",
        lambda: PresentationBreakFactory(starts_at=now, ends_at=now),
    )


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"state": "running"}, "started_when_presenting"),
        ({"started_at": timezone.now()}, "started_when_presenting"),
        ({"state": "done", "started_at": timezone.now()}, "ended_when_done"),
        ({"ended_at": timezone.now()}, "ended_when_done"),
        (
            {
                "state": "running",
                "started_at": timezone.now(),
                "questions_at": timezone.now() - MINUTE,
            },
            "questions_after_start",
        ),
        ({"state": "postponed"}, "postponed_with_reason"),
        ({"told_at": timezone.now()}, "told_a_time"),
        ({"told_time": timezone.now()}, "told_a_time"),
    ],
)
def test_slot_constraints(fields, name):
    refused(name, lambda: PresentationSlotFactory(**fields))


def test_one_runs_one_stands_and_no_two_share_a_place():
    slot = PresentationSlotFactory(state="running", started_at=timezone.now())

    refused(
        "one_running",
        lambda: PresentationSlotFactory(
            day=slot.day, state="running", started_at=timezone.now()
        ),
    )
    refused(
        "one_standing",
        lambda: PresentationSlotFactory(day=slot.day, proposal=slot.proposal),
    )
    refused(
        "position_once",
        lambda: PresentationSlotFactory(day=slot.day, position=slot.position),
    )
    PresentationSlotFactory(
        day=slot.day, proposal=slot.proposal, state="postponed", note="Sakit."
    )


@pytest.mark.parametrize("old", list(SlotState))
@pytest.mark.parametrize("new", list(SlotState))
def test_slot_moves_are_those_of_the_table(old, new):
    if old == new:
        return
    fields = {"note": "Sakit."}
    if old in ("running", "done"):
        fields["started_at"] = timezone.now()
    if old == "done":
        fields["ended_at"] = timezone.now()
    slot = PresentationSlotFactory(state=old, **fields)
    changes = {
        "started_at": timezone.now() if new in ("running", "done") else None,
        "ended_at": timezone.now() if new == "done" else None,
    }
    rows = PresentationSlot.objects.filter(pk=slot.pk)

    if new in SLOT_MOVES.get(old, set()):
        rows.update(state=new, **changes)
    else:
        with pytest.raises(DatabaseError, match="Invalid transition"):
            rows.update(state=new, **changes)


def test_slot_and_day_stay_what_they_are_of():
    slot = PresentationSlotFactory()
    other = PresentationSlotFactory()

    for field in ("proposal", "plan"):
        setattr(slot, field, getattr(other, field))
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            slot.save()
        slot.refresh_from_db()
    slot.day.key = "lain"
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        slot.day.save()


def test_claims_say_something_once_and_stay():
    sheet = gate_sheet()
    claim = claim_for_all(sheet)
    assignment = sheet.assignment
    where = {
        "scoring_stage": assignment.scoring_stage,
        "proposal": assignment.proposal,
    }
    own = VisitClaimFactory(sheet=sheet, **where, text=claim.text)

    refused("says_something", lambda: VisitClaimFactory(**where, text=""))
    refused("for_all_once", lambda: VisitClaimFactory(**where, text=claim.text))
    refused("own_once", lambda: VisitClaimFactory(sheet=sheet, **where, text=own.text))
    claim.text = "Lain."
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        claim.save()


def test_findings_photos_and_visits_are_once():
    sheet = gate_sheet()
    finding = VisitFindingFactory(sheet=sheet, claim=claim_for_all(sheet))
    photo = VisitPhotoFactory(sheet=sheet)
    FieldVisitFactory(sheet=sheet)

    refused(
        "visitfinding_once",
        lambda: VisitFindingFactory(sheet=sheet, claim=finding.claim),
    )
    refused(
        "outcome_is_known",
        lambda: VisitFindingFactory(
            sheet=sheet, claim=claim_for_all(sheet, "Dua 2"), outcome="mungkin"
        ),
    )
    refused(
        "visitphoto_once", lambda: VisitPhotoFactory(sheet=sheet, sha256=photo.sha256)
    )
    refused("sheet_id", lambda: FieldVisitFactory(sheet=sheet))
