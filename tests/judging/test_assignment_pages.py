"""The pages on which the secretariat hands proposals out."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from judging.models import Assignment, Juror, ScoreSheet
from notifications.models import Message
from tests.factories.competitions import small_round
from tests.factories.judging import (
    ConflictFactory,
    JurorFactory,
    scoring_round,
    seal,
    staged_round,
    write_sheet,
)
from tests.factories.submissions import ProposalFactory
from tests.judging.pages import apply_shown, content_of, login_secretariat

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    """Three jurors, two proposals that passed, two jurors for each; nothing given."""
    round = small_round(phase="scoring")
    round.scoringstage_set.update(jurors_per_proposal=2)
    JurorFactory.create_batch(3, round=round)
    ProposalFactory.create_batch(2, round=round, state="screened_passed")
    return round


def url(route, round, *args):
    return reverse(f"judging:{route}", args=[round.slug, *args])


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())


def standing():
    return Assignment.objects.filter(released_at=None)


def test_assignment_is_shown_then_applied_once(client, round):
    login_secretariat(client, round)
    address = url("assignment_create", round)

    first = client.get(address).context
    applied = apply_shown(client, address)
    again = client.post(address, {"digest": first["digest"]}, follow=True)

    assert (len(first["plan"].added), first["least"], first["most"]) == (4, 1, 2)
    assert applied.status_code == 302
    assert "Look once more" in words_of(again)
    assert standing().count() == 4
    assert "complete and even" in words_of(client.get(address))


def test_choices_go_along_with_tabs_search_and_form(client, round):
    JurorFactory(round=round, signed_at=None)
    login_secretariat(client, round)
    query = {"pilihan": "1", "pindah": "on"}

    page = client.get(url("assignment_create", round), query)

    assert len(page.context["loads"]) == 3
    assert all("belum" not in each["url"] for each in page.context["kind_tabs"])
    assert 'name="belum" value="on"' not in page.content.decode()


def test_changes_are_narrowed(client, round):
    sought = ProposalFactory(round=round, state="screened_passed", title="Sepeda Sehat")
    for juror in Juror.objects.all()[:2]:
        ConflictFactory(juror=juror, proposal=sought)
    login_secretariat(client, round)
    address = url("assignment_create", round)

    gaps = client.get(address, {"isi": "kurang"}).context["page"].object_list
    found = client.get(address, {"q": "sepeda"}).context["page"].object_list
    nothing = client.get(address, {"q": "tidak ada"})

    assert [each.proposal for each in gaps] == [each.proposal for each in found]
    assert [each.proposal for each in found] == [sought]
    assert found[0].gap.missing == 1
    assert "Nothing is found" in words_of(nothing)


def test_reasons_why_nothing_can_be_assigned_are_shown(client):
    round = small_round(phase="scoring")
    login_secretariat(client, round)

    assert "Add jurors first" in words_of(client.get(url("assignment_create", round)))
    assert "No proposal to judge" in words_of(
        client.get(url("assignment_board", round))
    )


def test_stage_before_that_let_nothing_through_is_named(client):
    round = staged_round(jurors=1, proposals=0, phase="presentation")
    login_secretariat(client, round)

    page = client.get(url("assignment_create", round), {"tahap": "presentasi"})

    assert "The stage before let no proposal through." in words_of(page)


@pytest.mark.parametrize("row_count", [1, 3])
def test_assignment_page_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=row_count, proposals=row_count)
    round.scoringstage_set.update(jurors_per_proposal=1)
    ProposalFactory.create_batch(row_count, round=round, state="screened_passed")
    login_secretariat(client, round)
    address = url("assignment_create", round)
    client.get(address)

    with django_assert_num_queries(17):
        page = client.get(address)

    assert len(page.context["page"].object_list) >= row_count


@pytest.mark.parametrize("row_count", [1, 3])
def test_board_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=row_count, proposals=row_count)
    login_secretariat(client, round)
    address = url("assignment_board", round)
    client.get(address)

    with django_assert_num_queries(13):
        page = client.get(address)

    assert len(page.context["rows"]) == row_count


@pytest.mark.parametrize("row_count", [1, 3])
def test_edit_page_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=row_count, proposals=1)
    JurorFactory.create_batch(row_count, round=round)
    login_secretariat(client, round)
    address = url("assignment_edit", round, round.proposal_set.get().code)
    client.get(address)

    with django_assert_num_queries(17):
        page = client.get(address)

    assert len(page.context["offers"]) == len(page.context["shares"]) == row_count


def test_board_is_narrowed_and_tells_states_without_scores(client, round):
    login_secretariat(client, round)
    apply_shown(client, url("assignment_create", round))
    sheet = write_sheet(ScoreSheet.objects.order_by("pk")[0], 83, 79)
    lonely = ProposalFactory(round=round, state="screened_passed")
    address = url("assignment_board", round)

    def listed(**query):
        return [row[0] for row in client.get(address, query).context["rows"]]

    assert listed(keadaan="kurang") == [lonely]
    assert listed(
        juri=sheet.assignment.juror.key, q=sheet.assignment.proposal.code
    ) == [sheet.assignment.proposal]
    told = words_of(client.get(address))
    assert ", finished" in told
    assert not re.search(r"\b(83|79|81)\b", told)


def test_given_and_taken_from_the_pages(client, round):
    login_secretariat(client, round)
    juror, proposal = Juror.objects.first(), round.proposal_set.first()
    edit = url("assignment_edit", round, proposal.code)
    release = url("assignment_release", round, proposal.code, juror.key)

    client.post(edit, {"juror": juror.key})
    twice = client.post(edit, {"juror": juror.key}, follow=True)
    empty = client.post(release, {"reason": " "})
    client.post(release, {"reason": "Salah bidang."})

    assert "already" in words_of(twice)
    assert "reason" in empty.context["form"].errors
    assert client.get(release).status_code == 404
    assert Assignment.objects.get().release_reason == "Salah bidang."


def test_table_goes_out_and_comes_back_the_same(client, round):
    login_secretariat(client, round)
    apply_shown(client, url("assignment_create", round))

    content = content_of(client.get(url("assignment_export", round)))
    heads, *rows = load_workbook(BytesIO(content)).active.values
    back = client.post(
        url("assignment_import", round),
        {
            "file": SimpleUploadedFile("penugasan.xlsx", content),
            "isi": "seluruh",
            "reason": "Rapat.",
        },
    )

    assert heads[:2] == ("kode_proposal", "email_juri")
    assert len(rows) == 4
    assert (back.status_code, back.context["outcome"].changes_something) == (200, False)


def test_table_is_checked_shown_and_applied(client, round):
    login_secretariat(client, round)
    juror, proposal = Juror.objects.first(), round.proposal_set.first()
    address = url("assignment_import", round)

    def upload(lines, **fields):
        file = SimpleUploadedFile("tabel.csv", "\n".join(lines).encode())
        return client.post(address, {"file": file, "isi": "tambah", **fields})

    line = f"{proposal.code};{juror.user.email}"
    shown = upload(["kode_proposal;email_juri", line])
    assert not Assignment.objects.exists()
    plan = re.search(r'name="plan" value="([^"]+)"', shown.content.decode())[1]
    client.post(address, {"plan": plan})
    stale = client.post(address, {"plan": plan}, follow=True)
    tampered = client.post(address, {"plan": plan[:-1]}, follow=True)
    faulty = upload(["kode_proposal;email_juri", "ASAL;x@contoh.example", line])
    no_reason = upload(["kode_proposal;email_juri", line], isi="seluruh")
    no_table = upload(["a;b", line])

    assert [each.origin for each in standing()] == ["file"]
    assert "Upload it again" in words_of(stale)
    assert "open for too long" in words_of(tampered)
    assert (faulty.status_code, faulty.context["fault_count"]) == (422, 2)
    assert "reason" in no_reason.context["form"].errors
    assert "file" in no_table.context["form"].errors


def test_juror_is_replaced_after_a_look(client, round):
    login_secretariat(client, round)
    apply_shown(client, url("assignment_create", round))
    leaving = Juror.objects.filter(assignment__isnull=False).first()
    new = JurorFactory(round=round)
    address = url("juror_replace", round, leaving.key)
    fields = {"successor": new.key, "reason": "Sakit."}

    empty = client.post(address, {"reason": ""})
    shown = client.post(address, fields)
    assert leaving in Juror.objects.sitting()
    stale = client.post(address, {**fields, "digest": "lama"})
    done = client.post(address, {**fields, "digest": shown.context["handover"].digest})
    late = client.get(address)

    assert empty.status_code == 422
    assert stale.status_code == 200
    assert done.status_code == late.status_code == 302
    assert leaving not in Juror.objects.sitting()
    assert not standing().filter(juror=leaving)
    told = Message.objects.get(kind="judging.seat_ended")
    client.force_login(leaving.user)
    assert client.get(told.path).status_code == 200


def test_nonsense_is_no_error(client, round):
    login_secretariat(client, round)
    code = round.proposal_set.first().code
    query = {"q": "\0", "juri": "\0", "keadaan": "x", "isi": "\0", "halaman": "x"}

    board = client.get(url("assignment_board", round), query)
    shown = client.get(url("assignment_create", round), {**query, "tahap": "x"})
    give = client.post(url("assignment_edit", round, code), {"juror": "\0"})

    assert (board.status_code, shown.status_code) == (200, 200)
    assert give.status_code == 404


def test_sealed_round_is_only_read(client):
    round = scoring_round(jurors=1, proposals=1)
    for sheet in ScoreSheet.objects.all():
        write_sheet(sheet, 80, 80)
    seal(round)
    login_secretariat(client, round)
    code = round.proposal_set.get().code

    for route, *args in (
        ("assignment_create",),
        ("assignment_board",),
        ("assignment_edit", code),
    ):
        page = client.get(url(route, round, *args))
        assert page.status_code == 200
        assert 'name="digest"' not in page.content.decode()
    assert "sealed" in words_of(client.get(url("assignment_create", round)))
