"""Sending winners on: to a round of this portal, or to a competition outside."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Government, User
from awards import notices, queries
from awards.models import AcceptedGovernment, Award, Forwarding, ForwardingQuerySet
from awards.services.giving import locked_round
from competitions.models import Round, Track
from core import audit
from core.errors import DomainError
from innovations import services as innovations_services
from innovations.models import Achievement
from innovations.services import AchievementData
from submissions import services as submissions_services

State = Forwarding.State


class NotForwarded(DomainError):
    """The award does not stand or is not public, or the place does not take it."""


class ForwardingNotAnswered(DomainError):
    """It was answered or stopped before, or the place takes nothing now."""


class ForwardingNotStopped(DomainError):
    """It does not go on any more."""


class ResultNotNoted(DomainError):
    """The portal knows the result itself, or it was noted before."""


def accept_governments(
    *, round: Round, governments: Collection[Government], actor: User, at: datetime
) -> None:
    """Say from which governments `round` takes winners; what has come stays.

    Source: rule AWD-13 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        wanted = {each.pk: each for each in governments}
        wanted.pop(round.competition.government_id, None)
        there = AcceptedGovernment.objects.filter(round=round)
        known = set(there.values_list("government", flat=True))
        if known == wanted.keys():
            return
        there.exclude(government__in=wanted).delete()
        AcceptedGovernment.objects.bulk_create(
            AcceptedGovernment(
                round=round, government=wanted[pk], added_by=actor, added_at=at
            )
            for pk in wanted
            if pk not in known
        )
        audit.record(
            "round.senders_chosen",
            actor=actor,
            target=round,
            at=at,
            scope=round.competition.government.code,
            changes={"governments": sorted(each.code for each in wanted.values())},
        )


def ask_forwarding(
    *,
    award: Award,
    actor: User,
    at: datetime,
    round: Round | None = None,
    track: Track | None = None,
    destination: str = "",
    note: str = "",
) -> Forwarding:
    """Ask the winner's institution whether its proposal may be sent on.

    To `round` of this portal, into `track` there, or to the competition `destination`
    outside. Asked twice it is one forwarding. Raises NotForwarded.
    Source: rules AWD-13 and AWD-14 in docs/rules.md.
    """
    with transaction.atomic():
        own = locked_round(award.row.result.round)
        award = _locked_award(award)
        decree = queries.decree_of(own)
        if award.is_revoked:
            raise NotForwarded(_("This award was revoked."))
        if decree is None or not decree.is_published(at):
            raise NotForwarded(_("The winners are not public yet."))
        going = Forwarding.objects.open().filter(
            award__row__proposal=award.row.proposal_id,
            round=round,
            destination=destination,
        )
        if there := going.first():
            return there
        if round is not None:
            _refuse_place(round, track, own, at)
        forwarding = Forwarding.objects.create(
            key=secrets.token_urlsafe(12),
            award=award,
            round=round,
            track=track,
            destination=destination,
            note=note,
            asked_by=actor,
            asked_at=at,
        )
        _record("forwarding.asked", forwarding, actor, at)
        notices.forwarding_asked(forwarding, at=at)
    return forwarding


def agree_forwarding(
    *, forwarding: Forwarding, actor: User, at: datetime
) -> Forwarding:
    """Agree for the institution: a draft begins in the round it is sent to.

    It takes over texts, values and files of the winning proposal. Pressed twice there
    is one draft. Raises ForwardingNotAnswered; then nothing is begun.
    Source: rule AWD-14 in docs/rules.md.
    """
    with transaction.atomic():
        forwarding = _locked(forwarding)
        if forwarding.is_agreed:
            return forwarding
        _refuse_answered(forwarding)
        if forwarding.round is not None and forwarding.track is not None:
            try:
                _refuse_place(
                    forwarding.round,
                    forwarding.track,
                    forwarding.award.row.result.round,
                    at,
                )
                with transaction.atomic():
                    forwarding.proposal = submissions_services.forward_proposal(
                        source=forwarding.award.row.proposal,
                        round=forwarding.round,
                        track=forwarding.track,
                        actor=actor,
                        at=at,
                    )
            except DomainError as refusal:  # each says what to do
                raise ForwardingNotAnswered(refusal.message) from refusal
        _answer(forwarding, State.AGREED, "", actor, at)
    return forwarding


def decline_forwarding(
    *, forwarding: Forwarding, reason: str, actor: User, at: datetime
) -> Forwarding:
    """Say for the institution that it wishes no such thing.

    Raises ForwardingNotAnswered.
    """
    with transaction.atomic():
        forwarding = _locked(forwarding)
        _refuse_answered(forwarding)
        _answer(forwarding, State.DECLINED, reason, actor, at)
    return forwarding


def stop_forwarding(
    *, forwarding: Forwarding, reason: str, actor: User, at: datetime
) -> Forwarding:
    """End a forwarding, with a reason; a draft of it is withdrawn with it.

    What was submitted stays with the round it was submitted to: its secretariat is
    told, and decides. Raises ForwardingNotStopped.
    Source: rule AWD-15 in docs/rules.md.
    """
    with transaction.atomic():
        forwarding = _locked(forwarding)
        if not forwarding.is_open:
            raise ForwardingNotStopped(_("This forwarding does not go on any more."))
        end_forwarding(forwarding, reason=reason, actor=actor, at=at)
        notices.forwarding_stopped(forwarding, at=at)
        notices.origin_stopped(forwarding, at=at)
    return forwarding


