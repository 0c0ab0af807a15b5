"""Small servers that stand for the other side: a gateway, a mail server."""

import json
import socket
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from aiosmtpd.controller import Controller


class Gateway:
    """A WhatsApp gateway: drops what it has under the same key, as a good one does."""

    token = "rahasia-gerbang-7Q"

    def __init__(self):
        self.requests = []
        self.messages = {}
        self.answers = []  # what to answer next, before it behaves again
        self.lock = Lock()

    def take(self, headers, content):
        with self.lock:
            self.requests.append((headers, content))
            if self.answers:
                return self.answers.pop(0)
            if headers.get("Authorization") != f"Bearer {self.token}":
                return 401, {"error": "Token salah"}, {}
            body = json.loads(content)
            key = headers["Idempotency-Key"]
            self.messages.setdefault(key, body)
            return 202, {"id": f"wa-{list(self.messages).index(key) + 1}"}, {}

    def sent_to(self):
        return Counter(body["to"] for body in self.messages.values())


@contextmanager
def gateway_at(double, port=0):
    """Let `double` answer on loopback; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status, body, headers = double.take(dict(self.headers), content)
            except ConnectionAbortedError:
                self.close_connection = True
                return
            answer = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/pesan"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Postman:
    """An SMTP server's handler: refuses one address, keeps the rest."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("tidak-ada@"):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 Kept"


@contextmanager
def postman_at(handler, port):
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
