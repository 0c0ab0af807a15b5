"""Who is called to a plenary, told where it went, and finds it in a calendar."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from judging import services
from judging.models import ScoreSheet
from notifications.models import Message
from tests.factories.judging import JurorFactory
from tests.factories.plenary import (
    apply,
    judged_round,
    open_plenary,
    panel_of,
    secretary_of,
)

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture
def round():
    return judged_round(80, jurors=3)


@pytest.fixture
def called(round):
    """A plenary that is to be held tomorrow."""
    return services.open_plenary(
        scoring_stage=round.scoringstage_set.get(),
        held_at=timezone.now() + TOMORROW,
        place="Ruang Amarta",
        chair=panel_of(round)[0],
        quorum=None,
        names_jurors=False,
        actor=secretary_of(round),
        at=timezone.now(),
    )


def told(kind):
    rows = Message.objects.filter(kind=f"judging.{kind}").order_by("recipient")
    return [each.recipient for each in rows]


def change(plenary, **fields):
    data = {
        "held_at": plenary.held_at,
        "place": plenary.place,
        "chair": plenary.chair,
        "quorum": plenary.quorum,
        "names_jurors": plenary.names_jurors,
    }
    return services.change_plenary(
        plenary=plenary,
        **(data | fields),
        actor=plenary.opened_by,
        at=timezone.now(),
    )


def test_call_tells_the_sitting_panel_where_and_when(round, called):
    left = JurorFactory(round=round, ended_at=timezone.now(), end_reason="Pindah.")

    assert told("plenary_called") == [each.user for each in panel_of(round)[:3]]
    assert left.user not in told("plenary_called")
    body = Message.objects.filter(kind="judging.plenary_called").first().body_text
    assert "Ruang Amarta" in body
    assert reverse("judging:plenary_calendar", args=[called.key]) in body


def test_call_for_what_has_begun_tells_nobody(round):
    open_plenary(round)

    assert told("plenary_called") == []


def test_move_is_told_and_another_quorum_is_not(round, called):
    change(called, quorum=3)
    assert told("plenary_moved") == []

    change(called, place="Aula")

    assert told("plenary_moved") == [each.user for each in panel_of(round)]


def test_cancelled_is_told_with_its_reason(round, called):
    services.cancel_plenary(
        plenary=called,
        reason="Ketua sakit.",
        actor=called.opened_by,
        at=timezone.now(),
    )

    assert told("plenary_cancelled") == [each.user for each in panel_of(round)]
    assert (
        "Ketua sakit."
        in Message.objects.get(
            kind="judging.plenary_cancelled", recipient=panel_of(round)[0].user
        ).body_text
    )


def test_calendar_is_that_of_the_panel_alone(client, round, called):
    url = reverse("judging:plenary_calendar", args=[called.key])
    other = JurorFactory()
    client.force_login(other.user)
    assert client.get(url).status_code == 404

    client.force_login(panel_of(round)[1].user)
    (first,) = Calendar.from_ical(client.get(url).content).walk("VEVENT")
    change(called, held_at=called.held_at + TOMORROW)
    (second,) = Calendar.from_ical(client.get(url).content).walk("VEVENT")

    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["DTSTART"].dt - first["DTSTART"].dt == TOMORROW


@pytest.mark.parametrize("is_applied", [False, True])
def test_sheet_stays_final_in_sql_too(round, is_applied):
    plenary = open_plenary(round)
    if is_applied:
        apply(plenary)

    with pytest.raises(Error, match="plenary deliberates"), transaction.atomic():
        ScoreSheet.objects.update(
            state="draft",
            finalised_at=None,
            reopened_at=timezone.now(),
            reopen_reason="Keliru.",
        )


def test_sheet_opens_again_once_the_plenary_is_cancelled(round):
    plenary = open_plenary(round)
    services.cancel_plenary(
        plenary=plenary, reason="Ditunda.", actor=plenary.opened_by, at=timezone.now()
    )

    sheet = services.reopen_sheet(
        sheet=ScoreSheet.objects.first(),
        reason="Keliru.",
        actor=plenary.opened_by,
        at=timezone.now(),
    )

    assert sheet.state == "draft"
