"""The coverage board of the secretariat, and one press to remind."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from judging import queries, services
from judging.models import Juror, ScoreSheet
from notifications.models import Message
from tests.factories.accounts import SecretariatFactory
from tests.factories.competitions import CategoryFactory, small_round
from tests.factories.judging import (
    ConflictFactory,
    JurorFactory,
    scoring_round,
    seal,
    staged_round,
    write_sheet,
)
from tests.judging.pages import login_secretariat

pytestmark = pytest.mark.django_db


def board_of(client, round, **query):
    response = client.get(reverse("judging:coverage", args=[round.slug]), query)
    assert response.status_code == 200
    return response.context["board"]


def sheets_of(juror):
    return list(ScoreSheet.objects.filter(assignment__juror=juror).order_by("pk"))


def panel_of(round):
    return list(Juror.objects.filter(round=round).order_by("pk"))


def abstain(sheet):
    sheet.state, sheet.abstain_reason = "abstained", "Tidak ahli."
    sheet.finalised_at = timezone.now()
    sheet.save()


@pytest.fixture
def round():
    """Three jurors: one finished one sheet and abstained once, one began, one did not.

    Each has two sheets.
    """
    round = scoring_round(jurors=3, proposals=2)
    done, begun, _idle = panel_of(round)
    first, second = sheets_of(done)
    write_sheet(first, 80, 70)
    abstain(second)
    write_sheet(sheets_of(begun)[0], 80, 70, is_final=False)
    return round


def test_board_counts_by_juror_and_in_all(client, round):
    login_secretariat(client, round)

    board = board_of(client, round)

    assert [(each.label, each.value) for each in board.slices] == [
        ("Finished", 1),
        ("Abstained", 1),
        ("Begun", 1),
        ("Untouched", 3),
    ]
    done, _begun, _idle = panel_of(round)
    by_juror = {line.row.juror: line for line in board.lines}
    assert [line.row.progress.left for line in board.lines] == [2, 2, 0]
    assert sum(by_juror[done].row.by_day) == 2
    assert by_juror[done].row.last_at is not None


@pytest.mark.parametrize(
    ("view", "places"), [("semua", [0, 1, 2]), ("sisa", [1, 2]), ("belum", [2])]
)
def test_board_narrows_the_jurors(client, round, view, places):
    login_secretariat(client, round)
    panel = panel_of(round)

    board = board_of(client, round, juri=view)

    shown = {line.row.juror for line in board.lines}
    assert shown == {panel[place] for place in places}


def test_quiet_jurors_are_those_with_something_left(client, round):
    at = timezone.now()
    window = round.stage_set.get(kind="scoring")
    window.opens_at = at - timedelta(days=9)
    window.save()
    login_secretariat(client, round)
    _done, begun, idle = panel_of(round)

    board = board_of(client, round, juri="diam")
    assert [line.row.juror for line in board.lines] == [idle]

    ScoreSheet.objects.filter(assignment__juror=begun, version=1).update(
        saved_at=at - timedelta(days=3)
    )
    board = board_of(client, round, juri="diam")
    assert {line.row.juror for line in board.lines} == {begun, idle}
    assert len(board.days) == 10


def test_board_tells_of_each_proposal_the_least_covered_first(client, round):
    login_secretariat(client, round)
    first, second = round.proposal_set.order_by("pk")

    board = board_of(client, round)

    rows = [
        (each.proposal, each.finished, each.progress.total) for each in board.proposals
    ]
    assert rows == [(second, 0, 3), (first, 1, 3)]
    assert board.histogram == [("0 sheets", 1), ("1 sheet", 1)]
    idle = panel_of(round)[-1]
    assert all(idle.user.name in each.waits_for for each in board.proposals)


def test_board_tells_nothing_of_scores(client, round):
    sheet = sheets_of(panel_of(round)[2])[0]
    write_sheet(sheet, 83.25, 91.75)
    login_secretariat(client, round)

    page = client.get(reverse("judging:coverage", args=[round.slug])).content.decode()

    assert "83,25" not in page
    assert "91,75" not in page


def test_nonsense_in_the_address_is_left_aside(client, round):
    login_secretariat(client, round)

    board = board_of(
        client, round, juri="' OR 1=1", proposal="\x00", tahap="tidak-ada", halaman="x"
    )

    assert (board.juror_view, board.proposal_view) == ("semua", "kurang")


def test_later_stage_waits_for_the_one_before(client):
    round = staged_round(jurors=1, proposals=2)
    login_secretariat(client, round)

    board = board_of(client, round, tahap="presentasi")

    assert board.waiting_for.code != "presentasi"
    assert board.counts == {}


def test_round_without_stages_has_a_page(client):
    round = small_round(phase="scoring")
    round.scoringstage_set.all().delete()
    login_secretariat(client, round)

    response = client.get(reverse("judging:coverage", args=[round.slug]))

    assert response.status_code == 200
    assert "board" not in response.context


@pytest.mark.parametrize("row_count", [1, 3])
def test_board_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=row_count, proposals=row_count)
    login_secretariat(client, round)
    url = reverse("judging:coverage", args=[round.slug])
    client.get(url)

    with django_assert_num_queries(15):
        # user, memberships, round; stages, windows, result; jurors, sheets, days;
        # judged, sheets by proposal; proposals, whom they wait for; unread, role of
        # juror
        response = client.get(url)

    assert len(response.context["board"].lines) == row_count


def test_one_press_reminds_all_with_something_left_once_a_day(client, round):
    login_secretariat(client, round)
    url = reverse("judging:panel_remind", args=[round.slug])

    client.post(url)
    again = client.post(url, follow=True)

    _done, begun, idle = panel_of(round)
    told = Message.objects.filter(kind="judging.juror_reminded")
    assert {each.recipient for each in told} == {begun.user, idle.user}
    assert told.count() == 2
    assert "reminded today already" in again.content.decode()
    board = again.context["board"]
    assert {line.row.juror for line in board.lines if line.was_reminded} == {
        begun,
        idle,
    }


def test_single_reminder_counts_for_the_day(client, round):
    login_secretariat(client, round)
    _done, begun, idle = panel_of(round)

    client.post(reverse("judging:juror_remind", args=[round.slug, begun.key]))
    client.post(reverse("judging:panel_remind", args=[round.slug]))

    told = Message.objects.filter(kind="judging.juror_reminded")
    assert sorted(each.recipient.pk for each in told) == sorted(
        [begun.user.pk, idle.user.pk]
    )


def test_nobody_is_reminded_where_nothing_is_left():
    round = scoring_round(jurors=1, proposals=1)
    write_sheet(ScoreSheet.objects.get(), 80, 70)
    secretary = SecretariatFactory(government=round.competition.government)

    with pytest.raises(services.JurorNotReminded, match="Nobody"):
        services.remind_all(round=round, actor=secretary, at=timezone.now())


def test_who_left_is_not_reminded():
    round = scoring_round(jurors=1, proposals=1)
    Juror.objects.update(ended_at=timezone.now(), end_reason="Pindah.")
    secretary = SecretariatFactory(government=round.competition.government)

    with pytest.raises(services.JurorNotReminded):
        services.remind_all(round=round, actor=secretary, at=timezone.now())


# Who could take over ------------------------------------------------------------------


def test_replacements_have_room_knowledge_and_no_conflict():
    round = scoring_round(jurors=1, proposals=3)
    stage = round.scoringstage_set.get()
    leaving = Juror.objects.get(round=round)
    first, *_others = round.proposal_set.order_by("pk")
    category = CategoryFactory(round=round, code="pilihan")
    free, expert, barred, other = JurorFactory.create_batch(4, round=round)
    expert.categories.add(category)
    ConflictFactory(juror=barred, proposal=first)
    Juror.objects.filter(pk=barred.pk).update(capacity=1)
    JurorFactory(round=round, signed_at=None)
    JurorFactory(
        round=round,
        signed_at=None,
        declined_at=timezone.now(),
        decline_reason="Sibuk.",
    )

    found = queries.replacements_for(leaving, stage)

    assert [(each.juror, each.fits, each.knows) for each in found] == [
        (free, 3, 3),
        (other, 3, 3),
        (expert, 3, 0),
        (barred, 1, 2),
    ]


@pytest.mark.parametrize("row_count", [1, 3])
def test_replacements_take_as_many_queries(django_assert_num_queries, row_count):
    round = scoring_round(jurors=1, proposals=row_count)
    JurorFactory.create_batch(row_count, round=round)
    stage = round.scoringstage_set.get()
    leaving = Juror.objects.filter(round=round).order_by("pk").first()

    with django_assert_num_queries(6):
        assert len(queries.replacements_for(leaving, stage)) == row_count


def test_sealed_round_has_nothing_to_press(client):
    round = scoring_round(jurors=1, proposals=1)
    write_sheet(ScoreSheet.objects.get(), 80, 70)
    seal(round)
    login_secretariat(client, round)

    page = client.get(reverse("judging:coverage", args=[round.slug])).content.decode()

    assert reverse("judging:panel_remind", args=[round.slug]) not in page
