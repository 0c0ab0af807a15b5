"""A table of cases: each reminder comes once, or rightly not.

Every row is one story of one author, told in hours before the closing: what happens
when, at which moments the clock ticks, and how many messages that author has in the
end. The clock of the stage stands at 23.59.59 in the zone of its government.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection

from competitions.models import ReminderAudience, ReminderPlan
from competitions.services import extend_stage, grant_exception
from notifications import periodic
from notifications.delivering import deliver
from notifications.models import Delivery, Message
from notifications.tasks import deliver_message
from submissions import services
from submissions.models import Proposal, ProposalState, Reminder, ReminderRun
from tests.factories.accounts import InstitutionFactory, MembershipFactory
from tests.factories.competitions import ReminderPlanFactory
from tests.factories.judging import JurorFactory, ScoreSheetFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import City, make_city

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]


def city_in(zone: str = "Asia/Jakarta", plans: Sequence[dict] = ()) -> City:
    """A city whose stage of submission closes on 31 March 2022 at 23.59.59 there."""
    city = make_city()
    government = city.government
    government.time_zone = zone
    government.save(update_fields=["time_zone"])
    stage = city.stage
    stage.closes_at = datetime(2022, 3, 31, 23, 59, 59, tzinfo=ZoneInfo(zone))
    stage.save(update_fields=["closes_at"])
    stage.reminderplan_set.all().delete()
    for plan in plans or [{"hours": 24}]:
        ReminderPlanFactory(stage=stage, **plan)
    return city


def told(city: City, person=None) -> int:
    return Message.objects.filter(
        recipient=person or city.author, kind__startswith="submission."
    ).count()


def submit(city: City, at: datetime) -> None:
    services.submit_proposal(proposal=city.proposal(), actor=city.head, at=at)


def extend(city: City, at: datetime, by: timedelta) -> None:
    stage = city.stage
    extend_stage(
        stage=stage,
        closes_at=stage.closes_at + by,
        reason="Banyak permintaan.",
        actor=city.secretary,
        at=at,
        tell=False,
    )


def more_time(city: City, at: datetime, by: timedelta) -> None:
    grant_exception(
        round=city.round,
        institution=city.institution,
        closes_at=city.stage.closes_at + by,
        reason="Banjir.",
        actor=city.secretary,
        at=at,
    )


def plan_late(city: City, at: datetime, hours: int) -> None:
    services.add_reminder(
        stage=city.stage,
        terms=services.ReminderTerms("before", hours, "waiting", ["email"]),
        actor=city.secretary,
        at=at,
    )


@dataclass(frozen=True)
class Case:
    """`ticks` and the moments of `events` are hours before the first closing."""

    name: str
    ticks: Sequence[float]
    told: int
    plans: Sequence[dict] = ()
    events: Sequence[tuple[float, Callable[[City, datetime], None]]] = field(
        default_factory=tuple
    )


CASES = [
    Case("nothing before its moment", [25, 24 + 1 / 3600], 0),
    Case("at its moment, to the second", [24], 1),
    Case("once, however often the clock ticks", [24, 23.9, 23.8, 3, 0.1], 1),
    Case("the last second catches up", [1 / 3600], 1),
    Case("nothing at the closing", [0], 0),
    Case("nothing after the closing", [-1], 0),
    Case("clock away over the moment", [25, 1], 1),
    Case("clock away for a day", [100, 20], 1, [{"hours": 72}, {"hours": 24}]),
    Case(
        "clock away, then each that comes",
        [100, 20, 3, 2],
        2,
        [{"hours": 72}, {"hours": 24}, {"hours": 3}],
    ),
    Case(
        "four offsets, each once",
        [168, 72, 24, 3, 1],
        4,
        [
            {"hours": 168},
            {"hours": 72},
            {"hours": 24},
            {"hours": 3},
        ],
    ),
    Case(
        "submitted one second before",
        [24],
        0,
        events=[(24 + 1 / 3600, submit)],
    ),
    Case("submitted one second after", [24, 23], 1, events=[(24 - 1 / 3600, submit)]),
    Case(
        "submitted one second before the closing",
        [24, 3, 0, -1],
        2,
        [{"hours": 24}, {"hours": 3}],
        [(1 / 3600, submit)],
    ),
    Case(
        "extended after the reminder: once more for the new closing",
        [24, 23, -48, -47],
        2,
        events=[(20, lambda city, at: extend(city, at, 72 * HOUR))],
    ),
    Case(
        "extended after the reminder: no moment that lay before the extension",
        [24, 19, 5, 1, -1, -2.5],
        1,
        [{"hours": 24}],
        [(2, lambda city, at: extend(city, at, 3 * HOUR))],
    ),
    Case(
        "extended before the reminder: at the new moment only",
        [24, 23, -48],
        1,
        events=[(30, lambda city, at: extend(city, at, 72 * HOUR))],
    ),
    Case(
        "extended twice",
        [24, -48, -120],
        3,
        events=[
            (20, lambda city, at: extend(city, at, 72 * HOUR)),
            (-50, lambda city, at: extend(city, at, 72 * HOUR)),
        ],
    ),
    Case(
        "more time for the institution: by its own closing",
        [24, 23, -24, -25],
        1,
        events=[(30, lambda city, at: more_time(city, at, 48 * HOUR))],
    ),
    Case(
        "more time after the reminder: once more",
        [24, -24],
        2,
        events=[(20, lambda city, at: more_time(city, at, 48 * HOUR))],
    ),
    Case(
        "planned late: at its own moment",
        [24, 9, 6],
        2,
        events=[(10, lambda city, at: plan_late(city, at, 6))],
    ),
    Case(
        "after the opening, once",
        [300, 200, 100],
        1,
        [{"hours": 24, "anchor": "after"}],
    ),
    Case(
        "after the opening: an extension changes nothing",
        [100, 10, -20],
        1,
        [{"hours": 24, "anchor": "after"}],
        [(50, lambda city, at: extend(city, at, 48 * HOUR))],
    ),
    Case(
        "two rows for different people, each once",
        [24, 12, 11],
        2,
        [{"hours": 24}, {"hours": 12, "audience": "drafts"}],
        [(200, lambda city, at: city.proposal())],
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    city = city_in(plans=case.plans)
    closing = city.stage.closes_at
    steps = [(hours, services.remind_of_deadlines) for hours in case.ticks]
    steps += [
        (hours, lambda at, event=event: event(city, at)) for hours, event in case.events
    ]

    for hours, act in sorted(steps, key=lambda step: -step[0]):
        act(at=closing - hours * HOUR)

    assert told(city) == case.told


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ZONES)
def test_midnight_is_that_of_the_government(zone):
    city = city_in(zone)
    moment = datetime(2022, 3, 30, 23, 59, 59, tzinfo=ZoneInfo(zone))

    assert services.remind_of_deadlines(at=moment - SECOND) == 0
    assert services.remind_of_deadlines(at=moment) > 0

    body = Message.objects.get(recipient=city.author).body_text
    name = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
    assert f"31 Maret 2022 pukul 23.59 {name[zone]}" in body


@pytest.mark.django_db
def test_same_moment_on_the_clock_comes_in_the_order_of_the_zones():
    cities = [city_in(zone) for zone in ZONES]
    first = datetime(2022, 3, 30, 23, 59, 59, tzinfo=ZoneInfo("Asia/Jayapura"))

    order = []
    for hours in range(3):
        services.remind_of_deadlines(at=first + hours * HOUR)
        order.append([told(city) for city in cities])

    assert order == [[0, 0, 1], [0, 1, 1], [1, 1, 1]]


@pytest.mark.django_db
@pytest.mark.parametrize("audience", ["waiting", "drafts", "admins"])
def test_person_in_two_institutions_gets_one_message_that_names_both(audience):
    city = city_in(plans=[{"hours": 24, "audience": audience}])
    second = InstitutionFactory(government=city.government, name="Dinas Kedua")
    MembershipFactory(user=city.head, institution=second, role="institution_admin")
    for institution in (city.institution, second):
        ProposalFactory(round=city.round, institution=institution)

    services.remind_of_deadlines(at=city.stage.closes_at - 24 * HOUR)

    body = Message.objects.get(recipient=city.head).body_text
    assert city.institution.name in body
    assert "Dinas Kedua" in body


@pytest.mark.django_db
def test_person_in_two_institutions_is_reminded_of_the_one_that_has_not_submitted():
    city = city_in()
    second = InstitutionFactory(government=city.government, name="Dinas Kedua")
    MembershipFactory(user=city.head, institution=second, role="institution_admin")
    submit(city, city.stage.closes_at - 24 * HOUR - SECOND)

    for hours in (24, 23):
        services.remind_of_deadlines(at=city.stage.closes_at - hours * HOUR)

    body = Message.objects.get(
        recipient=city.head, kind__startswith="submission."
    ).body_text
    assert "Dinas Kedua" in body
    assert city.institution.name not in body


@pytest.mark.django_db
def test_person_in_institutions_of_two_zones_is_reminded_by_each_closing():
    west, east = city_in(), city_in("Asia/Jayapura")
    MembershipFactory(user=west.author, institution=east.institution, role="author")
    first = east.stage.closes_at - 24 * HOUR  # two hours before that of the west

    counts = []
    for minutes in (-1, 0, 119, 120, 180):
        services.remind_of_deadlines(at=first + timedelta(minutes=minutes))
        counts.append(told(west, west.author))

    assert counts == [0, 1, 1, 2, 2]
    bodies = Message.objects.filter(recipient=west.author).order_by("pk")
    zones = [re.search(r"\bWI[BT]\b", each.body_text)[0] for each in bodies]
    assert zones == ["WIT", "WIB"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ticks", "submitted_at", "told_times"),
    [
        ([24 + 1 / 3600], None, 0),
        ([24, 23.9, 23], None, 1),
        ([24, 3, 2, 0], None, 2),
        ([20, 19], None, 1),  # the clock was away over the moment
        ([24, 3], 24 + 1 / 3600, 0),
        ([24, 3], 3 + 1 / 3600, 1),
    ],
)
def test_winner_sent_on_from_another_zone_is_reminded_by_the_round(
    ticks, submitted_at, told_times
):
    """A draft of another government's institution, as forwarding begins it."""
    city = city_in(plans=[{"hours": 24}, {"hours": 3}])
    closing = city.stage.closes_at
    elsewhere = InstitutionFactory(government__time_zone="Asia/Jayapura")
    writer = MembershipFactory(institution=elsewhere, role="author").user
    draft = ProposalFactory(round=city.round, institution=elsewhere)

    for hours in ticks:
        if submitted_at and hours <= submitted_at:
            Proposal.objects.filter(pk=draft.pk).update(
                state=ProposalState.SUBMITTED,
                submitted_at=closing - submitted_at * HOUR,
                submitted_by=writer,
                receipt_number="1",
                digest="0" * 64,
            )
        services.remind_of_deadlines(at=closing - hours * HOUR)

    assert told(city, writer) == told_times
    scopes = Message.objects.filter(recipient=writer).values_list("scope", flat=True)
    assert set(scopes) <= {elsewhere.government.code}


