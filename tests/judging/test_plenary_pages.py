"""The pages of the plenary: who leads it, who follows it, what each sees."""

import pytest
from django.urls import reverse

from judging.models import Plenary, PlenaryAttendance, PlenaryDecision
from tests.factories.judging import ConflictFactory, ScoreSheetFactory, seal
from tests.factories.plenary import (
    agree,
    apply,
    judged_round,
    open_plenary,
    panel_of,
    vote,
)
from tests.factories.submissions import ProposalFactory
from tests.judging.pages import login_secretariat

pytestmark = pytest.mark.django_db


def address(name, plenary, *more):
    return reverse(
        f"judging:plenary_{name}", args=[plenary.round.slug, plenary.key, *more]
    )


def screen(name, plenary, *more):
    return reverse(f"judging:screen_{name}", args=[plenary.key, *more])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_calling_a_plenary(client):
    round = judged_round(80)
    login_secretariat(client, round)
    url = reverse("judging:plenary_list", args=[round.slug])
    chair = panel_of(round)[0]

    refused = client.post(url, {"place": "", "held_at": "x", "chair": "nobody"})
    response = client.post(
        url,
        {
            "held_at": "1 Feb 2027, 09.00",
            "place": "Ruang rapat",
            "chair": chair.key,
            "quorum": "",
        },
    )

    assert set(refused.context["form"].errors) == {"place", "held_at", "chair"}
    plenary = Plenary.objects.get()
    assert response.url == plenary.get_absolute_url()
    assert (plenary.quorum, plenary.place, plenary.chair) == (3, "Ruang rapat", chair)
    assert "Call a plenary" not in client.get(url).content.decode()


def test_quorum_larger_than_the_panel_is_refused(client):
    round = judged_round(80, jurors=3)
    login_secretariat(client, round)

    response = client.post(
        reverse("judging:plenary_list", args=[round.slug]),
        {
            "held_at": "1 Feb 2027, 09.00",
            "place": "Aula",
            "chair": panel_of(round)[0].key,
            "quorum": "4",
        },
    )

    assert response.context["form"].errors == {"quorum": ["The panel has 3 jurors."]}


def test_attendance_and_change(client):
    round = judged_round(80)
    plenary = open_plenary(round, present=0)
    login_secretariat(client, round)
    one, two, *_others = panel_of(round)

    client.post(address("attend", plenary), {"present": [one.key, two.key]})
    client.post(address("attend", plenary), {"present": ["nobody"]})
    client.post(
        address("edit", plenary),
        {
            "held_at": "2 Feb 2027, 10.00",
            "place": "Aula",
            "chair": two.key,
            "quorum": "2",
            "names_jurors": "on",
        },
    )

    present = PlenaryAttendance.objects.filter(is_present=True)
    assert set(present.values_list("juror", flat=True)) == {one.pk, two.pk}
    plenary.refresh_from_db()
    assert (plenary.place, plenary.quorum, plenary.chair) == ("Aula", 2, two)
    assert client.get(address("edit", plenary)).status_code == 200


def test_agenda_begins_with_what_is_most_disputed(client):
    round = judged_round(90, (50, 60, 70, 80, 90), (60, 90, 60, 90, 60), 85)
    calm, wide, wider, beside = round.proposal_set.order_by("pk")
    round.scoringstage_set.update(shortlist_size=2, wide_spread=20)
    plenary = open_plenary(round)
    login_secretariat(client, round)

    response = client.get(address("detail", plenary))

    items = response.context["agenda"].items
    assert [each.code for each in items] == [
        wider.code,  # right below the line, and 30 points apart
        beside.code,  # right above it
        wide.code,  # 40 points apart
        calm.code,
    ]
    assert items[0].grounds == [
        "Right beside the shortlist line.",
        "The jurors are 30.0 points apart.",
    ]
    assert calm.title not in text_of(response).split("Ranking as the decisions")[0]
    assert calm.title in text_of(client.get(address("detail", plenary) + "?semua=1"))


