import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from documents.uploads import CheckedFile
from submissions import services
from submissions.models import Evidence, ProposalState, StatementLetter
from submissions.services import files
from tests.factories.submissions import ProposalFactory, tiny_pdf
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db


def upload(text="bukti", name="bukti.pdf") -> CheckedFile:
    return CheckedFile(
        name=name,
        content=tiny_pdf(text),
        content_type="application/pdf",
        extension=".pdf",
    )


def add(city, proposal, checked, *, at=AT):
    return services.add_evidence(
        proposal=proposal,
        section=city.section,
        upload=checked,
        actor=city.author,
        at=at,
    )


def put(city, proposal, checked):
    return services.put_letter(
        proposal=proposal,
        kind=proposal.form.letterkind_set.get(),
        upload=checked,
        actor=city.author,
        at=AT,
    )


@pytest.fixture
def draft(city):
    return ProposalFactory(round=city.round, institution=city.institution)


def test_add_evidence_keeps_bytes_under_a_random_name(city, draft):
    checked = upload(name="Laporan 2021.pdf")

    evidence = add(city, draft, checked)

    assert (evidence.name, evidence.sha256) == ("Laporan 2021.pdf", checked.sha256)
    assert "Laporan" not in evidence.file.name
    assert evidence.key not in evidence.file.name
    with default_storage.open(evidence.file.name) as stored:
        assert stored.read() == checked.content


def test_same_file_is_refused_by_its_content(city, draft):
    add(city, draft, upload(name="a.pdf"))

    with pytest.raises(services.FileNotTaken, match=r"a\.pdf"):
        add(city, draft, upload(name="b.pdf"))

    assert Evidence.objects.count() == 1


def test_section_takes_so_many_files_only(city, draft):
    section = city.section
    section.evidence_max_files = 2
    section.save(update_fields=["evidence_max_files"])
    add(city, draft, upload("satu"))
    add(city, draft, upload("dua"))

    with pytest.raises(services.FileNotTaken, match="2"):
        services.add_evidence(
            proposal=draft,
            section=section,
            upload=upload("tiga"),
            actor=city.author,
            at=AT,
        )


def test_add_evidence_refused_after_closing(city, draft):
    with pytest.raises(services.SubmissionClosed):
        add(city, draft, upload(), at=city.stage.closes_at)


def test_add_evidence_refused_once_sent(city):
    sent = ProposalFactory(round=city.round, state=ProposalState.SUBMITTED)

    with pytest.raises(services.ProposalNotEditable):
        add(city, sent, upload())


def test_failure_half_way_leaves_neither_row_nor_bytes(city, draft, monkeypatch):
    seen = []

    def fail(action, **kwargs):
        seen.append(kwargs["target"].file.name)
        raise RuntimeError

    monkeypatch.setattr(files.audit, "record", fail)

    with pytest.raises(RuntimeError):
        add(city, draft, upload())

    assert not Evidence.objects.exists()
    assert not default_storage.exists(seen[0])


def test_remove_evidence_takes_the_bytes_away_at_commit(
    city, draft, django_capture_on_commit_callbacks
):
    evidence = add(city, draft, upload())
    name = evidence.file.name

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        services.remove_evidence(evidence=evidence, actor=city.author, at=AT)
        assert default_storage.exists(name)

    assert not Evidence.objects.exists()
    assert not default_storage.exists(name)


def test_bytes_that_a_fingerprint_covers_are_kept(
    city, django_capture_on_commit_callbacks
):
    reopened = ProposalFactory(
        round=city.round, state=ProposalState.REOPENED, receipt_number="TT-1"
    )
    evidence = add(city, reopened, upload())

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(evidence=evidence, actor=city.author, at=AT)

    assert default_storage.exists(evidence.file.name)


def test_new_letter_takes_the_place_of_the_old(
    city, draft, django_capture_on_commit_callbacks
):
    old = put(city, draft, upload("lama"))
    old_name, old_key = old.file.name, old.key

    with django_capture_on_commit_callbacks(execute=True):
        new = put(city, draft, upload("baru", name="baru.pdf"))

    assert list(StatementLetter.objects.values_list("name")) == [("baru.pdf",)]
    assert new.key != old_key
    assert not default_storage.exists(old_name)
    assert default_storage.exists(new.file.name)


def test_remove_letter(city, draft, django_capture_on_commit_callbacks):
    letter = put(city, draft, upload())

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_letter(letter=letter, actor=city.author, at=AT)

    assert not StatementLetter.objects.exists()
