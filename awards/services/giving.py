"""Awards, and telling of them."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from awards import notices, queries
from awards.models import Award
from competitions.models import AwardLevel, Grouping, Round
from core import audit
from core.errors import DomainError
from judging.models import ResultRow


class AwardsNotGiven(DomainError):
    """There is no sealed result, or the round has no award scheme."""


class FavouriteNotChosen(DomainError):
    """The level is not chosen by hand, is given out, or the proposal has it."""


def give_awards(*, round: Round, actor: User, at: datetime) -> list[Award]:
    """Apply the award scheme of `round` to its sealed result.

    Ranks count overall or within each group, as the level says; who shares a rank
    shares the award; below the pass mark there is none. Levels of an assessment follow
    its predicates; favourites are chosen by hand. What was given stays, so that a
    second press adds only what is new. Gives the new awards.
    Raises AwardsNotGiven without sealed result or scheme.
    Source: rules AWD-01 and AWD-05 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        result = queries.result_to_award(round)
        if result is None:
            raise AwardsNotGiven(_("Seal the result first."))
        levels = queries.levels_of(round)
        if not levels:
            raise AwardsNotGiven(_("This round has no award scheme."))
        given = set(Award.objects.of_round(round).values_list("row", "level"))
        rows = list(
            result.resultrow_set.filter(rank__isnull=False, passes=True)
            .select_related("proposal")
            .order_by("position")
        )
        due = [
            (level, row)
            for level in levels
            for row in rows
            if _is_due(level, row) and (row.pk, level.pk) not in given
        ]
        _refuse_left({row for _level, row in due})
        names = queries.group_names(round, levels)
        awards = Award.objects.bulk_create(
            Award(
                key=secrets.token_hex(8),
                row=row,
                level=level,
                given_at=at,
                given_by=actor,
                group_name=names.get((level.per, row.group_of(level.per)), ""),
            )
            for level, row in due
        )
        for award in awards:
            note_award("award.given", award, round, actor, at)
    return awards


def choose_favourite(
    *,
    round: Round,
    level: AwardLevel,
    row: ResultRow,
    reason: str,
    actor: User,
    at: datetime,
) -> Award:
    """Give an award outside the rank to one row of the sealed result, with a reason.

    Raises FavouriteNotChosen if `level` is not chosen by hand, if all its places are
    taken, or if the proposal holds it.
    Source: rule AWD-06 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        if level.kind != AwardLevel.Kind.FAVOURITE:
            raise FavouriteNotChosen(
                _("%(level)s follows from the result.") % {"level": level}
            )
        if row.proposal.has_left:
            raise FavouriteNotChosen(
                _("%(title)s takes part no more.") % {"title": row.title}
            )
        if row.result_id != getattr(queries.result_to_award(round), "pk", None):
            raise FavouriteNotChosen(_("Seal the result first."))
        held = Award.objects.filter(level=level)
        if held.filter(row=row).exists():
            raise FavouriteNotChosen(
                _("%(title)s holds %(level)s already.")
                % {"title": row.title, "level": level}
            )
        if level.places is not None and held.standing().count() >= level.places:
            raise FavouriteNotChosen(
                _("All places of %(level)s are given.") % {"level": level}
            )
        award = Award.objects.create(
            key=secrets.token_hex(8),
            row=row,
            level=level,
            given_at=at,
            given_by=actor,
            reason=reason,
        )
        note_award("award.given", award, round, actor, at, reason=reason)
    return award


def _refuse_left(rows: Iterable[ResultRow]) -> None:
    """Refuse to honour a proposal that has left its round since (AWD-17)."""
    left = [row for row in rows if row.proposal.has_left]
    if left:
        raise AwardsNotGiven(
            _(
                "%(titles)s: withdrawn or disqualified after the result was sealed. "
                "Let the jury correct the result first."
            )
            % {"titles": ", ".join(sorted(row.title for row in left))}
        )


def announce_award(*, award_id: int, at: datetime) -> bool:
    """Tell a winner, once, that the certificate is there; tell whether it was now.

    Before the winners are public nobody is told: the clock comes back to it.
    """
    with transaction.atomic():
        award = (
            Award.objects.standing()
            .published_at(at)
            .select_related(
                "level",
                "row__proposal__institution",
                "row__result__round__competition__government",
            )
            .filter(pk=award_id, announced_at=None)
            .first()
        )
        if award is None:
            return False
        paper = queries.certificates_of([award]).get(award.subject_key)
        if paper is None or not paper.is_valid or not paper.is_rendered:
            return False
        claimed = Award.objects.filter(pk=award.pk, announced_at=None)
        if claimed.update(announced_at=at) != 1:
            return False
        notices.certificate_ready(award, paper, at=at)
    return True


def _is_due(level: AwardLevel, row: ResultRow) -> bool:
    """Whether the scheme gives `level` to `row`."""
    if level.kind == AwardLevel.Kind.PREDICATE:
        return level.predicate is not None and row.predicate == level.predicate.code
    if level.per == Grouping.OVERALL:
        return level.covers(row.rank)
    group = row.group_of(level.per)
    is_meant = bool(group) and level.is_for_group(group)
    return is_meant and level.covers(row.ranks.get(level.per))


def locked_round(round: Round) -> Round:
    """Lock `round` and load its government."""
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("competition__government")
        .get(pk=round.pk)
    )


def note_award(
    action: str,
    award: Award,
    round: Round,
    actor: User,
    at: datetime,
    reason: str = "",
) -> None:
    audit.record(
        action,
        actor=actor,
        target=award,
        at=at,
        scope=round.competition.government.code,
        reason=reason,
        changes={"level": award.name, "proposal": award.row.code},
    )
