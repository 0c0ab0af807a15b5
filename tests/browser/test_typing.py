"""Browser, line, session, web process and PostgreSQL go away while somebody types.

What is typed are the times of typing, so that a text tells how much of it is missing.
"""

import re
import shutil
import sys
import time
from collections.abc import Iterator

import psutil
import psycopg2
import pytest
from playwright.sync_api import TimeoutError

from tests.browser.conftest import ARGUMENTS, SIZES, Visitor
from tests.browser.drafts import SECTION
from tests.browser.stack import wait_until

pytestmark = pytest.mark.browser
# What may be missing, in milliseconds of typing before the moment of the kill.
ALLOWED = 2000
STAMP = re.compile(r"\d{13}")
CONTROL = (
    "form[data-autosave] :is([contenteditable=true], textarea[name=text]:not([hidden]))"
)
LOOK = """control => ({
  state: document.querySelector('.save-state').dataset.state,
  says: document.querySelector('.save-state').innerText,
  text: 'value' in control ? control.value : control.innerText,
})"""


class Typist:
    """Types without a pause and does not believe what the screen says."""

    def __init__(self, visitor: Visitor, email: str, code: str) -> None:
        self.visitor = visitor
        self.email = email
        self.page = visitor.page
        self.stack = visitor.stack
        self.code = code
        self.typed: list[int] = []
        self.promised: list[int] = []
        self.states: set[str] = set()

    def open(self) -> None:
        """Open the section, signing in again where the browser forgot who it was."""
        path = f"/proposal/{self.code}/bagian/{SECTION}/"
        self.visitor.go(path)
        if "/akun/masuk/" in self.page.url:
            self.visitor.sign_in(self.email)
            self.visitor.go(path)
        if self.page.locator("[data-rich-text]").count():  # it takes over a bit later
            self.page.locator("[contenteditable=true]").first.wait_for()
        self.control = self.page.locator(CONTROL).locator("visible=true").first
        self.control.wait_for()

    def type_for(self, seconds: float) -> None:
        """Type on, and check after each word what the screen says of it."""
        self.control.focus()
        self.page.keyboard.press("Control+End")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            stamp = _now()
            self.page.keyboard.type(f"{stamp} ")
            self.typed.append(stamp)
            self.look()

    def look(self) -> str:
        """Note what the screen says; "Tersimpan" must be true at this moment."""
        seen = self.control.evaluate(LOOK)
        assert (seen["state"] == "saved") == seen["says"].startswith("Tersimpan")
        self.states.add(seen["state"])
        shown = _stamps(seen["text"])
        if seen["state"] == "saved" and shown:
            self.promised.append(shown[-1])
            try:
                stored = self.stored()
            except psycopg2.OperationalError:
                return "saved"  # it is seen to be true, or not, when it has come back
            assert stored[-1:] == shown[-1:], "Tersimpan over text that is not stored"
        return str(seen["state"])

    def stored(self) -> list[int]:
        """What lies on the server."""
        rows = self.stack.query(
            "SELECT a.text FROM submissions_answer a"
            " JOIN submissions_proposal p ON p.id = a.proposal_id WHERE p.code = %s",
            self.code,
        )
        return _stamps(rows[0][0]) if rows else []

    def offered(self) -> list[int]:
        """What the page shows after it was asked to give back what it kept."""
        restore = self.page.locator("[data-autosave-restore]")
        try:
            restore.wait_for(timeout=10_000)
        except TimeoutError:  # there is nothing to give back
            pass
        else:
            restore.click()
        return _stamps(self.control.evaluate(LOOK)["text"])

    def wait_until_stored(self) -> None:
        """Wait until all that was typed lies on the server, and the screen says so.

        After the fourth failure the page tries again in half a minute.
        """
        wait_until(
            lambda: self.look() == "saved" and self.stored() == self.typed,
            90,
            lambda: (self.states, self.stored()[-3:], self.typed[-3:]),
        )

    def check_promises(self, *found: list[int]) -> None:
        """Whatever was called saved is there, and so is all but the last moment."""
        there = set().union(*found)
        assert set(self.promised) <= there
        missing = [stamp for stamp in self.typed if stamp not in there]
        lost = self.typed[-1] - missing[0] if missing else 0
        assert lost <= ALLOWED, f"{lost} ms of typing are missing"


