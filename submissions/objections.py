"""When one may object to the result of the administrative check.

Source: rule OBJ-01 in docs/rules.md.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accounts.models import Membership, User
from competitions.models import Round, Stage
from competitions.permissions import competes_in
from core.dates import as_local
from submissions.models import Proposal, Screening, ScreeningState

MAX_FILES = 5


def secretaries_of(round: Round) -> list[User]:
    """The people of the secretariat who check `round`: nobody who competes in it."""
    memberships = Membership.objects.current().filter(
        role=Membership.Role.SECRETARIAT, government=round.competition.government_id
    )
    people = User.objects.filter(is_active=True, pk__in=memberships.values("user"))
    return [each for each in people.order_by("pk") if not competes_in(each, round)]


@dataclass(frozen=True)
class ObjectionWindow:
    """The span in which an objection is taken; the closing is exclusive."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, at: datetime) -> bool:
        return self.opens_at <= at < self.closes_at

    def is_over(self, at: datetime) -> bool:
        return at >= self.closes_at


def window_of(proposal: Proposal) -> ObjectionWindow | None:
    """When one may object to the published result of `proposal`, in one query or two.

    So many days from its publication as its round says, to the end of the last of them
    there; else as the calendar has it, but not before the result is public.
    """
    published = (
        Screening.objects.filter(proposal=proposal.pk, state=ScreeningState.PUBLISHED)
        .values_list("published_at", flat=True)
        .first()
    )
    if published is None:
        return None
    round = proposal.round
    if round.objection_days:
        last = as_local(published, round.zone).date() + timedelta(
            days=round.objection_days
        )
        end = datetime.combine(last + timedelta(days=1), time(), round.zone)
        return ObjectionWindow(published, end)
    stage = Stage.objects.filter(round=round, kind=Stage.Kind.OBJECTION).first()
    if stage is None or stage.closes_at <= published:
        return None
    return ObjectionWindow(max(stage.opens_at, published), stage.closes_at)
