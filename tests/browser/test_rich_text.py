"""The editor in a real browser, under the portal's own Content-Security-Policy.

Its modules are served from the disk: no portal runs.
"""

import json
import re
from html import escape
from pathlib import Path

import pytest
from django.conf import settings

from core.rich_text import clean, of_plain

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
CORE = ROOT / "tests" / "core"
EXAMPLES = json.loads((CORE / "rich_text.json").read_text())
SITE = "http://portal.example"
LIBRARY = next((ROOT / "static" / "vendor" / "prosemirror").glob("*/prosemirror.js"))
MODULES = [
    f"/{path.relative_to(ROOT)}"
    for path in (
        ROOT / "static" / "js" / "rich-text-editor.js",
        ROOT / "static" / "js" / "rich-text-format.js",
        LIBRARY,
    )
]
PAGE = """<!doctype html><html lang="id" data-icons="/icons.svg"><title>Uji</title>
<link rel="stylesheet" href="/static/css/rich-text.css">
<script src="/static/js/portal.js" defer></script>
<script src="/static/js/rich-text.js" defer></script>
<form data-autosave>
<label for="id_text">Jawaban</label><textarea id="id_text" name="text">{text}</textarea>
<div data-rich-text="id_text" data-editor="{0}" data-format="{1}" data-library="{2}">
<input type="hidden" name="html" value="{html}" disabled data-rich-html>{hint}
<div hidden data-rich-toolbar><div role="toolbar">
<button type="button" data-rich="bold">Tebal</button>
<button type="button" data-rich="table">Tabel</button>
<span hidden data-rich-list><button type="button" data-rich="deeper">d</button></span>
<span hidden data-rich-table><button type="button" data-rich="row-add">Baris</button>
<button type="button" data-rich="column-delete">Kolom</button></span></div>
<div hidden data-rich-link><input><p hidden data-rich-error>x</p></div></div>
<div hidden data-rich-notice><p hidden data-for="dropped">Gambar tidak ikut</p>
<p hidden data-for="large">Terlalu besar</p></div></div></form>"""
HINT = "<p data-rich-plain>Format hilang</p>"
AS_WRITTEN = """async (markups) => {
  const box = document.querySelector('[data-rich-text]');
  const format = await import(box.dataset.format);
  const library = await import(box.dataset.library);
  const reader = library.DOMParser.fromSchema(format.makeSchema(library));
  return markups.map((markup) => {
    const doc = reader.parse(format.inert(markup), { preserveWhitespace: true });
    return [format.writeHtml(doc), format.writePlain(doc)];
  });
}"""
PASTE = """([markup, text]) => {
  const data = new DataTransfer();
  if (markup) data.setData('text/html', markup);
  data.setData('text/plain', text);
  const event = { clipboardData: data, bubbles: true, cancelable: true };
  document.querySelector('[contenteditable]')
    .dispatchEvent(new ClipboardEvent('paste', event));
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context()
    page = context.new_page()
    page.broken = []
    page.on("pageerror", lambda error: page.broken.append(str(error)))
    page.on("console", lambda line: page.broken.append(line.text))
    page.asked = []
    yield page
    assert [line for line in page.broken if "404" not in line] == []
    assert all(url.startswith(SITE) for url in page.asked)
    context.close()


def show(page, text="", html="", *, waits=True, without=(), held=None):
    """Open a page with the editor; requests for its library go into `held`, if any."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(
        f"{name} {' '.join(values)}" for name, values in directives.items()
    )
    body = PAGE.format(
        *MODULES, text=text, html=escape(html), hint=HINT if html else ""
    )

    def answer(route):
        path = route.request.url.removeprefix(SITE)
        page.asked.append(route.request.url)
        if path == "/":
            headers = {"Content-Security-Policy": policy}
            route.fulfill(body=body, content_type="text/html", headers=headers)
        elif held is not None and path.endswith("prosemirror.js"):
            held.append(route)
        elif path.startswith("/static/") and path not in without:
            kind = "text/css" if path.endswith("css") else "text/javascript"
            route.fulfill(path=ROOT / path.lstrip("/"), content_type=kind)
        else:
            route.fulfill(status=404)

    page.route("**/*", answer)
    page.goto(f"{SITE}/")
    if waits:
        page.locator("[contenteditable]").wait_for()


def fields(page):
    return page.evaluate(
        "() => Object.fromEntries(new FormData(document.querySelector('form')))"
    )


def paste(page, markup, text="teks"):
    page.locator("[contenteditable]").focus()
    page.evaluate(PASTE, [markup, text])
    return fields(page)


