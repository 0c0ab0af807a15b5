"""Every kind of PDF that the portal makes, looked at as an archive would."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from competitions.services import issue_attendance_list
from documents import composing, drafts, pdf, rendering
from documents.models import IssuedDocument
from judging import minutes as judging_minutes
from judging import services as judging
from judging.models import Result
from judging.visiting import Found
from submissions.models import Proposal
from tests import paper_audit
from tests.factories import papers
from tests.factories.accounts import GovernmentFactory, SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.competitions import LetterKindFactory
from tests.factories.documents import MOMENT
from tests.factories.events import RegistrationFactory
from tests.factories.feedback import released_round
from tests.factories.judging import seal
from tests.factories.plenary import (
    apply,
    judged_round,
    open_plenary,
    secretary_of,
)
from tests.judging.pages import content_of, login_secretariat
from tests.judging.presenting import planned_stage
from tests.judging.test_visiting import claim_for_all, finish, gate_sheet, save
from tests.submissions.conftest import make_city

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Parts and grounds of papers: nobody is given them alone.
NOT_ALONE = {
    "awards/pdf/certificate_backdrop.html",
    "awards/pdf/emblem.html",
    "awards/pdf/lines.html",
    "documents/pdf/signature_block.html",
    "documents/pdf/watermark.html",
}


def issued(kind):
    paper = IssuedDocument.objects.filter(kind=kind).latest("pk")
    address = rendering.verification_url(paper) if paper.is_public else ""
    return rendering.render_document(paper), address


def certificate(_client):
    tegal = GovernmentFactory()
    paper = IssuedDocument(
        government=tegal,
        kind=IssuedDocument.Kind.CERTIFICATE,
        number="000.8/001/KIPP/2022",
        title="Juara I Antrean Daring",
        template=papers.TEMPLATE,
        values=papers.certificate_values(tegal, "Dinas Contoh", "Antrean Daring"),
        issued_date=papers.DAY,
        issued_at=MOMENT,
    )
    return rendering.render_document(paper), rendering.verification_url(paper)


def _of_awards(client, name, **query):
    round = awarded_round(publish_in=timedelta(days=1))
    login_secretariat(client, round)
    return client.get(reverse(f"awards:{name}", args=[round.slug]), query).content, ""


def decree(client):
    return _of_awards(client, "decree_draft", bentuk="naskah")


def announcement(client):
    return _of_awards(client, "announcement_draft")


def prize_list(client):
    return _of_awards(client, "prize_list", bentuk="pdf")


def feedback_letter(_client):
    released_round((90, 90), (60, 60), places="shortlisted")
    return issued("feedback")


def attendance_list(_client):
    event = RegistrationFactory().event
    issue_attendance_list(
        event=event,
        actor=SecretariatFactory(government=event.round.competition.government),
        at=timezone.now(),
    )
    return issued("attendance")


def minutes(_client):
    round = judged_round(80, 70)
    apply(open_plenary(round, present=4))
    seal(round)
    judging.issue_minutes(
        round=round,
        typed=judging_minutes.Typed(legal_basis="SK Wali Kota 1/2027"),
        actor=secretary_of(round),
        at=timezone.now(),
    )
    return issued("minutes")


def recap(client):
    minutes(client)
    judging.issue_recap(
        round=Result.objects.get().round,
        actor=SecretariatFactory(),
        at=timezone.now(),
    )
    return issued("recap")


def score_sheets(_client):
    round = judged_round(80, (50, 60, 70, 80, 90))
    judging.issue_score_sheets(
        scoring_stage=round.scoringstage_set.get(),
        actor=secretary_of(round),
        at=timezone.now(),
    )
    return issued("score_sheet")


def presentation_call_list(client):
    stage, day = planned_stage(proposals=2)
    login_secretariat(client, stage.round)
    address = reverse(
        "judging:presentation_call_list", args=[stage.round.slug, day.key]
    )
    return content_of(client.get(address)), ""


def visit_report(client):
    sheet = gate_sheet()
    claim = claim_for_all(sheet)
    save(sheet, {claim.key: Found("confirmed")}, verdict="passes")
    finish(sheet)
    login_secretariat(client, sheet.assignment.scoring_stage.round)
    address = reverse("judging:visit_report", args=[sheet.key])
    return content_of(client.get(address)), ""


def _drafted(client):
    city = make_city(at=None)
    client.force_login(city.head)
    return city.proposal(title="Antar Obat Lansia")


def receipt(client):
    draft = _drafted(client)
    address = reverse("submissions:proposal_send", args=[draft.code])
    client.post(address, {"statement": "on"})
    assert Proposal.objects.get().submitted_at
    return issued("receipt")


def proposal(client):
    draft = _drafted(client)
    address = reverse("submissions:proposal_file", args=[draft.code])
    return client.get(address).content, f"{settings.BASE_URL}{draft.get_absolute_url()}"


def letter(client):
    draft = _drafted(client)
    kind = LetterKindFactory(
        form=draft.form, code="identitas", body="Nama: {nama}\n\nmenyatakan {judul}."
    )
    address = reverse("submissions:letter_file", args=[draft.code, kind.code])
    return client.get(address).content, ""


# Each gives a PDF and the address in its QR code, if it has one.
PAPERS = {
    "awards/pdf/announcement.html": announcement,
    "awards/pdf/certificate.html": certificate,
    "awards/pdf/decree.html": decree,
    "awards/pdf/feedback_letter.html": feedback_letter,
    "awards/pdf/prize_list.html": prize_list,
    "competitions/pdf/attendance_list.html": attendance_list,
    "judging/pdf/minutes.html": minutes,
    "judging/pdf/presentation_call_list.html": presentation_call_list,
    "judging/pdf/recap.html": recap,
    "judging/pdf/score_sheets.html": score_sheets,
    "judging/pdf/visit_report.html": visit_report,
    "submissions/pdf/letter.html": letter,
    "submissions/pdf/proposal.html": proposal,
    "submissions/pdf/receipt.html": receipt,
}


def test_every_template_of_a_paper_is_looked_at():
    found = {str(each.relative_to(TEMPLATES)) for each in TEMPLATES.glob("*/pdf/*")}

    assert found == set(PAPERS) | NOT_ALONE


@pytest.fixture
def written(monkeypatch):
    """What the typesetter was given, the papers themselves only."""
    found = []
    draw = pdf.render_html

    def note(text, *, variant=pdf.VARIANT):
        if variant:
            found.append(text)
        return draw(text, variant=variant)

    monkeypatch.setattr(pdf, "render_html", note)
    return found


@pytest.mark.parametrize("template", PAPERS)
def test_paper_is_archival_tagged_and_harmless(client, tmp_path, written, template):
    size = paper_audit.CERTIFICATE if "certificate" in template else None

    content, address = PAPERS[template](client)

    assert content.startswith(b"%PDF-1.7")
    assert paper_audit.faults_of(content, written[-1], size=size) == []
    assert paper_audit.scanned(content) == ([address] if address else [])
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    assert faults_of_tools(path) == []


def test_draft_is_as_good_a_paper(written):
    tegal = GovernmentFactory()

    matter = drafts.matter_of(
        government=tegal,
        kind="certificate",
        title="Juara I Antrean Daring",
        template=papers.TEMPLATE,
        values=papers.certificate_values(tegal, "Dinas Contoh", "Antrean Daring"),
        issued_date=papers.DAY,
        at=MOMENT,
    )
    content = composing.compose(matter)

    assert paper_audit.faults_of(content, written[-1]) == []
    assert paper_audit.scanned(content) == []


def faults_of_tools(path):
    """What programs of others say, as far as they are on this machine."""
    said = []
    if shutil.which("qpdf"):
        said += run("qpdf", "--check", path)[0] * ["qpdf finds faults"]
    if shutil.which("pdfinfo"):
        facts = run("pdfinfo", path)[1]
        said += [
            f"pdfinfo: {name} is not {value}"
            for name, value in [
                ("Tagged", "yes"),
                ("JavaScript", "no"),
                ("Encrypted", "no"),
                ("Form", "none"),
            ]
            if f"{name}:{value}" not in facts.replace(" ", "")
        ]
    if shutil.which("pdffonts"):
        fonts = run("pdffonts", path)[1].splitlines()[2:]
        said += [f"pdffonts: {font}" for font in fonts if " yes yes " not in font]
    if shutil.which("pdftotext"):
        status, text = run("pdftotext", path, "-")
        said += [] if not status and text.strip() else ["pdftotext reads nothing"]
    return said


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


# The audit itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "page"),
    [
        ("a picture that says nothing", "<h1>A</h1><img src=/static/x.svg>"),
        ("begin with its main heading", "<h2>A</h2>"),
        ("leaves a level", "<h1>A</h1><h3>B</h3>"),
        ("leads to https://x.example/", "<h1>A</h1><a href='https://x.example/'>B</a>"),
        ("has no language", "<h1>A</h1>"),
        ("no title", "<h1>A</h1>"),
        ("not read in its order", "<h1>A</h1><p style='display: none'>Satu dua</p>"),
    ],
)
def test_audit_finds(fault, page, monkeypatch):
    monkeypatch.setattr(
        pdf, "_static_path", lambda url: TEMPLATES.parent / "static/motif/kawung.svg"
    )

    found = paper_audit.faults_of(pdf.render_html(f"<body>{page}"), f"<body>{page}")

    assert any(fault in each for each in found), found
