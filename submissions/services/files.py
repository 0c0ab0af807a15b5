"""Files that come with a proposal: supporting evidence and statement letters."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import EvidenceType, LetterKind, Section
from core import audit
from core.background import enqueue
from core.errors import DomainError
from documents.files import let_go, stored_bytes
from documents.models import StoredFile
from documents.tasks import inspect_file
from documents.uploads import CheckedFile
from submissions.models import Evidence, EvidenceLink, Proposal, StatementLetter
from submissions.services.locking import locked_for_writing
from submissions.services.versions import counterpart

FILE_COLUMNS = [
    "file",
    "name",
    "size",
    "content_type",
    "sha256",
    "key",
    "uploaded_by",
    "uploaded_at",
    "pages",
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
        section = counterpart(section, proposal)
        files = Evidence.objects.filter(proposal=proposal, section=section)
        if twin := files.filter(sha256=upload.sha256).first():
            raise FileNotTaken(
                _("This file is here already, as %(name)s.") % {"name": twin.name}
            )
        _refuse_full(proposal, section)
        evidence = Evidence(proposal=proposal, section=section, pages=upload.pages)
        with stored_bytes(evidence, upload, actor, at, shared=True):
            evidence.save(force_insert=True)
            _note_change(proposal, "evidence.added", evidence, actor, at)
        enqueue(inspect_file, evidence.key)
    return evidence


def add_link(
    *,
    proposal: Proposal,
    section: Section,
    url: str,
    label: str,
    actor: User,
    at: datetime,
) -> EvidenceLink:
    """Keep an address that supports the answer of `section`; nobody calls it up.

    Raises NotWritable, and FileNotTaken for one that is there already, one too many,
    and where the section takes none.
    """
    with transaction.atomic():
        proposal = locked_for_writing(proposal, at)
        section = counterpart(section, proposal)
        if EvidenceType.LINK not in section.evidence_types:
            raise FileNotTaken(_("This section takes files, no links."))
        links = EvidenceLink.objects.filter(proposal=proposal, section=section)
        if links.filter(url=url).exists():
            raise FileNotTaken(_("This address is here already."))
        _refuse_full(proposal, section)
        link = EvidenceLink.objects.create(
            proposal=proposal,
            section=section,
            url=url,
            label=label,
            key=secrets.token_urlsafe(12),
            added_by=actor,
            added_at=at,
        )
        _note(proposal, "link.added", link, actor, at, url=url)
    return link


def remove_link(*, link: EvidenceLink, actor: User, at: datetime) -> None:
    """Take an address out of its proposal. Raises NotWritable."""
    with transaction.atomic():
        proposal = locked_for_writing(link.proposal, at)
        _note(proposal, "link.removed", link, actor, at, url=link.url)
        link.delete()


def _refuse_full(proposal: Proposal, section: Section) -> None:
    files = Evidence.objects.filter(proposal=proposal, section=section)
    links = EvidenceLink.objects.filter(proposal=proposal, section=section)
    if files.count() + links.count() >= section.evidence_max_files:
        raise FileNotTaken(
            _(
                "This section takes at most %(number)d files and links. Delete one "
                "first, or join several files into one PDF."
            )
            % {"number": section.evidence_max_files}
        )


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
        if kind.form_id != proposal.form_id:
            same = LetterKind.objects.filter(form=proposal.form_id, code=kind.code)
            kind = same.first() or kind
        letters = StatementLetter.objects.filter(proposal=proposal, kind=kind)
        letter = letters.first() or StatementLetter(proposal=proposal, kind=kind)
        replaced, replaced_key = letter.file.name or "", letter.key
        letter.pages = upload.pages
        with stored_bytes(letter, upload, actor, at, shared=True):
            if replaced:
                letter.save(update_fields=FILE_COLUMNS)
                _discard(proposal, replaced, replaced_key)
            else:
                letter.save(force_insert=True)
            _note_change(proposal, "letter.added", letter, actor, at)
        enqueue(inspect_file, letter.key)
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
        _discard(proposal, stored.file.name or "", stored.key)
        stored.delete()


def _discard(proposal: Proposal, file: str, key: str) -> None:
    """Let the bytes go at commit, unless a fingerprint was taken of them."""
    if not proposal.receipt_number:
        let_go(file, key)


def _note_change(
    proposal: Proposal, action: str, stored: StoredFile, actor: User, at: datetime
) -> None:
    _note(proposal, action, stored, actor, at, sha256=stored.sha256)


def _note(
    proposal: Proposal,
    action: str,
    target: StoredFile | EvidenceLink,
    actor: User,
    at: datetime,
    **facts: str,
) -> None:
    proposal.last_saved_at = at
    proposal.save(update_fields=["last_saved_at"])
    audit.record(
        action,
        actor=actor,
        target=target,
        at=at,
        scope=proposal.scope,
        changes={"proposal": proposal.code, **facts},
    )
