"""The panel: calling jurors, their integrity, what they are to score."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as accounts_services
from accounts.models import Institution, Membership, User
from competitions.models import Round, ScoringStage
from core import audit
from core.errors import DomainError
from judging import integrity, notices, queries, standings
from judging.models import Assignment, Conflict, Juror, ScoreSheet
from submissions.models import Proposal


class JurorNotAdded(DomainError):
    """The person sits in the panel already, or the result is sealed."""


class JurorNotReminded(DomainError):
    """There is nothing left to score, or the juror was reminded today."""


class ConflictNotDeclared(DomainError):
    """The conflict is known already, or the result is sealed."""


class NothingAssigned(DomainError):
    """No panel, no proposal to judge, the stage before not over, or sealed."""


@dataclass(frozen=True)
class AssignmentReport:
    """What a run of the assignment did, counted in pairs of juror and proposal."""

    added: int
    kept: int
    conflicts: int


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

    Who has no account gets one, under `name`.
    Raises JurorNotAdded if the person sits in the panel already.
    """
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=round.pk)
        user = accounts_services.ensure_user(email=email, name=name, actor=actor, at=at)
        if Juror.objects.filter(round=round, user=user).exists():
            raise JurorNotAdded(
                _("%(user)s sits in this panel already.") % {"user": user}
            )
        juror = Juror.objects.create(
            key=secrets.token_hex(8),
            round=round,
            user=user,
            background=background,
            affiliation=affiliation,
            invited_at=at,
        )
        audit.record(
            "juror.added",
            actor=actor,
            target=juror,
            at=at,
            scope=round.competition.government.code,
            changes={"background": background},
        )
        notices.juror_invited(juror, at=at)
    return juror


def accept_panel(*, juror: Juror, actor: User, at: datetime) -> Juror:
    """Take the seat in the panel and sign the integrity statement.

    The words as shown are kept with the signature. A second press changes nothing.
    Source: rule SCO-08 in docs/rules.md.
    """
    with transaction.atomic():
        juror = (
            Juror.objects.select_for_update(of=("self",))
            .select_related("round__competition__government")
            .get(pk=juror.pk)
        )
        if juror.has_signed:
            return juror
        juror.accepted_at = juror.signed_at = at
        juror.statement = "\n".join(integrity.statement_for(juror))
        juror.save(update_fields=["accepted_at", "signed_at", "statement"])
        audit.record(
            "juror.signed",
            actor=actor,
            target=juror,
            at=at,
            scope=juror.round.competition.government.code,
        )
    return juror


