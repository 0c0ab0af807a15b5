"""What this app keeps of a person, for the copy of their data."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from awards import holders
from awards.models import (
    AcceptedGovernment,
    Award,
    CertificateDesign,
    CommitteeMember,
    Decree,
    DecreeScan,
    DecreeText,
    FeedbackNote,
    FeedbackPlan,
    Forwarding,
)
from core.personal_data import Portion, section

COVERS = frozenset(
    {
        "awards.AcceptedGovernment.added_by",
        "awards.Award.given_by",
        "awards.Award.revoked_by",
        "awards.CertificateDesign.changed_by",
        "awards.CommitteeMember.added_by",
        "awards.Decree.recorded_by",
        "awards.DecreeScan.uploaded_by",
        "awards.DecreeText.edited_by",
        "awards.Forwarding.answered_by",
        "awards.Forwarding.asked_by",
        "awards.Forwarding.stopped_by",
        "awards.FeedbackNote.decided_by",
        "awards.FeedbackPlan.released_by",
    }
)


def collect(user: User) -> Portion:
    """What the person did with awards, decrees and feedback to authors."""
    return Portion(
        [
            section(
                "penghargaan",
                [
                    *_certificates(user),
                    *_awards(user),
                    *_decrees(user),
                    *_papers_of_decrees(user),
                    *_forwardings(user),
                    *_designs(user),
                    *_committees(user),
                    *_notes(user),
                    *_plans(user),
                ],
            )
        ]
    )


def _certificates(user: User) -> Iterator[dict[str, Any]]:
    for paper in holders.papers_in_name_of(user).order_by("pk"):
        yield {
            _("Certificate in my name"): f"{paper.title}, {paper.number}",
            _("Date of the certificate"): paper.issued_date,
        }


def _awards(user: User) -> Iterator[dict[str, Any]]:
    for award in Award.objects.filter(Q(given_by=user) | Q(revoked_by=user)).order_by(
        "pk"
    ):
        yield {
            _("Given by me at"): award.given_at
            if award.given_by_id == user.pk
            else None,
            _("Taken back by me at"): award.revoked_at
            if award.revoked_by_id == user.pk
            else None,
        }


def _decrees(user: User) -> Iterator[dict[str, Any]]:
    for decree in Decree.objects.filter(recorded_by=user).order_by("pk"):
        yield {_("Decree recorded by me at"): decree.recorded_at}


def _papers_of_decrees(user: User) -> Iterator[dict[str, Any]]:
    for text in DecreeText.objects.filter(edited_by=user).order_by("pk"):
        yield {_("Draft of a decree worded by me at"): text.edited_at}
    for scan in DecreeScan.objects.filter(uploaded_by=user).order_by("pk"):
        yield {_("Signed decree uploaded by me at"): scan.uploaded_at}


def _forwardings(user: User) -> Iterator[dict[str, Any]]:
    for accepted in AcceptedGovernment.objects.filter(added_by=user).order_by("pk"):
        yield {_("Winners of a government taken by me at"): accepted.added_at}
    mine = Q(asked_by=user) | Q(answered_by=user) | Q(stopped_by=user)
    for sent in Forwarding.objects.filter(mine).order_by("pk"):
        yield {
            _("Sending on asked by me at"): sent.asked_at
            if sent.asked_by_id == user.pk
            else None,
            _("Sending on answered by me at"): sent.answered_at
            if sent.answered_by_id == user.pk
            else None,
            _("Sending on stopped by me at"): sent.stopped_at
            if sent.stopped_by_id == user.pk
            else None,
        }


def _designs(user: User) -> Iterator[dict[str, Any]]:
    for design in CertificateDesign.objects.filter(changed_by=user).order_by("pk"):
        yield {_("Design of certificates changed by me at"): design.changed_at}


def _committees(user: User) -> Iterator[dict[str, Any]]:
    for member in CommitteeMember.objects.filter(added_by=user).order_by("pk"):
        yield {_("Committee named by me at"): member.added_at}


def _notes(user: User) -> Iterator[dict[str, Any]]:
    for note in FeedbackNote.objects.filter(decided_by=user).order_by("pk"):
        yield {_("Note for authors decided by me at"): note.decided_at}


def _plans(user: User) -> Iterator[dict[str, Any]]:
    for plan in FeedbackPlan.objects.filter(released_by=user).order_by("pk"):
        yield {_("Feedback released by me at"): plan.released_at}
