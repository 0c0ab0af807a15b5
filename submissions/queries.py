"""Reads that span models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Government, Institution, Membership, User
from competitions.models import Round, Section, Stage
from submissions.models import Proposal, Screening, ScreeningItem


def submission_stage(round: Round) -> Stage | None:
    """The stage of `round` in which proposals are taken."""
    return Stage.objects.filter(round=round, kind=Stage.Kind.SUBMISSION).first()


def rounds_open_for(institutions: Iterable[Institution], at: datetime) -> list[Round]:
    """The rounds that take proposals of any of `institutions` at `at`."""
    stages = Stage.objects.open_at(at).filter(
        round=OuterRef("pk"), kind=Stage.Kind.SUBMISSION
    )
    governments = {institution.government_id for institution in institutions}
    return list(
        Round.objects.published()
        .filter(Exists(stages), competition__government__in=governments)
        .select_related("competition__government")
        .order_by("-year", "-edition", "pk")
    )


def sections_of(proposal: Proposal) -> QuerySet[Section]:
    """The questions that a proposal of its track answers, in their order."""
    return (
        Section.objects.filter(form=proposal.form_id)
        .filter(Q(tracks=None) | Q(tracks=proposal.track_id))
        .order_by("order", "pk")
    )


def screening_of(proposal: Proposal) -> Screening | None:
    """The decision of the check that is in force, if there is one."""
    if not (proposal.has_passed or proposal.has_failed):
        return None
    return (
        Screening.objects.filter(proposal=proposal).select_related("decided_by").first()
    )


def screening_items(screening: Screening | None) -> list[ScreeningItem]:
    """The verdicts of a check, in the order of the requirements."""
    if screening is None:
        return []
    items = screening.screeningitem_set.select_related("requirement")
    return list(items.order_by("requirement__order", "pk"))


def paths_above(institution: Institution) -> list[str]:
    """The paths of `institution` and of all above it."""
    parts = institution.path.split("/")[:-1]
    return [f"{path}/" for path in accumulate(parts, "{}/{}".format)]


def endorsers(institution: Institution) -> list[User]:
    """The admins and heads of `institution` and of those above it."""
    return _people(
        Membership.objects.current().filter(
            role=Membership.Role.INSTITUTION_ADMIN,
            institution__government=institution.government_id,
            institution__path__in=paths_above(institution),
        )
    )


def people_of(proposal: Proposal) -> list[User]:
    """Who is told how a proposal fares: its institution's people and its admins."""
    return _people(
        Membership.objects.current().filter(
            Q(institution=proposal.institution_id)
            | Q(
                role=Membership.Role.INSTITUTION_ADMIN,
                institution__government=proposal.institution.government_id,
                institution__path__in=paths_above(proposal.institution),
            )
        )
    )


def _people(memberships: QuerySet[Membership]) -> list[User]:
    people = User.objects.filter(is_active=True, pk__in=memberships.values("user"))
    return list(people.order_by("pk"))


@dataclass(frozen=True)
class Waiting:
    """An institution that has something left to send, and why it is reminded."""

    institution: Institution
    drafts: tuple[Proposal, ...]


def institutions_waiting(
    round: Round, government: Government, day: date
) -> list[Waiting]:
    """The active institutions of `government` that have not submitted to `round`.

    That is each with an unsent proposal (draft, returned, reopened, or waiting for
    endorsement), and each with neither an entered nor an unsent one. An institution
    with an entered proposal and nothing unsent is left alone.
    """
    unsent: dict[int, list[Proposal]] = {}
    for proposal in (
        Proposal.objects.unsent().filter(round=round).order_by("title", "pk")
    ):
        unsent.setdefault(proposal.institution_id, []).append(proposal)
    entered = Proposal.objects.entered().filter(round=round, institution=OuterRef("pk"))
    institutions = (
        Institution.objects.filter(government=government)
        .active_on(day)
        .filter(~Exists(entered) | Q(pk__in=unsent))
        .order_by("name", "pk")
    )
    return [
        Waiting(institution, tuple(unsent.get(institution.pk, ())))
        for institution in institutions
    ]
