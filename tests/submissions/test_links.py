"""Addresses called up: never one of our own network, whatever the name says."""

import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from submissions import link_checking, probing, services
from submissions.models import EvidenceLink, LinkCheck, LinkOutcome
from submissions.probing import Prober, is_public
from tests.factories.submissions import EvidenceLinkFactory
from tests.submissions.browsing import section_url, url


class Site(BaseHTTPRequestHandler):
    """Answers by the path; notes what it was asked."""

    asked: list = []

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        Site.asked.append((self.command, self.path, dict(self.headers)))
        way, _slash, rest = self.path.strip("/").partition("/")
        if way == "ke":
            self.send_response(302)
            self.send_header("Location", rest if "//" in rest else f"/{rest}")
        elif way == "pelan":
            sleep(0.4)
            return
        elif way == "tetes":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _n in range(40):
                self.wfile.write(b"X: y\r\n")
                self.wfile.flush()
                sleep(0.1)
            return
        elif way == "kepala" and self.command == "HEAD":
            self.send_response(405)
        else:
            self.send_response(int(way) if way.isdigit() else 200)
        self.end_headers()
        if self.command == "GET":
            body = b"ServiceLogin" if way == "drive" else b"x" * 500_000
            try:
                self.wfile.write(body)
            except OSError:
                return

    def log_message(self, *args):
        """Keep quiet."""


@pytest.fixture(scope="module")
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def prober(port):
    """Takes the local server for the public web, under the name `situs.example`."""
    names = {"situs.example": ["127.0.0.1"], "dalam.example": ["10.1.2.3"]}
    return Prober(
        resolver=lambda host, _port: names.get(host, ["192.168.1.1"]),
        ports={"http": port},
        may_call=lambda address: address == "127.0.0.1",
    )


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("", LinkOutcome.OK),
        ("404", LinkOutcome.NOT_FOUND),
        ("410", LinkOutcome.NOT_FOUND),
        ("401", LinkOutcome.SIGN_IN),
        ("403", LinkOutcome.SIGN_IN),
        ("500", LinkOutcome.UNREACHABLE),
        ("429", LinkOutcome.UNKNOWN),
        ("kepala", LinkOutcome.OK),
        ("drive", LinkOutcome.SIGN_IN),
        ("ke/200", LinkOutcome.OK),
        ("ke/ke/ke/ke/200", LinkOutcome.UNKNOWN),
        ("ke/https://accounts.google.com/v3/signin", LinkOutcome.SIGN_IN),
        ("ke/http://dalam.example/", LinkOutcome.REFUSED),
        ("ke/http://127.0.0.1/", LinkOutcome.REFUSED),
        ("ke/file:///etc/passwd", LinkOutcome.REFUSED),
        ("ke/http://nama:sandi@situs.example/", LinkOutcome.REFUSED),
    ],
)
def test_answers_are_put_in_words(prober, port, path, outcome):
    assert prober.probe(f"http://situs.example:{port}/{path}") == outcome


def test_request_carries_nothing_of_ours(prober, port):
    Site.asked.clear()

    prober.probe(f"http://situs.example:{port}/a b?c=\u00e9")

    assert [command for command, _path, _headers in Site.asked] == ["HEAD", "GET"]
    for _command, path, headers in Site.asked:
        assert path == "/a%20b?c=%C3%A9"
        assert set(headers) <= {
            "Host",
            "Accept-Encoding",
            "User-Agent",
            "Accept",
            "Connection",
            "Range",
        }


def test_silence_and_trickling_end(prober, port, monkeypatch):
    monkeypatch.setattr(probing, "SECONDS", 0.2)
    monkeypatch.setattr(probing, "SECONDS_IN_ALL", 0.5)
    begun = monotonic()

    outcomes = {
        prober.probe(f"http://situs.example:{port}/{way}") for way in ("pelan", "tetes")
    }

    assert outcomes <= {LinkOutcome.UNREACHABLE, LinkOutcome.UNKNOWN}
    assert monotonic() - begun < 4