@pytest.fixture(scope="module")
def author(stack) -> tuple[str, Iterator[str]]:
    """Somebody's address, and codes of proposals that nobody has written in yet."""
    command = [sys.executable, "-m", "tests.browser.drafts", "6"]
    email, *codes = stack.run(command).split()
    return email, iter(codes)


@pytest.fixture
def typist(visit, author) -> Typist:
    email, codes = author
    typist = Typist(visit(email), email, next(codes))
    typist.open()
    return typist


@pytest.mark.parametrize("is_cut", [False, True], ids=["line", "no line"])
def test_typing_survives_killed_browser(stack, playwright, author, tmp_path, is_cut):
    email, codes = author
    browser = _launch(playwright, stack, tmp_path)
    typist = Typist(Visitor(browser.new_page(), stack), email, next(codes))
    typist.open()
    typist.type_for(2)
    browser.set_offline(is_cut)
    typist.type_for(4)
    _kill_browser(tmp_path)

    browser = _launch(playwright, stack, tmp_path)
    again = Typist(Visitor(browser.new_page(), stack), email, typist.code)
    again.open()
    typist.check_promises(typist.stored(), again.offered())
    assert ("offline" in typist.states) == is_cut
    browser.close()


def test_typing_survives_cut_line(typist):
    context = typist.page.context
    typist.type_for(1)
    context.set_offline(True)
    typist.type_for(4)
    assert "offline" in typist.states
    typist.check_promises(typist.stored(), _kept_here(typist))

    context.set_offline(False)
    typist.type_for(1)

    typist.wait_until_stored()


def test_typing_survives_ended_session(typist, stack):
    typist.type_for(2)
    stack.end_sessions()
    typist.type_for(4)
    notice = typist.page.locator("[data-autosave-signedout]")
    notice.wait_for()
    typist.check_promises(typist.stored(), _kept_here(typist))

    other = Visitor(typist.page.context.new_page(), stack)
    other.sign_in(typist.email)
    other.page.close()
    typist.page.evaluate("dispatchEvent(new Event('focus'))")

    typist.wait_until_stored()
    assert not notice.is_visible()


def test_typing_survives_killed_web_process(typist, stack):
    typist.type_for(3)
    stack.kill_web()
    assert set(typist.promised) <= set(typist.stored())
    typist.check_promises(typist.stored(), _kept_here(typist))
    typist.type_for(5)

    typist.wait_until_stored()
    assert typist.states & {"offline", "failed"}


def test_typing_survives_killed_database(typist, stack):
    typist.type_for(3)
    stack.kill_postgres()
    typist.type_for(4)
    wait_until(lambda: _answers(stack), 90, "PostgreSQL does not come back")

    typist.wait_until_stored()
    typist.check_promises(typist.stored())


def _launch(playwright, stack, profile):
    width, height = SIZES["desktop"]
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=shutil.which("chromium"),
        args=ARGUMENTS,
        viewport={"width": width, "height": height},
        locale="id-ID",
        base_url=stack.base_url,
    )


def _kill_browser(profile) -> None:
    """kill -9 every process of the browser on this profile."""
    mine = [
        each
        for each in psutil.process_iter(["cmdline"])
        if f"--user-data-dir={profile}" in (each.info["cmdline"] or [])
    ]
    assert mine
    for process in [child for each in mine for child in [each, *each.children(True)]]:
        process.kill()
    psutil.wait_procs(mine, 10)


def _kept_here(typist: Typist) -> list[int]:
    """What the device holds of the page that is open."""
    kept = typist.page.evaluate(
        "Object.entries(localStorage).filter(([k]) => k.startsWith('kipp-draft:'))"
        ".map(([k, v]) => v).join()"
    )
    return _stamps(kept)


def _answers(stack) -> bool:
    try:
        return bool(stack.query("SELECT 1"))
    except psycopg2.OperationalError:
        return False


def _now() -> int:
    return int(time.time() * 1000)


def _stamps(text: str) -> list[int]:
    return [int(stamp) for stamp in STAMP.findall(text)]
