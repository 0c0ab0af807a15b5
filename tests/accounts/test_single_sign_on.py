"""A city's own sign-in, tried against a provider that runs here on loopback."""

from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import jwt
import oidc_provider_mock
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts import provider as single_sign_on
from accounts.adapter import SecondFactorAdapter
from accounts.models import User
from tests.factories.accounts import AuthorFactory, SecretariatFactory, UserFactory

pytestmark = [
    pytest.mark.django_db,
    # The provider and its libraries are not ours.
    pytest.mark.filterwarnings("ignore"),
]

BEGIN = "/akun/masuk/kota/"
BACK = "/akun/masuk/kota/balik/"


def person(sub="p1", email="siti@kota.example", verified=True, **claims):
    given = {"email": email, "email_verified": verified, "name": "Siti", **claims}
    return oidc_provider_mock.User(sub=sub, claims=given)


@contextmanager
def running(*people):
    with oidc_provider_mock.run_server_in_thread(
        require_nonce=True, user_claims=people
    ) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def set_up(settings):
    settings.BASE_URL = "http://testserver"

    def use(issuer):
        settings.SINGLE_SIGN_ON_ISSUER = issuer
        settings.SINGLE_SIGN_ON_NAME = "Akun Kota Tegal"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "single_sign_on": {
                "APPS": [
                    {
                        "client_id": "portal",
                        "secret": "rahasia",
                        "name": "Akun Kota Tegal",
                        "settings": {"server_url": issuer},
                    }
                ]
            }
        }

    return use


def agree(address, sub="p1"):
    """Sign in at the provider, and give the address it leads back to."""
    answer = requests.post(
        address, data={"sub": sub}, allow_redirects=False, timeout=10
    )
    return answer.headers["Location"].removeprefix("http://testserver")


def go(client, sub="p1", **query):
    begun = client.get(BEGIN, query)
    assert begun.status_code == 302
    return client.get(agree(begun.url, sub))


def is_in(client):
    return "_auth_user_id" in client.session


def test_known_person_comes_in(client, set_up):
    user = AuthorFactory(email="siti@kota.example")
    with running(person(email="Siti@Kota.example")) as issuer:
        set_up(issuer)
        page = client.get("/akun/masuk/").content.decode()
        answer = go(client, next="/bantuan/")

    assert "Akun Kota Tegal" in page
    assert BEGIN in page
    assert answer.url == "/bantuan/"
    assert client.session["_auth_user_id"] == str(user.pk)
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (user, "p1", {})


def test_request_says_who_asks_and_no_more(client, set_up):
    with running(person()) as issuer:
        set_up(issuer)
        begun = client.get(
            BEGIN,
            {"scope": "admin", "auth_params": "prompt=none", "process": "connect"},
        )

    asked = parse_qs(urlsplit(begun.url).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert asked["code_challenge_method"] == ["S256"]
    assert "prompt" not in asked
    assert len(asked["nonce"][0]) >= 32
    assert len(asked["state"][0]) >= 32


def test_known_person_stays_known_when_the_address_changes(client, set_up):
    user = AuthorFactory(email="siti@kota.example")
    with running(person()) as issuer:
        set_up(issuer)
        go(client)
    with running(person(email="siti.baru@kota.example")) as issuer:
        set_up(issuer)
        other = Client()
        go(other)

    assert other.session["_auth_user_id"] == str(user.pk)


def test_unknown_person_is_told_and_nobody_is_made(client, set_up):
    UserFactory()
    with running(person(email="asing@kota.example")) as issuer:
        set_up(issuer)
        answer = go(client)

    assert answer.status_code == 403
    assert "Akun Kota Tegal" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false"])
def test_address_that_is_not_checked_opens_nothing(client, set_up, verified):
    AuthorFactory(email="siti@kota.example")
    with running(person(verified=verified)) as issuer:
        set_up(issuer)
        answer = go(client)

    assert (answer.status_code, is_in(client)) == (403, False)


def test_address_given_to_somebody_new_opens_nothing(client, set_up):
    AuthorFactory(email="siti@kota.example")
    with running(person(), person(sub="p2")) as issuer:
        set_up(issuer)
        go(client)
        other = Client()
        answer = go(other, "p2")

    assert (answer.status_code, is_in(other)) == (403, False)


def test_account_switched_off_stays_so(client, set_up):
    UserFactory(email="siti@kota.example", is_active=False)
    with running(person()) as issuer:
        set_up(issuer)
        answer = go(client)

    assert (answer.url, is_in(client)) == ("/akun/nonaktif/", False)


def test_provider_counts_as_one_factor(client, set_up):
    user = UserFactory(email="siti@kota.example")
    secret = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": secret}
    )
    with running(person()) as issuer:
        set_up(issuer)
        answer = go(client)

    assert (answer.url, is_in(client)) == ("/akun/masuk/faktor-kedua/", False)


