"""What this app keeps of a person, for the copy of their data.

Texts and files belong to the institution too: who no longer works there gets the
titles of what they did and no more.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.personal_data import FilePart, Portion, section
from documents.models import DocumentKind, IssuedDocument
from submissions.models import (
    Answer,
    Correction,
    Evidence,
    EvidenceLink,
    LateAdmission,
    LateText,
    Objection,
    ObjectionFile,
    Proposal,
    Reminder,
    Screening,
    ScreeningResult,
    SectionNote,
    StatementLetter,
    TrackInvitation,
)

COVERS = frozenset(
    {
        "submissions.Proposal.created_by",
        "submissions.Proposal.header_saved_by",
        "submissions.Proposal.endorsed_by",
        "submissions.Proposal.submitted_by",
        "submissions.Answer.saved_by",
        "submissions.Evidence.uploaded_by",
        "submissions.EvidenceLink.added_by",
        "submissions.TrackInvitation.invited_by",
        "submissions.StatementLetter.uploaded_by",
        "submissions.Screening.decided_by",
        "submissions.Screening.draft_by",
        "submissions.Screening.confirmed_by",
        "submissions.ScreeningResult.published_by",
        "submissions.Correction.asked_by",
        "submissions.Objection.filed_by",
        "submissions.Objection.answered_by",
        "submissions.Objection.confirmed_by",
        "submissions.ObjectionFile.uploaded_by",
        "submissions.Reminder.user",
        "submissions.SectionNote.written_by",
        "submissions.SectionNote.resolved_by",
        "submissions.LateText.saved_by",
        "submissions.LateText.taken_by",
        "submissions.LateAdmission.decided_by",
    }
)


def collect(user: User) -> Portion:
    """Proposals the person had a hand in, own texts, files and receipts."""
    readable = set(
        Proposal.objects.of_institutions_of(user).values_list("pk", flat=True)
    )
    return Portion(
        [
            section("proposal", _proposals(user, readable)),
            section("jawaban", _answers(user, readable)),
            section("berkas", _files(user)),
            section("tautan", _links(user)),
            section("undangan-kelompok", _invitations(user)),
            section("verifikasi", _screenings(user)),
            section("sanggahan", _objections(user)),
            section("pengingat", _reminders(user)),
            section("catatan-perbaikan", _notes(user, readable)),
            section("terlambat", _late(user, readable)),
        ],
        [*_own_files(user, readable), *_receipts(user, readable)],
    )


def _proposals(user: User, readable: set[int]) -> Iterator[dict[str, Any]]:
    touched = Proposal.objects.filter(
        Q(created_by=user)
        | Q(header_saved_by=user)
        | Q(endorsed_by=user)
        | Q(submitted_by=user)
    )
    for proposal in touched.select_related("round").order_by("created_at", "pk"):
        row = {
            _("Round"): proposal.round.name,
            _("Begun by me"): proposal.created_by_id == user.pk,
            _("Endorsed by me"): proposal.endorsed_by_id == user.pk,
            _("Submitted by me"): proposal.submitted_by_id == user.pk,
            _("Created at"): proposal.created_at,
            _("Submitted at"): proposal.submitted_at,
        }
        if proposal.pk in readable:
            row |= {_("Code"): proposal.code, _("Title"): proposal.title}
        yield row


def _answers(user: User, readable: set[int]) -> Iterator[dict[str, Any]]:
    written = Answer.objects.filter(saved_by=user).select_related("proposal", "section")
    for answer in written.order_by("saved_at", "pk").iterator():
        row = {_("Section"): answer.section.title, _("Saved at"): answer.saved_at}
        if answer.proposal_id in readable:
            row |= {_("Title"): answer.proposal.title, _("Text"): answer.text}
        yield row


def _files(user: User) -> Iterator[dict[str, Any]]:
    for model in (Evidence, StatementLetter):
        for stored in model.objects.filter(uploaded_by=user).order_by("pk"):
            yield {
                _("Name"): stored.name,
                _("Bytes"): stored.size,
                _("Uploaded at"): stored.uploaded_at,
            }


def _links(user: User) -> Iterator[dict[str, Any]]:
    for link in EvidenceLink.objects.filter(added_by=user).order_by("pk"):
        yield {_("Address"): link.url, _("Added at"): link.added_at}


def _invitations(user: User) -> Iterator[dict[str, Any]]:
    """Whom the person invited into a track."""
    given = TrackInvitation.objects.filter(invited_by=user)
    for each in given.select_related("track", "institution").order_by("pk"):
        yield {
            _("Group"): str(each.track),
            _("Institution"): str(each.institution),
            _("Written at"): each.invited_at,
        }


def _own_files(user: User, readable: set[int]) -> Iterator[FilePart]:
    for folder, model in (("bukti", Evidence), ("surat", StatementLetter)):
        own = model.objects.filter(uploaded_by=user, proposal__in=readable)
        for stored in own.select_related("proposal").order_by("pk"):
            yield FilePart(
                f"berkas/{stored.proposal.code}/{folder}/{stored.name}",
                partial(stored.file.storage.open, str(stored.file.name), "rb"),
            )


def _receipts(user: User, readable: set[int]) -> Iterator[FilePart]:
    for proposal in Proposal.objects.filter(submitted_by=user, pk__in=readable):
        papers = IssuedDocument.objects.filter(
            kind=DocumentKind.RECEIPT,
            subject_key__startswith=f"proposal:{proposal.pk}:",
            rendered_at__isnull=False,
        )
        for paper in papers.order_by("pk"):
            yield FilePart(
                f"dokumen/tanda-terima-{proposal.code}-{paper.code}.pdf",
                partial(paper.file.storage.open, str(paper.file.name), "rb"),
            )


def _screenings(user: User) -> Iterator[dict[str, Any]]:
    """What the person did in the check; the notes are about others' work."""
    touched = Screening.objects.filter(
        Q(decided_by=user) | Q(draft_by=user) | Q(confirmed_by=user)
    )
    for screening in touched.order_by("pk"):
        is_own = screening.decided_by_id == user.pk
        yield {
            _("Decided at"): screening.decided_at if is_own else None,
            _("Passed"): screening.passed if is_own else None,
            _("Draft saved at"): screening.draft_at
            if screening.draft_by_id == user.pk
            else None,
            _("Confirmed at"): screening.confirmed_at
            if screening.confirmed_by_id == user.pk
            else None,
        }
    for result in ScreeningResult.objects.filter(published_by=user).order_by("pk"):
        yield {_("Published at"): result.published_at}
    for correction in Correction.objects.filter(asked_by=user).order_by("pk"):
        yield {_("Returned for correction at"): correction.asked_at}


