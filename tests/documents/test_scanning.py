"""The virus scanner: a double that speaks the protocol of clamd."""

import socketserver
import struct
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Inspection
from documents.tasks import inspect_file
from documents.uploads import EVIDENCE_TYPES, UploadRefused, check_upload
from submissions.models import Evidence
from tests.documents import hostile
from tests.submissions.browsing import UPLOAD, content_of, upload, url
from tests.submissions.conftest import make_city

VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"


class Clamd(socketserver.StreamRequestHandler):
    """Finds what holds VIRUS; answers strangely what holds ANEH."""

    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        answer = b"stream: OK\0"
        if VIRUS in content:
            answer = b"stream: Eicar-Test-Signature FOUND\0"
        if b"ANEH" in content:
            answer = b"INSTREAM size limit exceeded. ERROR\0"
        self.wfile.write(answer)


@pytest.fixture
def clamd(settings):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.CLAMAV = f"127.0.0.1:{server.server_address[1]}"
    yield
    server.shutdown()
    server.server_close()


@pytest.fixture
def away(settings):
    settings.CLAMAV = "127.0.0.1:1"


def infected(mark=VIRUS):
    return hostile.pdf() + b"\n%" + mark


def check(content):
    return check_upload(
        SimpleUploadedFile("a.pdf", content), max_bytes=10**7, types=EVIDENCE_TYPES
    )


def test_clean_file_passes_and_infected_is_refused_by_name(clamd):
    assert check(hostile.pdf()).is_scanned

    with pytest.raises(UploadRefused, match="Eicar-Test-Signature"):
        check(infected())


def test_socket_of_the_machine_is_asked_too(settings, tmp_path):
    path = str(tmp_path / "clamd.ctl")
    with socketserver.ThreadingUnixStreamServer(path, Clamd) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMAV = path

        with pytest.raises(UploadRefused, match="Eicar"):
            check(infected())
        server.shutdown()


def test_scanner_that_is_away_or_strange_lets_nothing_in(away, settings):
    with pytest.raises(UploadRefused, match=r"\."):
        check(hostile.pdf())


def test_strange_answer_counts_as_away(clamd):
    with pytest.raises(UploadRefused):
        check(infected(b"ANEH"))


@pytest.mark.django_db
@pytest.mark.parametrize("is_infected", [True, False])
def test_file_that_waits_is_given_to_nobody_until_it_was_looked_at(
    client, settings, is_infected, request
):
    settings.CLAMAV, settings.CLAMAV_AWAY = "127.0.0.1:1", "wait"
    live_city = make_city(at=None)
    draft = live_city.proposal()
    Evidence.objects.all().delete()
    client.force_login(live_city.author)
    content = infected() + b"\n%%EOF\n" if is_infected else hostile.pdf()

    sent = client.post(
        url("evidence_create", draft.code, "kebaruan"),
        {"file": upload("a.pdf", content)},
        headers=UPLOAD,
    )
    stored = Evidence.objects.get()
    address = url("evidence_file", stored.key)
    waiting = client.get(address).status_code
    request.getfixturevalue("clamd")
    inspect_file(stored.key)
    after = client.get(address)

    assert (sent.status_code, waiting) == (200, 403)
    found = Inspection.objects.get()
    if is_infected:
        assert (after.status_code, found.found) == (403, "Eicar-Test-Signature")
        assert client.get(url("evidence_preview", stored.key)).status_code == 302
    else:
        assert after.status_code == 200
        assert content_of(after)
        assert found.picture
