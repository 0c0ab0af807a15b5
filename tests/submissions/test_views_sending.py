"""Check, endorsement, receipt, withdrawal."""

import pytest

from documents import rendering
from submissions import receipts
from submissions.models import Answer, Proposal, ProposalState
from tests.submissions.browsing import content_of, section_url, url

pytestmark = pytest.mark.django_db


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


def test_statement_of_truth_must_be_ticked(as_author, draft):
    page = as_author.post(url("proposal_send", draft.code))

    assert page.status_code == 422
    assert "statement" in page.context["form"].errors
    assert Proposal.objects.get().state == ProposalState.DRAFT


def test_author_sends_head_endorses_receipt_is_shown(client, city, draft):
    client.force_login(city.author)
    sent = client.post(url("proposal_send", draft.code), {"statement": "on"})
    client.force_login(city.head)
    read = client.get(url("proposal_endorse", draft.code))
    endorsed = client.post(url("proposal_endorse", draft.code))
    receipt = client.get(url("receipt_detail", draft.code))

    assert sent.url == draft.get_absolute_url()
    assert read.status_code == 200
    assert endorsed.url == url("receipt_detail", draft.code)
    assert receipt.context["is_unchanged"]
    assert "TT-" in receipt.content.decode()


def test_second_press_is_told_that_it_was_sent(client, city, draft):
    client.force_login(city.head)
    client.post(url("proposal_send", draft.code), {"statement": "on"})

    again = client.post(url("proposal_send", draft.code), {"statement": "on"})
    endorse = client.post(url("proposal_endorse", draft.code))

    assert (again.status_code, endorse.status_code) == (302, 302)
    assert Proposal.objects.get().state == ProposalState.SUBMITTED


def test_incomplete_proposal_shows_what_to_mend(as_author, draft):
    Answer.objects.get(section__code="kebaruan").delete()

    page = as_author.post(url("proposal_send", draft.code), {"statement": "on"})

    assert page.status_code == 422
    places = page.context["open_findings"][0]["places"]
    assert [place["url"] for place in places] == [f"{section_url(draft)}#div_id_text"]


def test_author_may_not_endorse(as_author, draft):
    Proposal.objects.update(state=ProposalState.ENDORSING)

    assert as_author.get(url("proposal_endorse", draft.code)).status_code == 403
    assert as_author.post(url("proposal_endorse", draft.code)).status_code == 403
    answer = as_author.post(url("proposal_return", draft.code), {"note": "Tidak"})
    assert answer.status_code == 403


def test_head_returns_with_a_note_and_not_without(client, city, draft):
    Proposal.objects.update(state=ProposalState.ENDORSING)
    client.force_login(city.head)

    empty = client.post(url("proposal_return", draft.code), {"note": "\x00 "})
    given = client.post(url("proposal_return", draft.code), {"note": "Tambah angka."})

    assert (empty.status_code, given.status_code) == (422, 302)
    assert Proposal.objects.get().return_note == "Tambah angka."


def test_author_withdraws_a_draft_with_a_reason(as_author, draft):
    path = url("proposal_withdraw", draft.code)

    empty = as_author.post(path, {"reason": " "})
    given = as_author.post(path, {"reason": "Terbuat dua kali"})

    assert (empty.status_code, given.status_code) == (422, 302)
    assert Proposal.objects.get().is_withdrawn
    assert as_author.get(path).status_code == 403


def test_submitted_proposal_is_withdrawn_by_the_head_only(client, city):
    submitted = city.proposal(state=ProposalState.SUBMITTED)
    path = url("proposal_withdraw", submitted.code)
    client.force_login(city.author)
    assert client.post(path, {"reason": "Ganti"}).status_code == 403
    client.force_login(city.head)

    answer = client.post(path, {"reason": "Ganti inovasi"})

    assert answer.status_code == 302
    assert Proposal.objects.get().is_withdrawn


def test_receipt_of_a_draft_is_unknown(as_author, draft):
    assert as_author.get(url("receipt_detail", draft.code)).status_code == 404
    assert as_author.get(url("receipt_file", draft.code)).status_code == 404


def test_receipt_file_waits_for_the_worker(client, city, draft):
    client.force_login(city.head)
    client.post(url("proposal_send", draft.code), {"statement": "on"})

    waiting = client.get(url("receipt_file", draft.code))

    assert waiting.url == url("receipt_detail", draft.code)


def test_receipt_file_is_a_pdf_with_number_and_fingerprint(
    client, city, draft, django_capture_on_commit_callbacks
):
    client.force_login(city.head)
    client.post(url("proposal_send", draft.code), {"statement": "on"})
    paper = receipts.receipt_of(Proposal.objects.get())
    rendering.render(document_id=paper.pk, at=paper.issued_at)

    answer = client.get(url("receipt_file", draft.code))

    assert content_of(answer).startswith(b"%PDF-")
