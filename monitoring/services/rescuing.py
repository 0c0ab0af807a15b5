"""What the secretariat does on the rescue board."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from competitions.models import Round
from competitions.windows import submission_window
from core import audit, dates
from core.dates import as_local
from core.errors import DomainError
from monitoring import notices, rescue
from monitoring.models import Nudge
from submissions import queries as submission_queries
from submissions.dossier import load_dossier
from submissions.models import Proposal


class NotReminded(DomainError):
    """Nothing was sent, and why."""


class AlreadyReminded(NotReminded):
    """They were reminded of this today; `nudge` says by whom and when."""

    def __init__(self, nudge: Nudge) -> None:
        zone = nudge.round.zone
        super().__init__(
            _("%(institution)s was reminded of this today at %(time)s by %(name)s.")
            % {
                "institution": nudge.institution,
                "time": dates.format_time(nudge.noted_at, "zone", zone),
                "name": nudge.noted_by.name,
            }
        )
        self.nudge = nudge


@dataclass(frozen=True)
class Target:
    """Whom a reminder goes to: of a draft, or of having none."""

    institution: Institution
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Tally:
    """What became of many reminders."""

    reminded: int
    left_out: Sequence[str]


def remind(
    *,
    round: Round,
    institution: Institution,
    actor: User,
    at: datetime,
    proposal: Proposal | None = None,
) -> Nudge:
    """Write to an institution by portal and e-mail, once a day for each matter.

    Raises AlreadyReminded, or NotReminded where it is too late, sent by now, or nobody
    is there to read. Source: rule RES-01 in docs/rules.md.
    """
    window = submission_window(round, institution.pk)
    if window is None or not window.is_open(at) or not round.is_opened:
        raise NotReminded(
            _("%(round)s takes no proposals of %(institution)s now.")
            % {"round": round, "institution": institution}
        )
    with transaction.atomic():
        lacking = _lacking(proposal)
        people = submission_queries.people_of_institution(institution)
        if not people:
            raise NotReminded(
                _(
                    "%(institution)s has nobody in the portal yet. Invite somebody, or "
                    "call the institution."
                )
                % {"institution": institution}
            )
        nudge, is_new = Nudge.objects.get_or_create(
            round=round,
            institution=institution,
            proposal=proposal,
            day=as_local(at, round.zone).date(),
            channel=Nudge.Channel.PORTAL,
            defaults={"noted_by": actor, "noted_at": at, "told": len(people)},
        )
        if not is_new:
            raise AlreadyReminded(nudge)
        audit.record(
            "rescue.reminded",
            actor=actor,
            target=proposal or institution,
            at=at,
            scope=round.competition.government.code,
            changes={"told": len(people)},
        )
        notices.institution_reminded(
            nudge, people=people, closes_at=window.closes_at, lacking=lacking, at=at
        )
    return nudge


def _lacking(proposal: Proposal | None) -> list[str]:
    """Lock the draft, so that nobody is reminded of what was sent this moment."""
    if proposal is None:
        return []
    found = Proposal.objects.for_page().select_for_update(of=("self",))
    standing = found.get(pk=proposal.pk)
    if not standing.is_unsent:
        raise NotReminded(
            _("%(title)s has been sent meanwhile.") % {"title": proposal.title}
        )
    return rescue.gaps(load_dossier(standing))


def remind_all(
    *, round: Round, targets: Iterable[Target], actor: User, at: datetime
) -> Tally:
    """Remind each of `targets`; a refusal of one stops none of the others."""
    reminded, left_out = 0, []
    for target in targets:
        try:
            remind(
                round=round,
                institution=target.institution,
                proposal=target.proposal,
                actor=actor,
                at=at,
            )
        except NotReminded as refusal:
            left_out.append(refusal.message)
        else:
            reminded += 1
    return Tally(reminded, left_out)


def note_contact(
    *,
    round: Round,
    institution: Institution,
    channel: str,
    note: str,
    actor: User,
    at: datetime,
    proposal: Proposal | None = None,
) -> Nudge:
    """Note that somebody spoke or wrote to an institution outside of the portal."""
    with transaction.atomic():
        nudge = Nudge.objects.create(
            round=round,
            institution=institution,
            proposal=proposal,
            channel=channel,
            note=note,
            day=as_local(at, round.zone).date(),
            noted_by=actor,
            noted_at=at,
        )
        audit.record(
            "rescue.contacted",
            actor=actor,
            target=proposal or institution,
            at=at,
            scope=round.competition.government.code,
            changes={"type": str(nudge.get_channel_display()), "note": note},
        )
    return nudge
