"""Notes at the places of a proposal that are to be mended.

Whoever gives a proposal back writes them: its head before the endorsement, or the
secretariat when it returns it for correction. Its authors tick them off.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import DomainError
from submissions.models import Proposal, SectionNote
from submissions.services.locking import locked


class NoteStandsStill(DomainError):
    """The proposal is not in the hands of its authors, so no note is ticked off."""


def write_notes(
    *,
    proposal: Proposal,
    parts: Mapping[str, str],
    actor: User,
    at: datetime,
    by_secretariat: bool = False,
) -> list[SectionNote]:
    """Write one note for each part that has a text; blank texts are left out.

    `parts` maps the key of a step (the code of a section, `dossier.HEADER_STEP`,
    `LETTERS_STEP` or `CONSENTS_STEP`) to what is to be mended there. Part of giving a
    proposal back: who calls has locked `proposal`, and notes the act itself.
    """
    return SectionNote.objects.bulk_create(
        SectionNote(
            proposal=proposal,
            part=part,
            text=text.strip(),
            key=secrets.token_urlsafe(12),
            by_secretariat=by_secretariat,
            written_by=actor,
            written_at=at,
        )
        for part, text in parts.items()
        if text.strip()
    )


def settle_note(
    *, note: SectionNote, is_done: bool, actor: User, at: datetime
) -> SectionNote:
    """Tick a note off as mended, or take the tick back. Twice the same is no change.

    Raises NoteStandsStill once the proposal was sent on.
    """
    with transaction.atomic():
        proposal = locked(note.proposal)
        note = SectionNote.objects.select_for_update().get(pk=note.pk)
        if not proposal.is_editable:
            raise NoteStandsStill(
                _("This proposal was sent on, so its notes stand as they are.")
            )
        if note.is_resolved == is_done:
            return note
        note.resolved_at = at if is_done else None
        note.resolved_by = actor if is_done else None
        note.save(update_fields=["resolved_at", "resolved_by"])
        audit.record(
            "proposal.note_settled",
            actor=actor,
            target=proposal,
            at=at,
            scope=proposal.scope,
            changes={"part": note.part, "is_done": is_done},
        )
    return note
