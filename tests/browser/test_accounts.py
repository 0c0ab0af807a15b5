"""People come, sign in safely, lose nothing they typed, and go."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.seed import PASSWORD
from tests.browser.stack import wait_until

pytestmark = pytest.mark.browser
CITY = "/sekretariat/pemerintah/kota-tegal"
NEW = "operator.baru@tegal.example"
TABLE = (
    "kode,jenis,nama,nama_singkat,kode_induk\n"
    "UJI-01,opd,Dinas Uji Satu,Dinas Uji,\n"
    "UJI-02,uptd,UPTD Uji,UPTD Uji,{parent}\n"
)


def code_of(secret: str) -> str:
    """The six digits that an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_person_is_invited_and_secures_the_account(stack, visit):
    secretariat = visit("sekretariat@tegal.example")
    for name, path in (
        ("instansi", f"{CITY}/instansi/"),
        ("orang", f"{CITY}/orang/"),
        ("undang", f"{CITY}/orang/undang/"),
        ("undang-banyak", f"{CITY}/orang/undang/berkas/"),
        ("pengaturan-pemerintah", f"{CITY}/pengaturan/"),
        ("permintaan-data", f"{CITY}/permintaan-data/"),
    ):
        secretariat.go(path)
        secretariat.check(name)
    secretariat.go(f"{CITY}/orang/undang/")
    page = secretariat.page
    page.fill("[name=name]", "Operator Baru")
    page.fill("[name=email]", NEW)
    page.check("[name=role][value=author]")
    page.select_option("[name=institution]", "DINSOS")
    secretariat.submit("main form")
    secretariat.check("undangan")

    newcomer = visit(size="phone")
    newcomer.go(_link_of(stack, NEW, r"/undangan/buka/\S+"))
    newcomer.check("terima-undangan")
    page = newcomer.page
    page.fill("[name=name]", "Operator Baru")
    page.fill("[name=password]", PASSWORD)
    page.check("[name=agreed]")
    newcomer.submit("main form")
    page.wait_for_url(re.compile("/beranda/"))
    newcomer.check("beranda-orang-baru")

    secret = _connect_app(newcomer)
    _sign_in_with_code(visit(), secret)
    for name in ("profil", "peran", "sesi", "data", "permintaan", "riwayat", "email"):
        newcomer.go(f"/akun/{name}/")
        newcomer.check(f"akun-{name}")


def _link_of(stack, address: str, pattern: str) -> str:
    """The path of the link in the newest mail to `address`."""
    wait_until(lambda: stack.mailbox.to(address), 30, f"no mail to {address}")
    body = stack.mailbox.to(address)[-1].get_body(("plain",)).get_content()
    return re.search(pattern, body)[0]


def _connect_app(visitor) -> str:
    """Set up the authenticator app; gives its secret."""
    page = visitor.page
    visitor.go("/akun/keamanan/")
    visitor.check("keamanan")
    visitor.go("/akun/keamanan/aplikasi/")
    if page.locator("[name=password]").count():  # confirm first that it is you
        visitor.check("konfirmasi-sandi")
        page.fill("[name=password]", PASSWORD)
        visitor.submit("main form")
    visitor.check("aplikasi-autentikator")
    secret = page.locator(".key-text").inner_text()
    page.fill("[name=code]", code_of(secret))
    visitor.submit("main form")
    visitor.check("kode-cadangan")
    return secret


def _sign_in_with_code(visitor, secret: str) -> None:
    """The password alone does not open the account any more."""
    page = visitor.page
    visitor.go("/akun/masuk/")
    visitor.check("masuk")
    page.get_by_label("Email").fill(NEW)
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(re.compile("faktor-kedua"))
    visitor.check("faktor-kedua")
    assert page.goto("/beranda/").url.endswith("faktor-kedua/")
    # The code that connected the app was used up; the next is shown within a minute.
    wait_until(lambda: _tries(page, secret), 75, "no code of the app is taken")


def _tries(page, secret: str) -> bool:
    page.fill("[name=code]", code_of(secret))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    if "/beranda/" in page.url:
        return True
    page.wait_for_timeout(10_000)
    return False


def test_text_of_an_ended_session_is_back_after_signing_in(visit):
    author = visit("opd@tegal.example")
    page = author.page
    author.go("/akun/profil/")
    page.fill("[name=phone]", "0283 355 137")
    page.context.clear_cookies(name="kipp_session")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/akun/masuk/"))
    author.check("masuk-lagi")
    page.get_by_label("Email").fill("opd@tegal.example")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(re.compile("/akun/teks/"))
    author.check("teks-tersimpan")
    assert "0283 355 137" in page.locator("main").inner_text()

    with page.expect_navigation():
        page.get_by_role("button", name="Simpan sekarang").click()

    author.go("/akun/profil/")
    assert page.locator("[name=phone]").input_value() == "0283 355 137"


def test_passkey_opens_the_account(visit):
    person = visit("pimpinan@tegal.example")
    page = person.page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    person.go("/akun/keamanan/kunci/")
    if page.locator("[name=password]").count():
        page.fill("[name=password]", PASSWORD)
        person.submit("main form")
    person.check("tambah-kunci-sandi")
    page.fill("[name=name]", "Ponsel uji")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    person.go("/akun/keamanan/")
    person.check("kunci-sandi")
    assert "Ponsel uji" in page.locator("main").inner_text()
    page.context.clear_cookies()

    person.go("/akun/masuk/")
    with page.expect_navigation(url=re.compile("/beranda/")):
        page.get_by_role("button", name=re.compile("kunci sandi")).click()


def test_table_of_institutions_is_tried_before_it_is_taken(stack, visit):
    secretariat = visit("sekretariat@tegal.example")
    page = secretariat.page
    secretariat.go(f"{CITY}/impor-instansi/")
    secretariat.check("impor-instansi")
    for parent, is_sound in (("TIDAK-ADA", False), ("UJI-01", True)):
        secretariat.go(f"{CITY}/impor-instansi/")
        page.set_input_files(
            "input[type=file]",
            {
                "name": "instansi.csv",
                "mimeType": "text/csv",
                "buffer": TABLE.format(parent=parent).encode(),
            },
        )
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()
        secretariat.check("impor-periksa" if is_sound else "impor-ditolak")
        text = page.locator("main").inner_text()
        assert ("TIDAK-ADA" in text) is not is_sound
        assert _uji_count(stack) == 0

    secretariat.submit("main form")
    secretariat.check("impor-selesai")
    assert _uji_count(stack) == 2
    secretariat.go(f"{CITY}/catatan/")
    secretariat.check("log")
    assert "Instansi diimpor" in page.locator("main").inner_text()


def _uji_count(stack) -> int:
    sql = "SELECT count(*) FROM accounts_institution WHERE code LIKE 'UJI-%%'"
    return stack.query(sql)[0][0]