def end_forwarding(
    forwarding: Forwarding, *, reason: str, actor: User, at: datetime
) -> None:
    """End a locked forwarding that goes on, and its draft with it."""
    with transaction.atomic():
        forwarding.state = State.STOPPED
        forwarding.stopped_at, forwarding.stopped_by = at, actor
        forwarding.stop_reason = reason
        forwarding.save(
            update_fields=["state", "stopped_at", "stopped_by", "stop_reason"]
        )
        proposal = forwarding.proposal
        if proposal is not None and forwarding.has_draft and proposal.is_unsent:
            submissions_services.withdraw_proposal(
                proposal=proposal, reason=reason, actor=actor, at=at
            )
        _record("forwarding.stopped", forwarding, actor, at, reason=reason)


def note_result(
    *, forwarding: Forwarding, data: AchievementData, actor: User, at: datetime
) -> Achievement:
    """Note what a winner won outside; rules of rounds count it at once.

    What it wins in a round of this portal is noted with that round's decree. Raises
    ResultNotNoted. Source: rule AWD-16 in docs/rules.md.
    """
    with transaction.atomic():
        forwarding = _locked(forwarding)
        if not forwarding.is_outside or not forwarding.is_agreed:
            raise ResultNotNoted(
                _("The portal notes this result itself, or nothing was sent on.")
            )
        if forwarding.achievement is not None:
            raise ResultNotNoted(
                _("Noted already: %(result)s.") % {"result": forwarding.achievement}
            )
        innovation = forwarding.award.row.proposal.innovation
        try:
            typed = innovations_services.type_achievement(
                innovation=innovation, data=data, actor=actor, at=at
            )
        except innovations_services.NotInForce as refusal:
            raise ResultNotNoted(refusal.message) from refusal
        achievement = innovations_services.confirm_achievement(
            achievement=typed, actor=actor, at=at
        )
        forwarding.achievement = achievement
        forwarding.save(update_fields=["achievement"])
        _record("forwarding.result_noted", forwarding, actor, at)
    return achievement


def _locked_award(award: Award) -> Award:
    return (
        Award.objects.select_for_update(of=("self",))
        .select_related(
            "level",
            "row__proposal__institution",
            "row__result__round__competition__government",
        )
        .get(pk=award.pk)
    )


def lock_open_forwardings(award: Award) -> list[Forwarding]:
    """Lock what goes on from `award` until the transaction ends."""
    return list(_to_lock().open().filter(award=award).order_by("pk"))


def _locked(forwarding: Forwarding) -> Forwarding:
    return _to_lock().get(pk=forwarding.pk)


def _to_lock() -> ForwardingQuerySet:
    return Forwarding.objects.select_for_update(of=("self",)).select_related(
        "award__level",
        "award__row__proposal__institution__government",
        "award__row__proposal__innovation",
        "award__row__proposal__category",
        "award__row__result__round__competition__government",
        "round__competition__government",
        "track",
        "achievement",
        "proposal__institution__government",
        "proposal__round__competition__government",
    )


def _refuse_place(round: Round, track: Track | None, own: Round, at: datetime) -> None:
    """Refuse a round that is not open to the winners of `own`."""
    accepted = AcceptedGovernment.objects.filter(
        round=round, government=own.competition.government_id
    )
    if not round.is_opened or not accepted.exists():
        raise NotForwarded(
            _("%(round)s does not take winners of %(government)s.")
            % {"round": round, "government": own.competition.government}
        )
    if queries.closing_of(round, at) is None:
        raise NotForwarded(
            _("%(round)s takes no proposals any more.") % {"round": round}
        )
    if track is None or track.round_id != round.pk:
        raise NotForwarded(_("Choose a track of %(round)s.") % {"round": round})


def _refuse_answered(forwarding: Forwarding) -> None:
    if not forwarding.is_asked:
        raise ForwardingNotAnswered(
            _("This was answered or stopped already: %(state)s.")
            % {"state": forwarding.get_state_display()}
        )
    if forwarding.award.is_revoked:
        raise ForwardingNotAnswered(_("This award was revoked."))


def _answer(
    forwarding: Forwarding, state: str, reason: str, actor: User, at: datetime
) -> None:
    forwarding.state = state
    forwarding.answer_note = reason
    forwarding.answered_by, forwarding.answered_at = actor, at
    forwarding.save(
        update_fields=["state", "answer_note", "answered_by", "answered_at", "proposal"]
    )
    _record(f"forwarding.{state}", forwarding, actor, at, reason=reason)
    notices.forwarding_answered(forwarding, at=at)


def _record(
    action: str, forwarding: Forwarding, actor: User, at: datetime, reason: str = ""
) -> None:
    award = forwarding.award
    audit.record(
        action,
        actor=actor,
        target=forwarding,
        at=at,
        scope=award.row.result.round.competition.government.code,
        reason=reason,
        changes={"proposal": award.row.code, "place": forwarding.place},
    )
