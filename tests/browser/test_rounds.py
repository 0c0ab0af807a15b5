"""A secretary sets a round up: from last year's, and from nothing."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.browser.walk import WIB

pytestmark = pytest.mark.browser
YEAR = datetime.now(WIB).year
SECRETARY = "sekretariat@uji.example"
CASES = json.loads(
    (Path(__file__).parent.parent / "core" / "word_count.json").read_text()
)


def open_round(secretary) -> None:
    """Press the button, and answer the question that follows."""
    page = secretary.page
    page.click("[data-open-dialog=buka-putaran]")
    secretary.submit("#buka-putaran form")
    assert "/kompetisi/" in page.url


def test_next_year_is_made_of_the_last_and_opened_by_clicking(stack, visit):
    secretary = visit(SECRETARY)
    page = secretary.page
    secretary.go("/sekretariat/putaran/")
    with page.expect_navigation():
        page.click("a[href='/sekretariat/putaran/baru/']")
    secretary.check("putaran-baru")
    assert page.input_value("[name=year]") == str(YEAR + 1)
    page.fill("[name=theme]", "Layanan yang mendatangi warga")
    secretary.submit("main form")
    slug = f"kipp-kota-uji-{YEAR + 1}"
    setup = f"/sekretariat/putaran/{slug}/atur/"
    assert page.url.endswith(setup)
    secretary.check("atur-salinan")

    secretary.go(f"{setup}jadwal/")
    page.fill("[name=first_day]", f"1 Maret {YEAR + 1}")
    with page.expect_navigation():
        page.click("[name=geser]")
    opens = page.input_value("[name=kickoff-opens]")
    assert f"Mar {YEAR + 1}" in opens
    secretary.check("atur-jadwal-salinan")
    for place in ("dasar", "formulir", "formulir/pratinjau", "bobot", "penghargaan"):
        secretary.go(f"{setup}{place}/")
        secretary.check(f"salinan-{place.replace('/', '-')}")

    secretary.go(setup)
    open_round(secretary)
    visit().go(f"/kompetisi/{slug}/")


def test_round_is_made_of_nothing_and_ordered_by_keyboard(stack, visit):
    secretary = visit(SECRETARY)
    page = secretary.page
    secretary.go("/sekretariat/putaran/baru/")
    page.locator("details:has([value=kosong]) > summary").click()
    page.check("[name=preset][value=kosong]")
    page.select_option("[name=competition]", "+")
    page.fill("[name=series_name]", "Lomba Layanan")
    page.fill("[name=edition]", "1")
    page.fill("[name=theme]", "Layanan dekat")
    page.fill("[name=first_day]", f"1 Feb {YEAR + 1}")
    secretary.submit("main form")
    setup = page.url.removeprefix(stack.base_url)
    assert page.locator(".notice li a").count() >= 5

    def add(key: str, **fields: str) -> None:
        secretary.go(f"{setup}isi/{key}/")
        for name, text in fields.items():
            page.fill(f"[name={name}]", text)
        secretary.submit("main form")

    secretary.go(f"{setup}jadwal/")
    page.fill("[name=first_day]", f"1 Feb {YEAR + 1}")
    with page.expect_navigation():
        page.click("[name=geser]")
    add("kelompok", name="Umum")
    add("kategori", names="Kesehatan\nPendidikan\nPerizinan")
    add("bagian", title="Dampak", question="Apa yang berubah?", word_limit="300")
    add("bagian", title="Kebaruan", question="Apa yang baru?", word_limit="200")
    _bring_up_by_keyboard(secretary, "section-kebaruan", ["Kebaruan", "Dampak"])
    secretary.check("atur-formulir-baru")
    secretary.go(f"{setup}isi/syarat/?aturan=lazim")
    secretary.check("syarat-lazim")
    secretary.submit("main form")
    _score(secretary, setup)
    add("penghargaan")
    secretary.go(f"{setup}juri/")
    with page.expect_navigation():
        page.click("[name=lanjut]")
    assert page.locator(".notice--warn").count() == 0
    open_round(secretary)


def _score(secretary, setup: str) -> None:
    """A stage with two criteria; the second begins with the weight that is left."""
    page = secretary.page
    secretary.go(f"{setup}isi/tahap/")
    secretary.submit("main form")
    stage = "penilaian-proposal"
    for section, weight in [("kebaruan", "40"), ("dampak", "")]:
        secretary.go(f"{setup}isi/kriteria.{stage}/")
        page.fill("[name=name]", section.title())
        page.check(f"[name=sections][value={section}]")
        if weight:
            page.fill("[name=weight]", weight)
        page.fill("[name=anchors-low] >> nth=0", "0")
        page.fill("[name=anchors-high] >> nth=0", "100")
        page.fill("[name=anchors-label] >> nth=0", "Ada")
        page.fill("[name=anchors-text] >> nth=0", "Terbukti dengan data.")
        page.click("[data-add-row]")
        assert page.locator("[data-row]").count() == 3
        if weight:
            secretary.check("kriteria-baru")
        secretary.submit("main form")
    assert page.locator("[data-weight-total].is-off").count() == 0
    secretary.check("atur-bobot-baru")


def _bring_up_by_keyboard(secretary, row: str, order: list[str]) -> None:
    """Move an entry with Tab and Enter alone; its row has the focus afterwards."""
    page = secretary.page
    page.locator(f"#{row}").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "naik":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == row
    names = page.locator(f"ol:has(#{row}) .order-list__text > a").all_inner_texts()
    assert names == order


def test_browser_counts_words_as_the_server_does(stack, visit):
    public = visit()
    public.go("/")

    counted = public.page.evaluate(
        "texts => texts.map(window.kipp.countWords)", [text for text, _words in CASES]
    )

    assert counted == [words for _text, words in CASES]
