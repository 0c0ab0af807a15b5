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
    Evidence,
    EvidenceLink,
    Proposal,
    Reminder,
    Screening,
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
        "submissions.Reminder.user",
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
            section("pengingat", _reminders(user)),
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
    """What the person decided in the check; the notes are about others' work."""
    for screening in Screening.objects.filter(decided_by=user).order_by("pk"):
        yield {
            _("Decided at"): screening.decided_at,
            _("Passed"): screening.passed,
        }


def _reminders(user: User) -> Iterator[dict[str, Any]]:
    for reminder in Reminder.objects.filter(user=user).order_by("noted_at", "pk"):
        yield {
            _("Written at"): reminder.noted_at,
            _("Hours before the close"): reminder.hours_before,
        }