def test_second_factor_is_asked_of_the_secretariat(client, set_up, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    SecretariatFactory(email="siti@kota.example")
    with running(person()) as issuer:
        set_up(issuer)
        go(client)

    assert client.get("/beranda/").url == "/akun/keamanan/"


def test_answer_to_another_browser_is_refused(client, set_up):
    AuthorFactory(email="siti@kota.example")
    with running(person()) as issuer:
        set_up(issuer)
        back = agree(client.get(BEGIN).url)
        stranger = Client()
        answer = stranger.get(back)
        wrong = client.get(f"{BACK}?code=x&state=salah")
        bare = client.get(BACK)

    assert [each.status_code for each in (answer, wrong, bare)] == [403] * 3
    assert not is_in(stranger)
    assert not is_in(client)


def test_answer_is_taken_once(client, set_up):
    AuthorFactory(email="siti@kota.example")
    with running(person()) as issuer:
        set_up(issuer)
        back = agree(client.get(BEGIN).url)
        client.get(back)
        client.post("/akun/keluar/")
        again = client.get(back)

    assert (again.status_code, is_in(client)) == (403, False)


def test_token_for_another_request_is_refused(client, set_up):
    AuthorFactory(email="siti@kota.example")
    with running(person()) as issuer:
        set_up(issuer)
        back = agree(client.get(BEGIN).url)
        session = client.session
        session[single_sign_on.NONCES] = ["lain"]
        session.save()
        answer = client.get(back)

    assert (answer.status_code, is_in(client)) == (403, False)


@pytest.mark.parametrize("is_consistent", [True, False])
def test_provider_with_another_name_is_refused(
    client, set_up, monkeypatch, is_consistent
):
    AuthorFactory(email="siti@kota.example")
    with running(person()) as issuer:
        set_up(issuer)
        back = agree(client.get(BEGIN).url)
        honest = single_sign_on.SingleSignOnClient.openid_config
        monkeypatch.setattr(
            single_sign_on.SingleSignOnClient,
            "openid_config",
            property(
                lambda self: honest.fget(self) | {"issuer": "http://lain.example"}
            ),
        )
        if is_consistent:  # the settings name it, the token does not
            monkeypatch.setattr(
                single_sign_on.SingleSignOnProvider,
                "wk_server_url",
                lambda self, url: f"{issuer}/.well-known/openid-configuration",
            )
            set_up("http://lain.example")
        answer = client.get(back)

    assert (answer.status_code, is_in(client)) == (403, False)


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode({"sub": "p1", "aud": "portal"}, "", algorithm="none"),
        jwt.encode({"sub": "p1", "aud": "portal"}, "x" * 32, algorithm="HS256"),
        "bukan.token.sama-sekali",
        "",
    ],
    ids=["unsigned", "own key", "garbage", "empty"],
)
def test_token_not_signed_by_the_provider_is_refused(
    client, set_up, monkeypatch, token
):
    AuthorFactory(email="siti@kota.example")
    complete = single_sign_on.SingleSignOnClient.complete_login
    monkeypatch.setattr(
        single_sign_on.SingleSignOnClient,
        "complete_login",
        lambda self, *args, **details: complete(
            self, *args, response=details["response"] | {"id_token": token}
        ),
    )
    with running(person()) as issuer:
        set_up(issuer)
        answer = go(client)

    assert (answer.status_code, is_in(client)) == (403, False)


def test_provider_that_is_away_is_told_plainly(client, set_up):
    with running(person()) as issuer:
        set_up(issuer)
        begun = client.get(BEGIN)
        back = agree(begun.url)

    for address in (BEGIN, back):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "/akun/masuk/" in answer.content.decode()


def test_person_who_says_no_is_back_at_the_sign_in_page(client, set_up):
    with running(person()) as issuer:
        set_up(issuer)
        state = parse_qs(urlsplit(client.get(BEGIN).url).query)["state"][0]
        answer = client.get(f"{BACK}?error=access_denied&state={state}")

    assert answer.url == "/akun/masuk/"


def test_without_a_provider_there_is_no_such_way(client):
    assert client.get(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404
    assert BEGIN not in client.get("/akun/masuk/").content.decode()
