"""Hostile text is shown as text on every page."""

import json

import pytest

from submissions.models import Answer, Proposal, ProposalState
from tests.submissions.browsing import AUTOSAVE, SCRIPT, section_url, url

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


def test_hostile_text_is_shown_as_text_everywhere(client, city):
    proposal = city.proposal(title=f"Judul {SCRIPT}", state=ProposalState.SUBMITTED)
    draft = city.proposal(title=f"Draf {SCRIPT}")
    Answer.objects.filter(proposal=draft).update(text=SCRIPT)
    Proposal.objects.filter(pk=draft.pk).update(
        header=draft.header | {"video": "javascript:alert(1)"}
    )
    client.force_login(city.author)
    pages = [
        url("proposal_list"),
        draft.get_absolute_url(),
        section_url(draft),
        url("header_edit", draft.code),
        url("letter_list", draft.code),
        url("letter_template", draft.code, "implementasi"),
        url("proposal_check", draft.code),
        proposal.get_absolute_url(),
        url("receipt_detail", proposal.code),
    ]

    for path in pages:
        text = client.get(path).content.decode()
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert 'href="javascript:' not in text, path

    client.force_login(city.secretary)
    text = client.get(url("screening_edit", proposal.code)).content.decode()
    assert "<script>alert" not in text


def test_autosave_answer_is_json_and_never_html(as_author, draft):
    answer = as_author.post(
        section_url(draft), {"version": "1", "text": SCRIPT}, headers=AUTOSAVE
    )

    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content)["state"] == "saved"
