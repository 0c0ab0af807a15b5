"""The scoring desk: saving, conflicts of two tabs, finishing."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from judging.models import Conflict, Juror, ScoreSheet
from tests.factories.judging import scoring_round, sealed_round
from tests.factories.submissions import AnswerFactory, EvidenceFactory
from tests.judging.pages import AUTOSAVE, payload, sheet_of, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(client):
    """A draft of a juror who is signed in."""
    sheet = sheet_of(scoring_round(jurors=1, proposals=1))
    client.force_login(sheet.assignment.juror.user)
    return sheet


def test_desk_query_count(client, django_assert_num_queries):
    round = scoring_round(jurors=3, proposals=3)
    sheet = sheet_of(round)
    for section in sheet.assignment.proposal.form.section_set.all():
        AnswerFactory(proposal=sheet.assignment.proposal, section=section)
        EvidenceFactory(proposal=sheet.assignment.proposal, section=section)
    client.force_login(sheet.assignment.juror.user)
    client.get(sheet.get_absolute_url())

    with django_assert_num_queries(15):
        # user, sheet, scores, stage, criteria with sections, window, answers, files,
        # links, fields, sections, progress, memberships, role of juror, unread
        client.get(sheet.get_absolute_url())


def test_desk_reads_the_proposal(client, sheet):
    section = sheet.assignment.proposal.form.section_set.get(code="kebaruan")
    AnswerFactory(
        proposal=sheet.assignment.proposal, section=section, text="Alur <b>baru</b>."
    )

    page = client.get(sheet.get_absolute_url()).content.decode()

    assert "Alur &lt;b&gt;baru&lt;/b&gt;." in page


def test_save_by_button(client, sheet):
    response = client.post(sheet.get_absolute_url(), payload(first="82,5"))

    assert response.url == sheet.get_absolute_url()
    assert stored(sheet) == [(Decimal("82.5"), ""), (70, "")]


def test_autosave_answers_with_version_and_time(client, sheet):
    response = client.post(
        sheet.get_absolute_url(), payload(second=""), headers=AUTOSAVE
    )

    assert response.status_code == 200
    answer = response.json()
    assert (answer["state"], answer["version"]) == ("saved", 1)
    assert re.fullmatch(r"\d\d\.\d\d", answer["at"])
    assert stored(sheet) == [(80, ""), (None, "")] or stored(sheet) == [(80, "")]


def test_autosave_of_a_stale_page_is_a_conflict_with_both_sides(client, sheet):
    client.post(sheet.get_absolute_url(), payload(), headers=AUTOSAVE)

    response = client.post(
        sheet.get_absolute_url(), payload(first="33"), headers=AUTOSAVE
    )

    assert response.status_code == 409
    answer = response.json()
    assert (answer["state"], answer["version"]) == ("conflict", 1)
    assert "80" in answer["html"]
    assert "33" in answer["html"]
    assert stored(sheet) == [(80, ""), (70, "")]


def test_save_of_a_stale_page_shows_what_was_typed(client, sheet):
    client.post(sheet.get_absolute_url(), payload())

    response = client.post(sheet.get_absolute_url(), payload(first="33"))

    assert response.status_code == 409
    page = response.content.decode()
    assert 'value="33"' in page
    assert 'name="version" value="1"' in page
    assert stored(sheet) == [(80, ""), (70, "")]
    client.post(sheet.get_absolute_url(), payload(version=1, first="33"))
    assert stored(sheet) == [(33, ""), (70, "")]


def test_one_slip_holds_back_nothing_else(client, sheet):
    response = client.post(
        sheet.get_absolute_url(),
        payload(first="delapan", note="Baik."),
        headers=AUTOSAVE,
    )

    assert response.status_code == 422
    answer = response.json()
    assert (answer["version"], list(answer["errors"])) == (1, ["value-kebaruan"])
    assert stored(sheet) == [(None, "Baik."), (70, "")]


@pytest.mark.parametrize("typed", ["101", "-1", "NaN", "8e1", "1e400", "80.123"])
def test_nonsense_is_no_score(client, sheet, typed):
    response = client.post(sheet.get_absolute_url(), payload(first=typed))

    if typed == "8e1":  # a number, if an odd way to write it
        assert stored(sheet) == [(80, ""), (70, "")]
        return
    assert response.status_code == 200
    assert "value-kebaruan" in response.context["form"].errors
    assert stored(sheet) == [(70, "")]


def test_fields_left_out_wipe_nothing(client, sheet):
    client.post(sheet.get_absolute_url(), payload())

    client.post(sheet.get_absolute_url(), {"version": 1, "value-kebaruan": "90"})

    assert stored(sheet) == [(90, ""), (70, "")]


def test_finish_goes_on_to_the_next(client):
    round = scoring_round(jurors=1, proposals=2)
    first, second = ScoreSheet.objects.order_by("key")
    client.force_login(Juror.objects.get(round=round).user)
    url = reverse("judging:sheet_finalise", args=[first.key])

    response = client.post(url, payload())

    assert response.url == second.get_absolute_url()
    first.refresh_from_db()
    assert first.is_final
    assert stored(first) == [(80, ""), (70, "")]
    last = client.post(reverse("judging:sheet_finalise", args=[second.key]), payload())
    assert last.url.startswith(reverse("judging:assignment_list"))


def test_finish_of_an_unfinished_sheet_keeps_what_was_typed(client, sheet):
    response = client.post(
        reverse("judging:sheet_finalise", args=[sheet.key]),
        payload(first="55", second=""),
    )

    assert response.context["form"].errors == {
        "note-kebaruan": ["Explain this score in a note."],
        "value-signifikansi": ["Give a score."],
    }
    # What is typed next must be saved, not finished again.
    assert f'action="{sheet.get_absolute_url()}"' in response.content.decode()
    assert stored(sheet)[0] == (55, "")
    sheet.refresh_from_db()
    assert not sheet.is_final


def test_closed_stage_refuses_and_says_so(client):
    sheet = sheet_of(scoring_round(jurors=1, proposals=1, phase="plenary"))
    client.force_login(sheet.assignment.juror.user)

    answer = client.post(sheet.get_absolute_url(), payload(), headers=AUTOSAVE)

    assert (answer.status_code, answer.json()["state"]) == (403, "refused")
    assert stored(sheet) == []
    page = client.get(sheet.get_absolute_url())
    assert not page.context["is_writable"]


def test_save_and_go_on_comes_back_to_what_was_put_off(client):
    round = scoring_round(jurors=1, proposals=3)
    first, second, third = ScoreSheet.objects.order_by("key")
    client.force_login(Juror.objects.get(round=round).user)

    def go_on(sheet):
        url = sheet.get_absolute_url()
        return client.post(url, payload() | {"go": "next"}).url

    assert go_on(first) == second.get_absolute_url()
    assert go_on(second) == third.get_absolute_url()
    assert go_on(third) == first.get_absolute_url()
    assert stored(first) == [(80, ""), (70, "")]


def test_first_look_is_kept_once(client, sheet):
    url = sheet.get_absolute_url()
    client.get(url, headers={"Sec-Purpose": "prefetch"})
    client.head(url)
    sheet.refresh_from_db()
    assert sheet.opened_at is None

    client.get(url)
    sheet.refresh_from_db()
    first = sheet.opened_at
    client.get(url)

    sheet.refresh_from_db()
    assert first is not None
    assert sheet.opened_at == first


def test_look_at_a_sealed_sheet_is_not_kept(client):
    round = sealed_round(jurors=1, proposals=1)
    sheet = sheet_of(round)
    client.force_login(sheet.assignment.juror.user)

    assert client.get(sheet.get_absolute_url()).status_code == 200

    sheet.refresh_from_db()
    assert sheet.opened_at is None


def test_missing_note_is_asked_for_on_the_page(client, sheet):
    client.post(sheet.get_absolute_url(), payload(first="55"))

    page = client.get(sheet.get_absolute_url())

    first, second = page.context["desk"].parts
    assert (first.needs_note, second.needs_note) == (True, False)
    assert page.context["desk"].notes_left == 1
    assert "Write the missing notes: 1." in page.content.decode()


def test_conflict_ends_the_sheet(client, sheet):
    url = reverse("judging:conflict_create", args=[sheet.key])

    assert client.post(url, {"reason": ""}).status_code == 200
    response = client.post(url, {"reason": "Kakak kandung pengusul."})

    assert response.url == reverse("judging:assignment_list")
    assert Conflict.objects.get().reason == "Kakak kandung pengusul."
    assert client.get(sheet.get_absolute_url()).status_code == 404