def declare_conflict(
    *,
    juror: Juror,
    reason: str,
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
    with transaction.atomic():
        # Sealing holds the round's stages, so it either sees this or refuses it.
        list(
            ScoringStage.objects.select_for_update()
            .filter(round=juror.round_id)
            .order_by("order", "pk")
        )
        if queries.sealed_result(juror.round_id):
            raise ConflictNotDeclared(
                _("The result is sealed. Write to the secretariat about this.")
            )
        conflict, is_new = Conflict.objects.get_or_create(
            juror=juror,
            proposal=proposal,
            institution=institution,
            defaults={"reason": reason, "declared_by": actor, "declared_at": at},
        )
        if not is_new:
            raise ConflictNotDeclared(_("This conflict was declared already."))
        audit.record(
            "conflict.declared",
            actor=actor,
            target=conflict,
            at=at,
            scope=juror.round.competition.government.code,
            reason=reason,
        )
        notices.conflict_declared(conflict, at=at)
    return conflict


def assign_all(
    *, scoring_stage: ScoringStage, actor: User, at: datetime
) -> AssignmentReport:
    """Give jurors the proposals that the stage judges, except where in conflict.

    Every juror gets every proposal, or as many jurors do as the stage wants for each,
    those with the least to do first. May be run again at any time before sealing:
    what is assigned stays, what is new is added. A juror's own institutions become
    conflicts first. Raises NothingAssigned if there is nobody or nothing to assign,
    or while the stage before is being judged.
    Source: rule SCO-12 in docs/rules.md.
    """
    with transaction.atomic():
        scoring_stage = (
            ScoringStage.objects.select_for_update(of=("self",))
            .select_related("round__competition__government")
            .get(pk=scoring_stage.pk)
        )
        round = scoring_stage.round
        if queries.sealed_result(round):
            raise NothingAssigned(_("The result of this round is sealed."))
        jurors = list(Juror.objects.filter(round=round).select_related("user"))
        if not jurors:
            raise NothingAssigned(_("Add jurors first."))
        proposals = list(
            Proposal.objects.filter(pk__in=_to_judge(scoring_stage, at)).select_related(
                "institution"
            )
        )
        if not proposals:
            raise NothingAssigned(_("No proposal has passed the screening yet."))
        _note_own_institutions(jurors, at)
        report = _assign_missing(scoring_stage, jurors, proposals, at)
        audit.record(
            "assignments.made",
            actor=actor,
            target=scoring_stage,
            at=at,
            scope=round.competition.government.code,
            changes={"added": report.added, "conflicts": report.conflicts},
        )
        notices.sheets_assigned(scoring_stage, at=at)
    return report


def remind_juror(*, juror: Juror, actor: User, at: datetime) -> None:
    """Remind `juror` of the sheets that are left, at most once a day.

    Raises JurorNotReminded if nothing is left or the juror was reminded today.
    """
    with transaction.atomic():
        sheets = ScoreSheet.objects.open().filter(assignment__juror=juror)
        progress = queries.progress_of(sheets)
        if not progress.left:
            raise JurorNotReminded(_("This juror has nothing left to score."))
        if not notices.juror_reminded(juror, progress=progress, at=at):
            raise JurorNotReminded(
                _("%(juror)s was reminded today already.") % {"juror": juror}
            )
        audit.record(
            "juror.reminded",
            actor=actor,
            target=juror,
            at=at,
            scope=juror.round.competition.government.code,
        )


def _note_own_institutions(jurors: list[Juror], at: datetime) -> None:
    """Make a conflict of every institution a juror works for today."""
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
                institution=membership.institution,
                reason=_("Works for %(institution)s.")
                % {"institution": membership.institution},
                declared_at=at,
            )
            for membership in memberships
        ),
        ignore_conflicts=True,
    )


def _to_judge(stage: ScoringStage, at: datetime) -> set[int]:
    """The ids of the proposals that `stage` judges; refuse while that is open."""
    scoring = queries.scoring_of(stage.round)
    before = [each for each in scoring if each.stage.order < stage.order]
    waiting = queries.unshown_stages(
        [each.stage for each in before], queries.windows_of(stage.round), at
    )
    if waiting:
        raise NothingAssigned(
            _("%(stage)s is not over yet. What it lets through is assigned then.")
            % {"stage": waiting[0]}
        )
    return standings.through(stage.round, before)


def _assign_missing(
    stage: ScoringStage, jurors: list[Juror], proposals: list[Proposal], at: datetime
) -> AssignmentReport:
    known: dict[int, set[int]] = {}
    assigned = Assignment.objects.filter(scoring_stage=stage)
    for juror, pk in assigned.values_list("juror", "proposal"):
        known.setdefault(pk, set()).add(juror)
    barred = queries.barred_pairs([juror.pk for juror in jurors], proposals)
    load = Counter(juror for has in known.values() for juror in has)
    wanted = stage.jurors_per_proposal or len(jurors)
    missing: list[Assignment] = []
    kept = 0
    for proposal in sorted(proposals, key=lambda each: each.code):
        free = {each.pk for each in jurors if (each.pk, proposal.pk) not in barred}
        has = known.get(proposal.pk, set()) & free
        kept += len(has)
        by_load = sorted(free - has, key=lambda pk: (load[pk], pk))
        for juror in by_load[: max(wanted - len(has), 0)]:
            load[juror] += 1
            missing.append(
                Assignment(
                    scoring_stage=stage,
                    juror_id=juror,
                    proposal=proposal,
                    assigned_at=at,
                )
            )
    added = Assignment.objects.bulk_create(missing)
    ScoreSheet.objects.bulk_create(
        ScoreSheet(assignment=assignment, key=secrets.token_hex(8))
        for assignment in added
    )
    return AssignmentReport(added=len(added), kept=kept, conflicts=len(barred))
