"""The plan of reminders: adding, changing, taking away, and its page."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from competitions.models import ReminderPlan
from core.models import AuditEntry
from submissions import services
from submissions.models import ReminderRun
from submissions.services import ReminderNotPlanned, ReminderTerms
from tests.factories.competitions import ReminderPlanFactory
from tests.submissions.conftest import AT, make_city

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    """The refusals are compared in the language they are written in."""
    with translation.override("en"):
        yield


def terms(hours=48, *, anchor="before", audience="waiting", channels=("email",)):
    return ReminderTerms(anchor, hours, audience, channels)


def add(city, *, at=AT, stage=None, **kwargs):
    return services.add_reminder(
        stage=stage or city.stage, terms=terms(**kwargs), actor=city.secretary, at=at
    )


def sent(plan):
    return ReminderRun.objects.create(
        plan=plan, counted_from=plan.stage.closes_at, ran_at=AT, told=3
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"hours": 0}, "hours_in_range"),
        ({"hours": 10_001, "anchor": "after"}, "hours_in_range"),
        ({"hours": 24}, "reminderplan_once"),
    ],
)
def test_row_that_cannot_be(city, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReminderPlanFactory(stage=city.stage, **fields)


def test_added_changed_and_taken_away_and_noted(city):
    plan = add(city)
    services.change_reminder(
        plan=plan, terms=terms(36), actor=city.secretary, at=AT + HOUR
    )
    plan.refresh_from_db()
    assert (plan.hours, plan.created_at) == (36, AT + HOUR)

    services.remove_reminder(plan=plan, actor=city.secretary, at=AT)

    assert not ReminderPlan.objects.filter(pk=plan.pk).exists()
    noted = AuditEntry.objects.filter(action__startswith="reminder.").order_by("pk")
    assert list(noted.values_list("action", flat=True)) == [
        "reminder.added",
        "reminder.changed",
        "reminder.removed",
    ]
    assert {entry.scope for entry in noted} == {city.government.code}


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"audience": "jurors"}, "nothing to do"),
        ({"hours": 24 * 60}, "before"),
        ({"hours": 24 * 60, "anchor": "after"}, "after"),
        ({"hours": 24 * 15}, "has passed"),
        ({"hours": 24}, "already"),
    ],
)
def test_what_would_tell_nobody_is_refused_with_the_reason(
    city, settings, kwargs, words
):
    with pytest.raises(ReminderNotPlanned, match=words):
        add(city, **kwargs)


def test_nothing_is_planned_once_the_stage_is_over(city):
    with pytest.raises(ReminderNotPlanned, match="over"):
        add(city, at=city.stage.closes_at)


def test_sent_row_stands_until_the_closing_is_put_off(city):
    plan = ReminderPlanFactory(stage=city.stage)
    sent(plan)
    with pytest.raises(ReminderNotPlanned, match="was sent"):
        services.change_reminder(
            plan=plan, terms=terms(36), actor=city.secretary, at=AT
        )
    with pytest.raises(ReminderNotPlanned, match="was sent"):
        services.remove_reminder(plan=plan, actor=city.secretary, at=AT)
    stage = city.stage
    stage.closes_at += timedelta(days=3)
    stage.save(update_fields=["closes_at"])

    services.remove_reminder(plan=plan, actor=city.secretary, at=AT)

    plan.refresh_from_db()
    assert plan.removed_at == AT
    with pytest.raises(ReminderNotPlanned, match="meanwhile"):
        services.remove_reminder(plan=plan, actor=city.secretary, at=AT)


def test_failure_half_way_leaves_nothing(city, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(services.planning.audit, "record", fail)
    count = ReminderPlan.objects.count()

    with pytest.raises(RuntimeError), transaction.atomic():
        add(city)

    assert ReminderPlan.objects.count() == count


# The page ----------------------------------------------------------------------------


@pytest.fixture
def secretary(client, live_city):
    client.force_login(live_city.secretary)
    return live_city


def list_url(city):
    return reverse("submissions:reminder_list", args=[city.round.slug])


@pytest.mark.parametrize("row_count", [1, 3])
def test_page_query_count(client, secretary, row_count, django_assert_num_queries):
    secretary.stage.reminderplan_set.all().delete()
    for hours in range(1, row_count + 1):
        ReminderPlanFactory(stage=secretary.stage, hours=hours)
    client.get(list_url(secretary))

    # Session, person, roles; round, whether one competes; stages twice, plans, runs;
    # whom it reaches: unsent proposals, institutions, people.
    with django_assert_num_queries(12):
        response = client.get(list_url(secretary))

    assert len(response.context["plans"][0].rows) == row_count


def test_page_shows_moment_reach_and_what_became_of_each(client, secretary):
    plan = secretary.stage.reminderplan_set.get(hours=24)
    ReminderRun.objects.create(
        plan=plan,
        counted_from=secretary.stage.closes_at,
        ran_at=timezone.now(),
        told=17,
    )

    rows = client.get(list_url(secretary)).context["plans"][0].rows

    assert [row.plan.hours for row in rows] == [168, 72, 24, 3]
    assert {row.reach for row in rows} == {2}
    assert [row.state.value for row in rows].count("sent") == 1
    assert rows[2].run.told == 17


def test_page_adds_changes_and_takes_away(client, secretary):
    data = {
        "stage": "submission",
        "number": "2",
        "unit": "hours",
        "anchor": "before",
        "audience": "drafts",
        "channels": ["email"],
    }
    assert client.post(list_url(secretary), data).status_code == 302
    plan = secretary.stage.reminderplan_set.get(audience="drafts")
    assert (plan.hours, plan.channels) == (2, ["email"])
    place = [secretary.round.slug, plan.key]
    edit_url = reverse("submissions:reminder_edit", args=place)
    assert client.get(edit_url).status_code == 200

    assert client.post(edit_url, data | {"number": "5"}).status_code == 302
    plan.refresh_from_db()
    assert plan.hours == 5

    delete_url = reverse("submissions:reminder_delete", args=place)
    assert client.post(delete_url).status_code == 302
    assert not ReminderPlan.objects.filter(pk=plan.pk).exists()
    assert client.post(delete_url).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"number": "0"},
        {"number": "-1"},
        {"number": "91", "unit": "days"},
        {"number": "1e9"},
        {"audience": "jurors"},
        {"audience": "semua"},
        {"stage": "kickoff"},
        {"channels": ["pos"]},
        {"channels": ["digest"]},
        {"number": "345", "unit": "hours"},
    ],
)
def test_page_says_what_is_wrong(client, secretary, wrong):
    good = {
        "stage": "submission",
        "number": "2",
        "unit": "hours",
        "anchor": "before",
        "audience": "waiting",
    }
    count = ReminderPlan.objects.count()

    response = client.post(list_url(secretary), good | wrong if wrong else {})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert ReminderPlan.objects.count() == count


def test_row_of_another_round_is_not_found(client, secretary):
    other = make_city()
    plan = other.stage.reminderplan_set.first()

    response = client.get(
        reverse("submissions:reminder_edit", args=[secretary.round.slug, plan.key])
    )

    assert response.status_code == 404
