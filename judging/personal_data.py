"""What this app keeps of a person, for the copy of their data.

Of what a juror scores it holds the title, never the text; in a conflict not even that.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.personal_data import Portion, section
from judging.models import (
    Conflict,
    ConflictSuggestion,
    FieldVisit,
    Juror,
    PlenaryAttendance,
    PlenaryVote,
    Score,
    ScoreSheet,
    VisitClaim,
    VisitFinding,
    VisitPhoto,
)

COVERS = frozenset(
    {
        "judging.Juror.user",
        "judging.Conflict.declared_by",
        "judging.ConflictSuggestion.decided_by",
        "judging.VisitClaim.added_by",
        "judging.VisitPhoto.uploaded_by",
    }
)


def collect(user: User) -> Portion:
    """Seats in panels, conflicts, and every score sheet the person wrote."""
    return Portion(
        [
            section("juri", _seats(user)),
            section("benturan-kepentingan", _conflicts(user)),
            section("dugaan-benturan", _suggestions(user)),
            section("lembar-penilaian", _sheets(user)),
            section("pleno", _plenaries(user)),
            section("kunjungan", _visits(user)),
            section("klaim-lapangan", _claims(user)),
            section("foto-kunjungan", _photos(user)),
        ]
    )


def _seats(user: User) -> Iterator[dict[str, Any]]:
    seats = Juror.objects.filter(user=user).select_related("round")
    for juror in seats.order_by("invited_at", "pk"):
        yield {
            _("Round"): juror.round.name,
            _("Background"): juror.get_background_display(),
            _("Affiliation"): juror.affiliation,
            _("Invited at"): juror.invited_at,
            _("Accepted at"): juror.accepted_at,
            _("Refused at"): juror.declined_at,
            _("Reason for refusing"): juror.decline_reason,
            _("Signed at"): juror.signed_at,
            _("Integrity statement"): juror.statement,
        }


def _conflicts(user: User) -> Iterator[dict[str, Any]]:
    own = Conflict.objects.filter(juror__user=user)
    for conflict in own.order_by("declared_at", "pk"):
        yield {
            _("Declared at"): conflict.declared_at,
            _("Declared by me"): conflict.declared_by_id == user.pk,
            _("Kind of conflict"): conflict.get_kind_display(),
            _("Reason"): conflict.reason,
        }


def _suggestions(user: User) -> Iterator[dict[str, Any]]:
    """What the portal suspected of them, and what they decided on others."""
    rows = ConflictSuggestion.objects.filter(Q(juror__user=user) | Q(decided_by=user))
    for suggestion in rows.select_related("juror").order_by("decided_at", "pk"):
        is_own = suggestion.juror.user_id == user.pk
        is_decided = suggestion.decided_by_id == user.pk
        yield {
            _("Decided at"): suggestion.decided_at,
            _("Decided by me"): is_decided,
            _("Reason"): suggestion.reason if is_own else None,
            _("Outcome"): suggestion.get_outcome_display(),
            _("Note"): suggestion.note if is_decided else None,
        }


def _plenaries(user: User) -> Iterator[dict[str, Any]]:
    attended = PlenaryAttendance.objects.filter(juror__user=user, is_present=True)
    notes: dict[int, list[str]] = {}
    votes = PlenaryVote.objects.filter(juror__user=user, agrees=False)
    for plenary, note in votes.order_by("pk").values_list("decision__plenary", "note"):
        notes.setdefault(plenary, []).append(note)
    for each in attended.select_related("plenary__round").order_by("pk"):
        yield {
            _("Round"): each.plenary.round.name,
            _("Held"): each.plenary.held_at,
            _("Dissent notes"): notes.get(each.plenary_id, []),
        }


def _sheets(user: User) -> Iterator[dict[str, Any]]:
    sheets = (
        ScoreSheet.objects.with_conflict()
        .filter(assignment__juror__user=user)
        .select_related("assignment__proposal", "assignment__juror")
        .order_by("pk")
    )
    scores: dict[int, list[dict[str, Any]]] = {}
    written = Score.objects.filter(sheet__assignment__juror__user=user)
    for score in written.select_related("criterion").order_by("criterion__order", "pk"):
        scores.setdefault(score.sheet_id, []).append(
            {
                _("Criterion"): score.criterion.name,
                _("Score"): score.value,
                _("Note"): score.note,
            }
        )
    for sheet in sheets:
        may_read = sheet.assignment.juror.has_signed and not sheet.is_conflicted
        yield {
            _("Proposal"): sheet.assignment.proposal.title if may_read else None,
            _("State"): sheet.get_state_display(),
            _("Saved at"): sheet.saved_at,
            _("Finished at"): sheet.finalised_at,
            _("Scores"): scores.get(sheet.pk, []),
        }


def _visits(user: User) -> Iterator[dict[str, Any]]:
    """What they wrote down on the spot; not what the proposal claims."""
    findings: dict[int, list[dict[str, Any]]] = {}
    found = VisitFinding.objects.filter(sheet__assignment__juror__user=user)
    for finding in found.order_by("pk"):
        findings.setdefault(finding.sheet_id, []).append(
            {
                _("Finding"): finding.get_outcome_display(),
                _("What was seen"): finding.note,
            }
        )
    visits = FieldVisit.objects.filter(sheet__assignment__juror__user=user)
    facts = {visit.sheet_id: visit for visit in visits}
    for sheet in sorted({*facts, *findings}):
        visit = facts.get(sheet)
        yield {
            _("Date of the visit"): visit.visited_date if visit else None,
            _("Place"): visit.place if visit else "",
            _("Who was there"): visit.visitors if visit else "",
            _("Findings"): findings.get(sheet, []),
        }


def _claims(user: User) -> Iterator[dict[str, Any]]:
    """When they chose what is to be checked; the words are the proposal's."""
    for claim in VisitClaim.objects.filter(added_by=user).order_by("added_at", "pk"):
        yield {_("Added at"): claim.added_at}


def _photos(user: User) -> Iterator[dict[str, Any]]:
    """The pictures they took, by name; what is on them belongs to the institution."""
    photos = VisitPhoto.objects.filter(uploaded_by=user)
    for photo in photos.order_by("uploaded_at", "pk"):
        yield {_("File"): photo.name, _("Uploaded at"): photo.uploaded_at}
