"""What the rescue board shows: who has not sent yet, what is missing, whom to ask."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.db.models import (
    Count,
    DateTimeField,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Institution, User
from accounts.models.bodies import InstitutionQuerySet
from competitions.models import Round, Section, Stage, StageException
from competitions.windows import Window
from core import dates
from core.dates import as_local
from monitoring.contacts import SHOWN_GAPS, Person, people_of
from monitoring.models import Nudge
from submissions import queries as submission_queries
from submissions import requirements
from submissions.dossier import Dossier
from submissions.dossiers import load_dossiers
from submissions.models import Answer, Proposal, ProposalQuerySet, ProposalState

URGENT = timedelta(hours=72)
SHOWN_PEOPLE = 3
GONE_STATES = [ProposalState.WITHDRAWN, ProposalState.DISQUALIFIED]


@dataclass(frozen=True)
class DraftRow:
    """One proposal that is not sent yet."""

    proposal: Proposal
    window: Window
    words: int
    fullness: str
    url: str
    gaps: Sequence[str]
    touched: str
    left: str
    is_late: bool
    nudge: Nudge | None
    was_told_today: bool

    @property
    def shown_gaps(self) -> Sequence[str]:
        return self.gaps[:SHOWN_GAPS]

    @property
    def more_gaps(self) -> int:
        return max(0, len(self.gaps) - SHOWN_GAPS)

    @property
    def is_complete(self) -> bool:
        return not self.gaps


@dataclass(frozen=True)
class AbsentRow:
    """One institution that has nothing in the round yet."""

    institution: Institution
    people: Sequence[Person]
    left: str
    is_late: bool
    nudge: Nudge | None
    was_told_today: bool


def submission_stage(round: Round) -> Stage | None:
    """The stage in which proposals are taken, if the round has one."""
    return Stage.objects.filter(round=round, kind=Stage.Kind.SUBMISSION).first()


def drafts_of(round: Round, stage: Stage) -> ProposalQuerySet:
    """The unsent proposals of `round`; `closing` is the institution's own moment."""
    own = StageException.objects.filter(
        stage=stage, institution=OuterRef("institution")
    ).values("closes_at")
    usual = Value(stage.closes_at, DateTimeField())
    return (
        Proposal.objects.unsent()
        .known_to_organisers()
        .filter(round=round)
        .annotate(closing=Greatest(Coalesce(Subquery(own), usual), usual))
    )


@dataclass(frozen=True)
class Fullness:
    """How many of the sections that want an answer have one."""

    answered: int
    asked: int

    @property
    def share(self) -> float:
        return self.answered / self.asked if self.asked else 1.0

    @property
    def lacking(self) -> int:
        return self.asked - self.answered


def fullness_of(drafts: ProposalQuerySet) -> dict[int, Fullness]:
    """How full each draft is, by its id in the order of `drafts`, in three queries.

    Grouped once for all of them: asked for row by row it costs ten times as much.
    """
    listed = list(drafts.values_list("pk", "form", "track__code"))
    asked: dict[int, list[tuple[int, list[str]]]] = defaultdict(list)
    for pk, form, tracks in Section.objects.filter(
        form__in={form for _pk, form, _track in listed}, is_required=True
    ).values_list("pk", "form", "tracks"):
        asked[form].append((pk, tracks))
    # One branch for each form and track that there is: seldom more than three.
    own = {
        (form, track): [
            pk for pk, tracks in asked[form] if not tracks or track in tracks
        ]
        for form, track in {(form, track) for _pk, form, track in listed}
    }
    wanted = Q(pk__in=[])
    for place, sections in own.items():
        group = [pk for pk, *where in listed if tuple(where) == place]
        wanted |= Q(proposal__in=group, section__in=sections)
    written = dict(
        Answer.objects.filter(wanted)
        .exclude(text="")
        .order_by()
        .values_list("proposal")
        .annotate(Count("pk"))
    )
    return {
        pk: Fullness(written.get(pk, 0), len(own[form, track]))
        for pk, form, track in listed
    }


def still_to_save(drafts: ProposalQuerySet, at: datetime) -> list[int]:
    """Ids of what closes within 72 hours, the nearest to being complete first."""
    near = drafts.filter(Q(closing__gt=at, closing__lte=at + URGENT))
    fullness = fullness_of(near.order_by(F("closing"), "title", "pk"))
    return sorted(fullness, key=lambda pk: fullness[pk].lacking)


def absent_institutions(
    round: Round, at: datetime, *, all_levels: bool = False
) -> InstitutionQuerySet:
    """The institutions that may enter `round` and have nothing in it, in two queries.

    What one below has begun counts for those above, as on the round's overview.
    Without `all_levels` only the top of each tree is asked. Groups of citizens are
    welcome, but expected only where a round names their kind.
    """
    government = round.competition.government_id
    busy = (
        Proposal.objects.filter(round=round, institution__government=government)
        .exclude(state__in=GONE_STATES)
        .order_by()
        .values_list("institution__path", flat=True)
        .distinct()
    )
    above = {path for each in busy for path in submission_queries.paths_from(each)}
    found = Institution.objects.filter(government=government).active_on(
        as_local(at, round.zone).date()
    )
    if round.institution_kinds:
        found = found.filter(kind__in=round.institution_kinds)
    else:
        found = found.exclude(kind=Institution.Kind.COMMUNITY)
    if not all_levels:
        found = found.filter(parent=None)
    return found.exclude(path__in=above).order_by("name", "pk")


