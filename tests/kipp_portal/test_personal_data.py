import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts import services as accounts_services
from accounts.models import AccessEntry, DataExport, User
from core.models import AuditEntry
from core.personal_data import FilePart
from kipp_portal import exporting, personal_data, services
from kipp_portal.personal_data import COLLECTORS, LEFT_OUT
from notifications.models import Message
from tests.factories.accounts import (
    PASSWORD,
    AuthorFactory,
    InstitutionFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.judging import scoring_round, write_sheet
from tests.factories.notifications import MessageFactory
from tests.factories.privacy import DataExportFactory, ready_export
from tests.factories.register import AchievementFileFactory
from tests.factories.submissions import (
    AnswerFactory,
    EvidenceFactory,
    ProposalFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
COVERED = frozenset().union(*(collector.COVERS for collector in COLLECTORS))


def copy_of(user):
    """Read the copy as its owner would."""
    target = io.BytesIO()
    personal_data.write_copy(user=user, target=target, at=AT)
    archive = zipfile.ZipFile(target)
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def rows(files, name):
    return json.loads(files[f"data/{name}.json"])


# Nothing of people is forgotten -------------------------------------------------------


def fields_that_name_people():
    """Name every column that points at a person; histories by what they follow."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        followed = getattr(model, "pgh_tracked_model", None) or model
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model is User:
                found.add(f"{followed._meta.label}.{field.name}")
    return found


def test_every_field_that_names_a_person_is_collected_or_has_a_reason():
    assert fields_that_name_people() - COVERED - LEFT_OUT.keys() == set()


def test_no_collector_and_no_reason_is_of_yesterday():
    assert (COVERED | LEFT_OUT.keys()) - fields_that_name_people() == set()
    assert COVERED & LEFT_OUT.keys() == set()
    assert all(LEFT_OUT.values())


# What is in the copy ------------------------------------------------------------------


def test_copy_holds_profile_messages_and_actions():
    user = AuthorFactory(employee_number="198001012005011001", phone="0812")
    MessageFactory(recipient=user, subject="Untuk saya")
    MessageFactory(subject="Untuk orang lain")
    accounts_services.note_sign_in(user=user, device="Chrome", at=AT)
    accounts_services.update_profile(
        user=user,
        name="Nama Baru",
        employee_number="",
        phone="",
        language="id",
        actor=user,
        at=AT,
    )
    user.refresh_from_db()

    files = copy_of(user)

    assert "BACA-DULU.txt" in files
    assert user.email.encode() in files["data/profil.json"]
    assert len(rows(files, "peran")) == 1
    assert len(rows(files, "riwayat-akses")) == 1
    assert len(rows(files, "catatan-tindakan-saya")) == 1
    assert len(rows(files, "catatan-tentang-saya")) == 1
    everything = b"".join(files.values())
    assert b"Untuk saya" in everything
    assert b"Untuk orang lain" not in everything
    assert b"md5$" not in everything  # the password's digest


def test_copy_is_written_in_the_language_of_the_person():
    user = UserFactory(language="en")

    with translation.override("id"):
        profile = rows(copy_of(user), "profil")[0]

    assert profile["E-mail"] == user.email


def test_copy_of_an_author_holds_own_texts_and_files():
    institution = InstitutionFactory()
    user = AuthorFactory(institution=institution)
    proposal = ProposalFactory(institution=institution, created_by=user)
    AnswerFactory(proposal=proposal, saved_by=user, text="Jawaban saya")
    AnswerFactory(proposal=proposal, saved_by=UserFactory(), text="Jawaban rekan")
    evidence = EvidenceFactory(proposal=proposal, uploaded_by=user, name="foto.pdf")

    files = copy_of(user)

    assert b"Jawaban saya" in files["data/jawaban.json"]
    assert b"Jawaban rekan" not in files["data/jawaban.json"]
    path = f"berkas/{proposal.code}/bukti/foto.pdf"
    with evidence.file.open("rb") as stored:
        assert files[path] == stored.read()


def test_copy_holds_proofs_of_achievements_as_long_as_one_works_there():
    user = UserFactory()
    mine = AchievementFileFactory(uploaded_by=user, name="piagam-kami.pdf")
    institution = mine.achievement.innovation.institution
    MembershipFactory(user=user, institution=institution)
    AchievementFileFactory(uploaded_by=user, name="piagam-lama.pdf")

    files = copy_of(user)

    assert [each for each in files if each.startswith("berkas/")] == [
        "berkas/prestasi/piagam-kami.pdf"
    ]
    names = files["data/bukti-prestasi.json"].decode()
    assert "piagam-kami.pdf" in names
    assert "piagam-lama.pdf" in names


def test_copy_after_leaving_holds_neither_texts_nor_files():
    institution = InstitutionFactory()
    user = AuthorFactory(institution=institution)
    proposal = ProposalFactory(
        institution=institution, created_by=user, title="Inovasi dinas"
    )
    AnswerFactory(proposal=proposal, saved_by=user, text="Jawaban dinas")
    EvidenceFactory(proposal=proposal, uploaded_by=user, name="foto.pdf")
    user.membership_set.update(to_date=timezone.localdate() - timedelta(days=1))

    files = copy_of(User.objects.get(pk=user.pk))

    everything = b"".join(files.values())
    assert b"Jawaban dinas" not in everything
    assert b"Inovasi dinas" not in everything
    assert not any(name.startswith("berkas/") for name in files)
    assert len(rows(files, "proposal")) == 1


def test_copy_of_a_juror_holds_scores_and_title_and_no_text():
    round = scoring_round(jurors=2, proposals=1)
    first, second = round.juror_set.order_by("pk")
    for juror in (first, second):
        for assignment in juror.assignment_set.all():
            write_sheet(assignment.scoresheet, *([70] * 2), is_final=False)
    proposal = first.assignment_set.get().proposal

    files = copy_of(first.user)

    sheets = rows(files, "lembar-penilaian")
    assert len(sheets) == 1
    assert proposal.title in files["data/lembar-penilaian.json"].decode()
    for answer in proposal.answer_set.all():
        assert answer.text not in b"".join(files.values()).decode()
    assert second.user.email not in b"".join(files.values()).decode()


def test_names_of_files_cannot_lead_out_of_the_folder():
    parts = [
        FilePart("berkas/a/../../../etc/passwd", io.BytesIO),
        FilePart("berkas/a/foto.pdf", io.BytesIO),
        FilePart("berkas/a/FOTO.pdf", io.BytesIO),
    ]

    names = [name for name, _part in personal_data._named(parts)]

    assert not any(".." in name.split("/") or name.startswith("/") for name in names)
    assert len({name.lower() for name in names}) == 3


def test_missing_file_is_named_and_the_rest_is_given():
    institution = InstitutionFactory()
    user = AuthorFactory(institution=institution)
    proposal = ProposalFactory(institution=institution, created_by=user)
    evidence = EvidenceFactory(proposal=proposal, uploaded_by=user, name="hilang.pdf")
    evidence.file.storage.delete(evidence.file.name)

    files = copy_of(user)

    assert b"hilang.pdf" in files["BACA-DULU.txt"]


@pytest.mark.parametrize("count", [1, 3])
def test_copy_query_count(count):
    institution = InstitutionFactory()
    user = AuthorFactory(institution=institution)
    for _number in range(count):
        proposal = ProposalFactory(institution=institution, created_by=user)
        AnswerFactory(proposal=proposal, saved_by=user)
        MessageFactory(recipient=user)

    with CaptureQueriesContext(connection) as asked:
        copy_of(user)

    assert len(asked) <= 66


# Ordering and fetching ----------------------------------------------------------------


def test_copy_is_made_once_and_told(settings):
    user = UserFactory()
    export = services.request_export(user=user, at=AT)

    assert exporting.build(export_id=export.pk, at=AT)
    assert not exporting.build(export_id=export.pk, at=AT)

    export.refresh_from_db()
    assert export.is_ready
    assert export.expires_at == AT + timedelta(days=7)
    with export.file.open("rb") as copy:
        assert zipfile.is_zipfile(copy)
    assert Message.objects.get().kind == "data_export.ready"


def test_second_order_waits_for_the_first():
    user = UserFactory()
    services.request_export(user=user, at=AT)

    with pytest.raises(services.ExportNotTaken):
        services.request_export(user=user, at=AT)


def test_three_copies_a_day_are_enough():
    user = UserFactory()
    for hour in range(3):
        ready_export(user=user, at=AT + timedelta(hours=hour))

    with pytest.raises(services.ExportNotTaken):
        services.request_export(user=user, at=AT + timedelta(hours=4))
    assert services.request_export(user=user, at=AT + timedelta(hours=25))


def test_copy_that_kills_its_worker_is_given_up(monkeypatch):
    def fall(**kwargs):
        raise MemoryError

    monkeypatch.setattr(personal_data, "write_copy", fall)
    export = DataExportFactory()
    for _try in range(exporting.MAX_ATTEMPTS):
        with pytest.raises(MemoryError):
            exporting.build(export_id=export.pk, at=AT)

    assert not exporting.build(export_id=export.pk, at=AT)

    export.refresh_from_db()
    assert export.has_failed
    assert not Message.objects.exists()


def test_file_goes_again_when_the_row_cannot_be_written(monkeypatch, settings):
    def fall(export, at):
        raise RuntimeError

    monkeypatch.setattr(exporting.privacy_notices, "export_ready", fall)
    export = DataExportFactory()

    with pytest.raises(RuntimeError):
        exporting.build(export_id=export.pk, at=AT)

    export.refresh_from_db()
    assert export.is_pending
    assert list((settings.MEDIA_ROOT / "exports").iterdir()) == []


@pytest.fixture
def signed_in(client):
    """Somebody who has just typed their password."""
    user = UserFactory()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return user


def confirm(client, url):
    return client.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": url}
    )


def test_order_asks_for_the_password_again(client, signed_in):
    url = reverse("personal_data")

    asked = client.post(url)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert not DataExport.objects.exists()

    confirm(client, url)
    assert DataExport.objects.filter(user=signed_in).count() == 1


def test_download_asks_for_the_password_and_is_noted(client, signed_in):
    export = ready_export(user=signed_in, content=b"isi", at=timezone.now())
    url = reverse("personal_data_file", args=[export.code])

    assert client.get(url).url.startswith(reverse("account_reauthenticate"))
    confirm(client, url)
    response = client.get(url)

    assert b"".join(response) == b"isi"
    assert "no-store" in response["Cache-Control"]
    assert AuditEntry.objects.filter(action="data_export.fetched").exists()


def test_download_is_over_after_seven_days(client, signed_in):
    export = ready_export(user=signed_in, at=timezone.now() - timedelta(days=7))

    response = client.get(reverse("personal_data_file", args=[export.code]))

    assert response.status_code == 404


def test_download_is_the_owners_alone(client, signed_in):
    export = ready_export(user=UserFactory(is_system_admin=True), at=timezone.now())

    response = client.get(reverse("personal_data_file", args=[export.code]))

    assert response.status_code == 404


def test_sign_in_is_logged_once(client, signed_in):
    assert AccessEntry.objects.about(signed_in).count() == 1
