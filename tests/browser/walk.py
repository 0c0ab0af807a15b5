"""What people do on their pages, one function for each thing."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pikepdf
from PIL import Image

from core.dates import format_date

if TYPE_CHECKING:
    from tests.browser.conftest import Visitor

WIB = ZoneInfo("Asia/Jakarta")
ROUND = "kipp-kota-tegal-2022"
THEME = (
    "Percepatan inovasi pelayanan publik demi tercapainya pelayanan prima menuju "
    "pemerintah kota tegal yang berdedikasi dan berprestasi."
)
SECTIONS = [
    "ringkasan",
    "latar-belakang",
    "kebaruan",
    "implementasi",
    "signifikansi",
    "adaptabilitas-potensi",
    "sumber-daya",
    "keberlanjutan",
]
CRITERIA = 7
KINDS = ["submission", "screening", "scoring", "plenary", "announcement"]


def text_of(section: str) -> str:
    """An answer with figures, told apart by its section."""
    return (
        f"Bagian {section} dari proposal peragaan. Sebelum inovasi, warga menunggu "
        "rata-rata sembilan hari dan datang tiga kali. Sesudah dua belas bulan, 94 "
        "persen permohonan selesai pada hari yang sama, diukur dari catatan antrean "
        "dan survei kepada 412 pemohon. Petugas dan biayanya tercatat di bawah ini."
    )


def day(offset: int) -> str:
    """A day as a secretary types it, `offset` days from today."""
    return format_date(datetime.now(WIB) + timedelta(days=offset), "short", WIB)


def create_round(secretariat: Visitor) -> None:
    page = secretariat.page
    secretariat.go("/sekretariat/putaran/baru/")
    secretariat.check("buat-putaran")
    page.fill("[name=series_name]", "KIPP Kota Tegal")
    page.fill("[name=year]", "2022")
    page.fill("[name=edition]", "5")
    page.fill("[name=theme]", THEME)
    page.fill("[name=organiser]", "Bagian Organisasi Setda Kota Tegal")
    page.fill("[name=first_day]", day(-1))
    secretariat.submit("main form")
    assert page.url.endswith(f"/sekretariat/putaran/{ROUND}/atur/"), page.url
    secretariat.check("atur-putaran")


def open_round(secretariat: Visitor) -> None:
    page = secretariat.page
    set_calendar(secretariat)
    secretariat.check("atur-jadwal")
    for step in ("dasar", "bobot", "formulir"):
        secretariat.go(f"/sekretariat/putaran/{ROUND}/atur/{step}/")
        secretariat.check(f"atur-{step}")
    secretariat.go(f"/sekretariat/putaran/{ROUND}/atur/")
    page.click("[data-open-dialog=buka-putaran]")
    secretariat.submit("#buka-putaran form")
    assert page.url.endswith(f"/kompetisi/{ROUND}/"), page.url


def set_calendar(secretariat: Visitor) -> None:
    """Submission is open for days; each stage after it takes ten."""
    page = secretariat.page
    secretariat.go(f"/sekretariat/putaran/{ROUND}/atur/jadwal/")
    for place, kind in enumerate(KINDS):
        opens, closes = (10 * place - 4, 10 * place + 5) if place else (-1, 5)
        page.fill(f"[name={kind}-opens]", f"{day(opens)}, 08.00")
        page.fill(f"[name={kind}-closes]", day(closes))
        page.fill(f"[name={kind}-closing_time]", "23.59")
    page.fill("[name=ceremony-opens]", f"{day(60)}, 08.00")
    page.fill("[name=ceremony-closes]", day(60))
    page.fill("[name=ceremony-closing_time]", "12.00")
    secretariat.submit("main form.stack")
    assert "Jadwal tersimpan" in page.locator("main").inner_text()


def write_proposal(author: Visitor, title: str, *, look: bool) -> str:
    """Write all parts of a proposal, by autosave; return its code."""
    page = author.page
    author.go(f"/proposal/baru/{ROUND}/")
    if look:
        author.check("proposal-baru")
    page.fill("[name=title]", title)
    author.submit("main form")
    author.go("/proposal/")
    author.click_link(title)
    code = page.url.rstrip("/").rsplit("/", 1)[1]
    if look:
        author.check("proposal-kosong")
    _fill_header(author, code, look=look)
    for section in SECTIONS:
        _fill_section(author, code, section, look=look and section == "signifikansi")
    _upload_letters(author, code, look=look)
    return code


def _fill_header(author: Visitor, code: str, *, look: bool) -> None:
    page = author.page
    author.go(f"/proposal/{code}/data/")
    page.select_option("[name=category]", label="Tata kelola pemerintahan")
    page.fill("[name=field-mulai-implementasi]", "3 Januari 2021")
    page.check("[name=field-sdgs][value='16']")
    page.fill("[name=field-video]", "https://www.youtube.com/watch?v=peragaan")
    page.check("[name=field-finalis-top-99][value=no]")
    page.check("[name=field-aplikasi][value=no]")
    author.wait_until_saved()
    if look:
        author.check("proposal-data")


def _fill_section(author: Visitor, code: str, section: str, *, look: bool) -> None:
    page = author.page
    author.go(f"/proposal/{code}/bagian/{section}/")
    page.locator("form[data-autosave] [contenteditable]").fill(text_of(section))
    author.wait_until_saved()
    if section in ("implementasi", "signifikansi"):
        page.set_input_files(
            "input[type=file]",
            {
                "name": f"bukti-{section}.pdf",
                "mimeType": "application/pdf",
                "buffer": small_pdf(),
            },
        )
        page.locator(".file-list").wait_for(timeout=10_000)
    if look:
        author.check("proposal-bagian")


def _upload_letters(author: Visitor, code: str, *, look: bool) -> None:
    page = author.page
    author.go(f"/proposal/{code}/surat/")
    if look:
        author.check("proposal-surat")
    kinds = page.locator("[name=kind]").evaluate_all("all => all.map(e => e.value)")
    assert len(kinds) == 3
    for kind in kinds:
        page.set_input_files(
            f"#surat-{kind} input[type=file]",
            {
                "name": f"surat-{kind}.png",
                "mimeType": "image/png",
                "buffer": small_png(kind),
            },
        )
        page.locator(f"#surat-{kind} .file-list").wait_for()


def send_proposal(author: Visitor, code: str, *, look: bool) -> None:
    page = author.page
    author.go(f"/proposal/{code}/periksa/")
    if look:
        author.check("proposal-periksa")
    page.check("[name=statement]")
    author.submit(f"form[action='/proposal/{code}/kirim/']")


def endorse(head: Visitor, code: str, *, look: bool) -> None:
    head.go(f"/proposal/{code}/dukung/")
    if look:
        head.check("proposal-dukung")
    head.submit(f"form[action='/proposal/{code}/dukung/']")
    assert head.page.url.endswith(f"/proposal/{code}/tanda-terima/"), head.page.url


def screen(secretariat: Visitor, code: str, *, look: bool) -> None:
    page = secretariat.page
    secretariat.go(f"/sekretariat/proposal/{code}/verifikasi/")
    if look:
        secretariat.check("verifikasi-administrasi")
    for radio in page.locator("[name$=-verdict][value=met]").all():
        radio.check()
    secretariat.submit("main form.panel")


def publish_check(secretariat: Visitor) -> None:
    """Make the result of the administrative check known, as one act."""
    secretariat.go(f"/sekretariat/putaran/{ROUND}/hasil-verifikasi/")
    secretariat.check("hasil-verifikasi")
    secretariat.submit("#umumkan")
    secretariat.check("antrean-verifikasi-selesai")


def invite_jurors(secretariat: Visitor) -> None:
    page = secretariat.page
    backgrounds = ["akademisi", "akademisi", "ngo", "jurnalis", "birokrat"]
    for number, background in enumerate(backgrounds, start=1):
        secretariat.go(f"/sekretariat/putaran/{ROUND}/juri/")
        page.fill("[name=name]", f"Juri {number}")
        page.fill("[name=email]", f"juri{number}@tegal.example")
        page.select_option("[name=background]", background)
        secretariat.submit("main form.panel")


def sign_statement(juror: Visitor, *, look: bool) -> None:
    juror.go(f"/penilaian/panel/{ROUND}/")
    if look:
        juror.check("pakta-integritas")
    juror.page.check("[name=agree]")
    juror.submit("main form")


def score_all(juror: Visitor, scores: dict[str, int], *, look: bool) -> None:
    """Score every proposal of the queue, the one titled so with so many points."""
    page = juror.page
    for title, points in scores.items():
        juror.go("/penilaian/")
        if look:
            juror.check("antrean-juri")
        juror.click_link(title)
        for place in range(CRITERIA):
            details = page.locator("details.criterion").nth(place)
            if details.get_attribute("open") is None:
                details.locator("summary").first.click()
            details.locator(".score-input").fill(str(points + place))
        juror.wait_until_saved()
        if look:
            juror.check("lembar-nilai")
        juror.finish_sheet()


def small_pdf() -> bytes:
    """A real PDF of one empty page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()


def small_png(seed: str) -> bytes:
    """A real picture, another one for every `seed`."""
    buffer = io.BytesIO()
    shade = sum(seed.encode()) % 200
    Image.new("RGB", (620, 877), (255, 255, 55 + shade)).save(buffer, "PNG")
    return buffer.getvalue()
