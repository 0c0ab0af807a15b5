"""The mailbox of the demo: mails as .eml files in one directory, named by time."""

import email
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True)
class MailFile:
    """A mail in the mailbox."""

    name: str
    received_at: datetime
    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"] or "")

    @property
    def recipient(self) -> str:
        return str(self.mail["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.mail["From"] or "")

    @property
    def text(self) -> str:
        """The plain text of the mail."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML of the mail as source, never to be shown as a page."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.mail.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""


def store(directory: Path, content: bytes, at: datetime) -> Path:
    """Write a mail received at `at`; a reader never sees half of it."""
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{at:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.eml"
    draft = directory / f".{name}"
    draft.write_bytes(content)
    os.replace(draft, directory / name)
    return directory / name


def names(directory: Path) -> list[str]:
    """Name the mails of the mailbox, newest first."""
    found = directory.glob("[!.]*.eml")
    return sorted((path.name for path in found), reverse=True)


def read(directory: Path, name: str) -> MailFile:
    """Read one mail of the mailbox.

    Raises FileNotFoundError if `name` is not one of its names.
    """
    path = directory / name
    if path.parent != directory or path.suffix != ".eml" or name.startswith("."):
        raise FileNotFoundError(name)
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    modified = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    return MailFile(name=name, received_at=modified, mail=mail)
