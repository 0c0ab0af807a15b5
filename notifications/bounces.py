"""Reports about mails that were not delivered (RFC 3464), read out of a folder.

The folder is a maildir (`new/`, where the mail server puts them, and `cur/`) or holds
files that end in `.eml`. What was read is moved: to `cur/` of a maildir, or to `read/`;
what is no such report goes to `other/`, for somebody to look at.
"""

import email
import logging
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from pathlib import Path

logger = logging.getLogger(__name__)

LARGEST = 2 * 1024 * 1024
_OURS = re.compile(r"<([0-9a-f-]{36})\.(\d{1,18})@[^<>\s]+>")


@dataclass(frozen=True)
class Report:
    """That the mail of a delivery did not reach `recipient`."""

    message_code: uuid.UUID
    delivery_id: int
    recipient: str
    is_final: bool
    reason: str


def read_report(content: bytes) -> Report | None:
    """Read a report; None if it is none, or about no mail of ours."""
    try:
        mail = email.message_from_bytes(content, policy=policy.default)
        if mail.get_content_type() != "multipart/report":
            return None
        found = _fields(mail)
        ours = _OURS.search(_original_headers(mail))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return None  # whatever a stranger's mail may do to the parser
    if not found or not ours:
        return None
    try:
        code = uuid.UUID(ours[1])
    except ValueError:
        return None
    status = found.get("status", "").strip()
    reason = found.get("diagnostic-code", "").partition(";")[2] or status
    return Report(
        message_code=code,
        delivery_id=int(ours[2]),
        recipient=found.get("final-recipient", "").partition(";")[2].strip().lower(),
        is_final=found.get("action", "").strip().lower() == "failed"
        and not status.startswith("4"),
        reason=" ".join(reason.split())[:300],
    )


def _fields(mail: Message) -> dict[str, str]:
    """The fields of the first recipient, by their names in lower case."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message) and block.get("Action"):
                    return {key.lower(): str(value) for key, value in block.items()}
    return {}


def _original_headers(mail: Message) -> str:
    """Where the Message-ID of our mail stands: in what the report gives back of it."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload(0)
            if isinstance(inner, Message):
                return str(inner.get("Message-ID", ""))
        if kind == "text/rfc822-headers" and isinstance(part, EmailMessage):
            headers = email.message_from_string(str(part.get_content()))
            return str(headers.get("Message-ID", ""))
    return ""


def waiting(directory: Path) -> Iterator[Path]:
    """The files that nobody has read yet, oldest first."""
    folder = directory / "new" if is_maildir(directory) else directory
    pattern = "[!.]*" if is_maildir(directory) else "[!.]*.eml"
    found = [path for path in folder.glob(pattern) if path.is_file()]
    yield from sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def is_maildir(directory: Path) -> bool:
    return (directory / "new").is_dir() and (directory / "cur").is_dir()


def put_away(directory: Path, path: Path, *, is_read: bool) -> None:
    """Move a file out of those that wait."""
    if is_maildir(directory) and is_read:
        target = directory / "cur" / f"{path.name}:2,S"
    else:
        folder = directory / ("read" if is_read else "other")
        folder.mkdir(exist_ok=True)
        target = folder / path.name
    os.replace(path, target)


def content_of(path: Path) -> bytes:
    """The bytes of a file, empty if it is too large to be a report."""
    if path.stat().st_size > LARGEST:
        return b""
    return path.read_bytes()
