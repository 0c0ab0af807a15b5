import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from tests.factories.accounts import UserFactory

RESET = "account_reset_password"


@pytest.mark.django_db
def test_password_reset_mail_is_in_indonesian_and_leads_to_the_portal(client):
    user = UserFactory(name="Operator Dinsos")

    client.post(reverse(RESET), {"email": user.email})

    (sent,) = mail.outbox
    assert sent.subject == "Buat kata sandi baru"
    assert "Operator Dinsos" in sent.body
    assert "/akun/sandi/baru/" in sent.body


@pytest.mark.django_db
def test_password_reset_answers_the_same_whether_known_mailed_or_neither(
    client, monkeypatch
):
    known = client.post(reverse(RESET), {"email": UserFactory().email})
    unknown = client.post(reverse(RESET), {"email": "tidak.ada@contoh.example"})

    def refuse(backend, messages):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    unmailed = client.post(reverse(RESET), {"email": UserFactory().email})

    answers = {(each.status_code, each["Location"]) for each in (known, unknown)}
    assert answers == {(unmailed.status_code, unmailed["Location"])}
