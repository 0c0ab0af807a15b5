"""What a juror must never see: of others' scores, and of what they may not judge.

Each answer to a juror is compared, byte by byte, with what it is when others have
written quite something else. Addresses are those of all routes there are, so that a
new one is looked at by itself.
"""

import re
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from judging import services
from judging.models import Juror, ScoreSheet
from notifications.models import Message
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import (
    ConflictFactory,
    scoring_round,
    write_sheet,
)
from tests.factories.submissions import EvidenceFactory
from tests.judging.channels import (
    addresses_of,
    ask,
    build_jury,
    faces_of,
    others_write,
    signed_in,
    stillness,
)
from tests.judging.pages import AUTOSAVE, content_of, payload, sheet_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
BLANK, WRITTEN = "while nobody else has written", "when all others have"
OWN = "while nobody else has written on what one has judged oneself"


@pytest.fixture(scope="module", params=["never", "after_own"])
def answers(request, django_db_setup, django_db_blocker):
    """All that a juror is told while others have written nothing, and when they have.

    Where the round shows others' scores after one's own, what others wrote on the
    proposal whose own sheet is final is the same both times.
    """
    with django_db_blocker.unblock(), transaction.atomic(), stillness():
        jury = build_jury(request.param)
        own, *hidden = (
            sheet.assignment.proposal for sheet in (jury.final, jury.begun, jury.barred)
        )
        urls = addresses_of(jury)
        of_judging = [url for url in urls if urls[url].startswith("judging:")]
        found = {"jury": jury, "routes": urls, "policy": request.param}
        if request.param == "after_own":
            found[OWN] = faces_of(jury, of_judging)
            others_write(jury, own)
        else:
            hidden = [own, *hidden]
        found[BLANK] = _ask_all(jury, urls)
        others_write(jury, *hidden)
        found[WRITTEN] = _ask_all(jury, urls)
        transaction.set_rollback(True)
    return found


def _ask_all(jury, urls):
    client = signed_in(jury.user)
    draft, final = jury.begun.get_absolute_url(), jury.final.get_absolute_url()
    whole = faces_of(jury, urls)
    pages = [url for url in urls if whole[url].status == 200]
    return SimpleNamespace(
        whole=whole,
        fragments=faces_of(jury, pages, **HTMX),
        saving=[
            ask(client, address, method="post", data=data, **headers)
            for address in (draft, final, f"{draft}selesai/", f"{draft}abstain/")
            for data in (
                payload(version=1, first="80"),
                payload(version=0, first="20"),
                {**payload(version=1), "reason": "Atasan saya."},
            )
            for headers in (AUTOSAVE, {})
        ],
        mails=_mails(jury),
    )


def _mails(jury):
    """Whatever the portal would write to the juror at this moment."""
    with transaction.atomic():
        actor = SecretariatFactory(government=jury.round.competition.government)
        services.remind_juror(juror=jury.mine, actor=actor, at=timezone.now())
        services.reopen_sheet(
            sheet=jury.final, reason="Keliru.", actor=actor, at=timezone.now()
        )
        told = [
            (each.kind, each.subject, each.body_text, each.body_html)
            for each in Message.objects.filter(recipient=jury.user).order_by("pk")
        ]
        transaction.set_rollback(True)
    return told


def differing(answers, channel, part):
    """Name the addresses whose answers are not the same in this part."""
    blank, written = (getattr(answers[each], channel) for each in (BLANK, WRITTEN))
    assert blank.keys() == written.keys()
    return [url for url in blank if part(blank[url]) != part(written[url])]


def test_pages_do_not_tell_what_others_wrote(answers):
    seen = [face for face in answers[BLANK].whole.values() if face.status == 200]

    assert sum(face.kind == "text/html" for face in seen) > 10
    assert differing(answers, "whole", lambda face: (face.status, face.body)) == []


def test_fragments_do_not_tell_it(answers):
    assert differing(answers, "fragments", lambda face: (face.status, face.body)) == []


def test_orders_of_lists_do_not_tell_it(answers):
    def order(face):
        return re.findall(rb'href="(/penilaian/[^"]+)"', face.body)

    assert any(len(order(face)) > 1 for face in answers[BLANK].whole.values())
    assert differing(answers, "whole", order) == []


def test_counters_do_not_tell_it(answers):
    def numbers(face):
        text = re.sub(rb"<[^>]+>", b" ", face.body)
        return re.findall(rb"[0-9]+", text) if face.kind == "text/html" else []

    assert differing(answers, "whole", numbers) == []


def test_files_and_exports_do_not_tell_it(answers):
    def file(face):
        return face.body if face.kind not in ("text/html", "") else b""

    kinds = {f.kind for f in answers[BLANK].whole.values() if f.status == 200}
    assert "application/pdf" in kinds
    assert differing(answers, "whole", file) == []


def test_headers_and_tags_do_not_tell_it(answers):
    for channel in ("whole", "fragments"):
        assert differing(answers, channel, lambda face: face.headers) == []