@pytest.mark.django_db
def test_reminder_that_the_mail_server_kept_beyond_the_closing_is_not_sent():
    city = city_in(plans=[{"hours": 3}])
    closing = city.stage.closes_at
    services.remind_of_deadlines(at=closing - 3 * HOUR)
    mail_of = Delivery.objects.filter(message__recipient=city.author)

    sent = deliver(delivery_id=mail_of.get().pk, at=closing)

    assert not sent
    assert mail_of.get().is_skipped


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "audiences"),
    [
        (None, {"waiting"}),
        (ProposalState.DRAFT, {"waiting", "drafts"}),
        (ProposalState.RETURNED, {"waiting", "returned"}),
        (ProposalState.REOPENED, {"waiting", "returned"}),
        (ProposalState.ENDORSING, {"waiting", "endorsing"}),
        (ProposalState.SUBMITTED, set()),
        (ProposalState.WITHDRAWN, {"waiting"}),
    ],
)
def test_who_is_meant_by_whom(state, audiences):
    wanted = ["waiting", "drafts", "returned", "endorsing"]
    city = city_in(plans=[{"hours": 24, "audience": each} for each in wanted])
    if state:
        ProposalFactory(round=city.round, institution=city.institution, state=state)

    services.remind_of_deadlines(at=city.stage.closes_at - 24 * HOUR)

    reached = Reminder.objects.filter(was_told=True).values_list(
        "plan__audience", flat=True
    )
    assert set(reached) == audiences


