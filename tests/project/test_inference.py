"""Nothing hidden is told by a cache, a header, a number, a choice or a name."""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.urls.converters import IntConverter
from django.utils import timezone

from accounts.models import Government, Institution
from competitions.models import Category, Track
from documents.files import stored_bytes
from documents.uploads import CheckedFile
from notifications import emails
from notifications.models import Delivery
from submissions.models import Evidence
from tests.project.addresses import ARGUMENTS, Addresses, converters_of_routes
from tests.project.city import PUBLIC
from tests.project.rights import ROWS
from tests.project.test_leaks import made_up, plain

pytestmark = pytest.mark.django_db

READING = [each for each in ROWS if each.method == "GET" and not each.headers]
PRIVATE = [each for each in READING if each.allow and PUBLIC not in each.allow]


def outsider(each):
    """Name somebody signed in whom `each` answers as if nothing were there."""
    return next(
        (
            person
            for person in ("nobody", "author_foreign", "secretariat_foreign")
            if person not in each.allow | each.forbid
        ),
        None,
    )


# Caches -------------------------------------------------------------------------------


def test_no_cache_keeps_what_somebody_sees_signed_in(visitor):
    kept = []
    for each in READING:
        for person in sorted(each.allow - {PUBLIC})[:2]:
            control = visitor.ask_row(person, each).headers.get("Cache-Control", "")
            if "no-store" not in control or "public" in control:
                kept.append(f"{each}, {person}: {control}")

    assert kept == []


def test_name_of_a_version_gives_nothing_to_others(visitor):
    """Who knows the ETag of a page or file learns not even that it is still so."""
    told = []
    for each in PRIVATE:
        person = outsider(each)
        answer = visitor.ask_row(min(each.allow), each)
        marks = {
            asking: answer.headers[given]
            for asking, given in (
                ("If-None-Match", "ETag"),
                ("If-Modified-Since", "Last-Modified"),
            )
            if given in answer.headers
        }
        for who in filter(None, [person, PUBLIC]):
            found = visitor.ask(who, visitor.address(each), headers=marks)
            if not (found.status == 404 or found.asks_to_sign_in):
                told.append(f"{each}, {who} {sorted(marks)}: {found.status}")

    assert told == []


def test_head_tells_no_more_than_get(visitor):
    differing = []
    for each in PRIVATE:
        for person in filter(None, [outsider(each), PUBLIC]):
            url = visitor.address(each)
            read, asked = (
                visitor.ask(person, url),
                visitor.ask(person, url, method="HEAD"),
            )
            # A view that takes no HEAD says so to everybody.
            if asked.status not in (read.status, 405) or asked.text:
                differing.append(f"{each}, {person}: {read.status}, {asked.status}")

    assert differing == []


# Numbers ------------------------------------------------------------------------------

# Fields whose numbers say what they are, not which row.
COUNTED = {
    "diam",  # days without a change
    "halaman",
    "jumlah",  # the people a broadcast reaches
    "tahun",
    "year",
    "edition",
    "version",
    "field-sdgs",
    "memberships",
}
# Choices among rows of one's own government are sent by their numbers. The form takes
# no other, see the last test.
OWN_ROWS = {
    "category": Category,
    "government": Government,
    "instansi": Institution,
    "institution": Institution,
    "kategori": Category,
    "kelompok": Track,
    "track": Track,
}


class FormParser(HTMLParser):
    """Collects what fields of a page send without anybody typing it."""

    def __init__(self, page):
        super().__init__()
        self.select, self.found = "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        name, value = values.get("name", ""), values.get("value", "")
        if tag == "select":
            self.select = name
        elif tag == "option":
            self.found.append((self.select, value))
        elif tag == "button" or (
            tag == "input" and values.get("type") in ("hidden", "radio", "checkbox")
        ):
            self.found.append((name, value))


def numbers_of(answer):
    """Name the fields with numbers for values, which may be those of rows."""
    return {
        name
        for name, value in FormParser(answer.text).found
        if value.isascii()
        and value.isdigit()
        and value not in ("0", "1")  # a flag
        and name not in COUNTED | OWN_ROWS.keys()
        and not name.startswith("value-")  # a score
        and "_FORMS" not in name
    }


def test_no_page_tells_how_many_rows_there_are(visitor):
    """Rows are named by a code, a slug or a key; numbers in sequence can be counted."""
    counted = [
        f"{each}, {person}: {sorted(found)}"
        for each in READING
        for person in sorted(each.allow)[:2]
        if (found := numbers_of(visitor.ask_row(person, each)))
    ]

    if counted:
        pytest.fail("\n".join(counted), pytrace=False)


