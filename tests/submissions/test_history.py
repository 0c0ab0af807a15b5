"""Versions of a section: listed by sittings, compared, restored."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.rich_text import clean
from submissions import history, services
from submissions.models import Answer, ProposalState
from tests.submissions.conftest import AT
from tests.submissions.test_formatted_answers import LIST, TABLE, save, unwritten

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def draft(city):
    return unwritten(city)


@pytest.fixture
def written(city, draft):
    """Two sittings of the author, one save of the head, and a text that came late."""
    for number, minutes in enumerate([0, 1, 2, 30]):
        text = clean(f"<p>Versi <b>{number + 1}</b></p>")
        save(city, draft, text, number, at=AT + minutes * MINUTE)
    save(city, draft, LIST, 4, actor=city.head, at=AT + 31 * MINUTE)
    with pytest.raises(services.AnswerConflict):
        save(city, draft, TABLE, 4, at=AT + 32 * MINUTE)
    return draft


def names(versions):
    return [history.Version(event).name for event in versions]


def test_sittings_show_the_last_of_each(written):
    assert names(history.sittings_of(written, "kebaruan")) == ["5-1", "5", "4", "3"]
    every = names(history.versions_of(written, "kebaruan"))
    assert every == ["5-1", "5", "4", "3", "2", "1"]


def test_find_version_by_its_name(written):
    kept = history.find_version(written, "kebaruan", "5-1")

    assert kept
    assert kept.is_kept
    assert kept.content.html == TABLE.html
    for name in ["6", "5-2", "x", "", "1-", "-1", "9" * 30, "²"]:
        assert history.find_version(written, "kebaruan", name) is None


def test_restore_makes_a_new_version_and_loses_nothing(city, written):
    answer = services.restore_answer(
        proposal=written,
        section=city.section,
        name="2",
        base_version=5,
        actor=city.author,
        at=AT + 40 * MINUTE,
    )

    assert (answer.version, answer.html) == (6, "<p>Versi <strong>2</strong></p>")
    assert names(history.versions_of(written, "kebaruan"))[:3] == ["6", "5-1", "5"]


@pytest.mark.parametrize(
    ("name", "base", "refusal"),
    [("7", 5, services.VersionGone), ("2", 4, services.AnswerConflict)],
)
def test_restore_refused(city, written, name, base, refusal):
    with pytest.raises(refusal):
        services.restore_answer(
            proposal=written,
            section=city.section,
            name=name,
            base_version=base,
            actor=city.author,
            at=AT + 40 * MINUTE,
        )

    assert Answer.objects.get(proposal=written, section=city.section).version == 5


# The page ---------------------------------------------------------------------------


def address(proposal, query=""):
    path = reverse("submissions:section_history", args=[proposal.code, "kebaruan"])
    return path + query


@pytest.fixture
def live(live_city):
    proposal = unwritten(live_city)
    save(live_city, proposal, LIST, 0, at=live_city.stage.opens_at)
    save(live_city, proposal, TABLE, 1, at=live_city.stage.opens_at + 20 * MINUTE)
    return proposal


def test_page_compares_and_restores(client, live_city, live):
    client.force_login(live_city.author)

    page = client.get(address(live, "?versi=1&dengan=2")).content.decode()
    assert "<ins>nelayan</ins>" in page
    assert 'name="restore" value="1"' in page
    client.post(address(live), {"restore": "1", "version": "2"})

    answer = Answer.objects.get(proposal=live, section=live_city.section)
    assert (answer.version, answer.html) == (3, LIST.html)


def test_page_of_a_sent_proposal_restores_nothing(client, live_city, live):
    live.state = ProposalState.ENDORSING
    live.save(update_fields=["state"])
    client.force_login(live_city.author)

    assert (
        'name="restore"' not in client.get(address(live, "?versi=1")).content.decode()
    )
    client.post(address(live), {"restore": "1", "version": "2"})

    assert Answer.objects.get(proposal=live, section=live_city.section).version == 2


@pytest.mark.parametrize("query", ["?versi=9", "?versi=1&dengan=x", "?versi=%00"])
def test_page_of_no_version(client, live_city, live, query):
    client.force_login(live_city.author)

    assert client.get(address(live, query)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_page_query_count(client, live_city, live, rows, django_assert_num_queries):
    for number in range(2, 2 + rows):
        text = clean(f"<p>Versi {number}</p>")
        save(
            live_city, live, text, number, at=live_city.stage.opens_at + number * MINUTE
        )
    client.force_login(live_city.author)

    with django_assert_num_queries(12):
        answer = client.get(address(live, "?semua=1&versi=1&dengan=2"))

    assert len(answer.context["versions"]) == rows + 2
