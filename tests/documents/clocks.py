"""A time-stamp server of the tests' own (RFC 3161), on the loopback address."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import tsp
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.documents import signers


class TimeStampServer:
    """Answers as long as it is entered; `asked` counts the requests."""

    def __enter__(self):
        self.asked = 0
        keeper = signers.time_keeper()
        chain = SimpleCertificateStore()
        chain.register(
            translate_pyca_cryptography_cert_to_asn1(keeper.issuer.certificate)
        )
        stamper = DummyTimeStamper(
            translate_pyca_cryptography_cert_to_asn1(keeper.certificate),
            translate_pyca_cryptography_key_to_asn1(keeper.key),
            certs_to_embed=chain,
        )
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = stamper.request_tsa_response(tsp.TimeStampReq.load(body))
                content = answer.dump()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()
