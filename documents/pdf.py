"""HTML to PDF: tagged, archival, and from our own static files only."""

import re
import threading
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousOperation
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from accounts import emblems
from documents import tagging

tagging.name_languages()
# Tagged for screen readers, kept readable for archives.
VARIANT = "pdf/a-3a"
# A host that cannot exist (RFC 2606): relative addresses resolve to it, and it is the
# only one that the fetcher answers, from the static files.
HOME = "https://paper.invalid"
# Emblems are named by their digest: a paper keeps the one it was issued with.
_EMBLEM = re.compile(re.escape(f"{HOME}/emblems/") + r"([0-9a-f]{64})\.png")
# As many sets of rules of single papers as one worker keeps at hand.
RULES = 128
_TYPES = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


class AssetRefusedError(Exception):
    """A paper asked for something that is no static file of a known type."""


class StaticFetcher(URLFetcher):
    """Gives WeasyPrint static files and emblems of governments, and nothing else.

    No other host, no file of the machine, no data address, whatever a name, an answer
    or a style sheet says. A refusal stops the rendering: a paper without its frame or
    its typeface must not be issued.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"https"}, fail_on_errors=True)

    def fetch(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> URLFetcherResponse:
        if emblem := _EMBLEM.fullmatch(url):
            return URLFetcherResponse(
                url, _emblem(emblem[1]), {"Content-Type": "image/png"}
            )
        path = _static_path(url)
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": _TYPES[path.suffix]}
        )


def _emblem(digest: str) -> bytes:
    try:
        return emblems.read(digest)
    except FileNotFoundError as error:
        raise AssetRefusedError(digest) from error


def _static_path(url: str) -> Path:
    """Find the file behind an address.

    Raises AssetRefusedError if it is no static file of a known type.
    """
    parts = urlsplit(url)
    prefix = urljoin(HOME, settings.STATIC_URL)
    name = unquote(url.partition("?")[0].partition("#")[0].removeprefix(prefix))
    if not url.startswith(prefix) or PurePosixPath(parts.path).suffix not in _TYPES:
        raise AssetRefusedError(url)
    try:
        if staticfiles_storage.exists(name):
            return Path(staticfiles_storage.path(name))
        found = finders.find(name)
    except SuspiciousOperation as error:  # a path that climbs out of the folder
        raise AssetRefusedError(url) from error
    if not found:
        raise AssetRefusedError(url)
    return Path(found)


def qr_svg(address: str, label: str) -> SafeString:
    """Draw a QR code with its quiet zone as inline SVG.

    `label` is its alternative text. Error correction M: about 15 percent of the code
    may be dirty or folded.
    """
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(
        omitsize=True, title=label, svgclass="qr", lineclass=None, dark="#000"
    )
    return mark_safe(drawing)  # noqa: S308  our own drawing; segno escapes the title


class _Press(threading.local):
    """What papers have in common, read once by each thread: typefaces and styles.

    Unpacking the typefaces anew takes as long as the rest of a paper.
    """

    def __init__(self) -> None:
        self.fetcher = StaticFetcher()
        self.fonts = FontConfiguration()
        self.sheets: dict[tuple[str, float], CSS] = {}
        self.rules: dict[str, CSS] = {}

    def sheet(self, url: str) -> CSS:
        """The style sheet at `url` as the file is now."""
        key = url, _static_path(url).stat().st_mtime
        if key not in self.sheets:
            self.sheets[key] = CSS(
                url=url, url_fetcher=self.fetcher, font_config=self.fonts
            )
        return self.sheets[key]

    def written(self, text: str) -> CSS:
        """The rules that stand in a page itself: many papers have the same ones."""
        if text not in self.rules:
            if len(self.rules) >= RULES:
                self.rules.clear()
            self.rules[text] = CSS(
                string=text,
                base_url=f"{HOME}/",
                url_fetcher=self.fetcher,
                font_config=self.fonts,
            )
        return self.rules[text]


_press = _Press()


def render_html(text: str, *, variant: str | None = VARIANT) -> bytes:
    """Render a page of the print layout; with no `variant` without tags and archive.

    Raises AssetRefusedError if it asks for anything but our static files.
    """
    try:
        html = HTML(
            string=text,
            base_url=f"{HOME}/",
            url_fetcher=_press.fetcher,
        )
        pdf: bytes = html.write_pdf(
            pdf_variant=variant,
            stylesheets=_taken_sheets(html),
            font_config=_press.fonts,
        )
    except FatalURLFetchingError as error:  # no Exception, so nobody else catches it
        raise AssetRefusedError(str(error)) from error
    return pdf


def _taken_sheets(html: HTML) -> list[CSS]:
    """Take styles out of a page, and give what its links lead to and its rules say.

    Rules are those of a <style> that stands in the body itself.
    """
    head, body = html.etree_element.find("head"), html.etree_element.find("body")
    links = [each for each in head.iter("link") if each.get("rel") == "stylesheet"]
    rules = [] if body is None else body.findall("style")
    for link in links:
        head.remove(link)
    for rule in rules:
        body.remove(rule)
    return [
        *(_press.sheet(urljoin(html.base_url, link.get("href"))) for link in links),
        *(_press.written(rule.text or "") for rule in rules),
    ]
