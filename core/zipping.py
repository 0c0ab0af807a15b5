"""ZIP archives that are made while they are sent: memory stays small."""

from datetime import datetime
from typing import IO, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo


class Sink:
    """A file that only grows, and gives back what was written since it was asked."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.place = 0

    def write(self, content: bytes) -> int:
        self.pieces.append(bytes(content))
        self.place += len(content)
        return len(content)

    def tell(self) -> int:
        return self.place

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        content, self.pieces = b"".join(self.pieces), []
        return content

    def archive(self) -> ZipFile:
        """A ZIP that is written here. What goes in is small already: it is stored."""
        return ZipFile(cast(IO[bytes], self), "w", ZIP_STORED)


def head_of(path: str, moment: datetime) -> ZipInfo:
    """The entry of a file that everybody may read, last changed at `moment`."""
    head = ZipInfo(path, moment.timetuple()[:6])
    head.external_attr = 0o644 << 16
    return head
