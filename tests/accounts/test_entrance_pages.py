"""The link of the invitation mail, from all sides."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Invitation, Membership, User
from tests.factories.accounts import PASSWORD, AuthorFactory, UserFactory
from tests.factories.invitations import InvitationFactory

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Ibu Baru, S.Kom.",
    "employee_number": "",
    "phone": "0283 123456",
    "password": "empat-kata-yang-panjang",
    "agreed": "on",
}


@pytest.fixture
def invitation():
    return InvitationFactory(
        secret="rahasia", sent_at=timezone.now(), email="baru@tegal.example"
    )


def follow(client, secret="rahasia"):
    """Open the link of the mail."""
    return client.get(reverse("accounts:invitation_open", args=[secret]), follow=True)


def page_of(invitation):
    return reverse("accounts:invitation_accept", args=[invitation.key])


class TestLink:
    def test_secret_leaves_the_address_and_is_told_to_nobody(self, client, invitation):
        answer = client.get(reverse("accounts:invitation_open", args=["rahasia"]))
        page = client.get(answer["Location"])

        assert answer["Location"] == page_of(invitation)
        assert answer["Referrer-Policy"] == "no-referrer"
        for each in (answer, page):
            assert "no-store" in each["Cache-Control"]
        assert "rahasia" not in page.content.decode()
        assert "rahasia" not in str(dict(client.session))

    def test_unknown_link_is_404_and_says_what_to_do(self, client):
        answer = follow(client, "tidak-ada")

        assert (answer.status_code, answer.context["problem"]) == (404, "unknown")

    def test_page_without_the_link_tells_nothing(self, client, invitation):
        known = client.get(page_of(invitation))
        invitation.key = "00000000-0000-4000-8000-000000000000"
        unknown = client.get(page_of(invitation))

        assert known.status_code == unknown.status_code == 200
        assert known.context["problem"] == unknown.context["problem"] == "closed_link"
        assert len(known.content) == len(unknown.content)

    @pytest.mark.parametrize(
        ("problem", "fields"),
        [
            ("expired", {"expires_at": timezone.now() - timedelta(seconds=1)}),
            (
                "withdrawn",
                {
                    "state": "withdrawn",
                    "withdrawn_at": timezone.now(),
                    "withdrawal_reason": "Keliru",
                },
            ),
        ],
    )
    def test_dead_link_says_why(self, client, invitation, problem, fields):
        fields.setdefault("sent_at", timezone.now() - timedelta(days=14))
        Invitation.objects.update(**fields)

        answer = follow(client)
        later = client.post(page_of(invitation), FORM)

        assert (answer.status_code, answer.context["problem"]) == (410, problem)
        assert not User.objects.exists()
        assert later.context["problem"] == "closed_link"

    def test_dies_while_the_page_is_open(self, client, invitation):
        follow(client)
        Invitation.objects.update(
            expires_at=timezone.now(), sent_at=timezone.now() - timedelta(days=14)
        )

        answer = client.post(page_of(invitation), FORM)

        assert (answer.status_code, answer.context["problem"]) == (410, "expired")
        assert not User.objects.exists()

    def test_earlier_link_names_the_newer_mail(self, client, invitation):
        services.resend_invitation(
            invitation=invitation,
            actor=UserFactory(),
            at=timezone.now() + timedelta(minutes=2),
        )

        assert follow(client).context["problem"] == "superseded"


class TestNewAccount:
    def test_account_is_made_and_signed_in(self, client, invitation):
        follow(client)
        answer = client.post(page_of(invitation), FORM)
        home = client.get(reverse("dashboard"))

        user = User.objects.get()
        assert (answer["Location"], home.status_code) == (reverse("dashboard"), 200)
        assert home.wsgi_request.user == user
        assert (user.name, user.email, user.phone) == (
            "Ibu Baru, S.Kom.",
            "baru@tegal.example",
            "0283 123456",
        )
        assert user.membership_set.get().institution == invitation.institution
        assert user.last_login is not None

    def test_session_gets_a_new_key(self, client, invitation):
        follow(client)
        before = client.cookies[settings.SESSION_COOKIE_NAME].value

        client.post(page_of(invitation), FORM)

        assert client.cookies[settings.SESSION_COOKIE_NAME].value != before

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("password", ""),
            ("password", "pendek"),
            ("password", "password1234"),
            ("password", "baru@tegal.example"),
            ("agreed", ""),
            ("employee_number", "3376010101900001"),  # an NIK
        ],
    )
    def test_bad_input_keeps_what_was_typed(self, client, invitation, field, value):
        follow(client)

        answer = client.post(page_of(invitation), {**FORM, field: value})

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert "0283 123456" in answer.content.decode()
        assert "empat-kata-yang-panjang" not in answer.content.decode()
        assert not User.objects.exists()

    def test_second_press_makes_nothing(self, client, invitation):
        follow(client)
        client.post(page_of(invitation), FORM)

        answer = client.post(page_of(invitation), FORM)

        assert answer.context["problem"] == "closed_link"
        assert (User.objects.count(), Membership.objects.count()) == (1, 1)

    def test_used_link_leads_to_signing_in(self, client, client_two, invitation):
        follow(client)
        client.post(page_of(invitation), FORM)

        assert follow(client_two).context["problem"] == "accepted"

    def test_too_many_presses_are_stopped(self, client, invitation):
        follow(client)
        answers = [
            client.post(page_of(invitation), {}).status_code for _number in range(31)
        ]

        assert (answers[0], answers[-1]) == (422, 429)
        cache.clear()


@pytest.fixture
def client_two(client):
    return type(client)()


class TestKnownPerson:
    def test_signs_in_first_then_accepts_with_one_press(self, client, invitation):
        person = UserFactory(email="baru@tegal.example")
        asked = follow(client)
        login = client.post(
            f"{reverse('account_login')}?next={page_of(invitation)}",
            {"login": person.email, "password": PASSWORD},
        )
        page = client.get(login["Location"])
        answer = client.post(page_of(invitation))

        assert asked.context["step"] == "sign_in"
        assert (login["Location"], page.context["step"]) == (
            page_of(invitation),
            "accept",
        )
        assert answer["Location"] == reverse("dashboard")
        assert person.membership_set.get().institution == invitation.institution

    def test_posting_a_form_for_a_known_address_changes_nothing(
        self, client, invitation
    ):
        person = UserFactory(email="baru@tegal.example")
        follow(client)

        answer = client.post(page_of(invitation), FORM)

        person.refresh_from_db()
        assert answer.context["step"] == "sign_in"
        assert person.check_password(PASSWORD)
        assert not person.membership_set.exists()

    def test_somebody_else_signs_out_and_goes_on(self, client, invitation):
        other = AuthorFactory()
        client.force_login(other)
        told = follow(client)
        tried = client.post(page_of(invitation), FORM)
        answer = client.post(page_of(invitation), {"sign_out": "1"}, follow=True)

        assert told.context["step"] == tried.context["step"] == "somebody_else"
        assert answer.context["step"] == "register"
        assert not answer.wsgi_request.user.is_authenticated
        assert other.membership_set.count() == 1

    def test_accepted_meanwhile_is_told(self, client, invitation):
        person = UserFactory(email="baru@tegal.example")
        client.force_login(person)
        follow(client)
        services.accept_invitation(
            invitation=invitation, user=person, at=timezone.now()
        )

        answer = client.post(page_of(invitation))

        assert (answer.status_code, answer.context["problem"]) == (410, "accepted")
