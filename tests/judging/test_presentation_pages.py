"""Pages of presentations: the schedule, the live pages, what jurors and authors see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from judging import services
from judging.models import PresentationDay, PresentationPlan, PresentationSlot
from tests.factories.accounts import AuthorFactory
from tests.factories.judging import ConflictFactory, JurorFactory, ScoreSheetFactory
from tests.judging.pages import content_of, login_secretariat
from tests.judging.presenting import (
    HOUR,
    add_day,
    call,
    new_candidate,
    planned_stage,
    presentation_stage,
    secretary,
    slots_of,
    step,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "X-Background": "1"}


def url(name, *args, **query):
    address = reverse(f"judging:presentation_{name}", args=args)
    return f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}"


def announce(stage):
    services.announce_presentations(
        plan=PresentationPlan.objects.get(scoring_stage=stage),
        actor=secretary(stage),
        at=timezone.now(),
    )


def seat(stage, juror, proposal):
    return ScoreSheetFactory(
        assignment__juror=juror,
        assignment__proposal=proposal,
        assignment__scoring_stage=stage,
    )


# The schedule ----------------------------------------------------------------------


def test_day_is_planned_by_form_with_its_breaks(client):
    stage = presentation_stage()
    login_secretariat(client, stage.round)
    data = {
        "begins_at": "31 Jan 2032, 09.00",
        "presentation_minutes": "7",
        "questions_minutes": "13",
        "pause_minutes": "0",
        "breaks": "12.00–13.00 Ishoma\n15:00 - 15:15",
        "place": "Pendopo",
    }

    response = client.post(url("day_create", stage.round.slug), data)

    assert response.status_code == 302
    day = PresentationDay.objects.get()
    labels = day.presentationbreak_set.order_by("starts_at").values_list("label")
    assert list(labels) == [("Ishoma",), ("Break",)]
    page = client.get(url("day_edit", stage.round.slug, day.key))
    assert "12.00–13.00 Ishoma" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"begins_at": "kapan-kapan"}, "begins_at"),
        ({"presentation_minutes": "0"}, "presentation_minutes"),
        ({"breaks": "siang"}, "breaks"),
        ({"breaks": "13.00–12.00 Ishoma"}, "breaks"),
        ({"breaks": "25.00–26.00 Ishoma"}, "breaks"),
        ({"place": ""}, "place"),
        ({"place": "", "link": "javascript:alert(1)"}, "link"),
        ({"capacity": "0"}, "capacity"),
    ],
)
def test_slip_in_a_day_is_shown_beside_its_field(client, wrong, field):
    stage = presentation_stage()
    login_secretariat(client, stage.round)
    data = {
        "begins_at": "31 Jan 2032, 09.00",
        "presentation_minutes": "7",
        "questions_minutes": "13",
        "pause_minutes": "0",
        "place": "Pendopo",
    }

    response = client.post(url("day_create", stage.round.slug), data | wrong)

    assert list(response.context["form"].errors) == [field]
    assert not PresentationDay.objects.exists()


@pytest.mark.parametrize("proposals", [1, 3])
def test_schedule_query_count(client, django_assert_num_queries, proposals):
    stage, _day = planned_stage(proposals=proposals)
    login_secretariat(client, stage.round)
    client.get(url("schedule", stage.round.slug))

    with django_assert_num_queries(17):
        response = client.get(url("schedule", stage.round.slug))

    assert len(response.context["days"][0].slots) == proposals


def test_schedule_arranges_moves_and_tells(client):
    stage, day = planned_stage()
    slug = stage.round.slug
    login_secretariat(client, stage.round)
    first, second, _third = slots_of(day)

    client.post(url("move", second.key), {"to": "up"})
    client.post(url("show_order", slug), {"is_public": "1"})
    client.post(url("announce", slug))
    client.post(url("arrange", slug), {"order_by": "hand"})

    assert [each.proposal_id for each in slots_of(day)][:2] == [
        second.proposal_id,
        first.proposal_id,
    ]
    assert all(slot.told_at for slot in slots_of(day))
    assert PresentationPlan.objects.get().is_order_public


def test_who_has_no_time_is_listed_and_placed(client):
    stage, day = planned_stage()
    new = new_candidate(stage)
    slug = stage.round.slug
    login_secretariat(client, stage.round)

    page = client.get(url("schedule", slug))
    client.post(url("place", slug, new.code), {"day": "tidak-ada"})
    client.post(url("place", slug, new.code), {"day": day.key})

    assert page.context["unplaced"] == [new]
    assert slots_of(day)[-1].proposal == new


def test_call_list_is_a_paper(client):
    stage, day = planned_stage(proposals=1)
    login_secretariat(client, stage.round)

    response = client.get(url("call_list", stage.round.slug, day.key))

    assert response["Content-Type"] == "application/pdf"
    assert content_of(response).startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"


def test_calendar_has_an_entry_for_each(client):
    stage, _day = planned_stage()
    login_secretariat(client, stage.round)

    response = client.get(url("calendar", stage.round.slug))

    calendar = Calendar.from_ical(response.content)
    assert len(calendar.walk("VEVENT")) == 3
    assert "private" in response["Cache-Control"]


# The day itself --------------------------------------------------------------------


def test_operator_goes_through_the_day(client):
    stage, day = planned_stage(proposals=2)
    login_secretariat(client, stage.round)
    operate = url("operate", stage.round.slug, day.key)
    first, second = slots_of(day)

    client.post(operate, {"after": ""})
    client.post(url("step", first.key, "mulai"))
    running = client.get(operate)
    client.post(url("step", first.key, "tanya"))
    client.post(operate, {"after": first.key})
    client.post(url("step", second.key, "tidak-hadir"))
    over = client.get(operate)

    assert running.context["stopwatch"]["is_presenting"]
    assert running.context["current"] == first
    assert running.context["following"] == second
    assert [slot.state for slot in slots_of(day)] == ["done", "absent"]
    assert over.context["is_over"]


def test_clock_is_drawn_from_the_start_however_often_it_is_loaded(client):
    stage, day = planned_stage()
    login_secretariat(client, stage.round)
    slot = call(day)
    at = timezone.now() - HOUR / 6
    step("start_slot", slot, at=at)

    pages = [
        client.get(url("hall", stage.round.slug, day.key)).context["stopwatch"]
        for _n in range(2)
    ]

    assert [each["clock"].started_at for each in pages] == [at, at]
    assert not pages[0]["is_presenting"]  # ten minutes: questions by now
    assert not pages[0]["is_over"]


@pytest.mark.parametrize("name", ["operate", "hall"])
def test_live_page_is_sent_again_only_when_something_changed(client, name):
    stage, day = planned_stage()
    login_secretariat(client, stage.round)
    version = PresentationPlan.objects.get().version
    address = url(name, stage.round.slug, day.key, versi=version)

    quiet = client.get(address, headers=HTMX)
    whole = client.get(address)
    call(day)
    changed = client.get(address, headers=HTMX)

    assert (quiet.status_code, quiet.content) == (204, b"")
    assert b"<html" in whole.content
    assert changed.status_code == 200
    assert b"<html" not in changed.content
    assert f"versi={version + 1}" in changed.content.decode()


@pytest.mark.parametrize("proposals", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("operate", 7), ("hall", 5)])
def test_live_pages_query_count(
    client, django_assert_num_queries, proposals, name, queries
):
    stage, day = planned_stage(proposals=proposals)
    login_secretariat(client, stage.round)
    client.get(url(name, stage.round.slug, day.key))

    with django_assert_num_queries(queries):
        client.get(url(name, stage.round.slug, day.key))


def test_unknown_step_is_no_page(client):
    stage, day = planned_stage()
    login_secretariat(client, stage.round)

    response = client.post(url("step", slots_of(day)[0].key, "lompat"))

    assert response.status_code == 404


def test_postponing_asks_why(client):
    stage, day = planned_stage()
    login_secretariat(client, stage.round)
    slot = slots_of(day)[0]
    address = url("postpone", slot.key)

    empty = client.post(address, {"to": day.key})
    client.post(address, {"to": "-", "reason": "Listrik padam."})

    assert "reason" in empty.context["form"].errors
    slot.refresh_from_db()
    assert (slot.state, slot.note) == ("postponed", "Listrik padam.")
    assert PresentationSlot.objects.count() == 3


def test_no_day_that_is_over_is_offered_as_the_new_one(client):
    stage, day = planned_stage()
    past = add_day(stage, begins_at=timezone.now() + timedelta(days=3))
    PresentationDay.objects.filter(pk=past.pk).update(
        begins_at=timezone.now() - timedelta(days=3)
    )
    login_secretariat(client, stage.round)

    page = client.get(url("postpone", slots_of(day)[0].key))

    offered = page.context["form"].fields["to"].choices
    assert [key for key, _label in offered] == [day.key, "-"]


# Jurors ------------------------------------------------------------------------------


def test_juror_is_led_to_the_own_sheet_of_who_presents(client):
    stage, day = planned_stage()
    juror = stage.round.juror_set.get()
    slot = call(day)
    sheet = seat(stage, juror, slot.proposal)
    client.force_login(juror.user)

    response = client.get(url("follow", stage.round.slug))

    assert response.context["now"].sheet == sheet
    assert sheet.get_absolute_url() in response.content.decode()


def test_juror_reads_no_title_without_a_sheet_or_in_conflict(client):
    stage, day = planned_stage(proposals=2)
    juror = stage.round.juror_set.get()
    conflicted, unassigned = slots_of(day)
    seat(stage, juror, conflicted.proposal)
    ConflictFactory(juror=juror, proposal=conflicted.proposal)
    call(day)
    client.force_login(juror.user)

    page = client.get(url("follow", stage.round.slug)).content.decode()

    for slot in (conflicted, unassigned):
        assert slot.proposal.title not in page
        assert slot.proposal.institution.name not in page


def test_juror_of_a_blind_stage_reads_no_institution(client):
    stage, day = planned_stage(proposals=1)
    stage.is_blind = True
    stage.save()
    juror = stage.round.juror_set.get()
    slot = slots_of(day)[0]
    seat(stage, juror, slot.proposal)
    call(day)
    client.force_login(juror.user)

    page = client.get(url("follow", stage.round.slug)).content.decode()

    assert slot.proposal.title in page
    assert slot.proposal.institution.short_name not in page
    assert slot.proposal.institution.name not in page


def test_juror_without_signature_signs_first(client):
    stage, _day = planned_stage()
    juror = JurorFactory(round=stage.round, signed_at=None)
    client.force_login(juror.user)

    response = client.get(url("follow", stage.round.slug))

    assert response.url == reverse("judging:panel_accept", args=[stage.round.slug])


@pytest.mark.parametrize("proposals", [1, 3])
def test_follow_query_count(client, django_assert_num_queries, proposals):
    stage, day = planned_stage(proposals=proposals)
    juror = stage.round.juror_set.get()
    for slot in slots_of(day):
        seat(stage, juror, slot.proposal)
    client.force_login(juror.user)
    client.get(url("follow", stage.round.slug))

    with django_assert_num_queries(11):
        response = client.get(url("follow", stage.round.slug))

    assert len(response.context["seats"]) == proposals


# Institutions ------------------------------------------------------------------------


def test_institution_sees_its_time_once_it_was_told(client):
    stage, day = planned_stage()
    slot = slots_of(day)[0]
    client.force_login(AuthorFactory(institution=slot.proposal.institution))
    address = url("detail", slot.proposal.code)

    before = client.get(address)
    announce(stage)
    after = client.get(address)

    assert before.status_code == 404
    assert after.context["slot"] == slot
    calendar = Calendar.from_ical(
        client.get(url("detail_calendar", slot.proposal.code)).content
    )
    (entry,) = calendar.walk("VEVENT")
    assert entry.decoded("dtstart") == slot.planned_at.replace(microsecond=0)


def test_institution_sees_what_it_was_told_until_it_is_told_anew(client):
    stage, day = planned_stage()
    announce(stage)
    first, second, _third = slots_of(day)
    services.move_slot(slot=second, by=-1, actor=secretary(stage), at=timezone.now())
    client.force_login(AuthorFactory(institution=first.proposal.institution))

    response = client.get(url("detail", first.proposal.code))

    assert response.context["slot"].told_time == first.planned_at
    assert response.context["slot"].planned_at == second.planned_at


def test_order_of_others_is_seen_by_the_secretariats_word_alone(client):
    stage, day = planned_stage()
    announce(stage)
    first, second, _third = slots_of(day)
    client.force_login(AuthorFactory(institution=first.proposal.institution))
    address = url("detail", first.proposal.code)

    hidden = client.get(address).content.decode()
    services.show_order(
        plan=day.plan, is_public=True, actor=secretary(stage), at=timezone.now()
    )
    shown = client.get(address).content.decode()

    assert second.proposal.title not in hidden
    assert second.proposal.title in shown


def test_postponed_institution_reads_why(client):
    stage, day = planned_stage()
    announce(stage)
    slot = slots_of(day)[0]
    step("postpone_slot", slot, reason="Listrik padam.", day=None)
    client.force_login(AuthorFactory(institution=slot.proposal.institution))

    page = client.get(url("detail", slot.proposal.code)).content.decode()

    assert "Listrik padam." in page
    assert client.get(url("detail_calendar", slot.proposal.code)).status_code == 404
