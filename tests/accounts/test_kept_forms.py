"""What was typed when the session had ended is back after signing in again."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as project_settings
from django.test import Client
from django.utils import timezone

from accounts import form_labels, keeping, services
from accounts.models import KeptForm
from accounts.sessions import SEEN
from tests.factories.accounts import PASSWORD, AuthorFactory, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/akun/masuk/"
PROFILE = "/akun/profil/"


class Browser(Client):
    """A browser as strict as the portal, on one page after the other."""

    def __init__(self, **details):
        super().__init__(enforce_csrf_checks=True, **details)

    def token(self, path):
        page = self.get(path).content.decode()
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)

    def send(self, path, token, **fields):
        form = {"csrfmiddlewaretoken": token, **fields}
        return self.post(path, form, headers={"referer": f"http://testserver{path}"})

    def sign_in(self, user, **fields):
        form = {"login": user.email, "password": PASSWORD, **fields}
        return self.send(LOGIN, self.token(LOGIN), **form)

    def let_the_session_end(self):
        session = self.session
        session[SEEN] -= 3600
        session.save()


def onward(answer):
    return parse_qs(urlsplit(answer.url).query).get("next", [""])[0]


def hidden_fields(page):
    return dict(
        re.findall(
            r'type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()
        )
    )


@pytest.fixture
def user():
    return AuthorFactory(name="Siti Aminah")


@pytest.fixture
def browser(user):
    browser = Browser()
    browser.sign_in(user)
    return browser


def lose(browser, **fields):
    """Open the form, lose the session, and send what was typed."""
    token = browser.token(PROFILE)
    browser.let_the_session_end()
    return browser.send(PROFILE, token, **fields)


def test_text_is_back_after_signing_in_and_saved_with_one_press(browser, user):
    answer = lose(
        browser, name="Siti Aminah, S.Sos.", phone="081234567890", language="id"
    )
    assert answer.url.startswith(LOGIN)
    assert onward(answer) == PROFILE

    back = browser.sign_in(user, next=onward(answer))
    page = browser.get(back.url)

    (kept,) = KeptForm.objects.all()
    assert back.url == f"/akun/teks/{kept.code}/?next=%2Fakun%2Fprofil%2F"
    assert "Siti Aminah, S.Sos." in page.content.decode()
    fields = hidden_fields(page)
    saved = browser.send(
        PROFILE, **{"token": fields.pop("csrfmiddlewaretoken"), **fields}
    )
    assert saved.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.phone) == ("Siti Aminah, S.Sos.", "081234567890")
    assert not KeptForm.objects.exists()


def test_labels_are_those_of_the_form(browser, user):
    answer = lose(browser, name="Siti", phone="0811", language="id")
    back = browser.sign_in(user, next=onward(answer))

    rows = browser.get(back.url).context["rows"]

    assert {row["name"]: bool(row["label"]) for row in rows} == {
        "name": True,
        "phone": True,
        "language": True,
    }
    assert "Bahasa Indonesia" in {row["text"] for row in rows}


def test_form_sent_with_the_token_of_an_earlier_session_is_kept(browser, user):
    token = browser.token(PROFILE)
    browser.let_the_session_end()
    browser.get("/beranda/")
    browser.sign_in(user)  # in another tab

    answer = browser.send(PROFILE, token, name="Siti S.", phone="1", language="id")

    (kept,) = KeptForm.objects.all()
    assert answer.url == kept.get_absolute_url()
    assert "Siti S." in browser.get(answer.url).content.decode()


def test_form_sent_after_signing_out_in_another_tab_is_kept(browser, user):
    token = browser.token(PROFILE)
    browser.send("/akun/keluar/", token)

    answer = browser.send(PROFILE, token, name="Siti S.", phone="1", language="id")

    assert answer.url.startswith(LOGIN)
    assert KeptForm.objects.get().user == user


def test_next_person_at_the_computer_never_sees_it(browser, user):
    answer = lose(browser, name="rahasia Siti", phone="1", language="id")
    (kept,) = KeptForm.objects.all()
    other = AuthorFactory()

    back = browser.sign_in(other, next=onward(answer))

    assert back.url == PROFILE
    assert "rahasia Siti" not in browser.get(PROFILE).content.decode()
    assert browser.get(kept.get_absolute_url()).status_code == 404


def test_page_of_the_person_before_is_not_kept_for_the_next_one(browser, user):
    token = browser.token(PROFILE)
    browser.send("/akun/keluar/", token)
    other = AuthorFactory()
    browser.sign_in(other)

    answer = browser.send(PROFILE, token, name="rahasia Siti", phone="1")
    browser.let_the_session_end()
    later = browser.send(PROFILE, token, name="rahasia Siti", phone="1")

    assert answer.status_code == later.status_code == 403
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("cookie", ["", "x", "eyJwZXJzb24iOjF9:1abc:zzzz"])
def test_text_without_a_true_cookie_is_not_kept(browser, cookie):
    token = browser.token(PROFILE)
    browser.cookies[keeping.COOKIE] = cookie
    browser.let_the_session_end()

    answer = browser.send(PROFILE, token, name="x")

    assert answer.url.startswith(LOGIN)
    assert not KeptForm.objects.exists()


def test_text_slipped_in_by_another_site_is_not_kept(browser):
    for token in ("", "a" * 32, "b" * 64, "!!"):
        answer = browser.send(PROFILE, token, name="palsu")
        assert answer.status_code == 403

    assert not KeptForm.objects.exists()


def test_same_text_is_kept_once(browser):
    token = browser.token(PROFILE)
    browser.let_the_session_end()

    for _press in range(2):
        browser.send(PROFILE, token, name="dua kali")

    assert KeptForm.objects.count() == 1


def test_only_the_newest_are_kept(browser, monkeypatch):
    monkeypatch.setattr(keeping, "PER_PERSON", 3)
    token = browser.token(PROFILE)
    browser.let_the_session_end()

    for number in range(5):
        browser.send(PROFILE, token, name=f"teks {number}")

    texts = {each.pairs[0][1] for each in KeptForm.objects.all()}
    assert texts == {"teks 2", "teks 3", "teks 4"}


def test_text_is_gone_after_a_day(browser, user):
    lose(browser, name="lama", phone="1", language="id")
    (kept,) = KeptForm.objects.all()
    KeptForm.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))

    back = browser.sign_in(user)

    assert back.url == "/beranda/"
    assert browser.get(kept.get_absolute_url()).status_code == 404
    assert services.forget_kept_forms(at=timezone.now()) == 1
    assert not KeptForm.objects.exists()


def test_passwords_and_tokens_are_not_kept(browser):
    lose(
        browser,
        name="x",
        old_password="rahasia1",
        kata_sandi="rahasia2",
        api_secret="3",
    )

    assert KeptForm.objects.get().pairs == [("name", "x")]


def test_null_bytes_are_left_out(browser):
    answer = lose(browser, name="Siti\0 Aminah", **{"na\0ma": "x"})

    assert answer.status_code == 302
    assert KeptForm.objects.get().pairs == [("name", "Siti Aminah"), ("nama", "x")]


def test_forms_of_signing_in_are_not_kept(browser):
    token = browser.token("/akun/sandi/ganti/")
    browser.let_the_session_end()

    browser.send("/akun/sandi/ganti/", token, oldpassword="x", password1="y")

    assert not KeptForm.objects.exists()


def test_more_than_a_megabyte_is_not_kept(browser):
    answer = lose(browser, name="x" * (1024 * 1024 + 1))

    assert answer.url.startswith(LOGIN)
    assert not KeptForm.objects.exists()


def test_files_are_named_and_lost(browser, user):
    from django.core.files.uploadedfile import SimpleUploadedFile

    lose(browser, name="dengan berkas", file=SimpleUploadedFile("surat.pdf", b"%PDF"))

    kept = KeptForm.objects.get()
    assert kept.files == ["surat.pdf"]
    browser.sign_in(user)
    assert "surat.pdf" in browser.get(kept.get_absolute_url()).content.decode()


def test_scripts_keep_their_text_themselves(browser):
    token = browser.token(PROFILE)
    browser.let_the_session_end()
    form = {"csrfmiddlewaretoken": token, "name": "x", "autosave": "1"}

    answer = browser.post(PROFILE, form, headers={"X-Requested-With": "autosave"})

    assert answer.status_code == 302  # what autosave.js takes for signed out
    assert not KeptForm.objects.exists()


def test_text_refused_when_sent_again_is_not_lost(browser, user):
    answer = lose(browser, name="", phone="0811", language="id")
    back = browser.sign_in(user, next=onward(answer))
    fields = hidden_fields(browser.get(back.url))

    refused = browser.send(
        PROFILE, **{"token": fields.pop("csrfmiddlewaretoken"), **fields}
    )

    assert refused.status_code != 302
    assert KeptForm.objects.count() == 1


def test_text_is_discarded(browser, user):
    lose(browser, name="buang", phone="1", language="id")
    (kept,) = KeptForm.objects.all()
    browser.sign_in(user)
    page = hidden_fields(browser.get(kept.get_absolute_url()))

    answer = browser.send(
        f"{kept.get_absolute_url()}buang/", page["csrfmiddlewaretoken"]
    )

    assert answer.url == PROFILE
    assert not KeptForm.objects.exists()


def test_address_of_the_page_before_leads_nowhere_else(browser):
    token = browser.token(PROFILE)
    browser.let_the_session_end()

    browser.post(
        PROFILE,
        {"csrfmiddlewaretoken": token, "name": "x"},
        headers={"referer": "http://jahat.example//jahat.example/"},
    )

    assert KeptForm.objects.get().page == PROFILE


def test_cookie_is_kept_from_scripts_and_other_sites(browser):
    cookie = browser.cookies[keeping.COOKIE]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert str(UserFactory().email) not in cookie.value


def test_deactivated_person_keeps_nothing(browser, user):
    token = browser.token(PROFILE)
    browser.let_the_session_end()
    user.is_active = False
    user.save(update_fields=["is_active"])

    browser.send(PROFILE, token, name="x")

    assert not KeptForm.objects.exists()
    assert project_settings.SESSION_COOKIE_AGE < keeping.COOKIE_SECONDS


# Labels -------------------------------------------------------------------------------


def test_labels_are_read_from_any_form():
    page = """
    <form><input type="hidden" name="version" value="3">
    <label for="a">Judul <span>(opsional)</span></label><input id="a" name="title">
    <fieldset><legend>Hasil</legend>
      <input type="radio" id="r1" name="verdict" value="met"><label for="r1">Ya</label>
      <input type="radio" id="r2" name="verdict" value="no"><label for="r2">No</label>
    </fieldset>
    <label for="s">Jenis</label><select id="s" name="kind">
      <option value="x">Dinas</option></select>
    <textarea name="note" aria-label="Catatan"></textarea></form>"""

    labels = form_labels.read_labels(page)
    rows = form_labels.described(
        [
            ("version", "3"),
            ("title", "Judul saya"),
            ("verdict", "met"),
            ("kind", "x"),
            ("note", "Baik\nsekali"),
            ("lost", "tanpa label"),
            ("empty", " "),
        ],
        labels,
    )

    assert [(row["label"] or row["name"], row["text"]) for row in rows] == [
        ("Judul (opsional)", "Judul saya"),
        ("Hasil", "Ya"),
        ("Jenis", "Dinas"),
        ("Catatan", "Baik\nsekali"),
        ("lost", "tanpa label"),
    ]
