"""Letters filled in from the proposal, as PDF."""

from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from competitions.models import LetterKind
from submissions import letters
from submissions.dossier import load_dossier
from submissions.models import Proposal
from tests.factories.competitions import HeaderFieldFactory, LetterKindFactory
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
BODY = """Yang bertanda tangan di bawah ini:

Nama: {nama}
NIP/NRP: {nip}
Instansi: {instansi}

menyatakan bahwa “{judul}” digagas oleh ({bentuk}):

{inovator}

sejak {mulai}, dengan {tidak-dikenal}."""
PEOPLE = [
    {"nama": "Siti <b>Contoh</b>", "nip": "198001012005012001"},
    {"nama": "Budi Contoh", "nip": ""},
]


def dossier_with(city, **fields):
    proposal = city.proposal(title="Antre & Cepat")
    HeaderFieldFactory(
        form=proposal.form,
        code="inovator",
        kind="persons",
        label="Inovator",
        options=[{"code": "nip", "label": "NIP/NRP"}],
    )
    kind = LetterKindFactory(form=proposal.form, code="identitas", body=BODY, **fields)
    Proposal.objects.filter(pk=proposal.pk).update(
        header={**proposal.header, "inovator": PEOPLE}
    )
    fresh = Proposal.objects.for_page().get(pk=proposal.pk)
    return load_dossier(fresh, rules=False), kind


def test_letter_is_filled_in_piece_by_piece(city):
    dossier, kind = dossier_with(city, signer=LetterKind.Signer.AUTHOR)

    first, facts, text, table, last = letters.blocks_of(dossier, kind, AT)

    assert first.text == "Yang bertanda tangan di bawah ini:"
    assert facts.lines == [
        ("Nama", "Siti <b>Contoh</b>"),
        ("NIP/NRP", "19800101 200501 2 001"),
        ("Instansi", city.institution.name),
    ]
    assert "Antre & Cepat" in text.text
    assert table.head == ["Nama", "NIP/NRP"]
    assert table.rows[1] == ["Budi Contoh", ""]
    assert last.text == "sejak 2 Maret 2020, dengan {tidak-dikenal}."


def test_head_writes_the_own_name_by_hand(city):
    dossier, kind = dossier_with(city)

    facts = letters.blocks_of(dossier, kind, AT)[1]

    assert facts.lines[0] == ("Nama", letters.BLANK)


def test_letter_comes_as_pdf(client, live_city):
    dossier, kind = dossier_with(live_city, has_stamp_duty=True)
    client.force_login(live_city.author)

    answer = client.get(
        reverse("submissions:letter_file", args=[dossier.proposal.code, kind.code])
    )

    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert len(pikepdf.open(BytesIO(answer.content)).pages) == 1


def test_letter_without_text_has_no_file(client, live_city):
    proposal = live_city.proposal()
    client.force_login(live_city.author)

    answer = client.get(
        reverse("submissions:letter_file", args=[proposal.code, "implementasi"])
    )

    assert answer.status_code == 404
