"""What the public home page shows, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q

from awards.models import Award, Decree
from catalogue.models import Entry
from competitions import phases
from competitions.models import Announcement, Round, Stage
from competitions.phases import Phase
from monitoring import queries as monitoring_queries
from monitoring.queries import Participation

LATEST = 20


@dataclass(frozen=True)
class Featured:
    """The round that the page is about, as it stands now."""

    round: Round
    phases: Sequence[Phase]
    current: Stage | None
    coming: Stage | None
    submission: Stage | None
    participation: Participation
    is_finished: bool
    accepts_submissions: bool

    @property
    def shows_participation(self) -> bool:
        """Whether there is something to count: not before the first proposals."""
        return bool(self.participation.total and self.participation.filled)


@dataclass(frozen=True)
class Winner:
    """One award, with the published copy of what won it, if it is out."""

    award: Award
    entry: Entry | None


@dataclass(frozen=True)
class Winners:
    """The highest awards of the latest round whose decree is out.

    A round of the government the page is about goes before those of others.
    """

    round: Round
    rows: Sequence[Winner]


@dataclass(frozen=True)
class Home:
    """All that the page shows."""

    featured: Featured | None
    others: Sequence[Round]
    winners: Winners | None
    announcements: Sequence[Announcement]
    entries: Sequence[Entry]
    entry_count: int


def load(at: datetime) -> Home:
    """Load the page as it is at `at`."""
    rounds = list(Round.objects.published().for_list()[:LATEST])
    rounds.sort(key=lambda round: _urgency(round, at))
    featured = _featured(rounds[0], at) if rounds else None
    entries = Entry.objects.published_at(at)
    return Home(
        featured=featured,
        others=[
            round
            for round in rounds[1:]
            if not phases.is_finished(round.stage_set.all(), at)
        ][:6],
        winners=_winners(featured, at),
        announcements=list(Announcement.objects.published_at(at).for_list()[:3]),
        entries=list(entries.for_list().newest_first()[:3]),
        entry_count=entries.count(),
    )


def _urgency(round: Round, at: datetime) -> tuple[int, float]:
    """Rounds that take proposals come first, then running, coming, past ones.

    Within each the nearest moment first.
    """
    stages = list(round.stage_set.all())
    submission = phases.stage_of_kind(stages, Stage.Kind.SUBMISSION)
    if submission and submission.is_open(at):
        return 0, submission.closes_at.timestamp()
    if current := phases.current_stage(stages, at):
        return 1, current.closes_at.timestamp()
    if coming := phases.next_stage(stages, at):
        return 2, coming.opens_at.timestamp()
    latest = max((stage.closes_at.timestamp() for stage in stages), default=0.0)
    return 3, -latest


def _featured(round: Round, at: datetime) -> Featured:
    stages = list(round.stage_set.all())
    submission = phases.stage_of_kind(stages, Stage.Kind.SUBMISSION)
    return Featured(
        round=round,
        phases=phases.phases(stages, at, round.zone),
        current=phases.current_stage(stages, at),
        coming=phases.next_stage(stages, at),
        submission=submission,
        participation=monitoring_queries.participation(round, stages, at),
        is_finished=phases.is_finished(stages, at),
        accepts_submissions=bool(submission and submission.is_open(at)),
    )


def _winners(featured: Featured | None, at: datetime) -> Winners | None:
    government = featured.round.competition.government_id if featured else None
    decree = (
        Decree.objects.filter(publish_at__lte=at, round__opened_at__isnull=False)
        .annotate(
            is_own=ExpressionWrapper(
                Q(round__competition__government=government),
                output_field=BooleanField(),
            )
        )
        .select_related("round")
        .order_by("-is_own", "-publish_at", "-pk")
        .first()
    )
    if decree is None:
        return None
    awards = list(Award.objects.of_round(decree.round).standing().for_list()[:3])
    entries = {
        entry.innovation_id: entry
        for entry in Entry.objects.published_at(at).filter(
            round_slug=decree.round.slug,
            innovation__in=[award.row.proposal.innovation_id for award in awards],
        )
    }
    return Winners(
        decree.round,
        [
            Winner(award, entries.get(award.row.proposal.innovation_id))
            for award in awards
        ],
    )