@pytest.mark.django_db
def test_only_heads_are_asked_to_endorse_and_only_admins_are_told_of_a_stage():
    city = city_in(
        plans=[{"hours": 24, "audience": each} for each in ("endorsing", "admins")]
    )
    city.proposal(state=ProposalState.ENDORSING)

    services.remind_of_deadlines(at=city.stage.closes_at - 24 * HOUR)

    assert told(city) == 0
    assert told(city, city.head) == 2


@pytest.mark.django_db
def test_jurors_are_reminded_of_open_sheets_of_that_stage_alone():
    city = city_in()
    stage = city.round.stage_set.get(kind="scoring")
    ReminderPlanFactory(stage=stage, hours=24, audience=ReminderAudience.JURORS)
    scoring = city.round.scoringstage_set.get()
    busy, idle = JurorFactory.create_batch(2, round=city.round)
    proposal = ProposalFactory(
        round=city.round,
        institution=city.institution,
        state=ProposalState.SCREENED_PASSED,
    )
    ScoreSheetFactory(
        assignment__scoring_stage=scoring,
        assignment__juror=busy,
        assignment__proposal=proposal,
    )

    for hours in (24, 23, 1, 0):
        services.remind_of_deadlines(at=stage.closes_at - hours * HOUR)

    message = Message.objects.get(kind="judging.sheets_due")
    assert message.recipient == busy.user
    assert not Message.objects.filter(recipient=idle.user).exists()


