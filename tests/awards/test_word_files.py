"""The draft of the decree for a word processor."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from awards import decrees, word_files
from awards.models import Award
from tests.factories.accounts import GovernmentFactory, SecretariatFactory
from tests.factories.awards import awarded_round

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def values(**changes):
    usual = decrees.default_wording(GovernmentFactory.build(short_name="Kota Tegal"))
    found = {
        "issuer": "Pemerintah Kota Tegal",
        "official": usual.official,
        "above": "Provinsi Jawa Tengah",
        "number": "",
        "blank": decrees.BLANK,
        "year": "2022",
        "subject": "Penetapan Pemenang",
        "considering": ["bahwa satu;", "bahwa dua;"],
        "remembering": ["Undang-Undang A;", "Undang-Undang B;"],
        "noting": ["Berita Acara;"],
        "rulings": [{"name": "KESATU", "text": "Menetapkan pemenang."}],
        "copies": ["Sekretaris Daerah;", "Inspektur."],
        "place": "Tegal",
        "day": "",
        "groups": [
            {
                "name": "",
                "rows": [
                    {
                        "number": 1,
                        "award": "Juara I",
                        "title": "Temio",
                        "institution": "RSUD Kardinah",
                        "prize": "",
                    }
                ],
            }
        ],
        "signatory_position": "Wali Kota Tegal",
        "signatory_name": "Nama",
        "signatory_rank": "",
        "signatory_number": "",
        "signatory_number_name": "",
        "is_demonstration": False,
    }
    return found | changes


def read(content):
    return Document(BytesIO(content))


def lines_of(document):
    """All that it says, in order; cells after one another."""
    texts = document.element.body.iter(qn("w:p"))
    return ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in texts]


def list_of(document, text):
    """The list that the paragraph with this text is an item of."""
    (line,) = (
        p
        for p in document.element.body.iter(qn("w:p"))
        if "".join(t.text or "" for t in p.iter(qn("w:t"))) == text
    )
    return line.pPr.numPr.numId.val


def test_it_says_all_the_parts_in_their_order():
    lines = lines_of(read(word_files.write_decree(values(), at=AT)))

    order = [
        "KEPUTUSAN WALI KOTA TEGAL",
        f"NOMOR {decrees.BLANK} TAHUN 2022",
        "bahwa satu;",
        "Undang-Undang B;",
        "Berita Acara;",
        "MEMUTUSKAN:",
        "KESATU",
        "Ditetapkan di Tegal",
        "Inspektur.",
        "Lampiran Keputusan Wali Kota Tegal",
        "Temio",
    ]
    places = [lines.index(each) for each in order]
    assert places == sorted(places)


def test_lists_number_themselves_each_from_one():
    document = read(word_files.write_decree(values(), at=AT))

    ids = [
        list_of(document, text)
        for text in ("bahwa satu;", "bahwa dua;", "Undang-Undang A;", "Inspektur.")
    ]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_head_of_the_table_of_winners_comes_again_on_each_page():
    document = read(word_files.write_decree(values(), at=AT))

    winners = document.tables[-1]
    head, row = (each._tr.trPr for each in winners.rows)
    assert head.find(qn("w:tblHeader")) is not None
    assert row.find(qn("w:cantSplit")) is not None


def test_number_and_day_stand_where_they_are_known():
    content = word_files.write_decree(
        values(number="060/112/2021", day="28 Juni 2021"), at=AT
    )

    text = "\n".join(lines_of(read(content)))
    assert decrees.BLANK not in text
    assert text.count("060/112/2021") == 2
    assert text.count("28 Juni 2021") == 2


def test_what_no_document_may_hold_is_left_out():
    hostile = 'Temio\x0b\x00\ufffe<w:p/>&"'
    row = {**values()["groups"][0]["rows"][0], "title": hostile}

    content = word_files.write_decree(
        values(groups=[{"name": "", "rows": [row]}]), at=AT
    )

    assert 'Temio<w:p/>&"' in lines_of(read(content))


def test_same_values_at_the_same_moment_are_the_same_words():
    parts = [
        ZipFile(BytesIO(word_files.write_decree(values(), at=AT))).read(
            "word/document.xml"
        )
        for _time in range(2)
    ]
    assert parts[0] == parts[1]


def test_demonstration_is_marked():
    document = read(word_files.write_decree(values(is_demonstration=True), at=AT))

    assert document.sections[0].header.paragraphs[0].text == "SPESIMEN"


@pytest.mark.django_db
def test_secretariat_downloads_what_the_draft_says(client):
    round = awarded_round(proposals=2)
    client.force_login(SecretariatFactory(government=round.competition.government))

    response = client.get(
        reverse("awards:decree_draft", args=[round.slug]), {"bentuk": "docx"}
    )

    lines = lines_of(read(response.content))
    titles = Award.objects.of_round(round).values_list("row__title", flat=True)
    assert response["Content-Type"] == word_files.MIME_TYPE
    assert f"konsep-sk-pemenang-{round.slug}.docx" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert {*titles} <= {*lines}
