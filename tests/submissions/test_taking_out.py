"""Proposals taken out: PDF, ZIP, tables, texts for the national site, the index."""

import csv
from hashlib import sha256
from io import BytesIO, StringIO
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest
from django.core.files.storage import default_storage

from documents.models import Inspection
from submissions import archives, innovation_index, national_forms, proposal_table
from submissions.dossier import load_dossier
from submissions.models import Answer, ExportChoice, Proposal, ProposalState
from tests.factories.accounts import InstitutionFactory
from tests.factories.competitions import SectionFactory
from tests.factories.submissions import (
    AnswerFactory,
    EvidenceFactory,
    EvidenceLinkFactory,
    ProposalFactory,
)
from tests.submissions.browsing import content_of, url

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://jahat.example")'


@pytest.fixture
def city(live_city):
    return live_city


@pytest.fixture
def entered(city):
    return city.proposal(title="Antar Obat Lansia", state=ProposalState.SUBMITTED)


@pytest.fixture
def secretary(client, city):
    client.force_login(city.secretary)
    return client


def bytes_of(answer):
    return content_of(answer) if answer.streaming else answer.content


def words_of(pdf):
    """All that a PDF writes is compressed; its outline and size tell enough."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages), str(document.docinfo.get("/Title", ""))


def test_proposal_as_pdf(client, city):
    draft = city.proposal(title="Antar Obat Lansia")
    client.force_login(city.author)

    answer = client.get(url("proposal_file", draft.code))

    assert answer["Content-Disposition"].startswith("attachment")
    pages, title = words_of(answer.content)
    assert pages >= 1
    assert title == "Antar Obat Lansia"


def test_archive_has_every_file_once_and_a_list_with_digests(city, entered, secretary):
    section = city.section
    same = [
        EvidenceFactory(proposal=entered, section=section, name="Bukti.pdf")
        for _n in range(2)
    ]
    climbing = EvidenceFactory(
        proposal=entered, section=section, name="..\\..\\a\u202efdp.pdf"
    )
    missing = EvidenceFactory(proposal=entered, section=section, name="hilang.pdf")
    default_storage.delete(missing.file.name)
    held = EvidenceFactory(proposal=entered, section=section, name="virus.pdf")
    Inspection.objects.create(
        key=held.key, file=held.file.name, content_type="x", scan="infected", found="X"
    )
    EvidenceLinkFactory(
        proposal=entered, section=section, url="https://contoh.example/"
    )

    answer = secretary.get(url("round_archive", city.round.slug))

    with ZipFile(BytesIO(bytes_of(answer))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        rows = list(
            csv.reader(
                StringIO(archive.read(archives.MANIFEST).decode("utf-8-sig")),
                delimiter=";",
            )
        )
        digests = {row[3]: row[5] for row in rows[1:] if row[3]}
        for name, digest in digests.items():
            assert sha256(archive.read(name)).hexdigest() == digest
    assert len(names) == len({name.lower() for name in names})
    assert not any(".." in name.split("/") or "\u202e" in name for name in names)
    assert all(name.startswith(f"{entered.code}/") for name in names[:-1])
    assert f"{entered.code}/kebaruan/Bukti (2).pdf" in names
    assert not any("virus" in name or "hilang" in name for name in names)
    notes = [row[7] for row in rows if row[7]]
    assert len(notes) >= 4  # head, missing, held back, link
    assert {each.sha256 for each in (*same, climbing)} <= set(digests.values())


def test_archives_of_many_in_a_constant_number_of_queries(
    city, django_assert_num_queries
):
    proposals = [city.proposal(title=f"Inovasi {n}") for n in range(3)]

    for some in (proposals[:1], proposals):
        with django_assert_num_queries(4):  # files, letters, links, held back
            entries = archives.entries_of(some)
        assert {each.proposal for each in entries} == {each.code for each in some}


def test_table_has_what_was_ticked_and_runs_no_formula(secretary, city, entered):
    Proposal.objects.filter(pk=entered.pk).update(receipt_number=FORMULA)
    path = url("proposal_table", city.round.slug)
    columns = ["judul", "tanda-terima", "berkas", "jawaban:kebaruan", "kata:kebaruan"]

    page = secretary.get(path)
    sheet = secretary.post(path, {"kolom": columns, "bentuk": "xlsx"})
    lines = secretary.post(path, {"kolom": columns, "bentuk": "csv"})
    nothing = secretary.post(path, {"bentuk": "xlsx"})

    assert page.status_code == 200
    head, row = openpyxl.load_workbook(BytesIO(bytes_of(sheet))).active.iter_rows()
    text = Answer.objects.get(proposal=entered, section__code="kebaruan").text
    assert len(head) == len(columns)
    assert [cell.value for cell in row] == [
        "Antar Obat Lansia",
        FORMULA,
        0,
        text,
        len(text.split()),
    ]
    assert row[1].data_type == "s"
    assert f"'{FORMULA}"[:5] in bytes_of(lines).decode("utf-8-sig")
    assert nothing.status_code == 422
    # The choice is there the next time.
    assert ExportChoice.objects.get(user=city.secretary).columns == columns
    again = secretary.get(path)
    ticked = {
        box["key"]
        for group in again.context["groups"]
        for box in group["boxes"]
        if box["is_ticked"]
    }
    assert ticked == set(columns)


def test_table_follows_the_filters_of_the_list(secretary, city, entered):
    city.proposal(title="Yang lain", state=ProposalState.SUBMITTED)
    path = url("proposal_table", city.round.slug)

    answer = secretary.post(f"{path}?cari=Obat", {"kolom": ["judul"], "bentuk": "csv"})

    rows = bytes_of(answer).decode("utf-8-sig").splitlines()
    assert rows[1:] == ["Antar Obat Lansia"]


def test_every_column_of_the_table_in_one_query(
    city, entered, django_assert_num_queries
):
    groups = proposal_table.groups_of(city.round)
    columns = [column for group in groups for column in group.columns]
    for number in range(2):
        ProposalFactory(round=city.round, title=f"Lagi {number}")

    for proposals in (Proposal.objects.filter(pk=entered.pk), Proposal.objects.all()):
        expected = proposals.count()
        with django_assert_num_queries(1):
            rows = list(proposal_table.rows_of(proposals.order_by("pk"), columns))
        assert len(rows) == expected + 1
        assert {len(row) for row in rows} == {len(columns)}


def test_texts_for_the_national_site_are_counted_against_its_limits(
    client, city, entered
):
    form = entered.form
    AnswerFactory(
        proposal=entered,
        section=SectionFactory(form=form, code="ringkasan-lain", title="Sisa"),
        text="tanpa tempat",
    )
    client.force_login(city.author)

    page = client.get(url("national_texts", entered.code), {"formulir": "2023"})
    archive = client.get(url("national_texts_file", entered.code), {"formulir": "2023"})

    fields = {each.title: each for each in page.context["fields"]}
    assert fields["Kebaruan/Nilai Tambah"].limit == 200
    assert fields["Kebaruan/Nilai Tambah"].words > 0
    assert [each.section.title for each in page.context["rest"]] == ["Sisa"]
    with ZipFile(BytesIO(archive.content)) as packed:
        names = packed.namelist()
        assert f"{entered.code}.html" in names
        assert any(name.startswith("teks/03 Kebaruan") for name in names)
        assert "Antar Obat Lansia" in packed.read(f"{entered.code}.txt").decode()


def test_text_over_the_national_limit_is_marked(city):
    draft = city.proposal()
    Answer.objects.filter(proposal=draft, section__code="kebaruan").update(
        text="kata " * 201
    )
    dossier = load_dossier(Proposal.objects.for_page().get(pk=draft.pk), rules=False)
    form = national_forms.form_named("2023", dossier)

    field = next(
        each
        for each in national_forms.packed(dossier, form)
        if each.title == "Kebaruan/Nilai Tambah"
    )

    assert (field.words, field.over, field.variant) == (201, 1, "bad")
    assert national_forms.form_named("x", dossier).code in {"2022", "2023", "2025"}


def test_index_says_what_is_there_and_what_is_missing(secretary, city, entered):
    page = secretary.get(url("innovation_index", city.round.slug))
    sheet = secretary.get(url("innovation_index_file", city.round.slug))

    (line,) = page.context["lines"]
    assert len(line.standings) == 20
    assert "Penyelesaian layanan pengaduan" in line.missing
    rows = list(
        openpyxl.load_workbook(BytesIO(bytes_of(sheet))).active.iter_rows(
            values_only=True
        )
    )
    assert len(rows) == 21
    assert {row[3] for row in rows[1:]} == set(range(1, 21))
    assert sum(each.is_obligatory for each in innovation_index.INDICATORS) == 5


@pytest.mark.parametrize("number", [1, 3])
def test_index_page_query_count(secretary, city, number, django_assert_max_num_queries):
    for each in range(number):
        city.proposal(
            title=f"Inovasi {each}",
            state=ProposalState.SUBMITTED,
            institution=InstitutionFactory(government=city.government),
        )

    with django_assert_max_num_queries(45):
        answer = secretary.get(url("innovation_index", city.round.slug))

    assert len(answer.context["lines"]) == number
