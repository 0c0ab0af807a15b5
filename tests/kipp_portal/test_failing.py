"""The database is away while somebody asks, sends or saves."""

import html
import re

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from submissions.models import Answer
from tests.factories.accounts import PASSWORD, AuthorFactory
from tests.factories.competitions import small_round
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
TYPED = 'Sebelum <b>inovasi</b> & "sesudahnya"\n\n\nbaris kedua'


def away(execute, sql, params, many, context):
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def draft():
    author = AuthorFactory()
    body = author.membership_set.get().institution
    return ProposalFactory(
        round=small_round(government=body.government),
        institution=body,
        created_by=author,
    )


@pytest.fixture
def browser(draft):
    client = Client(raise_request_exception=False)
    client.force_login(draft.created_by)
    return client


def test_page_asks_again_by_itself(browser):
    with connection.execute_wrapper(away):
        page = browser.get(reverse("dashboard"))

    assert page.status_code == 503
    assert (page["Retry-After"], page["Refresh"]) == ("5", "5")
    assert "no-store" in page["Cache-Control"]
    assert browser.get(reverse("dashboard")).status_code == 200


def test_sent_text_stays_on_the_page_and_is_taken_later(browser, draft):
    address = reverse("submissions:section_edit", args=[draft.code, "kebaruan"])
    page = browser.get(address).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    sent = {"csrfmiddlewaretoken": token, "text": TYPED, "version": "0"}

    with connection.execute_wrapper(away):
        page = browser.post(address, sent)

    assert page.status_code == 503
    assert "Refresh" not in page
    shown = re.findall(
        r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page.content.decode(), re.S
    )
    fields = {name: html.unescape(text) for name, text in shown}
    assert fields == sent
    assert not Answer.objects.exists()
    browser.post(address, fields)
    assert Answer.objects.get(proposal=draft).text.split() == TYPED.split()


def test_autosave_is_told_to_come_back(browser, draft):
    address = reverse("submissions:section_edit", args=[draft.code, "kebaruan"])

    with connection.execute_wrapper(away):
        answer = browser.post(
            address, {"text": TYPED}, headers={"X-Requested-With": "autosave"}
        )

    assert (answer.status_code, answer.json()) == (503, {"state": "unavailable"})
    assert answer["Retry-After"] == "5"


def test_passwords_are_never_shown_again():
    browser = Client(raise_request_exception=False)

    with connection.execute_wrapper(away):
        page = browser.post(
            reverse("account_login"),
            {"login": "a@b.example", "password": PASSWORD, "csrfmiddlewaretoken": "x"},
        )

    assert page.status_code == 503
    assert PASSWORD not in page.content.decode()


def test_fault_of_our_own_is_no_outage(browser, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError("a bug")

    monkeypatch.setattr("kipp_portal.dashboards.load", fail)

    page = browser.get(reverse("dashboard"))

    assert page.status_code == 500
    assert "Retry-After" not in page