@pytest.mark.django_db
def test_who_comes_to_an_audience_after_it_was_told_hears_of_the_next_only():
    city = city_in(plans=[{"hours": 24}, {"hours": 3}])
    closing = city.stage.closes_at
    services.remind_of_deadlines(at=closing - 24 * HOUR)
    newcomer = MembershipFactory(institution=city.institution).user

    services.remind_of_deadlines(at=closing - 20 * HOUR)
    assert told(city, newcomer) == 0

    services.remind_of_deadlines(at=closing - 3 * HOUR)
    assert told(city, newcomer) == 1


@pytest.mark.django_db
def test_row_taken_away_reminds_nobody():
    city = city_in()
    ReminderPlan.objects.update(removed_at=city.stage.opens_at)

    assert services.remind_of_deadlines(at=city.stage.closes_at - HOUR) == 0


@pytest.mark.django_db(transaction=True)
def test_two_beats_send_each_mail_once(monkeypatch):
    """The whole way: both find the plan due, both sweep what the broker lost."""
    cities = [city_in(zone) for zone in ZONES]
    at = cities[-1].stage.closes_at - HOUR  # the first to close
    barrier = Barrier(2)
    monkeypatch.setattr(deliver_message, "delay", lambda pk: deliver_message(pk))

    def beat(_number):
        try:
            barrier.wait(timeout=20)
            services.remind_of_deadlines(at=at)
            periodic.sweep_deliveries()
        finally:
            connection.close()

    with time_machine.travel(at, tick=True), ThreadPoolExecutor(2) as pool:
        list(pool.map(beat, range(2)))

    arrived = Counter(each.to[0] for each in mail.outbox)
    assert arrived == {
        person.email: 1 for city in cities for person in (city.author, city.head)
    }


@pytest.mark.django_db(transaction=True)
def test_beats_at_once_remind_once_and_note_one_run():
    city = city_in(plans=[{"hours": 72}, {"hours": 24}])
    at = city.stage.closes_at - 24 * HOUR
    barrier = Barrier(4)

    def tick(_number):
        try:
            barrier.wait(timeout=20)
            return services.remind_of_deadlines(at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(tick, range(4)))

    assert sum(counts) == 2  # author and head
    assert Message.objects.count() == 2
    assert ReminderRun.objects.count() == 2
    assert ReminderRun.objects.get(was_passed=False).told == 2