def test_browser_writes_like_the_server(page):
    show(page)
    markups = [each["html"] for each in EXAMPLES]

    found = page.evaluate(AS_WRITTEN, markups)

    for example, (html, text) in zip(EXAMPLES, found, strict=True):
        assert (html, text) == (example["html"], example["text"]), example["name"]
        rich = clean(html)
        assert (rich.markup if rich.text else html, rich.text) == (html, text)


@pytest.mark.parametrize("name", ["word", "libreoffice", "google-docs"])
def test_pasted_documents_become_what_they_mean(page, name):
    show(page)

    sent = paste(page, (CORE / "clipboards" / f"{name}.html").read_text())

    wanted = (CORE / "clipboards" / f"{name}.txt").read_text().splitlines()
    assert sent["html"] == "".join(wanted)
    rich = clean(sent["html"])
    assert (rich.html, rich.text) == (sent["html"], sent["text"])
    assert page.get_by_text("Gambar tidak ikut").is_visible()


def test_hostile_paste_acts_nowhere(page):
    show(page)

    sent = paste(
        page,
        "<p onclick=alert(1) style='background:url(https://e.example/x)'>a</p>"
        "<img src=https://e.example/y onerror=alert(1)><script>alert(1)</script>"
        "<a href='javascript:alert(1)'>b</a><svg onload=alert(1)></svg>"
        "<iframe src=https://e.example></iframe>",
    )

    assert sent["html"] == "<p>a</p><p>b</p>"
    assert page.locator("[contenteditable] img, [contenteditable] svg").count() == 0


def test_too_large_paste_is_refused_in_words(page):
    show(page, "Awal")

    sent = paste(page, "", "x" * 2_100_000)

    assert sent["text"] == "Awal"
    assert page.get_by_text("Terlalu besar").is_visible()


def test_plain_text_comes_as_it_was_and_keeps_the_cursor(page):
    held = []
    show(page, "Satu dua.\n\nTiga.", waits=False, held=held)
    page.locator("#id_text").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Empat")
    while not held:  # the library is asked for once the page was painted
        page.wait_for_timeout(20)
    library = ROOT / held[0].request.url.removeprefix(SITE).lstrip("/")
    held[0].fulfill(path=library, content_type="text/javascript")
    page.locator("[contenteditable]").wait_for()
    page.keyboard.type(" lima")

    sent = fields(page)
    assert sent["text"] == "Satu dua.\n\nTiga. Empat lima"
    assert sent["html"] == of_plain(sent["text"])


def test_lists_tables_and_marks_by_keys_and_buttons(page):
    show(page)
    page.locator("[contenteditable]").focus()
    page.keyboard.type("- satu")
    page.keyboard.press("Enter")
    page.keyboard.type("dua")
    page.keyboard.press("Control+BracketRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("Akhir ")
    page.get_by_role("button", name="Tebal").click()
    page.keyboard.type("tebal")
    page.get_by_role("button", name="Tabel").click()
    page.keyboard.type("A")
    page.keyboard.press("Tab")
    page.keyboard.type("B")
    page.get_by_role("button", name="Baris").click()
    page.get_by_role("button", name="Kolom").click()

    assert fields(page)["html"] == (
        "<ul><li><p>satu</p><ul><li><p>dua</p></li></ul></li></ul>"
        "<p>Akhir <strong>tebal</strong></p><table><tbody>"
        "<tr><th><p>A</p></th><th></th></tr><tr><td></td><td></td></tr>"
        "<tr><td></td><td></td></tr><tr><td></td><td></td></tr></tbody></table>"
    )


def test_restored_draft_brings_its_formats(page):
    show(page, "lama")

    page.evaluate(
        """() => {
      const form = document.querySelector('form');
      const fields = [['text', 'a b'], ['html', '<p>a <strong>b</strong></p>']];
      fields.forEach(([name, value]) => { form.elements[name].value = value; });
      form.dispatchEvent(new CustomEvent('kipp:restored', { detail: { fields } }));
    }"""
    )

    assert page.locator("[contenteditable] strong").inner_text() == "b"
    assert fields(page) == {"text": "a b", "html": "<p>a <strong>b</strong></p>"}


def test_without_the_library_the_plain_text_stays(page):
    show(page, "a b", "<p>a <strong>b</strong></p>", waits=False, without=MODULES[2:])
    page.wait_for_function("() => document.querySelector('[data-rich-html]').disabled")

    assert page.get_by_text("Format hilang").is_visible()
    assert page.locator("#id_text").is_editable()
    assert fields(page) == {"text": "a b"}
    assert re.search("Failed to fetch|import", page.broken.pop())
