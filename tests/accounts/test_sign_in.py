"""The ways in: password, mailed code, forgotten password, and what they do not tell."""

import os
import re
import time
from statistics import median, quantiles
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings as project_settings
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts import entrance, services
from accounts.models import AccessEntry, SignInLimit
from core.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/akun/masuk/"
CODE = "/akun/masuk/kode/"
TYPE_CODE = "/akun/masuk/kode/isi/"
RESET = "/akun/sandi/lupa/"
SLOW = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


def sign_in(client, user, password=PASSWORD, **details):
    return client.post(LOGIN, {"login": user.email, "password": password}, **details)


def code_in(message):
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", message.body, re.MULTILINE).group()


def link_in(message):
    return re.search(r"^https?://\S+$", message.body, re.MULTILINE).group()


# Ways in ------------------------------------------------------------------------------


def test_password_opens_the_account(client):
    user = UserFactory()

    answer = sign_in(client, user)

    assert (answer.status_code, answer.url) == (302, "/beranda/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AccessEntry.objects.filter(actor=user, kind="sign_in").count() == 1


def test_mailed_code_opens_the_account_once(client):
    user = UserFactory()

    asked = client.post(CODE, {"email": user.email, "next": "/bantuan/"})
    code = code_in(mail.outbox[0])
    wrong = client.post(TYPE_CODE, {"code": "BBBB-BBBB"})
    right = client.post(TYPE_CODE, {"code": code.lower(), "next": "/bantuan/"})

    assert asked.url == f"{TYPE_CODE}?next=%2Fbantuan%2F"
    assert wrong.status_code == 200
    assert (right.status_code, right.url) == (302, "/bantuan/")
    other = Client()
    other.post(CODE, {"email": user.email})
    other.post(TYPE_CODE, {"code": code})
    assert "_auth_user_id" not in other.session


def test_mailed_code_ends_with_the_third_mistake(client):
    user = UserFactory()
    client.post(CODE, {"email": user.email})
    code = code_in(mail.outbox[0])

    for _number in range(3):
        client.post(TYPE_CODE, {"code": "BBBB-BBBB"})
    answer = client.post(TYPE_CODE, {"code": code})

    assert answer.url == CODE
    assert "_auth_user_id" not in client.session


def test_forgotten_password_is_replaced_by_its_link_once(client, settings):
    settings.BASE_URL = "https://inovasi.contoh.example"
    user = UserFactory()
    client.post(RESET, {"email": user.email})
    parts = urlsplit(link_in(mail.outbox[0]))
    assert f"{parts.scheme}://{parts.netloc}" == settings.BASE_URL
    new = {
        "password1": "sandi-baru-yang-panjang",
        "password2": "sandi-baru-yang-panjang",
    }

    form = client.get(parts.path)
    answer = client.post(form.url, new)
    again = Client().get(parts.path)

    user.refresh_from_db()
    assert answer.url == "/akun/sandi/baru/selesai/"
    assert user.check_password("sandi-baru-yang-panjang")
    assert "password1" not in again.content.decode()
    assert AuditEntry.objects.filter(action="password.changed", actor=user).exists()


def test_new_password_is_told_and_ends_the_other_sessions(client):
    user = UserFactory()
    sign_in(client, user)
    other = Client()
    sign_in(other, user)
    form = {
        "oldpassword": PASSWORD,
        "password1": "sandi-baru-yang-panjang",
        "password2": "sandi-baru-yang-panjang",
    }

    client.post("/akun/sandi/ganti/", form)

    assert client.get("/akun/sesi/").status_code == 200
    assert other.get("/akun/sesi/").status_code == 302
    told = user.message_set.get(kind="account.password_changed")
    assert told.delivery_set.get().address == user.email


def test_account_without_a_password_chooses_one(client):
    user = UserFactory(password=None)
    client.post(CODE, {"email": user.email})
    client.post(TYPE_CODE, {"code": code_in(mail.outbox[0])})

    led = client.get("/akun/sandi/ganti/")
    answer = client.post(
        led.url,
        {
            "password1": "sandi-baru-yang-panjang",
            "password2": "sandi-baru-yang-panjang",
        },
    )

    user.refresh_from_db()
    assert (led.url, answer.status_code) == ("/akun/sandi/buat/", 302)
    assert user.check_password("sandi-baru-yang-panjang")


def test_account_switched_off_is_told_so_only_with_the_right_password(client):
    user = UserFactory(is_active=False)

    wrong = sign_in(client, user, "salah-salah-salah")
    right = sign_in(client, user)

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert right.url == "/akun/nonaktif/"
    assert "_auth_user_id" not in client.session


# The address --------------------------------------------------------------------------


def confirm_it_is_me(client):
    return client.post("/akun/konfirmasi/", {"password": PASSWORD})


def test_address_is_changed_after_password_and_link(client, settings):
    settings.BASE_URL = "https://inovasi.contoh.example"
    user = UserFactory(email="lama@contoh.example")
    sign_in(client, user)

    asked = client.post("/akun/email/", {"email": "baru@contoh.example"})
    assert asked.url.startswith("/akun/konfirmasi/")
    confirm_it_is_me(client)
    client.post("/akun/email/", {"email": "Baru@Contoh.example"})

    user.refresh_from_db()
    assert user.email == "lama@contoh.example"
    (message,) = mail.outbox
    assert message.to == ["baru@contoh.example"]
    link = link_in(message)
    assert link.startswith("https://inovasi.contoh.example/akun/email/")
    path = urlsplit(link).path
    shown = Client().get(path)
    assert "baru@contoh.example" in shown.content.decode()
    assert Client().post(path).url == LOGIN
    user.refresh_from_db()
    assert user.email == "baru@contoh.example"
    told = user.message_set.get(kind="account.email_changed").delivery_set.get()
    assert told.address == "lama@contoh.example"
    entry = AuditEntry.objects.get(action="user.email_changed")
    assert entry.changes == {"email": ["lama@contoh.example", "baru@contoh.example"]}
    assert Client().post(path).status_code == 410


def test_address_of_somebody_else_gets_no_link_and_the_same_page(client):
    other = UserFactory()
    user = UserFactory()
    sign_in(client, user)
    confirm_it_is_me(client)

    taken = client.post("/akun/email/", {"email": other.email})
    free = client.post("/akun/email/", {"email": "bebas@contoh.example"})

    assert [each.to for each in mail.outbox] == [["bebas@contoh.example"]]
    assert taken.status_code == free.status_code == 200
    assert plain(taken).replace(other.email, "@") == plain(free).replace(
        "bebas@contoh.example", "@"
    )


def test_new_password_closes_an_open_link_to_another_address(client):
    user = UserFactory(email="lama@contoh.example")
    sign_in(client, user)
    confirm_it_is_me(client)
    client.post("/akun/email/", {"email": "penyusup@contoh.example"})
    path = urlsplit(link_in(mail.outbox[0])).path

    user.set_password("kebun raya bogor 77")
    user.save()

    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    user.refresh_from_db()
    assert user.email == "lama@contoh.example"


def test_address_taken_meanwhile_is_refused():
    user, other = UserFactory(), UserFactory()

    with pytest.raises(services.EmailNotChanged):
        services.change_email(
            user=user,
            email=other.email.upper(),
            before=user.email,
            actor=user,
            at=timezone.now(),
        )

    user.refresh_from_db()
    assert user.email != other.email


# Limits -------------------------------------------------------------------------------

FORGED = [f"10.1.{number}.{number}" for number in range(40)]


@pytest.mark.parametrize("proxies", [0, 1])
def test_guessing_a_password_is_stopped_whatever_address_is_claimed(
    client, settings, proxies
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    user = UserFactory()
    real = ", 198.51.100.7" if proxies else ""

    statuses = [
        sign_in(client, user, f"salah-{n}", HTTP_X_FORWARDED_FOR=FORGED[n] + real)
        for n in range(6)
    ]
    right = sign_in(client, user, HTTP_X_FORWARDED_FOR=FORGED[9] + real)

    assert [each.status_code for each in statuses] == [200] * 5 + [429]
    assert right.status_code == 429
    assert right["Retry-After"] == "300"
    told = ngettext(
        "Try again in %(minutes)s minute", "Try again in %(minutes)s minutes", 5
    )
    assert told % {"minutes": 5} in right.content.decode()
    assert "_auth_user_id" not in client.session


def test_guessing_over_many_accounts_is_stopped_by_address(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    statuses = []
    for number in range(31):
        answer = client.post(
            LOGIN,
            {"login": f"orang-{number}@tidak.example", "password": "tebakan-tebakan"},
            HTTP_X_FORWARDED_FOR=f"{FORGED[number]}, 198.51.100.7",
        )
        statuses.append(answer.status_code)

    assert statuses == [200] * 30 + [429]
    other = client.post(
        LOGIN,
        {"login": "x@tidak.example", "password": "tebakan-tebakan"},
        HTTP_X_FORWARDED_FOR="198.51.100.8",
    )
    assert other.status_code == 200


def test_right_passwords_of_a_whole_office_are_not_stopped(client):
    for _number in range(35):
        assert sign_in(Client(), UserFactory()).status_code == 302


def test_limit_holds_whatever_host_is_asked(client, settings):
    settings.ALLOWED_HOSTS = [".contoh.example"]
    user = UserFactory()

    statuses = [
        sign_in(client, user, "salah", headers={"host": f"h{n}.contoh.example"})
        for n in range(6)
    ]

    assert [each.status_code for each in statuses] == [200] * 5 + [429]


@pytest.mark.parametrize("path", [CODE, RESET])
def test_mails_to_one_address_are_limited(client, path):
    user = UserFactory()

    statuses = [
        Client()
        .post(path, {"email": user.email}, REMOTE_ADDR=f"10.0.0.{n}")
        .status_code
        for n in range(6)
    ]

    assert statuses == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_confirming_that_it_is_me_is_limited(client):
    user = UserFactory()
    sign_in(client, user)

    statuses = [
        client.post("/akun/konfirmasi/", {"password": f"salah-{n}"}).status_code
        for n in range(6)
    ]

    assert statuses[-1] == 429
    assert client.post("/akun/konfirmasi/", {"password": PASSWORD}).status_code == 429


def test_page_of_too_many_tries_keeps_where_to_go(client):
    user = UserFactory()
    for _number in range(5):
        sign_in(client, user, "salah")

    page = client.post(
        LOGIN, {"login": user.email, "password": "x", "next": "/bantuan/?a=1"}
    )
    evil = client.post(
        LOGIN, {"login": user.email, "password": "x", "next": "//jahat.example"}
    )

    assert "/akun/masuk/?next=%2Fbantuan%2F%3Fa%3D1" in page.content.decode()
    assert "jahat" not in evil.content.decode()


def test_limits_hold_and_lock_nobody_out_while_the_cache_is_away(client, settings):
    # Nobody listens there.
    settings.CACHES = project_settings.CACHES | {
        "default": project_settings.CACHES["default"]
        | {"LOCATION": "redis://127.0.0.1:1/1"}
    }
    user, guessed = UserFactory(), UserFactory()

    right = sign_in(client, user)
    wrong = [sign_in(Client(), guessed, f"salah-{n}").status_code for n in range(6)]

    assert cache.get("anything") is None
    assert right.status_code == 302
    assert wrong == [200] * 5 + [429]
    assert SignInLimit.objects.exists()


@pytest.mark.parametrize("forwarded", ["", "garbage", "1.2.3.4", ",,,", "::1%eth0, x"])
def test_fewer_proxies_than_expected_are_no_error(client, settings, forwarded):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    user = UserFactory()

    answer = sign_in(client, user, HTTP_X_FORWARDED_FOR=forwarded)

    assert answer.status_code == 302


# What is not told ---------------------------------------------------------------------

TOKEN = re.compile(r'"[A-Za-z0-9]{64}"')


def plain(answer):
    """The page without what is new in every answer."""
    return TOKEN.sub("", answer.content.decode())


def shape(answer, *addresses):
    text = plain(answer)
    for address in addresses:
        text = text.replace(address, "@")
    return (
        answer.status_code,
        {name: each for name, each in answer.headers.items() if name != "Expires"},
        text,
        [(each, answer.cookies[each]["max-age"]) for each in sorted(answer.cookies)],
    )


@pytest.mark.parametrize("path", [LOGIN, CODE, RESET])
def test_answers_for_known_and_unknown_addresses_are_the_same(path):
    known = UserFactory().email
    local, _at, domain = known.partition("@")
    unknown = f"{'x' * len(local)}@{domain}"
    seen = []
    for address in (known, unknown):
        client = Client()
        form = {"email": address, "login": address, "password": "salah-salah-salah"}
        answer = client.post(path, form)
        pages = [answer]
        if answer.status_code == 302:
            pages.append(client.get(answer.url))
            if path == CODE:
                pages.append(client.post(TYPE_CODE, {"code": "BBBB-BBBB"}))
        seen.append([(shape(each, address), len(each.content)) for each in pages])

    assert seen[0] == seen[1]


@override_settings(PASSWORD_HASHERS=SLOW)
def test_unknown_address_costs_the_same_hashing(client, monkeypatch):
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    user = UserFactory()
    rounds = []
    encode = PBKDF2PasswordHasher.encode
    monkeypatch.setattr(
        PBKDF2PasswordHasher,
        "encode",
        lambda self, password, salt, iterations=None: (
            rounds.append(iterations or self.iterations)
            or encode(self, password, salt, 1)
        ),
    )

    client.post(LOGIN, {"login": user.email, "password": "salah-salah-salah"})
    known, rounds[:] = list(rounds), []
    client.post(LOGIN, {"login": "x@tidak.example", "password": "salah-salah-salah"})

    assert rounds == known
    assert sum(known) >= 600_000


@pytest.mark.parametrize("path", [LOGIN, CODE, RESET])
def test_time_tells_nothing(path, settings):
    """Of many tries in turn the medians differ less than the tries themselves."""
    settings.ACCOUNT_RATE_LIMITS = False
    known = UserFactory().email
    times = {"known": [], "unknown": []}
    for number in range(int(os.environ.get("KIPP_TRIES", "40")) // 2):
        for kind, address in [("known", known), ("unknown", f"x{number}@t.example")]:
            client = Client()
            form = {"email": address, "login": address, "password": "salah-salah"}
            began = time.perf_counter()
            client.post(path, form)
            times[kind].append(time.perf_counter() - began)

    low, _middle, high = quantiles(times["known"] + times["unknown"], n=4)
    assert abs(median(times["known"]) - median(times["unknown"])) < max(
        high - low, 0.001
    )


@pytest.mark.parametrize(
    "headers",
    [{"host": "jahat.example"}, {"x-forwarded-host": "jahat.example"}],
    ids=["Host", "X-Forwarded-Host"],
)
def test_links_in_mails_name_the_portal(client, settings, headers):
    settings.BASE_URL = "https://inovasi.contoh.example"
    user = UserFactory()

    answer = client.post(RESET, {"email": user.email}, headers=headers)

    assert answer.status_code == (400 if "host" in headers else 302)
    assert "jahat" not in "".join(each.body for each in mail.outbox)


EVIL = [
    "//jahat.example",
    "///jahat.example",
    "https://jahat.example/",
    "https:jahat.example",
    "http:///jahat.example",
    "/\\jahat.example",
    "\\\\jahat.example",
    "/\t/jahat.example",
    "/\n/jahat.example",
    "javascript:alert(1)",
    "//jahat.example/%2e%2e",
    " //jahat.example",
    "http://testserver@jahat.example/",
    "jahat.example",
]


@pytest.mark.parametrize("target", EVIL)
def test_next_leads_nowhere_else(client, target):
    user = UserFactory()
    code = Client()
    code.post(CODE, {"email": user.email, "next": target})

    answers = [
        client.post(LOGIN, {"login": user.email, "password": PASSWORD, "next": target}),
        client.get(LOGIN, {"next": target}),
        client.post("/akun/konfirmasi/", {"password": PASSWORD, "next": target}),
        client.post("/akun/keluar/", {"next": target}),
        code.post(TYPE_CODE, {"code": code_in(mail.outbox[0]), "next": target}),
    ]

    assert [each.status_code for each in answers] == [302] * len(answers)
    assert {each.url for each in answers} <= {"/beranda/", "/"}


@pytest.mark.parametrize("target", EVIL)
def test_language_switch_leads_nowhere_else(client, target):
    answer = client.post(reverse("set_language"), {"language": "en", "next": target})

    led = urljoin("http://testserver/bahasa/", answer.url)
    assert urlsplit(led).netloc == "testserver"
    assert "\\" not in answer.url


@pytest.mark.parametrize("target", ["/bantuan/", "/a?b=c&d=%2F%2Fe", "/%2F%2Fjahat"])
def test_next_leads_on_inside(client, target):
    form = {"login": UserFactory().email, "password": PASSWORD, "next": target}

    assert entrance.is_inside(target)
    assert client.post(LOGIN, form).url == target


def test_session_key_changes_on_signing_in(client):
    client.get(LOGIN, {"next": "/bantuan/"})
    client.post(CODE, {"email": "x@tidak.example"})  # makes a session
    before = client.session.session_key
    client.post("/akun/keluar/")
    client.cookies[project_settings.SESSION_COOKIE_NAME] = before

    sign_in(client, UserFactory())

    assert client.session.session_key != before


def test_sign_in_page_is_fit_for_password_managers(client):
    page = client.get(LOGIN).content.decode()

    assert 'autocomplete="email"' in page or 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_page_open_for_too_long_asks_to_sign_in_once_more():
    client = Client(enforce_csrf_checks=True)

    answer = client.post(LOGIN, {"login": "a@b.example", "password": "x"})

    assert (answer.status_code, answer.url) == (302, LOGIN)
    assert reverse("account_login") == LOGIN