def test_name_that_changes_its_mind_is_called_where_it_was_looked_at(port):
    """DNS rebinding: looked up once for each request, and that address is called."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1"]])
    called = []
    prober = Prober(
        resolver=lambda host, _port: next(answers),
        ports={"http": port},
        may_call=lambda address: called.append(address) or address == "127.0.0.1",
    )

    assert prober.probe(f"http://ganti.example:{port}/") == LinkOutcome.REFUSED
    assert called == ["127.0.0.1", "10.0.0.1"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(port):
    prober = Prober(
        resolver=lambda host, _port: ["8.8.8.8", "169.254.169.254"],
        ports={"http": port},
    )

    assert prober.probe(f"http://campur.example:{port}/") == LinkOutcome.REFUSED


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.254",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "localhost",
        "",
    ],
)
def test_no_address_of_a_closed_network_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "103.10.65.1", "2606:4700::1111"])
def test_addresses_of_the_web_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost/",
        "http://8.8.8.8:22/",
        "https://8.8.8.8:8443/",
        "http://8.8.8.8:443/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "gopher://8.8.8.8/",
        "http://a:b@8.8.8.8/",
        "http://8.8.8.8:99999/",
        "http:///",
    ],
)
def test_addresses_that_are_never_called(address, monkeypatch):
    monkeypatch.setattr(
        probing.socket,
        "create_connection",
        lambda *args, **kw: pytest.fail("a line was opened"),
    )

    assert Prober().probe(address) in {LinkOutcome.REFUSED, LinkOutcome.UNREACHABLE}


# The rows ------------------------------------------------------------------------


@pytest.fixture
def link(live_city, settings):
    settings.LINK_CHECKS = True
    draft = live_city.proposal()
    section = live_city.section
    section.evidence_types = ["pdf", "link"]
    section.save(update_fields=["evidence_types"])
    return EvidenceLinkFactory(proposal=draft, section=section)


class Found:
    """A prober that has looked already."""

    def __init__(self, outcome):
        self.outcome = outcome

    def probe(self, address):
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.mark.django_db
def test_author_asks_and_reads_what_to_do(client, live_city, link):
    client.force_login(live_city.author)
    path = url("link_check", link.proposal.code, link.section.code)

    assert client.post(path).status_code == 302
    assert client.post(path).status_code == 302  # within minutes: the same check
    check = LinkCheck.objects.get()
    link_checking.check(
        check_id=check.pk, at=timezone.now(), prober=Found(LinkOutcome.SIGN_IN)
    )

    page = client.get(section_url(link.proposal, link.section.code))
    (item,) = (each for each in page.context["files"] if each.get("is_outside"))
    assert str(item["tag_label"]) == str(LinkOutcome.SIGN_IN.label)
    assert "Open its sharing" in str(item["advice"]) or item["advice"]
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkCheck.objects.create(link=link, day=check.day, asked_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkCheck.objects.update(outcome=LinkOutcome.WAITING)


@pytest.mark.django_db
def test_nobody_is_called_unless_it_is_switched_on(client, live_city, link, settings):
    settings.LINK_CHECKS = False
    client.force_login(live_city.author)

    answer = client.post(url("link_check", link.proposal.code, link.section.code))

    assert answer.status_code == 302
    assert services.check_due_links(at=timezone.now()) == 0
    assert not LinkCheck.objects.exists()


@pytest.mark.django_db
def test_what_goes_wrong_is_unknown(link):
    now = timezone.now()
    services.check_due_links(at=now)
    check = LinkCheck.objects.get()

    with pytest.raises(RuntimeError):
        link_checking.check(
            check_id=check.pk, at=now, prober=Found(RuntimeError("pecah"))
        )

    check.refresh_from_db()
    assert check.outcome == LinkOutcome.UNKNOWN


@pytest.mark.django_db
def test_links_are_due_weekly_and_before_closing(link, live_city):
    closes = live_city.stage.closes_at
    early = closes - timedelta(days=10)
    live_city.round.stage_set.filter(pk=live_city.stage.pk).update(
        opens_at=closes - timedelta(days=30)
    )

    counts = [
        services.check_due_links(at=at)
        for at in (
            early,
            early,
            early + timedelta(days=5),
            early + timedelta(days=7, hours=1),  # a week later, and near the closing
            early + timedelta(days=8),
            closes + timedelta(days=1),
        )
    ]

    assert counts == [1, 0, 0, 1, 0, 0]
    # What no worker has answered is not left hanging.
    assert LinkCheck.objects.filter(outcome=LinkOutcome.UNKNOWN).count() == 2
    assert EvidenceLink.objects.with_latest_check().get().latest_checks


def test_resolver_gives_every_address(monkeypatch):
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **kw: [
            (2, 1, 6, "", ("8.8.8.8", 80)),
            (10, 1, 6, "", ("::1", 80)),
        ],
    )

    assert probing.resolve("a.example", 80) == ["8.8.8.8", "::1"]
