"""A double of version 2 of BSrE's Esign Client Service, on the loopback address."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pikepdf
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
    JSON text, or seconds to wait. `heard` are the orders to sign, `asked` the numbers
    of those whose state was asked for.
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
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                order = json.loads(self.rfile.read(length))
                if self.path == "/api/v2/user/check/status":
                    service.asked.append(order["nik"])
                    if self._may_enter():
                        self._json(*service.status)
                    return
                assert self.path == "/api/v2/sign/pdf"
                service.heard.append(order)
                if not self._may_enter():
                    return
                answer = service.answers.pop(0) if service.answers else None
                if isinstance(answer, float):
                    time.sleep(answer)
                if isinstance(answer, tuple):
                    self._json(*answer)
                    return
                content = signed(order)
                if service.changes:
                    content = service.changes(content)
                file = base64.b64encode(content).decode()
                self._json(200, {"time": 1, "file": [file]})

            def _may_enter(self):
                token = base64.b64encode(":".join(ACCOUNT).encode()).decode()
                if self.headers["Authorization"] == f"Basic {token}":
                    return True
                self._json(401, {"error": "Unauthorized"})
                return False

            def _json(self, status, told):
                content = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
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


def signed(order):
    """Sign as the service does: its own key, the picture it was sent, at the place."""
    from PIL import Image

    person = signers.signer("Wali Kota Bersertifikat")
    key = pyhanko_signers.SimpleSigner.load_pkcs12_data(
        person.p12(), [], signers.PASSPHRASE.encode()
    )
    (asked,) = order["signatureProperties"]
    assert asked["tampilan"] == "VISIBLE"
    (content,) = map(base64.b64decode, order["file"])
    with pikepdf.open(BytesIO(content)) as paper:
        height = float(paper.pages[asked["page"] - 1].mediabox[3])
    left, top = asked["originX"], height - asked["originY"]  # 0, 0 is the upper left
    box = (left, top - asked["height"], left + asked["width"], top)
    image = base64.b64decode(asked["imageBase64"])
    picture = PdfImage(Image.open(BytesIO(image)).convert("RGB"))
    signer = pyhanko_signers.PdfSigner(
        pyhanko_signers.PdfSignatureMetadata(field_name="sig1", md_algorithm="sha256"),
        key,
        stamp_style=StaticStampStyle(
            border_width=0, background=picture, background_opacity=1.0
        ),
        new_field_spec=fields.SigFieldSpec(
            "sig1", on_page=asked["page"] - 1, box=tuple(map(round, box))
        ),
    )
    return signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content))).getvalue()
