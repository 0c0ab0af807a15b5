"""What the worker does with a stored file: have it looked at, and draw it small."""

import subprocess
import sys
from pathlib import Path

from django.core.files.storage import default_storage
from django.db.models import F

from documents.models import Inspection
from documents.uploads.scanning import ScannerAway, virus_in

DRAWING = Path(__file__).with_name("drawing.py")
SECONDS = 20
# A picture of 320 pixels is smaller by far; what is larger is none.
MOST_BYTES = 200 * 1024


def inspect(*, key: str) -> None:
    """Scan and draw what still waits; may run twice, and be killed at any point."""
    found = Inspection.objects.waiting().filter(key=key).first()
    if found is None:
        return
    try:
        with default_storage.open(found.file) as file:
            content = file.read()
    except FileNotFoundError:  # deleted meanwhile
        found.delete()
        return
    if found.scan == Inspection.Scan.WAITING and not _scan(found, content):
        return
    if not found.is_previewed:
        _draw(found, content)


def _scan(found: Inspection, content: bytes) -> bool:
    """Have the file looked at; tell whether it was found clean."""
    try:
        virus = virus_in(content)
    except ScannerAway:
        return False
    found.scan = Inspection.Scan.INFECTED if virus else Inspection.Scan.DONE
    found.found = virus
    found.save(update_fields=["scan", "found"])
    return not virus


def _draw(found: Inspection, content: bytes) -> None:
    # Counted before it begins: what kills the worker is not tried for ever.
    Inspection.objects.filter(pk=found.pk).update(attempts=F("attempts") + 1)
    picture = drawn(content, found.content_type)
    Inspection.objects.filter(pk=found.pk).update(picture=picture, is_previewed=True)


def drawn(content: bytes, content_type: str) -> bytes:
    """A small JPEG of the first page or the picture; nothing where that fails."""
    try:
        done = subprocess.run(  # noqa: S603  our own program; the file comes by stdin
            [sys.executable, "-I", str(DRAWING), content_type],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return b""
    picture = done.stdout
    fits = done.returncode == 0 and len(picture) <= MOST_BYTES
    return picture if fits and picture.startswith(b"\xff\xd8\xff") else b""
