"""Conflicts of interest: declared by people, or suspected and then decided."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Institution, Membership, User
from competitions.models import Round, ScoringStage
from core import audit
from core.errors import DomainError
from judging import notices, queries, suggesting
from judging.models import Conflict, ConflictSuggestion, Juror
from submissions.models import Proposal


class ConflictNotDeclared(DomainError):
    """The conflict is known already, or the result is sealed."""


class SuggestionNotDecided(DomainError):
    """The suggestion was decided already or stands no more, or the result is sealed."""


def declare_conflict(
    *,
    juror: Juror,
    reason: str,
    kind: str = Conflict.Kind.OTHER,
    proposal: Proposal | None = None,
    institution: Institution | None = None,
    actor: User,
    at: datetime,
) -> Conflict:
    """Declare that `juror` must not judge `proposal`, or any work of `institution`.

    From then on the juror cannot open it, and their sheet counts nowhere. Raises
    ConflictNotDeclared if it is known already or the result is sealed.
    Source: rule SCO-05 in docs/rules.md.
    """
    declared = declare_conflicts(
        juror=juror,
        proposals=[proposal] if proposal else [],
        institutions=[institution] if institution else [],
        kind=kind,
        reason=reason,
        actor=actor,
        at=at,
    )
    return declared[0]


def declare_conflicts(
    *,
    juror: Juror,
    proposals: Iterable[Proposal] = (),
    institutions: Iterable[Institution] = (),
    kind: str,
    reason: str,
    actor: User,
    at: datetime,
) -> list[Conflict]:
    """Declare several conflicts for one reason; those known already stay as they are.

    Raises ConflictNotDeclared if all are known already or the result is sealed.
    Source: rule SCO-05 in docs/rules.md.
    """
    with transaction.atomic():
        hold_stages(juror.round_id)
        if queries.sealed_result(juror.round_id):
            raise ConflictNotDeclared(
                _("The result is sealed. Write to the secretariat about this.")
            )
        subjects: list[tuple[Proposal | None, Institution | None]] = [
            *((proposal, None) for proposal in proposals),
            *((None, institution) for institution in institutions),
        ]
        declared = [
            conflict
            for proposal, institution in subjects
            if (
                conflict := _declare(
                    juror,
                    proposal=proposal,
                    institution=institution,
                    kind=kind,
                    reason=reason,
                    actor=actor,
                    at=at,
                )
            )
        ]
        if not declared:
            raise ConflictNotDeclared(_("This conflict was declared already."))
    return declared


def decide_suggestion(
    *,
    round: Round,
    key: str,
    is_confirmed: bool,
    note: str = "",
    actor: User,
    at: datetime,
) -> ConflictSuggestion:
    """Make a suggested conflict one, or say why it is none.

    `key` is that of a `suggesting.Suggestion`. Raises SuggestionNotDecided if somebody
    was faster, the conflict was declared meanwhile, what it was concluded from has
    changed, the note is missing where it is none, or the result is sealed.
    Source: rule SCO-18 in docs/rules.md.
    """
    if not is_confirmed and not note:
        raise SuggestionNotDecided(_("Say why it is no conflict."))
    with transaction.atomic():
        hold_stages(round.pk)
        if queries.sealed_result(round):
            raise SuggestionNotDecided(_("The result is sealed."))
        open_ones = {each.key: each for each in suggesting.find(round, at)}
        suggestion = open_ones.get(key)
        if suggestion is None:
            raise SuggestionNotDecided(
                _("This suggestion was decided already, or stands no more.")
            )
        juror = suggestion.juror
        decided = ConflictSuggestion.objects.create(
            juror=juror,
            institution=suggestion.institution,
            proposal=suggestion.proposal,
            source=suggestion.source,
            kind=suggestion.kind,
            reason=suggestion.reason,
            outcome=ConflictSuggestion.Outcome.CONFIRMED
            if is_confirmed
            else ConflictSuggestion.Outcome.DISMISSED,
            note=note,
            decided_by=actor,
            decided_at=at,
        )
        audit.record(
            "conflict_suggestion.confirmed"
            if is_confirmed
            else "conflict_suggestion.dismissed",
            actor=actor,
            target=decided,
            at=at,
            scope=juror.round.competition.government.code,
            reason=note or suggestion.reason,
        )
        if is_confirmed:
            _declare(
                juror,
                proposal=suggestion.proposal,
                institution=suggestion.institution,
                kind=suggestion.kind,
                reason=f"{suggestion.reason} {note}".strip(),
                actor=actor,
                at=at,
            )
    return decided


def note_own_institutions(jurors: Sequence[Juror], at: datetime) -> None:
    """Make a conflict of every institution a juror works for today.

    Source: rule SCO-05 in docs/rules.md.
    """
    by_user = {juror.user_id: juror for juror in jurors}
    memberships = (
        Membership.objects.current()
        .filter(user__in=by_user, institution__isnull=False)
        .select_related("institution")
    )
    Conflict.objects.bulk_create(
        (
            Conflict(
                juror=by_user[membership.user_id],
                kind=Conflict.Kind.EMPLOYER,
                institution=membership.institution,
                reason=_("Works for %(institution)s.")
                % {"institution": membership.institution},
                declared_at=at,
            )
            for membership in memberships
        ),
        ignore_conflicts=True,
    )


def hold_stages(round: int) -> None:
    """Sealing holds the round's stages, so it either sees a conflict or refuses it."""
    list(
        ScoringStage.objects.select_for_update()
        .filter(round=round)
        .order_by("order", "pk")
    )


def _declare(
    juror: Juror,
    *,
    proposal: Proposal | None,
    institution: Institution | None,
    kind: str,
    reason: str,
    actor: User,
    at: datetime,
) -> Conflict | None:
    conflict, is_new = Conflict.objects.get_or_create(
        juror=juror,
        proposal=proposal,
        institution=institution,
        defaults={
            "kind": kind,
            "reason": reason,
            "declared_by": actor,
            "declared_at": at,
        },
    )
    if not is_new:
        return None
    audit.record(
        "conflict.declared",
        actor=actor,
        target=conflict,
        at=at,
        scope=juror.round.competition.government.code,
        reason=reason,
        changes={"kind": kind},
    )
    notices.conflict_declared(conflict, at=at)
    return conflict
