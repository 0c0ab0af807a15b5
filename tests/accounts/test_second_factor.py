"""Second factors: setting up, using, guessing, losing, and who must have one."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import permissions, services
from accounts.adapter import SecondFactorAdapter
from accounts.models import Membership, User
from core.models import AuditEntry
from tests.factories.accounts import (
    PASSWORD,
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LOGIN = "/akun/masuk/"
FACTOR = "/akun/masuk/faktor-kedua/"
SET_UP = "/akun/keamanan/"
APP = "/akun/keamanan/aplikasi/"


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def sign_in(client, user, **details):
    form = {"login": user.email, "password": PASSWORD}
    return client.post(LOGIN, form, **details)


def code_of(secret, ago=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago))


def give_app(user, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"):
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": SecondFactorAdapter().encrypt(secret)},
    )
    return secret


def give_recovery_codes(user):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    return RecoveryCodes.activate(user).get_unused_codes()


def confirm(client):
    client.post("/akun/konfirmasi/", {"password": PASSWORD})


# Setting up ---------------------------------------------------------------------------


def test_app_is_connected_after_the_password(
    client, django_capture_on_commit_callbacks
):
    user = UserFactory()
    sign_in(client, user)

    asked = client.get(APP)
    confirm(client)
    page = client.get(APP).content.decode()
    secret = re.search(r'key-text">([A-Z2-7]+)<', page).group(1)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(APP, {"code": code_of(secret)})

    assert asked.url == f"/akun/konfirmasi/?next={APP.replace('/', '%2F')}"
    assert 'src="data:image/svg+xml;base64,' in page
    assert answer.url == "/akun/keamanan/kode-cadangan/"
    codes = client.get(answer.url).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    file = client.get("/akun/keamanan/kode-cadangan/unduh/")
    assert file["Content-Disposition"].startswith("attachment")
    assert len(re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE)) == 10
    assert user.message_set.filter(kind="account.second_factor_added").count() == 1
    assert AuditEntry.objects.get(action="second_factor.added").actor == user


def test_secrets_are_not_stored_in_the_clear(
    client, django_capture_on_commit_callbacks
):
    user = UserFactory()
    secret = give_app(user)
    codes = give_recovery_codes(user)

    stored = " ".join(str(each.data) for each in Authenticator.objects.all())

    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_secret_of_another_key_opens_nothing(client, settings):
    user = UserFactory()
    secret = give_app(user)
    sign_in(client, user)
    settings.SECRET_KEY = "lain" * 20

    answer = client.post(FACTOR, {"code": code_of(secret)})

    assert answer.status_code in (200, 302)
    assert "_auth_user_id" not in client.session


def test_app_is_removed_only_after_the_password_and_told(
    client, django_capture_on_commit_callbacks
):
    user = UserFactory()
    secret = give_app(user)
    sign_in(client, user)
    client.post(FACTOR, {"code": code_of(secret)})

    asked = client.post(f"{APP}hapus/")
    assert asked.url.startswith("/akun/konfirmasi/")
    assert Authenticator.objects.count() == 1
    confirm(client)
    client.post(f"{APP}hapus/")

    assert Authenticator.objects.count() == 0
    assert user.message_set.filter(kind="account.second_factor_removed").exists()
    assert AuditEntry.objects.filter(action="second_factor.removed").exists()


def test_new_recovery_codes_replace_the_old_and_are_told(
    client, django_capture_on_commit_callbacks
):
    user = UserFactory()
    secret = give_app(user)
    old = give_recovery_codes(user)
    sign_in(client, user)
    client.post(FACTOR, {"code": code_of(secret)})
    confirm(client)

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/akun/keamanan/kode-cadangan/baru/")

    other = Client()
    sign_in(other, user)
    other.post(FACTOR, {"code": old[0]})
    assert "_auth_user_id" not in other.session
    assert user.message_set.filter(kind="account.recovery_codes_renewed").exists()


def test_foreign_passkey_is_not_there(client):
    user, other = UserFactory(), UserFactory()
    key = Authenticator.objects.create(
        user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "x"}
    )
    sign_in(client, user)
    confirm(client)

    assert client.post(f"/akun/keamanan/kunci/{key.pk}/hapus/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


# Signing in with it -------------------------------------------------------------------


def test_code_is_asked_after_the_password_and_taken_once(client):
    user = UserFactory()
    secret = give_app(user)

    asked = client.post(
        LOGIN, {"login": user.email, "password": PASSWORD, "next": "/bantuan/"}
    )
    assert (asked.url, "_auth_user_id" in client.session) == (FACTOR, False)
    assert client.get("/beranda/").status_code == 302
    answer = client.post(FACTOR, {"code": code_of(secret)})

    assert answer.url == "/bantuan/"
    other = Client()
    sign_in(other, user)
    assert other.post(FACTOR, {"code": code_of(secret)}).status_code == 200
    assert "_auth_user_id" not in other.session


def test_code_just_gone_is_taken_and_an_older_one_is_not(client):
    user = UserFactory()
    secret = give_app(user)
    sign_in(client, user)

    old = client.post(FACTOR, {"code": code_of(secret, ago=3)})
    recent = client.post(FACTOR, {"code": code_of(secret, ago=1)})

    assert (old.status_code, recent.status_code) == (200, 302)


def test_recovery_code_opens_once(client):
    user = UserFactory()
    give_app(user)
    code = give_recovery_codes(user)[0]
    sign_in(client, user)

    assert client.post(FACTOR, {"code": code}).status_code == 302
    other = Client()
    sign_in(other, user)
    assert other.post(FACTOR, {"code": code}).status_code == 200


def test_mailed_code_is_one_factor_only(client, mailoutbox):
    user = UserFactory()
    give_app(user)
    client.post("/akun/masuk/kode/", {"email": user.email})
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mailoutbox[0].body, re.MULTILINE).group()

    answer = client.post("/akun/masuk/kode/isi/", {"code": code})

    assert (answer.url, "_auth_user_id" in client.session) == (FACTOR, False)


@pytest.mark.parametrize("guess", ["000000", "00000000"])
def test_guessing_codes_is_stopped_whatever_address_is_claimed(client, settings, guess):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    user = UserFactory()
    secret = give_app(user)
    statuses = []
    for number in range(6):
        # A new sign-in each time wins nothing.
        browser = Client()
        sign_in(browser, user)
        statuses.append(
            browser.post(
                FACTOR,
                {"code": guess},
                HTTP_X_FORWARDED_FOR=f"10.2.3.{number}, 198.51.100.{number}",
            ).status_code
        )

    assert statuses == [200] * 5 + [429]
    sign_in(client, user)
    assert client.post(FACTOR, {"code": code_of(secret)}).status_code == 429


# Who must have one --------------------------------------------------------------------


@pytest.mark.parametrize("who", ["secretariat", "system admin"])
def test_who_must_have_one_reaches_the_set_up_page_only(client, required, who):
    user = (
        SecretariatFactory()
        if who == "secretariat"
        else UserFactory(is_system_admin=True)
    )

    sign_in(client, user)

    for address in ["/beranda/", "/akun/profil/", "/sekretariat/putaran/"]:
        assert client.get(address).url == SET_UP, address
    assert client.post("/akun/profil/", {"name": "x"}).url == SET_UP
    page = client.get(SET_UP)
    assert page.status_code == 200
    assert APP in page.content.decode()
    assert client.post("/akun/keluar/").status_code == 302


def test_who_must_have_one_is_a_stranger_on_public_pages(client, required):
    user = SecretariatFactory()
    sign_in(client, user)

    page = client.get("/bantuan/")

    assert page.status_code == 200
    assert not page.wsgi_request.user.is_authenticated


def test_others_are_asked_for_nothing(client, required):
    sign_in(client, AuthorFactory())

    assert client.get("/beranda/").status_code == 200


def test_factor_opens_the_way_at_once_and_closes_it_when_taken_away(client, required):
    user = SecretariatFactory()
    sign_in(client, user)
    give_app(user)
    with_it = client.get("/beranda/").status_code

    Authenticator.objects.all().delete()

    assert (with_it, client.get("/beranda/").url) == (200, SET_UP)


def test_recovery_codes_alone_are_no_second_factor(client, required):
    user = SecretariatFactory()
    give_recovery_codes(user)
    sign_in(client, user)

    assert client.get("/beranda/").url == SET_UP


def test_role_given_and_ended_counts_at_the_next_request(client, required):
    user = AuthorFactory()
    sign_in(client, user)
    before = client.get("/beranda/").status_code
    role = MembershipFactory(user=user, role=Membership.Role.SECRETARIAT)
    given = client.get("/beranda/").url
    Membership.objects.filter(pk=role.pk).update(to_date="2020-01-02")

    assert (before, given) == (200, SET_UP)
    assert client.get("/beranda/").status_code == 200


@pytest.mark.parametrize(
    ("factory", "queries"),
    # The person, the roles; the factor of those alone who must have one. The session
    # lies in the cache.
    [(UserFactory, [1, 2]), (SecretariatFactory, [1, 3])],
)
def test_rule_asks_for_the_factor_of_those_who_must_have_one(
    client, settings, factory, queries
):
    user = factory()
    give_app(user)
    client.force_login(user)
    counts = []
    for is_required in (False, True):
        settings.SECOND_FACTOR_REQUIRED = is_required
        with CaptureQueriesContext(connection) as asked:
            client.get("/akun/sesi/sisa/")
        counts.append(len(asked))

    assert counts == queries


# Lost ---------------------------------------------------------------------------------


def test_lost_factor_is_reset_with_a_reason_and_told(
    client, django_capture_on_commit_callbacks
):
    admin, user = UserFactory(is_system_admin=True), UserFactory()
    secret = give_app(user)
    sign_in(client, user)
    client.post(FACTOR, {"code": code_of(secret)})
    assert client.get("/akun/sesi/").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        services.reset_second_factor(
            user=user,
            actor=admin,
            at=timezone.now(),
            reason="Ponsel hilang, dikenali lewat video.",
            scope="33.76",
        )

    assert not Authenticator.objects.exists()
    assert client.get("/akun/sesi/").status_code == 302
    entry = AuditEntry.objects.get(action="second_factor.reset")
    assert (entry.actor, entry.reason, entry.scope) == (
        admin,
        "Ponsel hilang, dikenali lewat video.",
        "33.76",
    )
    told = user.message_set.get(kind="account.second_factor_reset")
    assert "Ponsel hilang" in told.body_text


def test_reset_of_nothing_and_of_ones_own_is_refused():
    user, admin = UserFactory(), UserFactory(is_system_admin=True)
    give_app(admin)

    for person in (user, admin):
        with pytest.raises(services.SecondFactorNotReset):
            services.reset_second_factor(
                user=person, actor=admin, at=timezone.now(), reason="x"
            )

    assert Authenticator.objects.count() == 1


def test_who_may_reset_whose_factor():
    city, other = GovernmentFactory(), GovernmentFactory()
    secretariat = SecretariatFactory(government=city)
    own = AuthorFactory(institution=InstitutionFactory(government=city))
    foreign = AuthorFactory(institution=InstitutionFactory(government=other))
    colleague = SecretariatFactory(government=city)
    also_admin = AuthorFactory(institution=InstitutionFactory(government=city))
    User.objects.filter(pk=also_admin.pk).update(is_system_admin=True)
    also_admin.refresh_from_db()
    admin = UserFactory(is_system_admin=True)

    may = {
        name: permissions.can_reset_second_factor(secretariat, person)
        for name, person in {
            "own": own,
            "foreign": foreign,
            "colleague": colleague,
            "also_admin": also_admin,
            "self": secretariat,
        }.items()
    }

    assert may == {
        "own": True,
        "foreign": False,
        "colleague": False,
        "also_admin": False,
        "self": False,
    }
    assert permissions.can_reset_second_factor(admin, secretariat)
    assert not permissions.can_reset_second_factor(admin, admin)
    assert not permissions.can_reset_second_factor(own, foreign)
