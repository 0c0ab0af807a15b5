"""What somebody may not see cannot be seen, guessed, counted or searched for.

The rights table looks at every answer for words it may not hold; here it is the way
through the pages, the searches, and the difference between hidden and absent.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser
from urllib.parse import quote_plus, urlencode, urljoin, urlsplit
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, reset_queries
from django.http import HttpResponseNotFound
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse

from documents.codes import grouped
from tests.project.city import PEOPLE, PUBLIC
from tests.project.rights import COMPETING, ROWS

pytestmark = pytest.mark.django_db

# More would mean that addresses breed addresses.
MOST_PAGES = 2_000
# Of one page with other orders and filters, these many are enough.
MOST_VARIANTS = 2
# And of one kind of page; the table of rights asks for each row.
MOST_OF_A_ROUTE = 10


class LinkParser(HTMLParser):
    """Collects the addresses that a page leads to."""

    def __init__(self, page):
        super().__init__()
        self.links = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        is_get = tag != "form" or values.get("method", "get").lower() == "get"
        names = {"a": ["href"], "form": ["action"]}.get(tag, [])
        for name in [*names, "hx-get"]:
            if values.get(name) and is_get:
                self.links.append(values[name])


def plain(text, *asked):
    """Leave out what differs from answer to answer by itself, and what was `asked`."""
    for words in asked:
        for each in (words, escape(words), quote_plus(words), grouped(words)):
            text = text.replace(each, "")
    return re.sub(
        r'(name="csrfmiddlewaretoken" value|data-(token|seconds))="[^"]*"', "", text
    )


def made_up(value):
    """Give an address or a number of the same shape that nothing has."""
    try:
        UUID(value)
    except ValueError:
        shape = ((r"[A-Z]", "Z"), (r"[a-z]", "z"), (r"[0-9]", "9"))
        for pattern, letter in shape:
            value = re.sub(pattern, letter, value)
        return value
    return str(uuid4())


def links_of(answer):
    """List the addresses of this portal that `answer` leads to."""
    if answer.status in (301, 302):
        found = [answer.location]
    else:
        found = LinkParser(answer.text).links if answer.is_html else []
    for link in found:
        parts = urlsplit(urljoin(answer.url, link))
        if not parts.netloc and not parts.scheme:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def _route_of(page):
    """The name of the route behind an address; the address itself where none is."""
    try:
        return resolve(page).view_name
    except Resolver404:
        return page


def is_expected(person, url, answer):
    """Whether a link may lead to a refusal here."""
    if url == reverse("readyz"):  # no clock ticks in a test, and that page tells of it
        return answer.status == 503
    # The navigation of a round is that of every secretariat; who competes is told why
    # rescue, proposals, jury, ranking, awards and more time are closed to them.
    in_navigation = re.fullmatch(
        r"/sekretariat/putaran/[^/]+/(penyelamatan|proposal|juri|peringkat|penghargaan"
        r"|atur/pengecualian|atur/jadwal/[^/]+/perpanjang)/",
        url,
    )
    return answer.status == 403 and person == COMPETING and in_navigation


# Those whose ways differ; the rights table asks for everybody.
WALKERS = [
    PUBLIC,
    "author",
    "admin_above",
    "juror",
    "juror_unsigned",
    "secretariat",
    "secretariat_foreign",
    COMPETING,
    "leader",
    "former",
    "nobody",
    "system_admin",
]


@pytest.mark.parametrize("person", WALKERS)
def test_no_way_leads_to_what_is_hidden_or_dead(person, visitor, leaks):
    """Walk all links from the first page on, as one person.

    Besides what a page shows, a link it offers must lead somewhere: who is led to a
    refusal was shown too much or promised too much.
    """
    start = [reverse("home"), reverse("dashboard")]
    waiting, seen, wrong = [(each, "") for each in start], set(start), []
    variants, pages = Counter(), Counter()

    while waiting and len(seen) < MOST_PAGES:
        url, source = waiting.pop(0)
        answer = visitor.ask(person, url)
        if answer.status >= 400 and not is_expected(person, url, answer):
            wrong.append(f"{source} leads to {url}: {answer.status} {answer.error}")
        if found := leaks.find(person, answer):
            wrong.append(f"{url} shows {found}")
        for link in links_of(answer):
            page = link.partition("?")[0]
            if link in seen or page.startswith("/static/"):
                continue
            route = _route_of(page)
            if variants[page] < MOST_VARIANTS and pages[route] < MOST_OF_A_ROUTE:
                variants[page] += 1
                pages[route] += 1
                seen.add(link)
                waiting.append((link, url))

    assert len(seen) < MOST_PAGES
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


# Searches -----------------------------------------------------------------------------

# Who may search a list, but not find there what the row names.
SEARCHES = [
    ("secretariat_foreign", "documents:document_list", [], "q", "receipt.title"),
    ("secretariat_foreign", "documents:document_list", [], "q", "receipt.code"),
    ("secretariat_foreign", "documents:document_list", [], "q", "decreed_paper.number"),
    ("secretariat_competing", "documents:document_list", [], "q", "decreed_paper.code"),
    *(
        (
            "secretariat_competing",
            "submissions:screening_list",
            ["running.slug"],
            "cari",
            f"other_submitted.{name}",
        )
        for name in ("title", "code", "receipt_number")
    ),
    (
        "secretariat",
        "submissions:screening_list",
        ["running.slug"],
        "cari",
        "draft.title",
    ),
    ("secretariat", "judging:ranking", ["scored.slug"], "q", "failed.title"),
]


@pytest.mark.parametrize(("person", "route", "path", "field", "thing"), SEARCHES)
def test_search_for_the_hidden_answers_as_for_the_absent(
    person, route, path, field, thing, visitor
):
    url = reverse(route, args=[visitor.world.resolve(each) for each in path])
    hidden = visitor.world.resolve(thing)

    answers = [
        (answer.status, plain(answer.text, words))
        for words in (hidden, made_up(hidden))
        if (answer := visitor.ask(person, f"{url}?{urlencode({field: words})}"))
    ]

    assert answers[0] == answers[1]


@pytest.mark.parametrize("thing", ["decreed_first", "finished_last", "draft"])
def test_catalogue_finds_nothing_that_is_not_public(thing, visitor):
    city, foreign = visitor.world.city, visitor.world.foreign
    url = reverse("catalogue:entry_list")
    words = urlencode({"q": city.things[thing].title})

    answer = visitor.ask(PUBLIC, f"{url}?{words}")

    found = set(re.findall(r'href="/inovasi/([^"/?]+)/"', answer.text))
    # Words that are alike lead to those that are public; to nothing else.
    assert found <= {city.entry.slug, foreign.entry.slug}


def test_search_finds_what_is_not_hidden(visitor):
    # Or else the searches above would prove nothing.
    for person, route, path, field, thing in [
        ("public", "catalogue:entry_list", [], "q", "finished_first.title"),
        ("secretariat", "documents:document_list", [], "q", "receipt.code"),
        (
            "secretariat",
            "submissions:screening_list",
            ["running.slug"],
            "cari",
            "other_submitted.code",
        ),
        ("secretariat", "judging:ranking", ["scored.slug"], "q", "scored_first.title"),
    ]:
        url = reverse(route, args=[visitor.world.resolve(each) for each in path])
        words = visitor.world.resolve(thing)
        shown = [
            LinkParser(visitor.ask(person, f"{url}?{urlencode({field: asked})}").text)
            for asked in (words, "tidakadasamasekali")
        ]
        found, nothing = (
            {link.partition("?")[0] for link in each.links} for each in shown
        )
        assert found - nothing, thing


# Hidden or absent -------------------------------------------------------------------

# Where it is no secret whether a code exists: anybody may verify it, or it is known to
# those alone who hold it in their hands.
CODES = {"awards:certificate_file", "competitions:attendance_mark"}


@pytest.mark.parametrize(
    "person", [PUBLIC, "author_other", "secretariat_foreign", "juror_unassigned"]
)
@time_machine.travel(datetime.now(UTC), tick=False)  # pages tell the time
def test_hidden_things_answer_as_absent_ones(person, visitor, monkeypatch):
    # The page itself is one template for all, which the next test looks at.
    monkeypatch.setattr(
        "kipp_portal.urls.handler404",
        lambda request, exception: HttpResponseNotFound(),
        raising=False,
    )
    differing = []

    for each in ROWS:
        things = [part for part in each.path if "." in part]
        if not things or person in each.allow | each.forbid:
            continue
        there = [visitor.world.resolve(part) for part in each.path]
        gone = [
            made_up(value) if part in things else value
            for part, value in zip(each.path, there, strict=True)
        ]
        faces = []
        for path in (there, gone):
            reset_queries()  # so many are kept at most
            with CaptureQueriesContext(connection) as asked:
                answer = visitor.ask(
                    person,
                    reverse(each.route, args=path),
                    method=each.method,
                    data=each.data,
                    headers=each.headers,
                )
            text = plain(answer.text, *path)
            # As many queries take as long: time must not tell either.
            number = sum("django_session" not in each["sql"] for each in asked)
            faces.append((answer.status, text, sorted(answer.headers), number))
        if each.route in CODES:
            faces = [face[:-1] for face in faces]
        if faces[0] != faces[1]:
            told = [(status, queries) for status, *_face, queries in faces]
            differing.append(f"{each}: {told}")

    if differing:
        pytest.fail("\n".join(differing), pytrace=False)


def test_page_of_a_refusal_does_not_tell_its_reason(visitor):
    hidden = [
        visitor.address(each)
        for each in ROWS
        if each.method == "GET"
        and any("." in part for part in each.path)
        and "nobody" not in each.allow | each.forbid
        and each.route != "documents:verify_code"  # which explains what a code is
    ]
    asked = [*hidden[::9], "/tidak-ada/"]

    # The navigation marks the part of the portal that the address belongs to.
    pages = {
        plain(visitor.ask("nobody", url).text, url, ' aria-current="true"')
        for url in asked
    }

    assert len(pages) == 1


def _told_otherwise(city):
    """What the table's pages tell in other words: the device plainly, numbers in
    groups, a row that was refused by its fault. A ticket is asked for only once."""
    author = city.people["author"]
    return {
        f"{city.prefix}perambanq",
        f"{city.prefix}faultyimportq",
        author.employee_number,
        city.government.signatory_set.get(is_default=True).employee_number,
        *(grouped(each.code).lower() for each in author.registration_set.all()),
    }


def test_every_hidden_word_is_shown_to_those_who_may(visitor):
    """Or else nothing could leak, and the tests would prove nothing."""
    missing = [each for each in visitor.world.city.markers if each.seen_by]
    pages = [
        (person, each)
        for person in ("secretariat", *PEOPLE)
        for each in ROWS
        if each.method == "GET" and PUBLIC not in each.allow and person in each.allow
    ]

    for person, each in pages:
        # The last ones wait for one person's page.
        if any(person in marker.seen_by for marker in missing):
            text = visitor.ask_row(person, each).all_text.lower()
            missing = [marker for marker in missing if marker.word not in text]

    city = visitor.world.city
    assert {marker.word for marker in missing} - _told_otherwise(city) == set()