def test_as_many_questions_are_asked_so_that_time_does_not_tell_it(answers):
    for channel in ("whole", "fragments"):
        assert differing(answers, channel, lambda face: face.queries) == []


def test_saving_answers_the_same(answers):
    assert {face.status for face in answers[BLANK].saving} > {200, 409}
    assert answers[BLANK].saving == answers[WRITTEN].saving


def test_mails_do_not_tell_it(answers):
    assert len(answers[BLANK].mails) == 2
    assert answers[BLANK].mails == answers[WRITTEN].mails


def test_every_route_of_the_jury_was_asked(answers):
    """Or else the comparison would say nothing of a route that is new."""
    routes = answers["routes"]
    opened = {
        routes[url] for url, face in answers[BLANK].whole.items() if face.status == 200
    }

    assert {"judging:assignment_list", "judging:sheet_edit", "dashboard"} <= opened
    assert len(set(routes.values())) > 100


def test_what_others_wrote_would_be_seen_if_it_were_told(answers):
    """The comparison notices where the round lets others' scores be seen."""
    if answers["policy"] == "never":
        return
    before, after = answers[OWN], answers[BLANK].whole

    telling = {answers["routes"][url] for url in before if before[url] != after[url]}

    assert telling == {"judging:sheet_edit"}


def test_conflicted_juror_opens_the_proposal_nowhere(answers):
    """No address there is shows a word of it, or of its files."""
    sheet = answers["jury"].barred
    proposal = sheet.assignment.proposal
    words = [proposal.title.lower(), proposal.code.lower(), "rahasia juri"]
    faces = answers[WRITTEN].whole

    telling = [
        url
        for url, face in faces.items()
        if face.status == 200
        and any(word.encode() in face.body.lower() for word in words)
    ]
    assert telling == []
    opened = [url for url in faces if sheet.key in url and faces[url].status < 400]
    assert opened == []


@pytest.fixture
def sheet(client):
    """A draft of a juror who is signed in."""
    sheet = sheet_of(scoring_round(jurors=1, proposals=1))
    client.force_login(sheet.assignment.juror.user)
    return sheet


def _status(client, url):
    response = client.get(url)
    content_of(response)
    return response.status_code


def test_conflict_closes_what_was_open(client, sheet):
    file = EvidenceFactory(proposal=sheet.assignment.proposal)
    pages = [
        sheet.get_absolute_url(),
        reverse("judging:conflict_create", args=[sheet.key]),
        reverse("judging:sheet_evidence", args=[sheet.key, file.key]),
    ]
    assert [_status(client, page) for page in pages] == [200, 200, 200]

    ConflictFactory(
        juror=sheet.assignment.juror, institution=sheet.assignment.proposal.institution
    )

    assert [_status(client, page) for page in pages] == [404, 404, 404]
    url = reverse("judging:sheet_finalise", args=[sheet.key])
    assert client.post(url, payload()).status_code == 404
    queue = client.get(reverse("judging:assignment_list"))
    assert sheet.assignment.proposal.title not in queue.content.decode()
    proposal_page = sheet.assignment.proposal.get_absolute_url()
    assert client.get(proposal_page).status_code == 404


def test_pages_of_the_secretariat_are_closed_to_jurors(client):
    round = scoring_round(jurors=3, proposals=2)
    mine, *others = Juror.objects.filter(round=round).order_by("pk")
    for juror in others:
        for sheet in ScoreSheet.objects.filter(assignment__juror=juror):
            write_sheet(sheet, "61.37", "73.91")
    client.force_login(mine.user)

    for sheet in ScoreSheet.objects.filter(assignment__juror__in=others):
        assert client.get(sheet.get_absolute_url()).status_code == 404
    for name in ("ranking", "ranking_export", "result_detail", "juror_list"):
        page = client.get(reverse(f"judging:{name}", args=[round.slug]))
        assert page.status_code == 404


def test_file_of_another_proposal_is_not_served(client, sheet):
    other = EvidenceFactory()

    page = client.get(reverse("judging:sheet_evidence", args=[sheet.key, other.key]))

    assert page.status_code == 404


def test_file_is_served_with_its_name(client, sheet):
    file = EvidenceFactory(proposal=sheet.assignment.proposal, name="bukti kinerja.pdf")

    page = client.get(reverse("judging:sheet_evidence", args=[sheet.key, file.key]))

    assert content_of(page)[:5] == b"%PDF-"
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_file_may_stand_beside_the_sheet_and_nowhere_else(client, sheet):
    file = EvidenceFactory(proposal=sheet.assignment.proposal)

    desk = client.get(sheet.get_absolute_url())
    page = client.get(reverse("judging:sheet_evidence", args=[sheet.key, file.key]))
    content_of(page)

    assert "frame-src 'self'" in desk.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in desk.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'data-beside="pdf"' in desk.content.decode()
