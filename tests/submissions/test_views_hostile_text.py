"""Hostile words, typed into every field an author has, are shown harmless."""

import json

import pytest

from competitions.models import HeaderField
from notifications.emails import build_email
from notifications.models import Delivery
from submissions.models import Answer, EvidenceLink, Proposal, ProposalState
from tests.project.hostile import FORMATTED, HOSTILE, WORD, Page, faults_of
from tests.submissions.browsing import AUTOSAVE, content_of, section_url, upload, url

pytestmark = pytest.mark.django_db
STARTS = ["=", "+", "-", "@"]
NAME = f'=<img src=x onerror={WORD}()>"{WORD}.pdf'
# Formats as a browser without our editor might send them.
RAW = f"<ul><li>{HOSTILE}</li></ul><p onclick={WORD}()><b>tebal</b> {WORD}</p>"


@pytest.fixture
def city(live_city):
    return live_city


@pytest.fixture
def as_author(client, city):
    client.force_login(city.author)
    return client


@pytest.fixture
def draft(city):
    return city.proposal(title="Pulang Bawa Akta")


def typed(as_author, draft):
    """Type hostile words into all fields by the pages' own forms."""
    kinds = HeaderField.objects.filter(form=draft.form)
    header = {f"field-{each.code}": HOSTILE[:150] for each in kinds}
    sent = header | {"title": HOSTILE[:200], "version": "0"}
    as_author.post(url("header_edit", draft.code), sent)
    for section in draft.form.section_set.all():
        version = Answer.objects.get(proposal=draft, section=section).version
        as_author.post(
            section_url(draft, section.code), {"version": version, "html": RAW}
        )
        as_author.post(
            url("evidence_create", draft.code, section.code), {"file": upload(NAME)}
        )
        EvidenceLink.objects.create(
            proposal=draft,
            section=section,
            url=f"https://contoh.example/?q={WORD}",
            label=HOSTILE[:150],
            key=f"tautan{section.pk}",
            added_by=draft.created_by,
            added_at=draft.created_at,
        )
    return Proposal.objects.get(pk=draft.pk)


def check(client, *paths):
    """Look at each page; it shows the words, as words."""
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = Page(answer.content.decode())
        assert page.faults == [], path
        assert page.words, path


def test_words_typed_everywhere_are_harmless_on_all_pages(client, city, draft):
    client.force_login(city.author)
    proposal = typed(client, draft)
    assert WORD in proposal.title
    assert WORD in Answer.objects.filter(proposal=proposal).last().html
    section = draft.form.section_set.first().code
    history = url("section_history", draft.code, section)
    check(
        client,
        url("proposal_list"),
        proposal.get_absolute_url(),
        url("header_edit", draft.code),
        section_url(draft, section),
        history,
        f"{history}?versi=1&dengan=2",
        url("letter_list", draft.code),
        url("letter_template", draft.code, "implementasi"),
        url("proposal_check", draft.code),
    )

    Proposal.objects.filter(pk=draft.pk).update(state=ProposalState.ENDORSING)
    client.force_login(city.head)
    check(client, url("proposal_endorse", draft.code))


def test_words_typed_everywhere_are_harmless_once_submitted(
    client, city, draft, django_capture_on_commit_callbacks
):
    complete = draft.header
    client.force_login(city.author)
    typed(client, draft)
    # What the form refuses would keep it from being sent.
    Proposal.objects.filter(pk=draft.pk).update(header=complete)
    client.force_login(city.head)
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(url("proposal_send", draft.code), {"statement": "on"})
    assert sent.url == url("receipt_detail", draft.code), sent

    check(client, url("receipt_detail", draft.code), url("proposal_list"))
    client.force_login(city.secretary)
    check(client, url("screening_edit", draft.code), draft.get_absolute_url())
    mails = [build_email(each) for each in Delivery.objects.all()]
    assert mails
    for mail in mails:
        assert "\n" not in mail.subject
        for body, _kind in mail.alternatives:
            assert Page(body).faults == []


@pytest.mark.parametrize("start", STARTS)
def test_tables_hold_no_formula(client, city, start):
    city.proposal(title=f"{start}{WORD}()", state=ProposalState.SUBMITTED)
    client.force_login(city.secretary)
    address = url("proposal_table", city.round.slug)

    for kind in ["xlsx", "csv"]:
        columns = client.get(address).context["form"].initial["kolom"]
        answer = client.post(address, {"bentuk": kind, "kolom": columns})
        content_type = answer["Content-Type"].partition(";")[0]
        body = content_of(answer) if answer.streaming else answer.content
        assert WORD.encode() in body or kind == "xlsx"
        assert list(faults_of(content_type, body)) == []


def test_autosave_answer_is_json_and_never_html(as_author, draft):
    sent = {"version": "1", "html": RAW}

    answer = as_author.post(section_url(draft), sent, headers=AUTOSAVE)

    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content)["state"] == "saved"


def test_conflict_told_in_json_is_harmless_html(as_author, draft):
    saved = as_author.post(section_url(draft), {"version": "1", "html": RAW})
    assert saved.status_code == 302

    stale = {"version": "1", "html": FORMATTED.html}
    answer = as_author.post(section_url(draft), stale, headers=AUTOSAVE)

    assert answer.status_code == 409
    page = Page(json.loads(answer.content)["html"])
    assert (page.faults, page.words > 3) == ([], True)


@pytest.mark.parametrize(
    ("page", "field"),
    [("header_edit", "title"), ("header_edit", "field-video"), ("section", "text")],
)
def test_overlong_text_is_refused_and_given_back(as_author, draft, page, field):
    address, version = (
        (section_url(draft), "1") if page == "section" else (url(page, draft.code), "0")
    )
    sent = {"version": version, "title": "Judul", field: "panjang " * 130_000}

    answer = as_author.post(address, sent)

    assert answer.status_code == 422
    assert answer.content.decode().count("panjang") >= 130_000
    assert Page(answer.content.decode()).faults == []


@pytest.mark.parametrize("field", ["title", "text", "html"])
def test_null_bytes_and_turned_writing_are_taken_out(as_author, draft, field):
    hostile = "a\x00b\u202ec\u2066d"
    address = url("header_edit", draft.code) if field == "title" else section_url(draft)
    as_author.post(
        address, {"version": "0" if field == "title" else "1", field: hostile}
    )

    stored = (
        Proposal.objects.get(pk=draft.pk).title
        if field == "title"
        else Answer.objects.get(proposal=draft, section__code="kebaruan").text
    )
    assert stored == "abcd"
