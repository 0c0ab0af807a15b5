"""A look for viruses by ClamAV, where the portal has one (KIPP_CLAMAV)."""

import logging
import socket
import struct

from django.conf import settings
from django.utils.translation import gettext as _

from documents.uploads.refusal import UploadRefused

logger = logging.getLogger(__name__)
TIMEOUT = 20.0
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The scanner cannot be reached, or does not answer as one."""


def scan(content: bytes) -> bool:
    """Have `content` looked at; tell whether that was done.

    It is where no scanner is set up. Raises UploadRefused for what is infected and,
    unless KIPP_CLAMAV_AWAY says "wait", while the scanner is away.
    """
    if not settings.CLAMAV:
        return True
    try:
        found = virus_in(content)
    except ScannerAway as error:
        logger.warning("ClamAV is away: %s", error)
        if settings.CLAMAV_AWAY == "wait":
            return False
        raise UploadRefused(
            _(
                "The virus scanner does not answer, so no file is taken now. Your text "
                "is safe; try the file again in a few minutes."
            )
        ) from error
    if found:
        raise UploadRefused(
            _(
                "The virus scanner found %(name)s in this file. Clean your computer, "
                "then make the file anew."
            )
            % {"name": found}
        )
    return True


def virus_in(content: bytes) -> str:
    """The name of the virus in `content`, or "". Raises ScannerAway."""
    try:
        with _connection() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            answer = _answer(line)
    except OSError as error:
        raise ScannerAway(str(error)) from error
    text = answer.decode("utf-8", errors="replace").strip("\0\n ")
    if text.endswith(" FOUND"):
        return text.removeprefix("stream: ").removesuffix(" FOUND")[:100]
    if text != "stream: OK":
        raise ScannerAway(text or "no answer")
    return ""


def _connection() -> socket.socket:
    """A line to host:port, or to the socket at a path."""
    place = settings.CLAMAV
    if place.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT)
        try:
            line.connect(place)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)


def _answer(line: socket.socket) -> bytes:
    found = b""
    while not found.endswith(b"\0") and len(found) < _LONGEST_ANSWER:
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        found += piece
    return found
