"""A double of BSrE's e-sign client, on the loopback address."""

import base64
import json
import threading
import time
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign import signers as pyhanko_signers
from pyhanko.stamp.static import StaticStampStyle

from tests.documents import signers

ACCOUNT = ("portal", "sandi-portal")


class SignatureService:
    """Signs what it is sent, as long as it is entered.

    `answers` are given in place of signatures, one for each request: a status with a
    JSON text, or seconds to wait. `heard` are the fields of each request to sign.
    """

    def __init__(self, *, answers=(), changes=None, status=None):
        self.answers = list(answers)
        self.changes = changes
        self.status = status or (200, {"status_code": 1111, "status": "ISSUE"})
        self.heard = []
        self.asked = []

    def __enter__(self):
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.asked.append(self.path)
                if self._may_enter():
                    self._json(*service.status)

            def do_POST(self):
                parts = self._parts()
                service.heard.append(parts)
                if not self._may_enter():
                    return
                answer = service.answers.pop(0) if service.answers else None
                if isinstance(answer, float):
                    time.sleep(answer)
                if isinstance(answer, tuple):
                    self._json(*answer)
                    return
                content = signed(parts)
                if service.changes:
                    content = service.changes(content)
                self._send(200, "application/pdf", content)

            def _may_enter(self):
                token = base64.b64encode(":".join(ACCOUNT).encode()).decode()
                if self.headers["Authorization"] == f"Basic {token}":
                    return True
                self._json(401, {"error": "Unauthorized"})
                return False

            def _parts(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
                message = BytesParser(policy=HTTP).parsebytes(head + body)
                return {
                    part.get_param(
                        "name", header="content-disposition"
                    ): part.get_payload(decode=True)
                    for part in message.iter_parts()
                }

            def _json(self, status, told):
                self._send(status, "application/json", json.dumps(told).encode())

            def _send(self, status, content_type, content):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()


def signed(parts):
    """Sign as the service does: its own key, the picture it was sent, at the place."""
    from PIL import Image

    person = signers.signer("Wali Kota Bersertifikat")
    key = pyhanko_signers.SimpleSigner.load_pkcs12_data(
        person.p12(), [], signers.PASSPHRASE.encode()
    )
    left, bottom, width, height = (
        int(parts[name]) for name in ("xAxis", "yAxis", "width", "height")
    )
    picture = PdfImage(Image.open(BytesIO(parts["imageTTD"])).convert("RGB"))
    signer = pyhanko_signers.PdfSigner(
        pyhanko_signers.PdfSignatureMetadata(field_name="sig1", md_algorithm="sha256"),
        key,
        stamp_style=StaticStampStyle(
            border_width=0, background=picture, background_opacity=1.0
        ),
        new_field_spec=fields.SigFieldSpec(
            "sig1",
            on_page=int(parts["page"]) - 1,
            box=(left, bottom, left + width, bottom + height),
        ),
    )
    return signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(parts["file"]))).getvalue()
