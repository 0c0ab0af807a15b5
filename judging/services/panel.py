"""The panel: calling jurors, their integrity, who leads, who is reminded."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts import services as accounts_services
from accounts.models import User
from competitions.models import Category, Round, ScoringStage
from core import audit
from core.errors import DomainError
from judging import integrity, notices, queries
from judging.models import Assignment, Juror
from judging.queries import Progress
from judging.services import assigning
from judging.services.conflicts import hold_stages, note_own_institutions


class JurorNotAdded(DomainError):
    """The person was called already, or the result is sealed."""


class JurorNotChanged(DomainError):
    """The result is sealed, or a chair is to be who does not sit in the panel."""


class SeatSettled(DomainError):
    """The seat was taken, refused or given up before."""


class JurorNotReminded(DomainError):
    """There is nothing left to score, or the juror was reminded today."""


def add_juror(
    *,
    round: Round,
    email: str,
    name: str,
    background: str,
    affiliation: str = "",
    actor: User,
    at: datetime,
) -> Juror:
    """Call the person of `email` into the panel of `round`, and invite them.

    Who has no account gets one, under `name`. Where the person works today becomes a
    conflict at once. Raises JurorNotAdded if the person was called already or works
    in the secretariat, or the result is sealed. Source: rule SCO-17 in docs/rules.md.
    """
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=round.pk)
        if queries.sealed_result(round):
            raise JurorNotAdded(_("The result of this round is sealed."))
        user = accounts_services.ensure_user(email=email, name=name, actor=actor, at=at)
        if account_permissions.is_secretariat(user, round.competition.government):
            raise JurorNotAdded(
                _(
                    "%(user)s works in the secretariat, which opens every proposal. "
                    "Call somebody who does not."
                )
                % {"user": user}
            )
        if seat := Juror.objects.filter(round=round, user=user).first():
            raise JurorNotAdded(_why_not_twice(seat) % {"user": user})
        juror = Juror.objects.create(
            key=secrets.token_hex(8),
            round=round,
            user=user,
            background=background,
            affiliation=affiliation,
            invited_at=at,
        )
        note_own_institutions([juror], at)
        _record("juror.added", juror, actor, at, changes={"background": background})
        notices.juror_invited(juror, at=at)
    return juror


def invite_again(*, juror: Juror, actor: User, at: datetime) -> Juror:
    """Call a person again who refused, or who has not answered since yesterday.

    Raises JurorNotAdded if the seat is taken or was given up, if the person was called
    today already, or the result is sealed. Source: rule SCO-17 in docs/rules.md.
    """
    with transaction.atomic():
        juror = _locked(juror)
        if queries.sealed_result(juror.round_id):
            raise JurorNotAdded(_("The result of this round is sealed."))
        if juror.has_signed or juror.ended_at:
            raise JurorNotAdded(_("This juror has answered: the seat was taken."))
        day_of = juror.round.competition.government.day_of
        if juror.declined_at is None and day_of(juror.invited_at) == day_of(at):
            raise JurorNotAdded(
                _("%(juror)s was invited today already.") % {"juror": juror}
            )
        juror.invited_at, juror.declined_at, juror.decline_reason = at, None, ""
        juror.save(update_fields=["invited_at", "declined_at", "decline_reason"])
        _record("juror.invited_again", juror, actor, at)
        notices.juror_invited(juror, at=at)
    return juror


def accept_panel(*, juror: Juror, actor: User, at: datetime) -> Juror:
    """Take the seat in the panel and sign the integrity statement.

    The words as shown are kept with the signature. A second press changes nothing.
    Raises SeatSettled if the seat was refused or given up before.
    Source: rules SCO-08 and SCO-17 in docs/rules.md.
    """
    with transaction.atomic():
        juror = _locked(juror)
        if not juror.is_sitting:
            raise SeatSettled(
                _("You gave up this seat. Write to the secretariat to return.")
            )
        if juror.has_signed:
            return juror
        juror.accepted_at = juror.signed_at = at
        juror.statement = "\n".join(integrity.statement_for(juror))
        juror.save(update_fields=["accepted_at", "signed_at", "statement"])
        note_own_institutions([juror], at)
        _record("juror.signed", juror, actor, at)
        notices.juror_accepted(juror, at=at)
    return juror


def decline_panel(*, juror: Juror, reason: str, actor: User, at: datetime) -> Juror:
    """Refuse the seat in the panel; the secretariat is told why.

    What was assigned in the meantime is released. A second press changes nothing.
    Raises SeatSettled if the seat was taken already: then the secretariat finds a
    successor. Source: rule SCO-17 in docs/rules.md.
    """
    with transaction.atomic():
        hold_stages(juror.round_id)
        juror = _locked(juror)
        if juror.accepted_at or juror.ended_at:
            raise SeatSettled(
                _("You joined the panel already. Write to the secretariat to leave it.")
            )
        if juror.declined_at:
            return juror
        juror.declined_at, juror.decline_reason, juror.is_chair = at, reason, False
        juror.save(update_fields=["declined_at", "decline_reason", "is_chair"])
        if not queries.sealed_result(juror.round_id):
            given = Assignment.objects.filter(juror=juror, released_at=None)
            words = _("The seat was refused: %(reason)s") % {"reason": reason}
            assigning.release(
                dict.fromkeys(given.values_list("pk", flat=True), words), at=at
            )
        _record("juror.declined", juror, actor, at, reason=reason)
        notices.juror_declined(juror, at=at)
    return juror


def change_juror(
    *,
    juror: Juror,
    background: str,
    affiliation: str,
    capacity: int | None,
    categories: Iterable[Category],
    scoring_stages: Iterable[ScoringStage],
    actor: User,
    at: datetime,
) -> Juror:
    """Write down anew what the panel knows of a juror.

    Raises JurorNotChanged once the result is sealed, which names them.
    Source: rule SCO-17 in docs/rules.md.
    """
    with transaction.atomic():
        juror = _locked(juror)
        if queries.sealed_result(juror.round_id):
            raise JurorNotChanged(_("The result of this round is sealed."))
        before = _told_of(juror)
        juror.background, juror.affiliation = background, affiliation
        juror.capacity = capacity
        juror.save(update_fields=["background", "affiliation", "capacity"])
        juror.categories.set(categories)
        juror.scoring_stages.set(scoring_stages)
        after = _told_of(juror)
        changes = {
            name: [before[name], value]
            for name, value in after.items()
            if before[name] != value
        }
        if changes:
            _record("juror.changed", juror, actor, at, changes=changes)
    return juror


def name_chair(*, juror: Juror, actor: User, at: datetime) -> Juror:
    """Make `juror` the chair of the panel, in place of whoever was.

    Raises JurorNotChanged if the juror has not signed, or sits there no more, or the
    result is sealed. Source: rule SCO-17 in docs/rules.md.
    """
    with transaction.atomic():
        # Two secretaries may name two: one after the other, and the last one stands.
        Round.objects.select_for_update().get(pk=juror.round_id)
        juror = _locked(juror)
        if queries.sealed_result(juror.round_id):
            raise JurorNotChanged(_("The result of this round is sealed."))
        if not (juror.is_sitting and juror.has_signed):
            raise JurorNotChanged(
                _("Only who has signed the integrity statement can be the chair.")
            )
        if juror.is_chair:
            return juror
        Juror.objects.filter(round=juror.round_id, is_chair=True).update(is_chair=False)
        juror.is_chair = True
        juror.save(update_fields=["is_chair"])
        _record("juror.named_chair", juror, actor, at)
        notices.juror_chair(juror, at=at)
    return juror


def remind_juror(*, juror: Juror, actor: User, at: datetime) -> None:
    """Remind `juror` of the sheets that are left, at most once a day.

    Raises JurorNotReminded if nothing is left or the juror was reminded today.
    """
    with transaction.atomic():
        progress = queries.progress_by_juror(juror.round_id).get(juror.pk)
        if not (progress and progress.left and juror.is_sitting):
            raise JurorNotReminded(_("This juror has nothing left to score."))
        if not _remind(juror, progress, actor, at):
            raise JurorNotReminded(
                _("%(juror)s was reminded today already.") % {"juror": juror}
            )


def remind_all(*, round: Round, actor: User, at: datetime) -> list[Juror]:
    """Remind every juror who has sheets left, and was not reminded today.

    Gives those who were reminded. Raises JurorNotReminded if there is nobody.
    """
    with transaction.atomic():
        progress = queries.progress_by_juror(round.pk)
        waiting = [pk for pk, each in progress.items() if each.left]
        jurors = (
            Juror.objects.filter(pk__in=waiting)
            .sitting()
            .select_related("round__competition__government")
            .for_list()
        )
        reminded = [
            juror for juror in jurors if _remind(juror, progress[juror.pk], actor, at)
        ]
        if not reminded:
            raise JurorNotReminded(
                _("Everybody who has something left was reminded today already.")
                if waiting
                else _("Nobody has anything left to score.")
            )
    return reminded


def _remind(juror: Juror, progress: Progress, actor: User, at: datetime) -> bool:
    if not notices.juror_reminded(juror, progress=progress, at=at):
        return False
    Juror.objects.filter(pk=juror.pk).update(reminded_at=at)
    _record("juror.reminded", juror, actor, at, changes={"left": progress.left})
    return True


def _locked(juror: Juror) -> Juror:
    return (
        Juror.objects.select_for_update(of=("self",))
        .select_related("user", "round__competition__government")
        .get(pk=juror.pk)
    )


def _record(
    action: str,
    juror: Juror,
    actor: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        action,
        actor=actor,
        target=juror,
        at=at,
        scope=juror.round.competition.government.code,
        reason=reason,
        changes=dict(changes or {}),
    )


def _why_not_twice(seat: Juror) -> str:
    if seat.declined_at:
        return _("%(user)s refused this seat. Invite again on their page.")
    if seat.ended_at:
        return _("%(user)s gave this seat up. See their page.")
    return _("%(user)s sits in this panel already.")


def _told_of(juror: Juror) -> dict[str, Any]:
    return {
        "background": juror.background,
        "affiliation": juror.affiliation,
        "capacity": juror.capacity,
        "categories": sorted(juror.categories.values_list("code", flat=True)),
        "scoring_stages": sorted(juror.scoring_stages.values_list("code", flat=True)),
    }
