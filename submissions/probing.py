"""Calling up an address that a stranger has given, without serving the stranger.

The name is looked up here, every address it stands for must be of the public web, and
the line goes to the address that was looked at: a name that changes its mind in
between (DNS rebinding) changes nothing. Each redirect is looked at anew. Nothing is
sent but the request: no cookie, no credentials, no address of ours.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from submissions.models import LinkOutcome

PORTS = {"http": 80, "https": 443}
MAX_REDIRECTS = 3
MAX_BYTES = 64 * 1024
SECONDS = 5.0  # of silence
SECONDS_IN_ALL = 12.0  # for each request, whatever trickles in
AGENT = "Portal-KIPP/1.0 (pemeriksa tautan bukti)"
# Ways of IPv6 that lead to an address of IPv4.
_TRANSLATED = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/32"),
)
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # of carriers, not of the web
_SIGN_IN_PLACES = (
    "accounts.google.com",
    "login.microsoftonline.com",
    "login.live.com",
    "www.dropbox.com/login",
)

Resolver = Callable[[str, int], Sequence[str]]


class AddressRefused(Exception):
    """The address does not lead to the public web."""


@dataclass(frozen=True)
class Answer:
    """The head of an answer and the beginning of what it says."""

    status: int
    location: str = ""
    body: bytes = b""


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of `host`, as the machine looks them up."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public web, and of no network of ours."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _TRANSLATED) or ip.is_site_local:
            return False
    elif ip in _SHARED:
        return False
    return ip.is_global and not (
        ip.is_multicast
        or ip.is_reserved
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_unspecified
    )


class _PinnedConnection(http.client.HTTPConnection):
    """Speaks to `address`, in the name of `host`."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.address = address
        self.tls = tls
        self.default_port = PORTS["https" if tls else "http"]
        self.was_cut = False

    def connect(self) -> None:
        line = socket.create_connection((self.address, self.port), self.timeout)
        if self.tls:
            context = ssl.create_default_context()
            try:
                line = context.wrap_socket(line, server_hostname=self.host)
            except BaseException:
                line.close()
                raise
        self.sock = line


@dataclass(frozen=True)
class Prober:
    """Calls up addresses; tests put in their own resolver and ports."""

    resolver: Resolver = resolve
    ports: dict[str, int] = field(default_factory=lambda: dict(PORTS))
    may_call: Callable[[str], bool] = is_public

    def probe(self, url: str) -> LinkOutcome:
        """Say what comes of calling up `url`: HEAD first, the beginning of it next."""
        try:
            return self._followed(url)
        except AddressRefused:
            return LinkOutcome.REFUSED
        except (ssl.SSLError, OSError, http.client.HTTPException, UnicodeError):
            return LinkOutcome.UNREACHABLE

    def _followed(self, url: str) -> LinkOutcome:
        for _turn in range(MAX_REDIRECTS + 1):
            parts = urlsplit(url)
            if _asks_to_sign_in(parts):
                return LinkOutcome.SIGN_IN
            answer = self._ask("HEAD", parts)
            if answer.status in {400, 403, 405, 406, 429, 501} or answer.status == 200:
                answer = self._ask("GET", parts)
            if not (300 <= answer.status < 400 and answer.location):
                return _outcome(answer)
            url = urljoin(url, answer.location)
        return LinkOutcome.UNKNOWN  # led round in circles

    def _ask(self, method: str, parts: SplitResult) -> Answer:
        host, port, address = self._checked(parts)
        line = _PinnedConnection(host, port, address, tls=parts.scheme == "https")
        # A server that trickles never falls silent: the line is cut all the same.
        cut = threading.Timer(SECONDS_IN_ALL, _cut, [line])
        cut.daemon = True
        cut.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
            if method == "GET":
                headers["Range"] = f"bytes=0-{MAX_BYTES - 1}"
            line.request(method, _quoted(path), headers=headers)
            answer = line.getresponse()
            body = answer.read(MAX_BYTES) if method == "GET" else b""
            if line.was_cut:  # what was read until then may be half a head
                raise TimeoutError
            return Answer(answer.status, answer.getheader("Location") or "", body)
        finally:
            cut.cancel()
            line.close()

    def _checked(self, parts: SplitResult) -> tuple[str, int, str]:
        """Host, port and the one address to call. Raises AddressRefused."""
        try:
            port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise AddressRefused from error
        host = parts.hostname or ""
        if (
            self.ports.get(parts.scheme) != port
            or not host
            or parts.username is not None
            or parts.password is not None
        ):
            raise AddressRefused
        addresses = self.resolver(host.encode("idna").decode(), port)
        if not addresses or not all(self.may_call(each) for each in addresses):
            raise AddressRefused
        return host.encode("idna").decode(), port, addresses[0]


def _cut(line: _PinnedConnection) -> None:
    line.was_cut = True
    if line.sock is not None:
        try:
            line.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _quoted(path: str) -> str:
    return quote(path, safe="/%?=&+,;:@!$'()*~#[]-._")


def _asks_to_sign_in(parts: SplitResult) -> bool:
    place = f"{parts.hostname or ''}{parts.path}".lower()
    return place.startswith(_SIGN_IN_PLACES)


def _outcome(answer: Answer) -> LinkOutcome:
    if answer.status in {401, 403, 407}:
        return LinkOutcome.SIGN_IN
    if answer.status in {404, 410, 451}:
        return LinkOutcome.NOT_FOUND
    if 200 <= answer.status < 300:
        return (
            LinkOutcome.SIGN_IN
            if b"accounts.google.com/v3/signin" in answer.body
            or b"ServiceLogin" in answer.body[:8192]
            else LinkOutcome.OK
        )
    if answer.status == 429 or answer.status >= 500:
        return LinkOutcome.UNKNOWN if answer.status == 429 else LinkOutcome.UNREACHABLE
    return LinkOutcome.UNKNOWN
