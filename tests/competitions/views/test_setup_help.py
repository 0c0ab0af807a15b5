"""What the set-up does for people who see it for the first time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from competitions import checks, queries
from competitions.models import Stage
from competitions.setup import page_after, remarks
from tests.competitions.views import text_of, url
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def prepared(city):
    return make.small_round(government=city, opened_at=None)


def typed(client, round):
    """The calendar page as it stands, ready to be sent again."""
    rows = client.get(url("stage_edit", round.slug)).context["rows"]
    return {field.html_name: field.value() or "" for row in rows for field in row}


def test_whole_calendar_moves_at_once_and_keeps_weekdays(client, secretariat, prepared):
    before = {e.kind: e.opens_at.astimezone(WIB) for e in prepared.stage_set.all()}
    data = typed(client, prepared) | {"first_day": "1 Feb 2027", "geser": "1"}

    assert client.post(url("stage_edit", prepared.slug), data).status_code == 302

    after = {e.kind: e.opens_at.astimezone(WIB) for e in prepared.stage_set.all()}
    assert min(after.values()).date() >= date(2027, 2, 1)
    assert {k: m.weekday() for k, m in after.items()} == {
        k: m.weekday() for k, m in before.items()
    }
    wrong = client.post(url("stage_edit", prepared.slug), data | {"first_day": "besok"})
    assert list(wrong.context["move"].errors) == ["first_day"]


def test_empty_calendar_is_proposed_from_one_day(client, secretariat, prepared):
    prepared.stage_set.all().delete()
    data = typed(client, prepared) | {"first_day": "1 Feb 2027", "geser": "1"}

    client.post(url("stage_edit", prepared.slug), data)

    opens = prepared.stage_set.get(kind=Stage.Kind.SUBMISSION).opens_at
    assert opens.astimezone(WIB).year == 2027
    assert prepared.stage_set.count() >= 5


def test_calendar_of_an_open_round_does_not_move_as_a_whole(
    client, secretariat, prepared
):
    prepared.opened_at = timezone.now()
    prepared.save(update_fields=["opened_at"])

    page = client.get(url("stage_edit", prepared.slug))

    assert page.context["move"] is None
    assert 'name="geser"' not in text_of(page)


def test_year_of_a_date_may_be_left_out(client, secretariat, prepared):
    data = typed(client, prepared) | {
        "ceremony-opens": "1 Des, 08.00",
        "ceremony-closes": "2 Des",
    }

    client.post(url("stage_edit", prepared.slug), data)

    opens = prepared.stage_set.get(kind=Stage.Kind.CEREMONY).opens_at
    assert opens.astimezone(WIB) == datetime(prepared.year, 12, 1, 8, tzinfo=WIB)


def test_saving_goes_on_to_the_next_step(client, secretariat, prepared):
    data = typed(client, prepared) | {"lanjut": "1"}

    answer = client.post(url("stage_edit", prepared.slug), data)

    assert answer.url == url("group_list", prepared.slug)
    assert page_after(prepared, checks.Step.JURY).endswith("#buka")


def test_review_names_what_is_worth_a_look(client, secretariat, prepared):
    prepared.year, prepared.guideline = 2014, ""
    prepared.save(update_fields=["year", "guideline"])
    prepared.requirement_set.all().delete()

    found = [each.text for each in remarks(queries.round_parts(prepared))]
    page = client.get(url("round_setup", prepared.slug))

    assert len(found) >= 3
    assert found[0].startswith("The round is of 2014")
    assert all(text in text_of(page) for text in found)
    assert page.context["ready_count"] == len(page.context["steps"])


def test_prepared_round_is_removed(client, secretariat, prepared):
    answer = client.post(url("round_delete", prepared.slug))

    assert answer.url == url("round_admin_list")
    assert client.get(url("round_setup", prepared.slug)).status_code == 404