def draft_rows(
    drafts: Sequence[int], round: Round, stage: Stage, at: datetime
) -> list[DraftRow]:
    """Say of the drafts with these ids what they lack, in a constant number of queries.

    The rows come in the order of `drafts`.
    """
    found = drafts_of(round, stage).filter(pk__in=drafts)
    loaded = {
        each.pk: each
        for each in found.select_related("institution", "track").defer("return_note")
    }
    proposals = [loaded[pk] for pk in drafts if pk in loaded]
    windows = {
        each.institution_id: Window(stage, each.closing)  # type: ignore[attr-defined]
        for each in proposals
    }
    for each in proposals:
        each.round = round
    nudges = _nudges(round, Q(proposal__in=[each.pk for each in proposals]))
    dossiers = load_dossiers(proposals, windows)
    hands = {each.proposal.pk: _last_hand(each) for each in dossiers}
    names = dict(User.objects.filter(pk__in=hands.values()).values_list("pk", "name"))
    day = as_local(at, round.zone).date()
    board = reverse("monitoring:rescue_board", args=[round.slug])
    # Once for all rows: a list has no translation of its own for every cell.
    fullness = _("%(done)d of %(total)d sections")
    touched = _("%(when)s, by %(name)s")
    rows = []
    for dossier in dossiers:
        proposal = dossier.proposal
        window = windows[proposal.institution_id]
        told = nudges.get((proposal.institution_id, proposal.pk), [])
        rows.append(
            DraftRow(
                proposal=proposal,
                window=window,
                words=sum(part.words for part in dossier.sections),
                gaps=gaps(dossier),
                touched=touched
                % {
                    "when": ago(proposal.last_saved_at, at, round.zone),
                    "name": names[hands[proposal.pk]],
                },
                fullness=fullness % _written(dossier),
                url=f"{board}proposal/{proposal.code}/",
                left=time_left(window.closes_at, at),
                is_late=window.is_over(at),
                nudge=told[0] if told else None,
                was_told_today=_told_on(told, day),
            )
        )
    return rows


def absent_rows(
    institutions: Sequence[Institution], round: Round, stage: Stage, at: datetime
) -> list[AbsentRow]:
    """Add people, own closings and reminders, in four queries."""
    pks = [each.pk for each in institutions]
    own = dict(
        StageException.objects.filter(
            stage=stage, institution__in=pks, closes_at__gt=stage.closes_at
        ).values_list("institution", "closes_at")
    )
    people = people_of(institutions)
    nudges = _nudges(round, Q(institution__in=pks, proposal=None))
    day = as_local(at, round.zone).date()
    rows = []
    for each in institutions:
        closes_at = own.get(each.pk, stage.closes_at)
        told = nudges.get((each.pk, None), [])
        rows.append(
            AbsentRow(
                institution=each,
                people=people.get(each.pk, [])[:SHOWN_PEOPLE],
                left=time_left(closes_at, at),
                is_late=closes_at <= at,
                nudge=told[0] if told else None,
                was_told_today=_told_on(told, day),
            )
        )
    return rows


def gaps(dossier: Dossier) -> list[str]:
    """What a draft lacks by the requirements of the round, in short words.

    Only what the machine can tell; what is not named there is not asked for.
    """
    found = []
    for finding in requirements.evaluate_all(dossier):
        if not finding.is_not_met:
            continue
        places = [
            f"{place.label}: {place.note}" if place.note else place.label
            for place in finding.places
        ]
        found += places or [finding.requirement.title]
    return list(dict.fromkeys(found))


def time_left(closes_at: datetime, at: datetime) -> str:
    """Say what is left: whole days, in the last three hours; "Closed" afterwards."""
    if at >= closes_at:
        return _("Closed")
    left = closes_at - at
    if left > URGENT:
        days = left.days
        return ngettext("%(count)d day left", "%(count)d days left", days) % {
            "count": days
        }
    hours = int(left / timedelta(hours=1))
    if not hours:
        return _("Less than an hour left")
    return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {
        "count": hours
    }


def ago(moment: datetime, at: datetime, zone: tzinfo) -> str:
    """Say how long ago something was: "today 10.42", "yesterday", "5 days ago"."""
    days = (as_local(at, zone).date() - as_local(moment, zone).date()).days
    if days <= 0:
        return _("today %(time)s") % {"time": dates.format_time(moment, "bare", zone)}
    if days == 1:
        return _("yesterday")
    return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}


def _written(dossier: Dossier) -> dict[str, int]:
    asked = [part for part in dossier.sections if part.section.is_required]
    return {"done": sum(part.is_answered for part in asked), "total": len(asked)}


def _last_hand(dossier: Dossier) -> int:
    """The id of who last wrote in it, as far as its texts can tell."""
    proposal = dossier.proposal
    hands = [(proposal.created_at, proposal.created_by_id)]
    if proposal.header_saved_at and proposal.header_saved_by_id:
        hands.append((proposal.header_saved_at, proposal.header_saved_by_id))
    hands += [
        (part.answer.saved_at, part.answer.saved_by_id)
        for part in dossier.sections
        if part.answer
    ]
    return max(hands)[1]


def _nudges(round: Round, wanted: Q) -> Mapping[tuple[int, int | None], list[Nudge]]:
    """The reminders by institution and proposal, the latest first."""
    found: dict[tuple[int, int | None], list[Nudge]] = defaultdict(list)
    rows = Nudge.objects.filter(wanted, round=round).select_related("noted_by")
    for each in rows.order_by("-noted_at", "-pk"):
        found[each.institution_id, each.proposal_id].append(each)
    return found


def _told_on(nudges: Iterable[Nudge], day: object) -> bool:
    return any(
        each.day == day and each.channel == Nudge.Channel.PORTAL for each in nudges
    )