def test_agreeing_on_a_proposal(client):
    round = judged_round(80, 70)
    plenary = open_plenary(round, present=4)
    _first, second = round.proposal_set.order_by("pk")
    login_secretariat(client, round)
    url = address("item", plenary, second.code)
    jurors = panel_of(round)
    page = client.get(url)
    assert page.context["form"]["value-kebaruan"].value() == "70"
    data = {
        "value-kebaruan": "95",
        "value-signifikansi": "70",  # as it was shown: the mean stays
        "reason": "Bukti baru.",
        "agreeing": [each.key for each in jurors[:3]],
        f"note-{jurors[3].key}": "Tidak yakin.",
    }

    off_scale = client.post(url, data | {"value-kebaruan": "101"})
    unsaid = client.post(url, {})
    response = client.post(url, data)

    assert off_scale.context["form"].errors == {"value-kebaruan": ["Give 0 to 100."]}
    assert set(unsaid.context["form"].errors) == {"reason", "agreeing"}
    assert response.url == plenary.get_absolute_url()
    decision = PlenaryDecision.objects.get()
    assert [str(each.value) for each in decision.agreedscore_set.all()] == ["95.00"]
    assert list(decision.votes.order_by("juror").values_list("agrees", "note")) == [
        (True, ""),
        (True, ""),
        (True, ""),
        (False, "Tidak yakin."),
    ]
    assert "95.00" in text_of(client.get(url))


def test_tie_is_decided_on_its_page(client):
    round = judged_round(80, 80)
    one, two = sorted(round.proposal_set.all(), key=lambda each: each.code)
    plenary = open_plenary(round)
    login_secretariat(client, round)
    url = address("tie", plenary, one.code)
    data = {
        "reason": "Dipungut suara.",
        "agreeing": [each.key for each in panel_of(round)],
    }

    same = client.post(url, data | {f"place-{one.code}": 1, f"place-{two.code}": 1})
    client.post(url, data | {f"place-{one.code}": 2, f"place-{two.code}": 1})

    assert "a place of its own" in text_of(same)
    places = PlenaryDecision.objects.get().tieplace_set.order_by("place")
    assert [each.proposal for each in places] == [two, one]
    assert client.get(url).status_code == 200  # decided, and may be decided again
    client.post(address("withdraw", plenary, one.code), {"seri": "1"})
    assert not PlenaryDecision.objects.exists()


def test_applying_asks_for_the_word(client):
    round = judged_round(80, 70)
    plenary = open_plenary(round)
    agree(plenary, round.proposal_set.order_by("pk")[1], 90, 90)
    login_secretariat(client, round)

    client.post(address("apply", plenary), {"confirmation": "x"})
    assert Plenary.objects.get().is_open
    client.post(address("apply", plenary), {"confirmation": "apply"})

    assert Plenary.objects.get().is_applied
    page = text_of(client.get(address("detail", plenary)))
    assert "can no longer change" in page
    item = client.post(
        address("item", plenary, round.proposal_set.first().code), {"reason": "x"}
    )
    assert item.url == plenary.get_absolute_url()


def test_cancelling_asks_for_a_reason(client):
    round = judged_round(80)
    plenary = open_plenary(round)
    login_secretariat(client, round)

    client.post(address("cancel", plenary), {"reason": " "})
    assert Plenary.objects.get().is_open
    client.post(address("cancel", plenary), {"reason": "Kuorum tidak tercapai."})

    assert not Plenary.objects.get().is_open
    assert "Kuorum tidak tercapai." in text_of(client.get(address("detail", plenary)))


def test_present_juror_follows_on_the_screen(client):
    round = judged_round((50, 60, 70, 80, 90))
    plenary = open_plenary(round, present=4)
    proposal = round.proposal_set.get()
    present, *_others, absent = panel_of(round)

    client.force_login(present.user)
    pages = [
        client.get(screen("agenda", plenary)),
        client.get(screen("calibration", plenary)),
        client.get(screen("ranking", plenary)),
        client.get(screen("item", plenary, proposal.code)),
    ]
    assert [each.status_code for each in pages] == [200, 200, 200, 200]
    queue = reverse("judging:assignment_list")
    assert screen("agenda", plenary) in client.get(queue).content.decode()
    assert client.get(address("detail", plenary)).status_code == 404

    client.force_login(absent.user)
    assert screen("agenda", plenary) not in client.get(queue).content.decode()
    for url in (
        screen("agenda", plenary),
        screen("calibration", plenary),
        screen("ranking", plenary),
        screen("item", plenary, proposal.code),
    ):
        assert client.get(url).status_code == 404


def test_screen_names_no_juror_unless_asked_to(client):
    round = judged_round(80)
    plenary = open_plenary(round)
    login_secretariat(client, round)
    url = screen("item", plenary, round.proposal_set.get().code)
    names = [each.user.name for each in panel_of(round)]

    numbered = text_of(client.get(url))
    Plenary.objects.update(names_jurors=True)
    named = text_of(client.get(url))

    assert [name for name in names if name in numbered] == []
    assert [name for name in names if name in named] == names


