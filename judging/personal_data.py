"""What this app keeps of a person, for the copy of their data.

Of what a juror scores it holds the title, never the text; in a conflict not even that.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.personal_data import Portion, section
from judging.models import Conflict, Juror, Score, ScoreSheet

COVERS = frozenset({"judging.Juror.user", "judging.Conflict.declared_by"})


def collect(user: User) -> Portion:
    """Seats in panels, conflicts, and every score sheet the person wrote."""
    return Portion(
        [
            section("juri", _seats(user)),
            section("benturan-kepentingan", _conflicts(user)),
            section("lembar-penilaian", _sheets(user)),
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
            _("Signed at"): juror.signed_at,
            _("Integrity statement"): juror.statement,
        }


def _conflicts(user: User) -> Iterator[dict[str, Any]]:
    own = Conflict.objects.filter(juror__user=user)
    for conflict in own.order_by("declared_at", "pk"):
        yield {
            _("Declared at"): conflict.declared_at,
            _("Declared by me"): conflict.declared_by_id == user.pk,
            _("Reason"): conflict.reason,
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
