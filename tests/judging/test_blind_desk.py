"""Blind rounds: nothing that a juror reaches tells whose proposal it is."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from judging import queries, services
from judging.models import ScoreSheet
from notifications.models import Message
from submissions.models import Proposal
from tests.documents.test_anonymous import everything_in, named_docx, named_pdf
from tests.factories.accounts import InstitutionFactory, SecretariatFactory, UserFactory
from tests.factories.competitions import HeaderFieldFactory
from tests.factories.judging import JurorFactory, ScoreSheetFactory, scoring_round
from tests.factories.submissions import (
    AnswerFactory,
    EvidenceFactory,
    EvidenceLinkFactory,
    ProposalFactory,
)
from tests.judging.pages import AUTOSAVE, content_of, payload, stored

pytestmark = pytest.mark.django_db
NAMES = ["Dinas Rahasia", "Disrahasia", "Pembuat Rahasia", "Anggota Rahasia"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def sheet(client):
    """A draft of who is signed in; the names stand wherever the portal puts them."""
    round = scoring_round(jurors=0, proposals=0)
    round.scoringstage_set.update(is_blind=True)
    form = round.formtemplate_set.get()
    for code, kind in [("tim", "persons"), ("unit", "text"), ("catatan", "text")]:
        HeaderFieldFactory(form=form, code=code, kind=kind, label=code, order=9)
    institution = InstitutionFactory(
        government=round.competition.government,
        name="Dinas Rahasia",
        short_name="Disrahasia",
    )
    proposal = ProposalFactory(
        round=round,
        institution=institution,
        title="Antrean tanpa duduk",
        state=Proposal.State.SCREENED_PASSED,
        created_by=UserFactory(name="Pembuat Rahasia"),
        header={
            "tim": [{"nama": "Anggota Rahasia"}],
            "unit": "Bidang II DINAS  RAHASIA",
            "catatan": "Berjalan sejak 2020",
            "video": "https://disrahasia.example/Disrahasia",
        },
    )
    sections = list(form.section_set.order_by("order"))
    AnswerFactory(proposal=proposal, section=sections[0], text="Warga tidak menunggu.")
    EvidenceFactory(
        proposal=proposal,
        section=sections[0],
        name="Laporan Disrahasia.pdf",
        content=named_pdf(),
    )
    EvidenceFactory(
        proposal=proposal,
        section=sections[1],
        name="SK Dinas Rahasia.docx",
        content=named_docx(),
        content_type=DOCX,
    )
    EvidenceLinkFactory(
        proposal=proposal,
        section=sections[1],
        url="https://disrahasia.example/Disrahasia",
        label="Situs Dinas Rahasia",
    )
    sheet = ScoreSheetFactory(
        assignment__juror=JurorFactory(round=round), assignment__proposal=proposal
    )
    client.force_login(sheet.assignment.juror.user)
    return sheet


def place_of(sheet):
    stage = sheet.assignment.scoring_stage
    return [stage.round.slug, stage.code]


def files_of(sheet):
    keys = sheet.assignment.proposal.evidence_set.values_list("key", flat=True)
    return [
        reverse("judging:sheet_evidence", args=[sheet.key, key])
        for key in keys.order_by("uploaded_at", "pk")
    ]


def visits(client, sheet):
    """Every page, answer and file that the juror reaches, in every state."""
    url = sheet.get_absolute_url()
    place = place_of(sheet)
    export = reverse("judging:sheet_export", args=place)
    yield client.get(reverse("judging:assignment_list"))
    yield client.get(url)
    for name in ("conflict_create", "sheet_abstain"):
        yield client.get(reverse(f"judging:{name}", args=[sheet.key]))
    yield from map(client.get, files_of(sheet))
    yield client.post(url, payload(), headers=AUTOSAVE)
    yield client.post(url, payload(first="5"), headers=AUTOSAVE)
    yield client.post(url, payload(first="5"))
    yield client.get(export)
    book = BytesIO(client.get(export).content)
    yield client.post(
        reverse("judging:sheet_import", args=place), {"file": named(book)}
    )
    yield client.get(reverse("judging:sheet_print", args=place))
    yield client.post(
        reverse("judging:sheet_abstain", args=[sheet.key]),
        {"version": 1, "reason": "Bukan bidang saya."},
    )
    yield client.get(url)
    yield client.get(reverse("judging:assignment_list"), {"status": "selesai"})
    yield client.get(reverse("dashboard"))
    yield client.get(reverse("notifications:message_list"))


def named(book):
    book.name = "lembar.xlsx"
    return book


def traces(response):
    headers = repr(dict(response.headers)).encode()
    body = everything_in(content_of(response)) + headers
    lower = body.lower()
    return [name for name in NAMES if name.lower().encode() in lower]


def test_names_stand_in_no_byte_of_any_answer(client, sheet):
    answers = list(visits(client, sheet))

    assert [traces(each) for each in answers] == [[]] * len(answers)
    assert [each.status_code for each in answers if each.status_code >= 500] == []
    assert stored(sheet) == [(80, ""), (70, "")]


def test_names_would_be_found_in_a_round_that_is_not_blind(client, sheet):
    sheet.assignment.scoring_stage.__class__.objects.update(is_blind=False)

    found = {name for each in visits(client, sheet) for name in traces(each)}

    assert found >= {"Dinas Rahasia", "Disrahasia", "Anggota Rahasia"}


def test_files_bear_numbers_on_the_page_and_when_opened(client, sheet):
    page = client.get(sheet.get_absolute_url()).content.decode()
    first, second = (client.get(url) for url in files_of(sheet))

    assert ("Attachment 1.pdf" in page, "Attachment 2.docx" in page) == (True, True)
    assert "Attachment%201.pdf" in first.headers["Content-Disposition"]
    assert second.headers["Content-Disposition"].startswith("attachment;")
    assert "ETag" not in first.headers
    content_of(first), content_of(second)


def test_other_fields_are_read_as_ever(client, sheet):
    reading = queries.reading_of(sheet.assignment.proposal, is_blind=True)

    assert [p.field.code for p in reading.header if p.in_words] == ["catatan"]
    assert [part.hidden_links for part in reading.sections] == [0, 1, 0]
    assert reading.sections[0].text == "Warga tidak menunggu."
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "1 link to another site is hidden" in page


def test_file_that_cannot_be_read_is_held_back(client, sheet):
    broken = EvidenceFactory(
        proposal=sheet.assignment.proposal, content=b"%PDF-1.4 Dinas Rahasia"
    )
    url = reverse("judging:sheet_evidence", args=[sheet.key, broken.key])

    response = client.get(url)

    assert response.status_code == 403
    assert traces(response) == []


def test_message_of_a_sheet_given_back_names_no_institution(sheet):
    services.abstain(
        sheet=sheet,
        reason="Bukan bidang saya.",
        base_version=0,
        actor=sheet.assignment.juror.user,
        at=timezone.now(),
    )

    services.reopen_sheet(
        sheet=sheet, reason="Mohon.", actor=SecretariatFactory(), at=timezone.now()
    )

    message = Message.objects.get(recipient=sheet.assignment.juror.user)
    told = f"{message.subject} {message.body_text} {message.body_html}".lower()
    assert [name for name in NAMES if name.lower() in told] == []


def test_reading_takes_as_many_queries_blind_as_open(sheet, django_assert_num_queries):
    proposal = ScoreSheet.objects.select_related(
        "assignment__proposal__institution", "assignment__proposal__track"
    ).get()
    for is_blind in (True, False):
        with django_assert_num_queries(5):
            queries.reading_of(proposal.assignment.proposal, is_blind=is_blind)


def test_workbook_names_no_author(client, sheet):
    answer = client.get(reverse("judging:sheet_export", args=place_of(sheet)))

    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.properties.creator == "openpyxl"