# The library names one's own keys by number, and shows them to nobody else. A sealed
# result has a number in the chain of its government, as its minutes print it. Each
# design has three places for pictures.
NUMBERED = {
    ("awards:design_logo", "logo_place"),
    ("judging:result_version", "sequence"),
    ("mfa_remove_webauthn", "pk"),
}


def test_no_address_holds_a_number_of_a_row():
    numbered = {
        (route.name, name)
        for route, converters in converters_of_routes()
        for name, converter in converters.items()
        if isinstance(converter, IntConverter) or name in ("pk", "id")
    }

    assert numbered == NUMBERED


# Names of files, papers and mails -----------------------------------------------------


def test_stored_file_has_a_name_nobody_guesses(world):
    """Where a file lies tells neither what it is called nor how many there are."""
    upload = CheckedFile("Rahasia.pdf", b"%PDF-1.7", "application/pdf", ".pdf")
    stored, user = [Evidence(), Evidence()], world.people["author"]

    for each in stored:
        with stored_bytes(each, upload, user, timezone.now()):
            pass

    names = [each.file.name.rpartition("/")[2] for each in stored]
    assert names[0] != names[1]
    for name in names:
        assert re.fullmatch(r"[0-9A-Za-z_-]{16,}[.]pdf", name)


def test_each_mail_goes_to_one_person(world):
    """Nobody learns from a mail who else got it."""
    deliveries = Delivery.objects.select_related("message").order_by("pk")
    addresses = set(deliveries.values_list("address", flat=True))
    delivery = deliveries[0]

    mail = emails.build_email(delivery)

    assert mail.recipients() == [delivery.address]
    text = str(mail.message())
    assert [each for each in addresses - {delivery.address} if each in text] == []


# References in forms ------------------------------------------------------------------

# What a select box, a radio button or a hidden field sends is a name of something. The
# name of what another government has is answered as one that nothing has.
WRITTEN = {(each.route, each.path) for each in ROWS if each.method == "POST"}
WRITERS = ["author", "admin", "secretariat", "juror", "system_admin"]


def references_of(answer, own, foreign):
    """Give the fields that name rows, each with a row of the other city to name."""
    found = {}
    for name, value in FormParser(answer.text).found:
        for source, values in own.items():
            if source.endswith(".pk") and name not in OWN_ROWS:
                continue  # some other number
            if value in values:
                others = [each for each in foreign[source] if each not in values]
                if others:
                    found[name] = others[0]
    return found


def absent(value):
    """Give a name of the same kind that nothing has."""
    return "999999999" if value.isdigit() else made_up(value)


def without(text, names):
    """Leave out both names, which pages say back as they were asked."""
    for each in names:
        text = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", "", text)
    return plain(text)


def send(visitor, person, each, url, data):
    """Send a form the way its page does: as a question, or as an act."""
    if (each.route, each.path) in WRITTEN:
        return visitor.ask(person, url, method="POST", data=data)
    return visitor.ask(person, f"{url}?{urlencode(data)}")


def test_names_of_what_others_have_are_answered_as_names_of_nothing(
    visitor, leaks, plain_refusals
):
    """Every field that sends a choice is sent what the other city has, and nonsense."""
    sources = [each for several in ARGUMENTS.values() for each in several]
    sources += [f"{model._meta.label}.pk" for model in {*OWN_ROWS.values()}]
    own, foreign = (
        {source: city.values(source) for source in sources}
        for city in map(Addresses, (visitor.world.city, visitor.world.foreign))
    )
    wrong, tried = [], 0

    for each in PRIVATE:
        person = next((who for who in WRITERS if who in each.allow), None)
        if person is None or each.query:
            continue
        page, url = visitor.ask_row(person, each), visitor.address(each)
        references = references_of(page, own, foreign) if page.is_html else {}
        for field, value in references.items():
            tried += 1
            faces = []
            names = (value, absent(value))
            for asked in names:
                answer = send(visitor, person, each, url, {field: asked})
                faces.append((answer.status, without(answer.text, names)))
                if found := leaks.find(person, answer):
                    wrong.append(f"{each} {field}={asked} shows {found}")
            if faces[0] != faces[1]:
                wrong.append(f"{each}, {person}: {field}={value}")

    assert tried > 3
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
