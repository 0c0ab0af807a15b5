"""A real browser against the running portal."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    sync_playwright,
)

from tests.browser.seed import PASSWORD
from tests.browser.stack import Stack

AXE = next((Path(__file__).parent / "vendor" / "axe-core").glob("*/axe.min.js"))
SIZES = {"desktop": (1366, 768), "phone": (390, 844)}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def stack(tmp_path_factory) -> Iterator[Stack]:
    portal = Stack(tmp_path_factory.mktemp("portal"))
    portal.start()
    yield portal
    left = portal.stop()
    assert left == []


@pytest.fixture(scope="session")
def demo_stack(tmp_path_factory) -> Iterator[Stack]:
    """The portal with its demonstration data, as `make demo` loads them."""
    portal = Stack(tmp_path_factory.mktemp("demo"), demo=True)
    portal.start()
    yield portal
    left = portal.stop()
    assert left == []


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=ARGUMENTS
    )
    yield chromium
    chromium.close()


@pytest.fixture
def visit(browser, request) -> Iterator[Callable[..., "Visitor"]]:
    """Open a browser of one's own: `visit("opd@tegal.example")`, `visit()` public.

    It goes to the portal whose fixture the test asks for.
    """
    name = "demo_stack" if "demo_stack" in request.fixturenames else "stack"
    stack = request.getfixturevalue(name)
    contexts: list[BrowserContext] = []

    def open_browser(email: str = "", size: str = "desktop") -> Visitor:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="id-ID",
            base_url=stack.base_url,
            reduced_motion="reduce",
        )
        contexts.append(context)
        visitor = Visitor(context.new_page(), stack)
        if email:
            visitor.sign_in(email)
        return visitor

    yield open_browser
    for number, context in enumerate(contexts):
        if folder := os.environ.get("KIPP_SCREENSHOTS"):  # how each browser was left
            context.pages[0].screenshot(path=f"{folder}/akhir-{number}.png")
        context.close()


class Visitor:
    """One person at one browser; every page they see is checked."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page = page
        self.stack = stack
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._note_request)
        page.on("pageerror", self._note_error)
        page.on("console", self._note_console)
        page.on("response", self._note_response)

    def sign_in(self, email: str) -> None:
        self.go("/akun/masuk/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Masuk", exact=True).click()
        self.page.wait_for_url(re.compile("/beranda/"))

    def go(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer
        assert answer.status < 500, self.stack.log()[-3000:].decode()
        assert answer.status < 400, f"{path}: {answer.status}"

    def submit(self, form: str) -> None:
        """Press the main button of `form` and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(form).locator("button[type=submit]").first.click()
        title = self.page.title()
        assert "Kesalahan" not in title, self.page.locator("main").inner_text()
        assert self.page.locator(".error-summary").count() == 0, title

    def click_link(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def wait_until_saved(self) -> None:
        """Wait for the server's word that all that was typed is stored."""
        self.page.evaluate("document.activeElement.blur()")
        # A quarter of a second after typing the text lies on the device; it leaves
        # there when the server has said that nothing newer is missing.
        self.page.wait_for_timeout(350)
        self.page.wait_for_function(
            "() => document.querySelector('.save-state').dataset.state === 'saved'"
            " && !Object.keys(localStorage).some(k => k.startsWith('kipp-draft:'))"
        )

    def type_word(self, place: str) -> None:
        """Type the word that a dialog or form asks for."""
        field = self.page.locator(f"{place} [name=confirmation]")
        word = field.get_attribute("data-confirm-word")
        assert word
        field.fill(word)

    def finish_sheet(self) -> None:
        """Finish the score sheet that is open."""
        with self.page.expect_navigation():
            self.page.locator("[data-finish]").click()
        assert "Kesalahan" not in self.page.title()

    def check(self, name: str) -> None:
        """Look at the page at both sizes: axe, no sideways scroll, one screenshot."""
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self._keep_screenshot(f"{name}-{width}")
            overflow = self.page.evaluate(
                "document.documentElement.scrollWidth - window.innerWidth"
            )
            assert overflow <= 0, f"{name} scrolls sideways by {overflow} px at {size}"
            assert self.axe() == [], name
        width, height = SIZES["desktop"]
        self.page.set_viewport_size({"width": width, "height": height})
        assert self.foreign == []
        assert self.errors == []

    def axe(self) -> list[str]:
        """Violations that axe-core finds, as `rule: element`."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())  # not by a script tag: the CSP forbids
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
            " 'wcag22aa', 'best-practice']}).then(r => r.violations.map(v =>"
            " v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(' | ')))"
        )
        assert isinstance(found, list)
        return found

    def _keep_screenshot(self, name: str) -> None:
        folder = os.environ.get("KIPP_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.evaluate("scrollTo(0, 0)")  # sticky parts where they belong
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def _note_request(self, request) -> None:  # type: ignore[no-untyped-def]
        if not request.url.startswith((self.stack.base_url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _note_error(self, error) -> None:  # type: ignore[no-untyped-def]
        # A page whose style comes late does not fade in; Chromium calls it an error.
        if "Transition was" not in str(error):
            self.errors.append(str(error))

    def _note_console(self, message) -> None:  # type: ignore[no-untyped-def]
        # What the server refuses is seen in the answer: a refused page is often meant.
        is_fault = message.type == "error" or "Content Security Policy" in message.text
        if is_fault and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def _note_response(self, response) -> None:  # type: ignore[no-untyped-def]
        kind = response.request.resource_type
        parts = ("script", "stylesheet", "image", "font")
        if response.status >= 400 and kind in parts:
            self.errors.append(f"{response.status} {response.url}")