def test_screen_of_calibration_says_who_is_in_by_a_single_juror(client):
    round = judged_round((80, 80, 50), (70, 70, 75), jurors=3)
    round.scoringstage_set.update(shortlist_size=1)
    one, two = round.proposal_set.order_by("pk")
    plenary = open_plenary(round)
    juror = panel_of(round)[0]
    client.force_login(juror.user)
    url = screen("calibration", plenary)

    page = text_of(client.get(url))
    ConflictFactory(juror=juror, institution=one.institution)
    partial = text_of(client.get(url))

    for title in (one.title, two.title):
        assert title in page
    assert "Would be out without Juror 3." in page
    assert [
        each.user.name for each in panel_of(round)[1:] if each.user.name in page
    ] == []
    assert one.title not in partial


def test_screen_says_how_many_agreed(client):
    round = judged_round(80)
    plenary = open_plenary(round)
    proposal = round.proposal_set.get()
    agree(plenary, proposal, 90, agreeing=panel_of(round)[:4])
    login_secretariat(client, round)

    page = text_of(client.get(screen("item", plenary, proposal.code)))

    assert "4 of 5 jurors agreed." in page


def test_screen_shows_no_note_of_a_juror(client):
    round = judged_round(80)
    plenary = open_plenary(round)
    proposal = round.proposal_set.get()
    agree(
        plenary,
        proposal,
        90,
        agreeing=panel_of(round)[:4],
        notes={panel_of(round)[4]: "Keberatan pribadi."},
    )
    login_secretariat(client, round)

    page = text_of(client.get(screen("item", plenary, proposal.code)))

    assert "Catatan." not in page  # what every sheet of the factory says
    assert "Keberatan pribadi." not in page


def test_conflicted_juror_sees_nothing_of_the_proposal(client):
    round = judged_round((50, 60, 70, 80, 90), (40, 60, 70, 80, 90))
    one, two = round.proposal_set.order_by("pk")
    plenary = open_plenary(round)
    juror = panel_of(round)[0]
    ConflictFactory(juror=juror, proposal=one)
    client.force_login(juror.user)

    assert client.get(screen("item", plenary, one.code)).status_code == 404
    for url in (
        screen("agenda", plenary),
        screen("ranking", plenary),
        screen("item", plenary, two.code),
    ):
        page = client.get(url).content.decode()
        assert two.title in page
        assert [trace for trace in (one.title, one.code) if trace in page] == []


def test_juror_sees_no_screen_while_a_sheet_is_open_again(client):
    round = judged_round(80, phase="scoring")
    plenary = open_plenary(round)
    ScoreSheetFactory(
        assignment__juror=panel_of(round)[0],
        assignment__proposal=ProposalFactory(round=round, state="screened_passed"),
        assignment__scoring_stage=plenary.scoring_stage,
    )
    client.force_login(panel_of(round)[1].user)

    assert client.get(screen("agenda", plenary)).status_code == 404


@pytest.mark.parametrize("row_count", [1, 3])
@pytest.mark.parametrize("page", ["detail", "agenda", "calibration", "ranking", "item"])
def test_query_count(client, django_assert_max_num_queries, page, row_count):
    round = judged_round(*[(60, 90, 70)] * row_count, jurors=3)
    plenary = open_plenary(round)
    for proposal in round.proposal_set.all():
        agree(plenary, proposal, 90, None)
    code = round.proposal_set.first().code
    login_secretariat(client, round)
    url = {
        "detail": address("detail", plenary),
        "agenda": screen("agenda", plenary),
        "calibration": screen("calibration", plenary),
        "ranking": screen("ranking", plenary),
        "item": address("item", plenary, code),
    }[page]
    client.get(url)

    with django_assert_max_num_queries(24):
        response = client.get(url)

    assert response.status_code == 200


@pytest.mark.parametrize("row_count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, row_count):
    round = judged_round(80)
    for _number in range(row_count):
        apply(open_plenary(round))
    login_secretariat(client, round)
    url = reverse("judging:plenary_list", args=[round.slug])
    client.get(url)

    with django_assert_num_queries(13):
        response = client.get(url)

    assert len(response.context["plenaries"]) == row_count


def test_sealed_round_keeps_its_plenary_to_be_read(client):
    round = judged_round(80, 80)
    plenary = open_plenary(round)
    vote(plenary, *round.proposal_set.order_by("-pk"))
    apply(plenary)
    seal(round)
    login_secretariat(client, round)

    page = text_of(client.get(reverse("judging:plenary_list", args=[round.slug])))

    assert "Call a plenary" not in page
    assert client.get(address("detail", plenary)).status_code == 200
