"""Pages of field verification: the sheet on a phone, photos, claims, the report."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from judging import services
from judging.models import (
    FieldVisit,
    VisitClaim,
    VisitFinding,
    VisitPhoto,
)
from judging.visiting import Found, note_name, outcome_name
from tests.documents import hostile
from tests.factories.judging import JurorFactory
from tests.factories.stages import VisitClaimFactory, VisitFindingFactory
from tests.factories.submissions import AnswerFactory
from tests.judging.pages import AUTOSAVE, content_of, login_secretariat
from tests.judging.test_visiting import (
    claim_for_all,
    finish,
    gate_sheet,
    of,
    picture,
    save,
)

pytestmark = pytest.mark.django_db
UPLOAD = {"X-Requested-With": "upload", "Accept": "application/json"}


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sheet(client):
    sheet = gate_sheet()
    client.force_login(sheet.assignment.juror.user)
    return sheet


def photo(name="foto.jpg", content=None, place=True):
    out = BytesIO()
    exif = Image.Exif()
    if place:
        exif[0x8825] = {1: "S", 2: (6.0, 52.0, 0.0), 3: "E", 4: (109.0, 8.0, 0.0)}
        exif[0x010F] = "Kamera Rahasia"
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, content or out.getvalue())


def bytes_of(stored):
    with stored.file.open("rb") as file:
        return file.read()


def test_typed_visit_is_saved_by_button(client, sheet):
    claim = claim_for_all(sheet)

    response = client.post(
        sheet.get_absolute_url(),
        {
            "version": 0,
            "visited_date": "31 Jan 2022",
            "place": "Kantor",
            "visitors": "Ibu Sri",
            outcome_name(claim): "mismatch",
            note_name(claim): "Hanya dua.",
            "verdict": "remarks",
            "note": "Kurang satu.",
        },
    )

    assert response.url == sheet.get_absolute_url()
    assert FieldVisit.objects.get().place == "Kantor"
    assert VisitFinding.objects.get().outcome == "mismatch"
    page = client.get(sheet.get_absolute_url())
    assert page.context["suggested_verdict"] == "Not as described"


def test_one_slip_holds_back_nothing_else(client, sheet):
    claim = claim_for_all(sheet)

    answer = client.post(
        sheet.get_absolute_url(),
        {
            "version": 0,
            "visited_date": "kapan-kapan",
            "place": "Kantor",
            outcome_name(claim): "confirmed",
        },
        headers=AUTOSAVE,
    )

    assert answer.status_code == 422
    assert (answer.json()["version"], list(answer.json()["errors"])) == (
        1,
        ["visited_date"],
    )
    assert FieldVisit.objects.get().place == "Kantor"
    assert VisitFinding.objects.get().outcome == "confirmed"


def test_fields_left_out_wipe_nothing(client, sheet):
    claim = claim_for_all(sheet)
    client.post(
        sheet.get_absolute_url(),
        {"version": 0, "place": "Kantor", outcome_name(claim): "confirmed"},
    )

    client.post(sheet.get_absolute_url(), {"version": 1, "note": "Baik."})

    sheet.refresh_from_db()
    assert (sheet.version, sheet.note) == (2, "Baik.")
    assert FieldVisit.objects.get().place == "Kantor"
    assert VisitFinding.objects.get().outcome == "confirmed"


def test_autosave_adds_no_half_typed_claim(client, sheet):
    data = {"version": 0, "new_claim": "Ada 3 lo"}

    answer = client.post(sheet.get_absolute_url(), data, headers=AUTOSAVE)

    assert answer.status_code == 200
    assert not VisitClaim.objects.exists()


def test_claims_are_added_typed_and_ticked(client, sheet):
    proposal = sheet.assignment.proposal
    section = proposal.form.section_set.get(code="kebaruan")
    AnswerFactory(
        proposal=proposal, section=section, text="Melayani 1.200 warga sehari."
    )
    page = client.get(sheet.get_absolute_url())
    (suggested,) = page.context["form"].suggestions

    client.post(
        sheet.get_absolute_url(),
        {
            "version": 0,
            "note": "Tetap ada.",
            "new_claim": "Ada  3 loket.",
            "suggested": [suggested],
        },
    )

    assert set(VisitClaim.objects.values_list("text", "source")) == {
        ("Melayani 1.200 warga sehari.", section.title),
        ("Ada 3 loket.", ""),
    }
    sheet.refresh_from_db()
    assert sheet.note == "Tetap ada."


def test_photos_come_with_what_was_typed_and_lose_their_place(client, sheet):
    client.post(
        sheet.get_absolute_url(),
        {"version": 0, "note": "Baik.", "photos": [photo("a.jpg"), photo("b.jpg")]},
    )

    content = bytes_of(VisitPhoto.objects.get())  # the same picture twice is one
    assert b"Kamera Rahasia" not in content
    assert not Image.open(BytesIO(content)).getexif()
    sheet.refresh_from_db()
    assert sheet.note == "Baik."


def test_script_sends_photos_alone(client, sheet):
    claim = claim_for_all(sheet)
    data = {"version": 99, "camera": photo(), "photo_claim": claim.key}

    answer = client.post(sheet.get_absolute_url(), data, headers=UPLOAD)

    assert answer.json() == {"state": "stored", "url": sheet.get_absolute_url()}
    assert VisitPhoto.objects.get().claim == claim
    sheet.refresh_from_db()
    assert sheet.version == 0


HOSTILE = {
    "page": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "cut off": photo().read()[:200],
    "only its beginning": b"\xff\xd8\xff<script>alert(1)</script>",
    "paper": hostile.pdf(),
    "empty": b"",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_photo_is_refused_and_typing_is_kept(client, sheet, kind):
    data = {"version": 0, "note": "Baik."}
    upload = SimpleUploadedFile("foto.jpg", HOSTILE[kind] or b" ")

    plain = client.post(sheet.get_absolute_url(), data | {"photos": [upload]})
    upload.seek(0)
    script = client.post(sheet.get_absolute_url(), {"photos": [upload]}, headers=UPLOAD)

    assert list(plain.context["form"].errors) == ["photos"]
    assert (script.status_code, list(script.json()["errors"])) == (422, ["photos"])
    assert not VisitPhoto.objects.exists()
    sheet.refresh_from_db()
    assert sheet.note == "Baik."


def test_picture_with_another_program_behind_it_is_written_anew(client, sheet):
    content = photo(place=False).read() + b"<script>alert(1)</script>"

    client.post(
        sheet.get_absolute_url(), {"version": 0, "photos": [photo(content=content)]}
    )

    assert b"<script" not in bytes_of(VisitPhoto.objects.get())


def test_too_many_photos_at_once_are_refused(client, sheet):
    files = [photo(f"{n}.jpg") for n in range(13)]

    response = client.post(sheet.get_absolute_url(), {"version": 0, "photos": files})

    assert "photos" in response.context["form"].errors
    assert not VisitPhoto.objects.exists()


def test_photo_is_shown_and_taken_away_by_its_juror(client, sheet):
    client.post(sheet.get_absolute_url(), {"version": 0, "photos": [photo()]})
    stored = VisitPhoto.objects.get()
    address = reverse("judging:visit_photo", args=[sheet.key, stored.key])

    shown = client.get(address)
    content_of(shown)
    client.post(sheet.get_absolute_url(), {"version": 0, "remove_photo": stored.key})

    assert shown["Content-Type"] == "image/jpeg"
    assert "private" in shown["Cache-Control"]
    assert client.get(address).status_code == 404


def test_another_jurors_parts_cannot_be_removed(client, sheet):
    round = sheet.assignment.scoring_stage.round
    other = gate_sheet(round, JurorFactory(round=round), sheet.assignment.proposal)
    claim = VisitClaimFactory(
        scoring_stage=other.assignment.scoring_stage,
        proposal=other.assignment.proposal,
        sheet=other,
    )

    response = client.post(
        sheet.get_absolute_url(), {"version": 0, "remove_claim": claim.key}
    )

    assert response.status_code == 404
    assert VisitClaim.objects.filter(pk=claim.pk).exists()


def test_finish_keeps_what_was_typed_and_says_what_is_missing(client, sheet):
    claim = claim_for_all(sheet)
    address = reverse("judging:sheet_finalise", args=[sheet.key])

    response = client.post(address, {"version": 0, "verdict": "passes", "note": "Ya."})

    assert outcome_name(claim) in response.context["form"].errors
    sheet.refresh_from_db()
    assert (sheet.state, sheet.verdict) == ("draft", "passes")
    done = client.post(
        address, {"version": 1, "verdict": "passes", outcome_name(claim): "confirmed"}
    )
    assert done.status_code == 302
    sheet.refresh_from_db()
    assert sheet.is_final
    assert "Ada 3 loket." in client.get(sheet.get_absolute_url()).content.decode()


def test_closed_stage_takes_no_photo(client):
    sheet = gate_sheet(phase="plenary")
    client.force_login(sheet.assignment.juror.user)

    answer = client.post(
        sheet.get_absolute_url(), {"photos": [photo()]}, headers=UPLOAD
    )

    assert answer.status_code == 422
    assert not VisitPhoto.objects.exists()


# Query counts ------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_gate_query_count(client, sheet, django_assert_num_queries, count):
    for n in range(count):
        claim = claim_for_all(sheet, f"Klaim {n}")
        VisitFindingFactory(sheet=sheet, claim=claim)
    client.get(sheet.get_absolute_url())

    with django_assert_num_queries(21):
        client.get(sheet.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_visit_list_query_count(client, django_assert_num_queries, count):
    sheet = gate_sheet()
    round = sheet.assignment.scoring_stage.round
    for _n in range(count - 1):
        gate_sheet(round, JurorFactory(round=round), sheet.assignment.proposal)
    login_secretariat(client, round)
    client.get(reverse("judging:visit_list", args=[round.slug]))

    with django_assert_num_queries(13):
        response = client.get(reverse("judging:visit_list", args=[round.slug]))

    assert len(response.context["rows"][0].sheets) == count


# The secretariat --------------------------------------------------------------------


def test_secretariat_sees_progress_but_no_finding_before_time(client):
    sheet = gate_sheet()
    round = sheet.assignment.scoring_stage.round
    gate_sheet(round, JurorFactory(round=round), sheet.assignment.proposal)
    claim = claim_for_all(sheet)
    save(
        sheet,
        {claim.key: Found("mismatch", "Bohong besar.")},
        verdict="fails",
        note="Sama sekali tidak.",
    )
    finish(sheet)
    login_secretariat(client, round)

    page = client.get(reverse("judging:visit_list", args=[round.slug]))
    report = client.get(reverse("judging:visit_report", args=[sheet.key]))

    text = page.content.decode()
    assert page.context["total"].done == 1
    assert "Bohong besar." not in text
    assert "Not as described" not in text
    assert report.status_code == 404


def test_secretariat_reads_the_report_when_all_are_finished(client):
    sheet = gate_sheet()
    claim = claim_for_all(sheet)
    services.add_photos(**of(sheet, uploads=[picture()]))
    save(sheet, {claim.key: Found("confirmed")}, verdict="passes")
    finish(sheet)
    login_secretariat(client, sheet.assignment.scoring_stage.round)

    report = client.get(reverse("judging:visit_report", args=[sheet.key]))
    stored = VisitPhoto.objects.get()
    shown = client.get(reverse("judging:visit_photo", args=[sheet.key, stored.key]))

    assert content_of(report).startswith(b"%PDF-")
    assert shown.status_code == 200
    content_of(shown)


def test_claims_for_all_are_chosen_and_removed(client):
    sheet = gate_sheet()
    round = sheet.assignment.scoring_stage.round
    login_secretariat(client, round)
    address = reverse(
        "judging:visit_claims", args=[round.slug, sheet.assignment.proposal.code]
    )

    empty = client.post(address, {"typed": "  \n "})
    client.post(address, {"typed": "Ada 3 loket.\nAda 2 petugas."})
    first, second = VisitClaim.objects.order_by("pk")
    client.post(address, {"remove": first.key})

    assert "typed" in empty.context["form"].errors
    assert list(VisitClaim.objects.all()) == [second]
    assert second.sheet is None


def test_photos_and_notes_are_no_part_of_the_ranking_pages_before_time(client):
    sheet = gate_sheet()
    save(sheet, place="Tempat Rahasia")
    round = sheet.assignment.scoring_stage.round
    login_secretariat(client, round)

    page = client.get(reverse("judging:ranking", args=[round.slug]) + "?tahap=lapangan")

    assert "Tempat Rahasia" not in page.content.decode()
