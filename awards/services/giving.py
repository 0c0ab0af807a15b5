"""Awards, their decree and certificates."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Signatory, User
from awards import certificates, notices, queries, signals
from awards.models import Award, Decree
from competitions.models import AwardLevel, Grouping, Round
from core import audit
from core.errors import DomainError
from documents import services as documents_services
from documents.models import Batch, IssuedDocument
from innovations.services import forget_achievement, record_achievement
from judging.models import ResultRow


class AwardsNotGiven(DomainError):
    """There is no sealed result, or the round has no award scheme."""


class FavouriteNotChosen(DomainError):
    """The level is not chosen by hand, is given out, or the proposal has it."""


class DecreeNotRecorded(DomainError):
    """There is no award to decree, or the winners are public already."""


class CertificatesNotIssued(DomainError):
    """Decree or signatory are missing, or every award has its certificate."""


class AwardNotRevoked(DomainError):
    """The award was revoked before."""


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
            result.resultrow_set.filter(rank__isnull=False, passes=True).order_by(
                "position"
            )
        )
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
            for level in levels
            for row in rows
            if _is_due(level, row) and (row.pk, level.pk) not in given
        )
        for award in awards:
            _record("award.given", award, round, actor, at)
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
        _record("award.given", award, round, actor, at, reason=reason)
    return award


def record_decree(
    *,
    round: Round,
    number: str,
    decree_date: date,
    publish_at: datetime,
    actor: User,
    at: datetime,
) -> Decree:
    """Record the decree that fixes the winners, and when the public hears of it.

    May be corrected until then. Raises DecreeNotRecorded without awards, or once the
    winners are public.
    Source: rule AWD-02 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        if not Award.objects.of_round(round).standing().exists():
            raise DecreeNotRecorded(_("Give the awards first."))
        decree = queries.decree_of(round)
        if decree and decree.is_published(at):
            raise DecreeNotRecorded(
                _("The winners are public already; the decree stands.")
            )
        decree = decree or Decree(round=round)
        decree.number, decree.decree_date = number, decree_date
        decree.publish_at = publish_at
        decree.recorded_by, decree.recorded_at = actor, at
        decree.save()
        audit.record(
            "decree.recorded",
            actor=actor,
            target=decree,
            at=at,
            scope=round.competition.government.code,
            changes={
                "number": number,
                "decree_date": decree_date,
                "publish_at": publish_at,
            },
        )
        _note_achievements(round, decree, at)
        signals.decree_recorded.send(Decree, decree=decree, actor=actor, at=at)
    return decree


def _note_achievements(round: Round, decree: Decree, at: datetime) -> None:
    """Enter the winners into the register of innovations, known once they are public.

    Source: rule REQ-05 in docs/rules.md.
    """
    awards = Award.objects.of_round(round).standing()
    for award in awards.select_related("level", "row__proposal__innovation"):
        record_achievement(
            innovation=award.row.proposal.innovation,
            level=award.level.name,
            competition=round.name,
            year=round.year,
            public_from=decree.publish_at,
            source_key=award.subject_key,
            at=at,
        )


def issue_certificates(
    *,
    round: Round,
    actor: User,
    at: datetime,
    number_pattern: str = certificates.NUMBER_PATTERN,
) -> Batch:
    """Order a certificate for every award that has none, in one batch.

    Numbers follow the order of the awards. Raises CertificatesNotIssued without
    decree, without signatory, or if nothing is left to issue.
    Source: rule AWD-03 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked_round(round)
        government = round.competition.government
        decree = queries.decree_of(round)
        if decree is None:
            raise CertificatesNotIssued(_("Record the decree first."))
        signatory = Signatory.objects.filter(
            government=government, is_default=True
        ).first()
        if signatory is None:
            raise CertificatesNotIssued(
                _("No signatory is set for %(government)s.")
                % {"government": government}
            )
        awards = list(Award.objects.of_round(round).standing().for_list())
        papers = queries.certificates_of(awards)
        left = [
            award
            for award in awards
            if (paper := papers.get(award.subject_key)) is None or not paper.is_valid
        ]
        if not left:
            raise CertificatesNotIssued(_("Every award has its certificate already."))
        batch = documents_services.create_batch(
            government=government,
            title=_("Certificates of %(round)s") % {"round": round.name},
            subject_key=queries.batch_key(round),
            actor=actor,
            at=at,
        )
        for award in left:
            documents_services.issue_document(
                government=government,
                kind=certificates.KIND,
                subject_key=award.subject_key,
                title=certificates.title_of(award)[:200],
                template=certificates.TEMPLATE,
                values=certificates.values_for(
                    award,
                    round=round,
                    decree=decree,
                    signatory=signatory,
                    day=decree.decree_date,
                ),
                issued_date=decree.decree_date,
                at=at,
                number_pattern=number_pattern,
                is_public=True,
                batch=batch,
            )
    return batch


def revoke_award(*, award: Award, reason: str, actor: User, at: datetime) -> Award:
    """Take an award back for good, its certificate with it, and tell the winner.

    Raises AwardNotRevoked if it was revoked before.
    Source: rule AWD-04 in docs/rules.md.
    """
    with transaction.atomic():
        award = (
            Award.objects.select_for_update(of=("self",))
            .select_related(
                "level",
                "row__proposal__institution",
                "row__result__round__competition__government",
            )
            .get(pk=award.pk)
        )
        if award.is_revoked:
            raise AwardNotRevoked(_("This award was revoked already."))
        round = award.row.result.round
        award.revoked_at, award.revoked_by, award.revoke_reason = at, actor, reason
        award.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        forget_achievement(source_key=award.subject_key)
        paper = IssuedDocument.objects.filter(
            kind=certificates.KIND,
            subject_key=award.subject_key,
            state=IssuedDocument.State.ISSUED,
        ).first()
        if paper is not None:
            documents_services.revoke_document(
                document=paper, actor=actor, reason=reason, at=at
            )
        _record("award.revoked", award, round, actor, at, reason=reason)
        decree = queries.decree_of(round)
        if decree and decree.is_published(at):
            notices.award_revoked(award, at=at)
        signals.award_revoked.send(Award, award=award, actor=actor, at=at)
    return award


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


def _record(
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
