"""Two who press at once: the day goes on by one, a picture is kept once."""

from collections import Counter

import pytest
from django.utils import timezone

from judging import services
from judging.models import VisitPhoto
from tests.judging.presenting import call, planned_stage, secretary, slots_of, step
from tests.judging.test_races import at_once
from tests.judging.test_visiting import gate_sheet, of, picture

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_operators_press_next_together():
    stage, day = planned_stage()
    first = call(day)
    step("start_slot", first)
    actors = [secretary(stage) for _n in range(3)]

    answers = at_once(
        *(
            lambda actor=actor: services.call_next(
                day=day, after=first.key, actor=actor, at=timezone.now()
            )
            for actor in actors
        )
    )

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"PresentationSlot": 1, "NotCalled": 2}
    assert [slot.state for slot in slots_of(day)] == ["done", "called", "planned"]


def test_two_start_the_clock_together():
    stage, day = planned_stage()
    slot = call(day)
    actor = secretary(stage)

    def start():
        return services.start_slot(slot=slot, actor=actor, at=timezone.now())

    answers = at_once(start, start)

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"PresentationSlot": 1, "StepNotTaken": 1}


def test_two_arrange_together():
    stage, day = planned_stage()
    actor = secretary(stage)

    def arrange(seed):
        return lambda: services.arrange_presentations(
            stage=stage, order_by="lot", seed=seed, actor=actor, at=timezone.now()
        )

    answers = at_once(arrange("satu"), arrange("dua"))

    assert {type(answer).__name__ for answer in answers} == {"Arrangement"}
    assert [slot.position for slot in slots_of(day)] == [1, 2, 3]
    day.plan.refresh_from_db()
    assert day.plan.draw_count == 3


def test_the_same_picture_sent_twice_at_once_is_kept_once(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    sheet = gate_sheet()
    upload = picture()

    def send():
        return services.add_photos(**of(sheet, uploads=[upload]))

    answers = at_once(send, send)

    assert sorted(len(answer) for answer in answers) == [0, 1]
    assert VisitPhoto.objects.count() == 1


def test_photo_on_its_way_while_the_sheet_is_finished(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    sheet = gate_sheet()
    sheet = services.save_verdict(
        **of(sheet, verdict="passes", note="", base_version=0)
    )
    upload = picture()

    answers = at_once(
        lambda: services.add_photos(**of(sheet, uploads=[upload])),
        lambda: services.finish_visit(**of(sheet, base_version=1)),
    )

    taken, finished = answers
    assert finished.is_final
    count = VisitPhoto.objects.count()
    if isinstance(taken, list):
        assert count == 1
    else:
        assert (type(taken), count) == (services.SheetLocked, 0)
