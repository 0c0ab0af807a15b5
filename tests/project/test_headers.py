"""Every page is fit for a strict content security policy, and says so."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, UserFactory
from tests.project.city import PUBLIC
from tests.project.rights import ROWS

pytestmark = pytest.mark.django_db

PAGES = [each for each in ROWS if each.method == "GET" and each.allow]
NAMES = sorted({each.route for each in PAGES})
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
# Beside a score sheet stand the files of its proposal, and no page of anybody else.
POLICIES = [POLICY, POLICY | {"frame-src": "'self'"}]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Of an address that holds a secret nobody hears at all.
STRICTER = {"Referrer-Policy": "no-referrer"}


class PageParser(HTMLParser):
    """Collects what a strict policy would block, and what leads to other sites."""

    LOADING = {
        "script": ["src"],
        "link": ["href"],
        "img": ["src", "srcset"],
        "source": ["src", "srcset"],
        "use": ["href", "xlink:href"],
        "image": ["href", "xlink:href"],
        "form": ["action"],
        "button": ["formaction"],
        "input": ["src", "formaction"],
        **{tag: ["src"] for tag in ("audio", "video", "iframe", "embed", "track")},
        "object": ["data"],
        "base": ["href"],
    }

    def __init__(self, page):
        super().__init__()
        self.faults = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        # Data for a script is no script.
        is_data = values.get("type") == "application/json"
        if tag == "script" and "src" not in values and not is_data:
            self.faults.append("a script within the page")
        if tag == "style":
            self.faults.append("a style sheet within the page")
        for name, value in values.items():
            text = value.strip().lower()
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"{tag} {name}=")
            if text.startswith(("javascript:", "vbscript:")):
                self.faults.append(f"{tag} {name}={text}")
            if name.startswith("hx-") and "js:" in text:
                self.faults.append(f"{tag} {name}={text}")
        for name in self.LOADING.get(tag, []):
            address = values.get(name, "").strip()
            if re.match(r"([a-z][a-z0-9+.-]*:|//)", address, re.IGNORECASE):
                self.faults.append(f"{tag} {name}={address[:60]}")

    handle_startendtag = handle_starttag


def policy_of(headers):
    parts = headers.get("Content-Security-Policy", "").split(";")
    pairs = (part.strip().partition(" ") for part in parts if part.strip())
    return {name: values.strip() for name, _blank, values in pairs}


def header_faults(answer):
    """Say what is missing in the headers of any answer."""
    policy = policy_of(answer.headers)
    is_framed = policy.get("frame-ancestors") == "'self'" and "script-src" not in policy
    always = ALWAYS | ({"X-Frame-Options": "SAMEORIGIN"} if is_framed else {})
    faults = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in always.items()
        if answer.headers.get(name) not in (value, STRICTER.get(name))
    ]
    # What somebody uploaded has a policy of its own, by which nothing runs.
    is_picture = answer.content_type.startswith("image/")
    is_file = is_picture or "Content-Disposition" in answer.headers
    runs_nothing = policy.get("default-src") == "'none'" and "script-src" not in policy
    if policy not in POLICIES and not (is_file and runs_nothing):
        faults.append(f"policy {policy}")
    return faults


def cache_faults(answer):
    """Say what would let a shared cache give one person's page to another."""
    control = answer.headers.get("Cache-Control", "")
    varies = {each.strip() for each in answer.headers.get("Vary", "").split(",")}
    if "public" in control and "Cookie" not in varies and answer.is_html:
        return [f"{control} without Vary: Cookie"]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_clean(name, visitor):
    faults = []

    for each in PAGES:
        if each.route != name:
            continue
        # The public's page and that of somebody with a name differ.
        for person in sorted({min(each.allow), max(each.allow - {PUBLIC}, default="")}):
            if not person:
                continue
            answer = visitor.ask_row(person, each)
            found = header_faults(answer) + cache_faults(answer)
            if answer.is_html:
                found += PageParser(answer.text).faults
            faults += [f"{each}, {person}: {fault}" for fault in found]

    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.mark.parametrize(
    ("page", "faults"),
    [
        ("<p>Baik <img src='/a.png'><script src='/b.js'></script>", []),
        ("<script type='application/json'>{}</script>", []),
        ("<script>1</script>", ["a script within the page"]),
        ("<style>p{}</style>", ["a style sheet within the page"]),
        ("<p style='color:red'>", ["p style="]),
        ("<button onclick='x()'>", ["button onclick="]),
        ("<a href=' JavaScript:x()'>", ["a href=javascript:x()"]),
        ("<img src='//lain.example/a.png'>", ["img src=//lain.example/a.png"]),
        ("<link href='https://lain.example/'>", ["link href=https://lain.example/"]),
        ("<svg><path style='x'/></svg>", ["path style="]),
        ("<a href='https://lain.example/'>", []),
    ],
)
def test_page_parser_finds(page, faults):
    assert PageParser(page).faults == faults


@pytest.mark.parametrize("person", [PUBLIC, "author", "secretariat_competing"])
def test_refusals_are_clean(person, visitor):
    addresses = {
        "/tidak-ada/": {404},
        reverse("awards:award_list", args=[visitor.world.city.sealed.slug]): {
            302,
            403,
            404,
        },
        reverse("competitions:round_open", args=["x"]): {302, 405},
    }

    for address, statuses in addresses.items():
        answer = visitor.ask(person, address)
        found = header_faults(answer) + PageParser(answer.text).faults
        assert (answer.status in statuses, found) == (True, []), address


def test_form_without_its_token_is_refused_in_plain_words(visitor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(visitor.world.people["author"])

    response = client.post(reverse("notifications:message_list"))

    assert response.status_code == 403
    assert policy_of(response.headers) == POLICY
    assert PageParser(response.content.decode()).faults == []


def test_cookies_of_a_session_are_kept_from_scripts_and_other_sites(client):
    user = UserFactory()

    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    names = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert names <= set(client.cookies)
    for name in names:
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name


def production(**environment):
    """Read the settings as a server would."""
    names = [
        "ALLOWED_HOSTS",
        "CSRF_COOKIE_SECURE",
        "DEBUG",
        "DEMO",
        "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
    ]
    program = (
        "import json; from kipp_portal import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {names}}}))"
    )
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=keep | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_of_a_server_are_strict():
    found = production(
        SECRET_KEY="x" * 50,
        KIPP_BASE_URL="https://portal.example",
        ALLOWED_HOSTS="portal.example",
    )

    assert json.loads(found.stdout) == {
        "ALLOWED_HOSTS": ["portal.example"],
        "CSRF_COOKIE_SECURE": True,
        "DEBUG": False,
        "DEMO": False,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
    }


def test_server_without_its_secret_does_not_start():
    found = production()

    assert found.returncode != 0
    assert "SECRET_KEY is not set" in found.stderr


def test_assets_ask_no_other_site():
    found = []
    for folder in ("css", "js"):
        for path in (settings.BASE_DIR / "static" / folder).rglob("*.*"):
            text = path.read_text()
            # The names of XML vocabularies are no addresses that are asked.
            text = text.replace("http://www.w3.org/", "")
            # Nor is what stands before an address that somebody has typed without.
            text = text.replace("`https://${typed}`", "")
            if re.search(r"https?://|url\(\s*['\"]?//", text):
                found.append(path.name)

    assert found == []
