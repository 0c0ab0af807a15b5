"""Field verification: claims, findings, photos, and the verdict that follows."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from core.models import AuditEntry
from documents.models import SharedBytes
from documents.uploads import check_upload
from documents.uploads.checking import JPEG, PNG
from judging import queries, services, visiting
from judging.models import FieldVisit, VisitClaim, VisitFinding, VisitPhoto
from judging.services import VisitData
from judging.visiting import Found
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import JurorFactory, ScoreSheetFactory, staged_round
from tests.factories.stages import VisitClaimFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sheet():
    return gate_sheet()


def gate_sheet(round=None, juror=None, proposal=None, phase="field_visit"):
    round = round or staged_round(jurors=1, proposals=1, phase=phase)
    made = ScoreSheetFactory(
        assignment__juror=juror or round.juror_set.get(),
        assignment__proposal=proposal or round.proposal_set.get(),
        assignment__scoring_stage=round.scoringstage_set.get(code="lapangan"),
    )
    return (
        type(made)
        .objects.select_related(
            "assignment__juror__user",
            "assignment__scoring_stage__round__competition__government",
            "assignment__proposal",
        )
        .get(pk=made.pk)
    )


def of(sheet, **more):
    return {
        "sheet": sheet,
        "actor": sheet.assignment.juror.user,
        "at": timezone.now(),
        **more,
    }


def save(sheet, findings=None, verdict="", note="", version=None, **facts):
    data = {"visited_date": None, "place": "", "visitors": ""} | facts
    sheet.refresh_from_db()
    return services.save_visit(
        **of(
            sheet,
            data=VisitData(findings=findings or {}, **data),
            verdict=verdict,
            note=note,
            base_version=sheet.version if version is None else version,
        )
    )


def claim_for_all(sheet, text="Ada 3 loket."):
    return VisitClaimFactory(
        scoring_stage=sheet.assignment.scoring_stage,
        proposal=sheet.assignment.proposal,
        text=text,
    )


def picture(colour="navy", kind="JPEG"):
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, kind)
    upload = ContentFile(out.getvalue(), f"foto.{kind.lower()}")
    return check_upload(upload, max_bytes=10**6, types=(JPEG, PNG))


def finish(sheet):
    sheet.refresh_from_db()
    return services.finish_visit(**of(sheet, base_version=sheet.version))


# What is written ------------------------------------------------------------------


def test_visit_is_kept_with_its_version(sheet):
    claim = claim_for_all(sheet)
    day = timezone.localdate()

    saved = save(
        sheet,
        {claim.key: Found("mismatch", "Hanya dua.")},
        verdict="remarks",
        note="Kurang satu.",
        visited_date=day,
        place="Kantor",
        visitors="Ibu Sri",
    )

    visit = FieldVisit.objects.get()
    assert saved.version == 1
    assert (visit.visited_date, visit.place, visit.visitors) == (
        day,
        "Kantor",
        "Ibu Sri",
    )
    assert queries.findings_of(sheet) == {claim.key: Found("mismatch", "Hanya dua.")}
    assert (
        save(
            sheet,
            visited_date=day,
            place="Kantor",
            visitors="Ibu Sri",
            verdict="remarks",
            note="Kurang satu.",
        ).version
        == 1
    )


def test_finding_alone_raises_the_version(sheet):
    claim = claim_for_all(sheet)

    assert save(sheet, {claim.key: Found("confirmed")}).version == 1
    assert save(sheet, {claim.key: Found("confirmed")}).version == 1
    assert save(sheet, {claim.key: Found("not_seen")}).version == 2


def test_stale_window_writes_nothing(sheet):
    claim = claim_for_all(sheet)
    save(sheet, place="Kantor")

    with pytest.raises(services.SheetConflict):
        save(sheet, {claim.key: Found("confirmed")}, version=0)

    assert not VisitFinding.objects.exists()


def test_no_visit_row_for_nothing_written(sheet):
    save(sheet, verdict="passes")

    assert not FieldVisit.objects.exists()


@pytest.mark.parametrize("phase", ["presentation", "plenary"])
def test_nothing_is_written_outside_the_stage(phase):
    sheet = gate_sheet(phase=phase)

    with pytest.raises(services.SheetLocked):
        save(sheet, place="Kantor")
    with pytest.raises(services.SheetLocked):
        services.add_claims(**of(sheet, claims=[("Ada 3 loket.", "")]))
    with pytest.raises(services.SheetLocked):
        services.add_photos(**of(sheet, uploads=[picture()]))

    assert not VisitPhoto.objects.exists()


# Claims ---------------------------------------------------------------------------


def test_own_claim_is_seen_by_its_juror_alone(sheet):
    round = sheet.assignment.scoring_stage.round
    other = gate_sheet(round, JurorFactory(round=round), sheet.assignment.proposal)
    services.add_claims(**of(sheet, claims=[("Ada 3 loket.", "Kebaruan")]))
    shared = claim_for_all(sheet, "Melayani 120 warga.")

    assert [each.text for each in queries.claims_of(sheet)] == [
        "Ada 3 loket.",
        "Melayani 120 warga.",
    ]
    assert queries.claims_of(other) == [shared]


def test_known_claim_is_not_added_twice(sheet):
    claim_for_all(sheet)

    added = services.add_claims(
        **of(sheet, claims=[("Ada 3 loket.", ""), ("Dua", ""), ("Dua", "")])
    )

    assert [each.text for each in added] == ["Dua"]


def test_there_are_so_many_claims_and_no_more(sheet):
    claims = [(f"Klaim {n}", "") for n in range(41)]

    with pytest.raises(services.ClaimNotAdded, match="At most 40"):
        services.add_claims(**of(sheet, claims=claims))

    assert not VisitClaim.objects.exists()


def test_claim_for_all_goes_until_somebody_has_found_something(sheet):
    stage = sheet.assignment.scoring_stage
    actor = SecretariatFactory(government=stage.round.competition.government)
    first, second = services.add_claims_for_all(
        stage=stage,
        proposal=sheet.assignment.proposal,
        claims=[("Satu 1", ""), ("Dua 2", "")],
        actor=actor,
        at=timezone.now(),
    )
    save(sheet, {first.key: Found("confirmed")})

    services.remove_claim(claim=second, actor=actor, at=timezone.now())
    with pytest.raises(services.ClaimNotRemoved, match="found of this claim"):
        services.remove_claim(claim=first, actor=actor, at=timezone.now())

    assert list(VisitClaim.objects.all()) == [first]


def test_own_claim_goes_with_its_finding(sheet):
    (claim,) = services.add_claims(**of(sheet, claims=[("Ada 3 loket.", "")]))
    save(sheet, {claim.key: Found("confirmed")})

    services.remove_claim(
        claim=claim, actor=sheet.assignment.juror.user, at=timezone.now()
    )

    assert not VisitClaim.objects.exists()
    assert not VisitFinding.objects.exists()


# The end ---------------------------------------------------------------------------


def test_sheet_is_not_finished_while_a_claim_is_open(sheet):
    open_claim, wrong, right = (
        claim_for_all(sheet, text) for text in ("Satu 1", "Dua 2", "Tiga 3")
    )
    save(
        sheet,
        {wrong.key: Found("mismatch"), right.key: Found("confirmed")},
        verdict="fails",
    )

    with pytest.raises(services.SheetIncomplete) as refusal:
        finish(sheet)

    assert refusal.value.missing == {
        "note": "Write down what differs from the proposal.",
        visiting.outcome_name(open_claim): "Say what you found of this claim.",
        visiting.note_name(wrong): "Write down what you saw instead.",
    }


def test_finished_visit_is_locked_in_the_database(sheet):
    from django.db import DatabaseError, transaction

    claim = claim_for_all(sheet)
    services.add_photos(**of(sheet, uploads=[picture()]))
    save(sheet, {claim.key: Found("confirmed")}, verdict="passes", place="Kantor")
    finish(sheet)

    for rows, change in (
        (FieldVisit.objects, {"place": "Lain"}),
        (VisitFinding.objects, {"outcome": "mismatch"}),
        (VisitPhoto.objects, {"name": "lain.jpg"}),
    ):
        with pytest.raises(DatabaseError, match="final"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="final"), transaction.atomic():
            rows.all().delete()


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ([], ""),
        (["", ""], ""),
        (["confirmed", "confirmed", ""], "passes"),
        (["confirmed", "not_seen"], "remarks"),
        (["confirmed", "mismatch"], "remarks"),
        (["mismatch", "mismatch", "confirmed"], "fails"),
        (["mismatch"], "fails"),
    ],
)
def test_findings_suggest_a_verdict(outcomes, verdict):
    assert visiting.suggested_verdict(outcomes) == verdict


def test_sentences_with_figures_are_suggested_in_turns():
    texts = [
        (
            "Kebaruan",
            "Kami melayani 1.200 warga. Tanpa angka di sini. Ada 3 loket baru.",
        ),
        (
            "Hasil",
            "Waktu turun dari 34 menjadi 4 hari.\n\nBiaya Rp60.000 per hari saja.",
        ),
    ]

    found = visiting.suggestions_in(texts, known=["Ada 3 loket baru."])

    assert [(each.source, each.text) for each in found] == [
        ("Kebaruan", "Kami melayani 1.200 warga."),
        ("Hasil", "Waktu turun dari 34 menjadi 4 hari."),
        ("Hasil", "Biaya Rp60.000 per hari saja."),
    ]


# Photos ----------------------------------------------------------------------------


def test_same_photo_is_kept_once(sheet):
    first = services.add_photos(**of(sheet, uploads=[picture(), picture()]))
    again = services.add_photos(**of(sheet, uploads=[picture(), picture("red", "PNG")]))

    assert (len(first), len(again)) == (1, 1)
    assert VisitPhoto.objects.count() == 2


def test_photo_that_goes_takes_its_bytes(sheet, django_capture_on_commit_callbacks):
    (photo,) = services.add_photos(**of(sheet, uploads=[picture()]))

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_photo(
            photo=photo, actor=sheet.assignment.juror.user, at=timezone.now()
        )

    assert not photo.file.storage.exists(photo.file.name)
    assert not SharedBytes.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["visit_photo.added", "visit_photo.removed"]


def test_there_are_so_many_photos_and_no_more(sheet, monkeypatch):
    monkeypatch.setattr("judging.services.visiting.MOST_PHOTOS", 1)
    services.add_photos(**of(sheet, uploads=[picture()]))

    with pytest.raises(services.PhotoNotTaken, match="at most 1"):
        services.add_photos(**of(sheet, uploads=[picture("red")]))


def test_failure_half_way_leaves_no_photo(sheet, monkeypatch):
    monkeypatch.setattr("judging.services.visiting.audit.record", _fail)

    with pytest.raises(RuntimeError):
        services.add_photos(**of(sheet, uploads=[picture()]))

    assert not VisitPhoto.objects.exists()
    assert not SharedBytes.objects.exists()


def _fail(*args, **kwargs):
    raise RuntimeError
