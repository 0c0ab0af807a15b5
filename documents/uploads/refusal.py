from dataclasses import dataclass

from core.errors import DomainError


class UploadRefused(DomainError):
    """A file that is not taken; the message says why and what helps."""


@dataclass(frozen=True)
class Safe:
    """What a check gives back: bytes without harm, and the pages of a PDF."""

    content: bytes
    pages: int | None = None
