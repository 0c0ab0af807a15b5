"""Papers signed with a key file, and what verification says of the files."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.browser.seed import PASSWORD
from tests.browser.stack import wait_until

pytestmark = pytest.mark.browser
LIST = "/sekretariat/pemerintah/kota-tegal/tanda-tangan/?sudah=0&jenis=certificate"


def test_two_papers_are_signed_after_a_wrong_passphrase(demo_stack, visit):
    secretariat = visit("sekretariat@tegal.example")
    page = secretariat.page
    wait_until(lambda: _listed(secretariat) >= 2, 120, demo_stack.log)
    boxes = page.locator("table input[type=checkbox]")
    codes = [boxes.nth(place).get_attribute("value") for place in range(2)]
    for place in range(2):
        boxes.nth(place).check()
    told, button = page.locator("[data-sign-text]"), page.locator("form[data-sign]")

    page.fill("[name=passphrase]", "bukan passphrase")
    button.locator("[type=submit]").click()
    expect(told).to_contain_text("Passphrase salah")
    page.fill("[name=passphrase]", PASSWORD)
    button.locator("[type=submit]").click()

    expect(told).to_be_visible()
    expect(told).to_contain_text("2 dari 2")
    expect(page.locator("[name=passphrase]")).to_have_value("")
    page.locator("[data-sign-finished]").click()
    expect(page.locator(f"table input[value='{codes[0]}']")).to_have_count(0)
    secretariat.check("tanda-tangan")

    content = page.request.get(f"/piagam/{codes[0]}.pdf").body()
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    with ThreadPoolExecutor() as pool:  # one without the browser's event loop
        nobody = ValidationContext(trust_roots=[])
        status = pool.submit(validate_pdf_signature, signature, nobody).result()
    assert status.intact
    assert status.valid
    reader = visit(size="phone")
    assert "telah diubah" not in _verdict(reader, content)
    altered = bytearray(content)
    altered[len(altered) // 3] ^= 1
    assert "telah diubah" in _verdict(reader, bytes(altered))


def _listed(secretariat):
    secretariat.go(LIST)
    return secretariat.page.locator("table input[type=checkbox]").count()


def _verdict(reader, content):
    """The headline after a file is chosen on the page of verification."""
    reader.go("/verifikasi/")
    file = {"name": "piagam.pdf", "mimeType": "application/pdf", "buffer": content}
    reader.page.set_input_files("input[type=file]", file)
    with reader.page.expect_navigation():
        reader.page.locator("form:has(input[type=file]) [type=submit]").first.click()
    reader.check("verifikasi-berkas")
    return reader.page.locator("h1").first.inner_text()
