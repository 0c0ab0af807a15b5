"""Files that come with a proposal: supporting evidence and statement letters."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import LetterKind, Section
from core import audit
from core.errors import DomainError
from submissions.models import Evidence, Proposal, StatementLetter, StoredFile
from submissions.services.locking import locked_for_writing
from submissions.uploads import CheckedFile

FILE_COLUMNS = [
    "file",
    "name",
    "size",
    "content_type",
    "sha256",
    "key",
    "uploaded_by",
    "uploaded_at",
]


class FileNotTaken(DomainError):
    """A harmless file that has no place here: there already, or one too many."""


def add_evidence(
    *,
    proposal: Proposal,
    section: Section,
    upload: CheckedFile,
    actor: User,
    at: datetime,
) -> Evidence:
    """Keep a file that supports the answer of `section`.

    Raises NotWritable, and FileNotTaken for a file that is there already or one too
    many.
    """
    with transaction.atomic():
        proposal = locked_for_writing(proposal, at)
        files = Evidence.objects.filter(proposal=proposal, section=section)
        if twin := files.filter(sha256=upload.sha256).first():
            raise FileNotTaken(
                _("This file is here already, as %(name)s.") % {"name": twin.name}
            )
        if files.count() >= section.evidence_max_files:
            raise FileNotTaken(
                _(
                    "This section takes at most %(number)d files. Delete one first, or "
                    "join several into one PDF."
                )
                % {"number": section.evidence_max_files}
            )
        evidence = Evidence(proposal=proposal, section=section)
        with _stored(evidence, upload, actor, at):
            evidence.save(force_insert=True)
            _note_change(proposal, "evidence.added", evidence, actor, at)
    return evidence


def remove_evidence(*, evidence: Evidence, actor: User, at: datetime) -> None:
    """Take a supporting file out of its proposal. Raises NotWritable."""
    _remove(evidence, "evidence.removed", actor, at)


def put_letter(
    *,
    proposal: Proposal,
    kind: LetterKind,
    upload: CheckedFile,
    actor: User,
    at: datetime,
) -> StatementLetter:
    """Keep a signed statement letter, in place of an earlier one of its kind.

    Raises NotWritable.
    """
    with transaction.atomic():
        proposal = locked_for_writing(proposal, at)
        letters = StatementLetter.objects.filter(proposal=proposal, kind=kind)
        letter = letters.first() or StatementLetter(proposal=proposal, kind=kind)
        replaced = letter.file.name or ""
        with _stored(letter, upload, actor, at):
            if replaced:
                letter.save(update_fields=FILE_COLUMNS)
                _discard(proposal, letter, replaced)
            else:
                letter.save(force_insert=True)
            _note_change(proposal, "letter.added", letter, actor, at)
    return letter


def remove_letter(*, letter: StatementLetter, actor: User, at: datetime) -> None:
    """Take a statement letter out of its proposal. Raises NotWritable."""
    _remove(letter, "letter.removed", actor, at)


def _remove(
    stored: Evidence | StatementLetter, action: str, actor: User, at: datetime
) -> None:
    with transaction.atomic():
        proposal = locked_for_writing(stored.proposal, at)
        _note_change(proposal, action, stored, actor, at)
        _discard(proposal, stored, stored.file.name or "")
        stored.delete()


@contextmanager
def _stored(
    stored: StoredFile, upload: CheckedFile, actor: User, at: datetime
) -> Iterator[None]:
    """Put the bytes into storage under a name nobody can guess, for a row to come.

    Storage knows no rollback: if the row cannot be written, the bytes go again.
    """
    name = f"{secrets.token_urlsafe(16)}{upload.extension}"
    stored.file.save(name, ContentFile(upload.content), save=False)
    stored.name = upload.name
    stored.size = upload.size
    stored.content_type = upload.content_type
    stored.sha256 = upload.sha256
    stored.key = secrets.token_urlsafe(12)
    stored.uploaded_by = actor
    stored.uploaded_at = at
    try:
        yield
    except BaseException:
        stored.file.storage.delete(stored.file.name or "")
        raise


def _discard(proposal: Proposal, stored: StoredFile, file_name: str) -> None:
    """Delete the bytes after commit, unless a fingerprint was taken of them."""
    if not proposal.receipt_number:
        storage = stored.file.storage
        transaction.on_commit(partial(storage.delete, file_name), robust=True)


def _note_change(
    proposal: Proposal, action: str, stored: StoredFile, actor: User, at: datetime
) -> None:
    proposal.last_saved_at = at
    proposal.save(update_fields=["last_saved_at"])
    audit.record(
        action,
        actor=actor,
        target=stored,
        at=at,
        scope=proposal.round.competition.government.code,
        changes={"proposal": proposal.code, "sha256": stored.sha256},
    )
