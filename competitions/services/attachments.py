"""Files for everybody: guidelines, parts of announcements, materials of events."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Announcement, Attachment, Event, Round
from competitions.services.base import record
from core.errors import DomainError
from documents.files import stored_bytes
from documents.uploads import CheckedFile

MAX_FILES = 10


class AttachmentRefused(DomainError):
    """A harmless file that has no place here: there already, or one too many."""


def add_attachments(
    *,
    round: Round,
    files: Sequence[CheckedFile],
    actor: User,
    at: datetime,
    announcement: Announcement | None = None,
    event: Event | None = None,
    title: str = "",
) -> list[Attachment]:
    """Keep files of a round, or of one announcement or event of it: all or none.

    Raises AttachmentRefused for one that is there already or one too many.
    """
    made: list[Attachment] = []
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        # Two tabs may send the last files that have room together.
        Round.objects.select_for_update(no_key=True).get(pk=round.pk)
        there = list(
            Attachment.objects.filter(
                round=round, announcement=announcement, event=event
            )
        )
        names = {each.sha256: each.name for each in there}
        for upload in files:
            if upload.sha256 in names:
                raise AttachmentRefused(
                    _("This file is here already, as %(name)s.")
                    % {"name": names[upload.sha256]}
                )
            names[upload.sha256] = upload.name
        if len(names) > MAX_FILES:
            raise AttachmentRefused(
                _("At most %(number)d files are taken here. Delete one first.")
                % {"number": MAX_FILES}
            )
        for upload in files:
            attachment = Attachment(
                round=round, announcement=announcement, event=event, title=title
            )
            stack.enter_context(stored_bytes(attachment, upload, actor, at))
            attachment.save(force_insert=True)
            _record("attachment.added", attachment, actor, at)
            made.append(attachment)
    return made


def remove_attachment(*, attachment: Attachment, actor: User, at: datetime) -> None:
    """Take a file away; the record keeps what it was.

    Raises AttachmentRefused for a file of an announcement that is public already.
    """
    with transaction.atomic():
        announcement = attachment.announcement
        if announcement and announcement.is_published(at):
            raise AttachmentRefused(
                _("The announcement is public already. Its files stay as they are.")
            )
        _record("attachment.removed", attachment, actor, at)
        discard(attachment)
        attachment.delete()


def discard(attachment: Attachment) -> None:
    """Delete the bytes once the transaction commits."""
    delete = partial(attachment.file.storage.delete, attachment.file.name or "")
    transaction.on_commit(delete, robust=True)


def _record(action: str, attachment: Attachment, actor: User, at: datetime) -> None:
    record(
        action,
        attachment.round,
        actor,
        at,
        {"name": attachment.name, "sha256": attachment.sha256},
    )