def _objections(user: User) -> Iterator[dict[str, Any]]:
    """Objections the person filed, and that they answered or confirmed one."""
    touched = Objection.objects.filter(
        Q(filed_by=user) | Q(answered_by=user) | Q(confirmed_by=user)
    )
    for objection in touched.order_by("pk"):
        yield {
            _("Filed at"): objection.filed_at,
            _("Text"): objection.text if objection.filed_by_id == user.pk else "",
            _("Answered by me"): objection.answered_by_id == user.pk,
            _("Confirmed by me"): objection.confirmed_by_id == user.pk,
        }
    for stored in ObjectionFile.objects.filter(uploaded_by=user).order_by("pk"):
        yield {_("Name"): stored.name, _("Bytes"): stored.size}


def _reminders(user: User) -> Iterator[dict[str, Any]]:
    own = Reminder.objects.filter(user=user).select_related("plan__stage")
    for reminder in own.order_by("noted_at", "pk"):
        yield {
            _("Written at"): reminder.noted_at,
            _("Stage"): reminder.plan.stage.name,
            _("Hours"): reminder.plan.hours,
            _("Counted from"): reminder.counted_from,
        }


def _notes(user: User, readable: set[int]) -> Iterator[dict[str, Any]]:
    """The notes the person wrote or ticked off."""
    notes = SectionNote.objects.filter(Q(written_by=user) | Q(resolved_by=user))
    for note in notes.order_by("written_at", "pk"):
        is_own = note.written_by_id == user.pk
        row = {
            _("Section"): note.part,
            _("Written by me"): is_own,
            _("Written at"): note.written_at,
            _("Marked as done at"): note.resolved_at,
        }
        if is_own and note.proposal_id in readable:
            row |= {_("Text"): note.text}
        yield row


def _late(user: User, readable: set[int]) -> Iterator[dict[str, Any]]:
    """What the person typed or sent too late, took over, or decided about."""
    texts = LateText.objects.filter(Q(saved_by=user) | Q(taken_by=user))
    for late in texts.order_by("first_at", "pk"):
        is_own = late.saved_by_id == user.pk
        row = {
            _("Section"): late.part,
            _("Saved by me"): is_own,
            _("Saved at"): late.saved_at,
            _("Taken over at"): late.taken_at,
        }
        if is_own and late.proposal_id in readable:
            row |= {_("Text"): late.text}
        yield row
    decided = LateAdmission.objects.filter(decided_by=user)
    for admission in decided.order_by("decided_at", "pk"):
        yield {_("Decided at"): admission.decided_at, _("Reason"): admission.reason}
