"""Correcting a sealed result: a new one that names the old, by two people."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Round
from core import audit
from core.errors import DomainError
from documents import services as documents_services
from judging import minutes, queries, recaps, signals
from judging.models import Correction, Plenary, Result
from judging.services.plenary import lock_round, lock_sheets
from judging.services.results import require_no_plenary, write_result


class CorrectionNotMade(DomainError):
    """There is nothing to correct, or it takes a second person."""


def begin_correction(
    *, round: Round, reason: str, actor: User, at: datetime
) -> Correction:
    """Prepare to replace the sealed result of `round`, with a reason.

    Sheets stay locked; a plenary may sit again. Raises CorrectionNotMade without a
    sealed result, or while one is prepared already.
    Source: rule PLN-05 in docs/rules.md.
    """
    with transaction.atomic():
        round = lock_round(round)
        result = queries.sealed_result(round)
        if result is None:
            raise CorrectionNotMade(_("The result is not sealed, so correct it there."))
        if queries.open_correction(round):
            raise CorrectionNotMade(_("A correction is being prepared already."))
        correction = Correction.objects.create(
            result=result, reason=reason, opened_at=at, opened_by=actor
        )
        _record("result_correction.begun", correction, round, actor, at)
    return correction


def give_up_correction(*, round: Round, actor: User, at: datetime) -> Correction:
    """Leave the sealed result as it is.

    Raises CorrectionNotMade if none is prepared, or if a plenary has decided since:
    what it decided is not passed over; ResultNotSealed while one sits.
    """
    with transaction.atomic():
        round = lock_round(round)
        correction = _open(round)
        require_no_plenary(round)
        decided = Plenary.objects.applied().filter(round=round)
        if decided.filter(opened_at__gte=correction.opened_at).exists():
            raise CorrectionNotMade(
                _("The plenary has decided on this correction: seal it.")
            )
        _close(correction, Correction.State.CANCELLED, actor, at)
        _record("result_correction.given_up", correction, round, actor, at)
    return correction


def seal_correction(*, round: Round, actor: User, at: datetime) -> Result:
    """Seal the new result, which names the old one; the old stays to be read.

    Minutes and recap of the old are revoked, so that whoever checks one is told.

    Raises CorrectionNotMade if `actor` is who began it, or while something hangs on
    the old result; ResultNotSealed while a plenary sits.
    Source: rule PLN-05 in docs/rules.md.
    """
    with transaction.atomic():
        round = lock_round(round)
        correction = _open(round)
        if correction.opened_by_id == actor.pk:
            raise CorrectionNotMade(
                _("A second person of the secretariat seals a correction.")
            )
        lock_sheets(round)
        require_no_plenary(round)
        if concerns := concerns_of(correction.result):
            raise CorrectionNotMade(" ".join(concerns))
        result = write_result(round, actor, at, correction)
        _close(correction, Correction.State.SEALED, actor, at)
        _end_papers(correction.result, result, actor, at)
    return result


def _end_papers(old: Result, new: Result, actor: User, at: datetime) -> None:
    """Say of the minutes and the recap of `old` that they stand no longer."""
    for paper in (minutes.minutes_of(old), recaps.recap_of(old)):
        if paper:
            documents_services.revoke_document(
                document=paper,
                actor=actor,
                reason=_("A corrected result, number %(n)d of the chain, stands now.")
                % {"n": new.sequence or 0},
                at=at,
            )


def concerns_of(result: Result) -> list[str]:
    """Ask those above what hangs on `result`."""
    answers = signals.correction_concerns.send(Result, result=result)
    return [sentence for _receiver, found in answers for sentence in found or ()]


def _open(round: Round) -> Correction:
    correction = queries.open_correction(round)
    if correction is None:
        raise CorrectionNotMade(_("No correction is being prepared."))
    return correction


def _close(correction: Correction, state: str, actor: User, at: datetime) -> None:
    correction.state = state
    correction.closed_at, correction.closed_by = at, actor
    correction.save(update_fields=["state", "closed_at", "closed_by"])


def _record(
    action: str, correction: Correction, round: Round, actor: User, at: datetime
) -> None:
    audit.record(
        action,
        actor=actor,
        target=correction,
        at=at,
        scope=round.competition.government.code,
        reason=correction.reason,
    )
