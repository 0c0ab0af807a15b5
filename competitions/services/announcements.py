"""Public notices of a round."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Announcement, Attachment, Round
from competitions.services.attachments import add_attachments, discard
from competitions.services.base import free_slug, record
from core.errors import DomainError
from documents.uploads import CheckedFile


class AnnouncementPublic(DomainError):
    """What the public has read is not changed behind its back."""


def create_announcement(
    *,
    round: Round,
    number: str,
    issued_date: date,
    title: str,
    body: str,
    publish_at: datetime,
    actor: User,
    at: datetime,
    files: Sequence[CheckedFile] = (),
) -> Announcement:
    """Announce something in a round; the public reads it from `publish_at`.

    Raises AttachmentRefused.
    """
    with transaction.atomic():
        announcement = Announcement.objects.create(
            round=round,
            slug=free_slug(Announcement, title, 120),
            number=number,
            issued_date=issued_date,
            title=title,
            body=body,
            publish_at=publish_at,
        )
        record("announcement.created", round, actor, at, {"slug": announcement.slug})
        add_attachments(
            round=round, announcement=announcement, files=files, actor=actor, at=at
        )
    return announcement


def update_announcement(
    *,
    announcement: Announcement,
    number: str,
    issued_date: date,
    title: str,
    body: str,
    publish_at: datetime,
    actor: User,
    at: datetime,
    files: Sequence[CheckedFile] = (),
) -> Announcement:
    """Change an announcement that nobody has read yet; its address stays.

    Raises AnnouncementPublic and AttachmentRefused. Source: rule RND-08 in
    docs/rules.md.
    """
    new = {
        "number": number,
        "issued_date": issued_date,
        "title": title,
        "body": body,
        "publish_at": publish_at,
    }
    with transaction.atomic():
        found = _locked(announcement, at)
        changes = {
            field: [getattr(found, field), value]
            for field, value in new.items()
            if getattr(found, field) != value
        }
        for field, value in new.items():
            setattr(found, field, value)
        if changes:
            found.save(update_fields=list(changes))
            record("announcement.updated", found.round, actor, at, changes)
        add_attachments(
            round=found.round, announcement=found, files=files, actor=actor, at=at
        )
    return found


def delete_announcement(
    *, announcement: Announcement, actor: User, at: datetime
) -> None:
    """Throw away an announcement that nobody has read yet, with its files.

    Raises AnnouncementPublic. Source: rule RND-08 in docs/rules.md.
    """
    with transaction.atomic():
        found = _locked(announcement, at)
        for attachment in Attachment.objects.filter(announcement=found):
            discard(attachment)
        record(
            "announcement.deleted",
            found.round,
            actor,
            at,
            {"title": found.title, "body": found.body},
        )
        found.delete()


def _locked(announcement: Announcement, at: datetime) -> Announcement:
    found = (
        Announcement.objects.select_for_update(of=("self",))
        .select_related("round__competition__government")
        .filter(pk=announcement.pk)
        .first()
    )
    if found is None:
        raise AnnouncementPublic(_("This announcement was thrown away already."))
    if found.is_published(at):
        raise AnnouncementPublic(
            _(
                "This announcement is public already. Write a new one that says what "
                "has changed."
            )
        )
    return found
