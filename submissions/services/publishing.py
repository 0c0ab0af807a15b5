"""Making the result of the administrative check known: as one act, then singly."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Round
from competitions.services import create_announcement
from core import audit
from core.errors import DomainError
from submissions import notices
from submissions.models import (
    Proposal,
    ProposalState,
    Screening,
    ScreeningResult,
    ScreeningState,
)
from submissions.publication import Publication, publication_of
from submissions.services.locking import locked
from submissions.services.screening import record

logger = logging.getLogger(__name__)
# So many institutions are told within the press of the button, the rest by the clock.
TOLD_AT_ONCE = 100


class NotPublishable(DomainError):
    """The result is public already, or something is missing to make it so."""


class ResultChanged(DomainError):
    """Something was decided since the person looked at what would be published."""


def publish_screening(
    *,
    round: Round,
    expected: str,
    number: str,
    issued_date: date,
    title: str,
    body: str,
    kept_reason: str,
    actor: User,
    at: datetime,
) -> ScreeningResult:
    """Publish the result of the check of a round: states, notices, announcement.

    `expected` is the `digest` of the publication that the person looked at. What is not
    decided, or not confirmed, stays back with `kept_reason` and is published singly
    later. Raises NotPublishable and ResultChanged. Source: rules SCR-04 and SCR-05 in
    docs/rules.md.
    """
    with transaction.atomic():
        round = (
            Round.objects.of_government()
            .select_for_update(of=("self",), no_key=True)
            .get(pk=round.pk)
        )
        if ScreeningResult.objects.filter(round=round).exists():
            raise NotPublishable(_("The result of this round is public already."))
        _hold_submitted(round)
        publication = publication_of(round)
        _refuse_unready(publication, expected, kept_reason)
        _move(publication.passed, ProposalState.SCREENED_PASSED, at)
        _move(publication.failed, ProposalState.SCREENED_FAILED, at)
        result = ScreeningResult.objects.create(
            round=round,
            announcement=create_announcement(
                round=round,
                number=number,
                issued_date=issued_date,
                title=title,
                body=body,
                publish_at=at,
                actor=actor,
                at=at,
            ),
            passed=len(publication.passed),
            failed=len(publication.failed),
            kept_back=[each.proposal.code for each in publication.leftovers],
            kept_reason=kept_reason if publication.leftovers else "",
            published_by=actor,
            published_at=at,
        )
        audit.record(
            "screening.published",
            actor=actor,
            target=round,
            at=at,
            scope=round.competition.government.code,
            reason=result.kept_reason,
            changes={
                "passed": result.passed,
                "failed": result.failed,
                "kept_back": result.kept_back,
            },
        )
        if len(publication.ready) <= TOLD_AT_ONCE:
            tell_results(at=at, only=[each.pk for each in publication.ready])
    return result


def publish_one(*, proposal: Proposal, actor: User, at: datetime) -> Screening:
    """Publish a result that came after that of its round, and tell its institution.

    Raises NotPublishable. Source: rule SCR-04 in docs/rules.md.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        if not ScreeningResult.objects.filter(round=proposal.round_id).exists():
            raise NotPublishable(
                _("The result of this round is not public yet. Publish it as a whole.")
            )
        screening = Screening.objects.filter(proposal=proposal).first()
        if (
            screening is None
            or not screening.is_unpublished
            or not proposal.is_submitted
        ):
            raise NotPublishable(
                _("There is no decision here that could be published.")
            )
        if screening.needs_second(proposal.round.screening_four_eyes):
            raise NotPublishable(
                _("This decision waits for a second person to confirm it.")
            )
        proposal.state = (
            ProposalState.SCREENED_PASSED
            if screening.passed
            else ProposalState.SCREENED_FAILED
        )
        proposal.save(update_fields=["state"])
        screening.proposal = proposal
        screening.state = ScreeningState.PUBLISHED
        screening.published_at = screening.told_at = at
        screening.save(update_fields=["state", "published_at", "told_at"])
        record(
            "screening.published_singly",
            screening,
            actor,
            at,
            changes={"passed": screening.passed},
        )
        notices.proposal_screened(screening, at=at)
    return screening


def tell_results(*, at: datetime, only: Sequence[int] | None = None) -> int:
    """Tell the institutions that do not know their published result; give how many.

    May run twice at once: each row is told under its lock, and never again.
    """
    waiting = Screening.objects.filter(state=ScreeningState.PUBLISHED, told_at=None)
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    told = 0
    for pk in list(waiting.order_by("published_at", "pk").values_list("pk", flat=True)):
        try:
            told += _tell(pk, at)
        except Exception:  # one broken row must not silence the others
            logger.exception("Notice of the result of screening %s failed", pk)
    return told


def _tell(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        screening = (
            Screening.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related(
                "proposal__institution", "proposal__round__competition__government"
            )
            .filter(pk=pk, told_at=None)
            .first()
        )
        if screening is None:
            return False
        screening.told_at = at
        screening.save(update_fields=["told_at"])
        notices.proposal_screened(screening, at=at)
    return True


def _hold_submitted(round: Round) -> None:
    """Let nobody decide or move a proposal of the round until the transaction ends."""
    submitted = Proposal.objects.filter(round=round, state=ProposalState.SUBMITTED)
    list(submitted.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _refuse_unready(publication: Publication, expected: str, kept_reason: str) -> None:
    if publication.digest != expected:
        raise ResultChanged(
            _(
                "Something has changed since you opened this page. Look through it "
                "once more, then publish."
            )
        )
    if not publication.ready:
        raise NotPublishable(_("Nothing is decided yet that could be published."))
    if publication.leftovers and not kept_reason.strip():
        raise NotPublishable(
            _("Write why the results that are not ready are kept back.")
        )


def _move(screenings: Sequence[Screening], state: ProposalState, at: datetime) -> None:
    proposals = Proposal.objects.filter(
        pk__in=[each.proposal_id for each in screenings]
    )
    proposals.update(state=state)
    Screening.objects.filter(pk__in=[each.pk for each in screenings]).update(
        state=ScreeningState.PUBLISHED, published_at=at
    )
