"""A new person comes by invitation and sends a proposal, all on a telephone."""

import os
import re
from collections.abc import Iterator

import pytest

from tests.browser.conftest import Visitor
from tests.browser.seed import PASSWORD
from tests.browser.stack import wait_until
from tests.browser.walk import small_pdf, small_png, text_of

pytestmark = pytest.mark.browser
HEAD = "kepala.opd@tegal.example"
NEW = "operator.gawai@tegal.example"
ROUND = "kipp-kota-tegal-2023"
TITLE = "Antar Akta ke Rumah Lansia"
NOTE = "Sebutkan jumlah lansia yang dilayani tahun lalu."


class Phone(Visitor):
    """Somebody with a telephone: taps, and never scrolls sideways."""

    def tap(self, name: str, role: str = "button") -> None:
        """Press the button or link of that name, and wait for the page after it."""
        target = self.page.get_by_role(role, name=name).first
        with self.page.expect_navigation():
            target.tap()

    def look(self, name: str) -> None:
        """Check the page as it is: no sideways scroll, axe, nothing from outside."""
        self.page.wait_for_load_state()
        self._keep_screenshot(f"gawai-{name}")
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - window.innerWidth"
        )
        assert overflow <= 0, f"{name} scrolls sideways by {overflow} px"
        assert self.axe() == [], name
        assert (self.foreign, self.errors) == ([], [])


@pytest.fixture
def phones(browser, demo_stack) -> Iterator[list[Phone]]:
    """Two telephones: of the newcomer, and of the head of the institution."""
    contexts = [
        browser.new_context(
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
            locale="id-ID",
            base_url=demo_stack.base_url,
            reduced_motion="reduce",
        )
        for _n in range(2)
    ]
    yield [Phone(context.new_page(), demo_stack) for context in contexts]
    for number, context in enumerate(contexts):
        if folder := os.environ.get("KIPP_SCREENSHOTS"):
            context.pages[0].screenshot(path=f"{folder}/gawai-akhir-{number}.png")
        context.close()


def test_newcomer_sends_a_whole_proposal_from_the_mail_to_the_receipt(
    phones, demo_stack
):
    newcomer, head = phones
    head.sign_in(HEAD)
    _invite(head)
    _come(newcomer, _link(demo_stack))
    code = _begin(newcomer)
    _fill_in(newcomer)
    _send(newcomer, code)

    head.go(f"/proposal/{code}/dukung/")
    head.look("dukung")
    head.page.locator("#isi-proposal .note-field summary").nth(1).tap()
    head.page.fill("[name=at_ringkasan]", NOTE)
    head.page.locator("#keputusan details summary").first.tap()
    with head.page.expect_navigation():
        head.page.locator("#form-kembalikan button").tap()

    page = newcomer.page
    newcomer.go(f"/proposal/{code}/")
    newcomer.look("tugas-dengan-catatan")
    with page.expect_navigation():
        page.locator(".next-step a").tap()
    assert NOTE in page.locator("#catatan").inner_text()
    newcomer.look("bagian-dengan-catatan")
    page.locator(".note form button").tap()
    page.locator(".note--done").wait_for()
    _send(newcomer, code)

    head.go(f"/proposal/{code}/dukung/")
    with head.page.expect_navigation():
        head.page.locator(f"form[action='/proposal/{code}/dukung/'] button").tap()
    newcomer.go(f"/proposal/{code}/tanda-terima/")
    assert re.search(r"TT-\d{4}-\d{3}", page.locator("main").inner_text())
    page.locator("details.sent summary").tap()
    newcomer.look("tanda-terima")
    wait_until(
        lambda: demo_stack.mailbox.to(NEW, "TT-"), 30, "no mail with the receipt"
    )


def _invite(head: Phone) -> None:
    head.go("/instansi/kota-tegal/DISDUKCAPIL/orang/undang/")
    head.page.fill("[name=name]", "Operator Gawai")
    head.page.fill("[name=email]", NEW)
    head.page.check("[name=role][value=author]")
    with head.page.expect_navigation():
        head.page.locator("main form button[type=submit]").first.tap()


def _link(stack) -> str:
    wait_until(lambda: stack.mailbox.to(NEW), 30, "no invitation")
    body = stack.mailbox.to(NEW)[-1].get_body(("plain",)).get_content()
    return re.search(r"/undangan/buka/\S+", body)[0]


def _come(newcomer: Phone, link: str) -> None:
    newcomer.go(link)
    newcomer.look("undangan")
    newcomer.page.fill("[name=password]", PASSWORD)
    newcomer.page.check("[name=agreed]")
    with newcomer.page.expect_navigation():
        newcomer.page.locator("main form button[type=submit]").first.tap()
    newcomer.page.wait_for_url(re.compile("/beranda/"))
    newcomer.look("beranda")


def _begin(newcomer: Phone) -> str:
    page = newcomer.page
    newcomer.tap("Buat proposal baru", "link")
    page.locator("[name=title]").press_sequentially("Pulang Bawa Akta")
    page.locator("#mirip .notice").wait_for()
    newcomer.look("judul-mirip")
    page.fill("[name=title]", TITLE)
    newcomer.tap("Mulai menulis")
    newcomer.look("tugas")
    return re.search(r"/proposal/(KIPP-\w+)/", page.url)[1]


def _fill_in(newcomer: Phone) -> None:
    """Follow the one button that leads on, from the first part to the check."""
    page = newcomer.page
    newcomer.tap("Lanjutkan mengisi", "link")
    page.select_option("[name=category]", index=2)
    page.fill("[name=field-mulai-implementasi]", "3 Januari 2021")
    page.check("[name=field-sdgs][value='16']")
    page.fill("[name=field-video]", "youtube.com/watch?v=peragaan")
    for radio in page.locator("input[type=radio][value=no]").all():
        radio.check()
    newcomer.wait_until_saved()
    newcomer.look("data-umum")
    newcomer.tap("Simpan dan lanjut")
    while found := re.search(r"/bagian/([\w-]+)/", page.url):
        _answer(newcomer, found[1])
        newcomer.tap("Simpan dan lanjut")
    for kind in page.locator("main [name=kind]").evaluate_all(
        "all => all.map(each => each.value)"
    ):
        _upload(newcomer, f"#surat-{kind}", f"foto-{kind}.png", small_png(kind))
    newcomer.look("surat")
    with page.expect_navigation():
        page.locator(".action-bar a.btn-primary").tap()


def _answer(newcomer: Phone, section: str) -> None:
    page = newcomer.page
    page.locator("main [contenteditable=true]").first.tap()
    page.keyboard.insert_text(text_of(section))
    newcomer.wait_until_saved()
    if page.locator("#berkas").get_by_text("Minimal satu wajib").count():
        _upload(newcomer, "#berkas", f"bukti-{section}.pdf", small_pdf())
        newcomer.look(f"bagian-{section}")


def _upload(newcomer: Phone, place: str, name: str, content: bytes) -> None:
    kind = "application/pdf" if name.endswith(".pdf") else "image/png"
    newcomer.page.locator(f"{place} input[type=file]").first.set_input_files(
        {"name": name, "mimeType": kind, "buffer": content}
    )
    newcomer.page.locator(f"{place} .file-list").wait_for()


def _send(newcomer: Phone, code: str) -> None:
    page = newcomer.page
    newcomer.go(f"/proposal/{code}/periksa/")
    newcomer.look("periksa")
    page.check("[name=statement]")
    with page.expect_navigation():
        page.locator(f"form[action='/proposal/{code}/kirim/'] button").tap()
    assert page.url.endswith(f"/proposal/{code}/"), page.url
