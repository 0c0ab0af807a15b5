"""What a PDF says about itself, read by a program apart (`documents.examining`)."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

SECONDS = 20
# Each may take a whole core for seconds; who comes while two are at work waits a bit.
AT_ONCE = 2
PATIENCE = 4
# Larger by far than any paper of the portal.
MOST_BYTES = 8 * 1024 * 1024
_PROGRAM = "documents.examining"
_desk = threading.BoundedSemaphore(AT_ONCE)


class ReadingBusy(Exception):
    """As many files as the machine can bear are being read now."""


@dataclass(frozen=True)
class Signature:
    """One signature in a file, as far as it could be read."""

    field: str
    signer: str
    issuer: str
    at: datetime | None
    is_time_attested: bool
    is_intact: bool
    is_trusted: bool
    doubt: str
    covers: str
    is_changed_after: bool

    @property
    def holds(self) -> bool:
        """Whether nothing was changed since it was made, whoever made it."""
        return self.is_intact and not self.is_changed_after and self.covers != "unclear"

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "at": self.at.isoformat() if self.at else None}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Signature":
        at = told["at"]
        return cls(**{**told, "at": datetime.fromisoformat(at) if at else None})


@dataclass(frozen=True)
class Reading:
    """What was found in a file.

    `state` is `read`, `locked`, `broken` or `heavy` (it takes more than anybody
    grants); `sameness` is as of examining.sameness, empty where nothing was compared.
    """

    state: str
    pages: int = 0
    codes: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    sameness: str = ""

    @property
    def is_read(self) -> bool:
        return self.state == "read"

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Reading":
        """What the program wrote."""
        return cls(
            state=told["state"],
            pages=told["pages"],
            codes=tuple(told["codes"]),
            signatures=tuple(map(Signature.from_json, told.get("signatures", ()))),
            sameness=told.get("sameness", ""),
        )


def read(content: bytes, *, at: datetime, issued: bytes = b"") -> Reading:
    """Read a file, and compare it with the `issued` one of the paper it is to be.

    Raises ReadingBusy.
    """
    if not _desk.acquire(timeout=PATIENCE):
        raise ReadingBusy
    try:
        return _read(content, at, issued)
    finally:
        _desk.release()


def read_own(content: bytes, *, at: datetime, issued: bytes) -> Reading:
    """Read a file that this process has just signed itself: no stranger made it."""
    from documents.examining.__main__ import examine

    return Reading.from_json(examine(content, issued, roots(), at))


def _read(content: bytes, at: datetime, issued: bytes) -> Reading:
    order = {"issued": len(issued), "roots": roots(), "at": at.isoformat()}
    try:
        done = subprocess.run(  # noqa: S603  our own program; the file comes by stdin
            [sys.executable, "-s", "-m", _PROGRAM],
            input=json.dumps(order).encode() + b"\n" + issued + content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=settings.BASE_DIR,
            env={},
        )
    except subprocess.TimeoutExpired:
        return Reading("heavy")
    if done.returncode != 0:
        return Reading("heavy")
    return Reading.from_json(json.loads(done.stdout))


def roots() -> list[str]:
    """The files with the certificates that the portal trusts."""
    if not settings.SIGNING_ROOTS_DIR:
        return []
    folder = Path(settings.SIGNING_ROOTS_DIR)
    return sorted(
        str(path)
        for path in folder.glob("*")
        if path.suffix in {".pem", ".crt", ".cer", ".der"}
    )
