"""Reads that span models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject, Lower, Trim

from accounts.models import Government, Institution, Membership, User
from competitions.models import (
    Category,
    Cluster,
    Consent,
    HeaderField,
    LetterKind,
    Requirement,
    Round,
    Section,
    Stage,
    Track,
)
from competitions.models.parts import ForTracks
from innovations.models import Achievement, Innovation
from submissions.models import (
    ENTERED_STATES,
    UNSENT_STATES,
    Proposal,
    TrackInvitation,
)


def takes_proposals_of(institutions: Iterable[Institution], at: datetime) -> Exists:
    """Whether a round of their governments takes proposals of any of `institutions`."""
    listed = list(institutions)
    stages = Stage.objects.filter(
        Q(closes_at__gt=at)
        | Q(
            stageexception__closes_at__gt=at,
            stageexception__institution__in=[each.pk for each in listed],
        ),
        round=OuterRef("pk"),
        round__competition__government__in={each.government_id for each in listed},
        kind=Stage.Kind.SUBMISSION,
        opens_at__lte=at,
    )
    return Exists(stages)


def rounds_open_for(institutions: Iterable[Institution], at: datetime) -> list[Round]:
    """The rounds that take proposals of any of `institutions` at `at`."""
    return list(
        Round.objects.published()
        .filter(takes_proposals_of(institutions, at))
        .select_related("competition__government")
        .order_by("-year", "-edition", "pk")
    )


def sections_of(proposal: Proposal) -> QuerySet[Section]:
    """The questions that a proposal of its track answers, in their order."""
    return (
        Section.objects.filter(form=proposal.form_id)
        .filter(Q(tracks=[]) | Q(tracks__contains=[_code_of_track(proposal)]))
        .order_by("order", "pk")
    )


def _code_of_track(proposal: Proposal) -> Subquery:
    return Subquery(Track.objects.filter(pk=proposal.track_id).values("code"))


@dataclass(frozen=True)
class Facts:
    """What the rules ask about the world around a proposal.

    `entered_before` counts, by the code of each quota, what its institution submitted
    before; `awards` are what the innovation has won, as {"level", "year",
    "competition"}.
    """

    entered_before: Mapping[str, int] = field(default_factory=dict)
    title_taken: bool = False
    awards: Sequence[Mapping[str, Any]] = ()
    needs_cluster: bool = False
    has_categories: bool = True


def facts_of(proposal: Proposal, requirements: Iterable[Requirement]) -> Facts:
    """Look up what `requirements` ask of the world, in one query.

    Source: rules REQ-02 and REQ-05 in docs/rules.md.
    """
    by_rule: dict[str, list[Requirement]] = {}
    for each in requirements:
        by_rule.setdefault(each.rule, []).append(each)
    # What was chosen needs no asking whether it can be chosen.
    asked: dict[str, Any] = {}
    if not proposal.category_id:
        asked["categories"] = Exists(Category.objects.filter(round=proposal.round_id))
    if not proposal.cluster_id:
        clusters = Cluster.objects.filter(round=proposal.round_id)
        kinds = {"institution_kinds__contains": [proposal.institution.kind]}
        asked["cluster_by_hand"] = Exists(clusters.filter(institution_kinds=[]))
        asked["cluster_by_kind"] = Exists(clusters.filter(**kinds))
    quotas = by_rule.get(Requirement.Rule.QUOTA, [])
    for place, quota in enumerate(quotas):
        asked[f"quota_{place}"] = _entered_before(proposal, quota.tracks)
    if Requirement.Rule.UNIQUE_TITLE in by_rule:
        asked["twin"] = Exists(twins_of(proposal))
    if Requirement.Rule.EARLIER_AWARDS in by_rule:
        asked["awards"] = ArraySubquery(_achievements(proposal))
    found = Proposal.objects.filter(pk=proposal.pk).annotate(**asked).values(*asked)
    row: Mapping[str, Any] = next(iter(found), {}) if asked else {}
    return Facts(
        entered_before={
            quota.code: row.get(f"quota_{place}", 0)
            for place, quota in enumerate(quotas)
        },
        title_taken=row.get("twin", False),
        awards=row.get("awards", ()),
        has_categories=row.get("categories", True),
        needs_cluster=row.get("cluster_by_hand", False)
        and not row.get("cluster_by_kind", False),
    )


def _entered_before(proposal: Proposal, tracks: Sequence[str]) -> Coalesce:
    """Count what its institution submitted before it; no tracks means all."""
    others = (
        Proposal.objects.entered()
        .filter(round=proposal.round_id, institution=proposal.institution_id)
        .exclude(pk=proposal.pk)
    )
    if tracks:
        others = others.filter(track__code__in=tracks)
    if proposal.submitted_at and proposal.is_entered:
        others = others.filter(
            Q(submitted_at__lt=proposal.submitted_at)
            | Q(submitted_at=proposal.submitted_at, pk__lt=proposal.pk)
        )
    counted = others.order_by().values("round").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0, output_field=IntegerField())


def plain_title(title: Expression | F) -> Lower:
    """A title as it is compared: small letters, single blanks."""
    blanks = Func(
        title, Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace"
    )
    return Lower(Trim(blanks))


def twins_of(proposal: Proposal) -> QuerySet[Proposal]:
    """Others in the round under the same title: submitted, and before it.

    Drafts of others count as nothing: they would tell a rival's title. Source: rule
    REQ-06 in docs/rules.md.
    """
    twins = (
        Proposal.objects.entered()
        .filter(round=proposal.round_id)
        .exclude(pk=proposal.pk)
        .annotate(plain=plain_title(F("title")))
        .filter(plain=plain_title(Value(proposal.title)))
    )
    if proposal.submitted_at and proposal.is_entered:
        twins = twins.filter(
            Q(submitted_at__lt=proposal.submitted_at)
            | Q(submitted_at=proposal.submitted_at, pk__lt=proposal.pk)
        )
    return twins


def _achievements(proposal: Proposal) -> QuerySet[Achievement, Any]:
    """What its innovation has won, or one of its institution under the same title."""
    return (
        Achievement.objects.counting()
        .annotate(plain=plain_title(F("innovation__title")))
        .filter(
            Q(innovation__in=Innovation.objects.family_of(proposal.innovation_id))
            | Q(
                innovation__institution=proposal.institution_id,
                plain=plain_title(Value(proposal.title)),
            )
        )
        .order_by("year", "pk")
        .values(
            entry=JSONObject(level=F("level"), year=F("year"), name=F("competition"))
        )
    )


def clusters_of(proposal: Proposal) -> tuple[list[Cluster], Cluster | None]:
    """The clusters chosen by hand, and the one its kind of institution belongs to."""
    clusters = list(
        Cluster.objects.filter(round=proposal.round_id).order_by("order", "pk")
    )
    kind = proposal.institution.kind
    own = next((each for each in clusters if kind in each.institution_kinds), None)
    return [each for each in clusters if not each.institution_kinds], own


def is_invited(track: Track, institution_id: int) -> bool:
    """Whether an institution may enter a track that is by invitation."""
    return TrackInvitation.objects.filter(
        track=track, institution=institution_id
    ).exists()


def tracks_for(round: Round, institutions: Iterable[int]) -> list[Track]:
    """The tracks of `round` that any of the institutions with these ids may enter."""
    found = list(Track.objects.filter(round=round).order_by("order", "pk"))
    if not any(each.is_by_invitation for each in found):
        return found  # as mostly, and nothing more is asked
    invitations = TrackInvitation.objects.filter(
        track__round=round, institution__in=list(institutions)
    )
    invited = set(invitations.values_list("track", flat=True))
    return [each for each in found if not each.is_by_invitation or each.pk in invited]


def paths_above(institution: Institution) -> list[str]:
    """The paths of `institution` and of all above it."""
    return paths_from(institution.path)


def paths_from(path: str) -> list[str]:
    """`path` and the paths of all above it, from the top."""
    parts = path.split("/")[:-1]
    return [f"{each}/" for each in accumulate(parts, "{}/{}".format)]


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
    return people_of_institution(proposal.institution)


def people_of_institution(institution: Institution) -> list[User]:
    """The people of `institution`, and the admins of those above it."""
    return _people(
        Membership.objects.current().filter(
            Q(institution=institution.pk)
            # Whoever writes for a successor carries it on.
            | Q(
                institution__government=institution.government_id,
                institution__path__in=institution.successor_paths,
            )
            | Q(
                role=Membership.Role.INSTITUTION_ADMIN,
                institution__government=institution.government_id,
                institution__path__in=paths_above(institution),
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
    unsent = _unsent_in(round)
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


def institutions_waiting_elsewhere(round: Round) -> list[Waiting]:
    """The institutions of other governments with something unsent in `round`.

    Winners are sent on to it, and those who run it know nothing of them before they
    submit: what comes of this is neither shown to them nor counted for them. Source:
    rule AWD-14 in docs/rules.md.
    """
    unsent = _unsent_in(round)
    institutions = (
        Institution.objects.filter(pk__in=unsent)
        .exclude(government=round.competition.government_id)
        .select_related("government")
        .order_by("name", "pk")
    )
    return [
        Waiting(institution, tuple(unsent[institution.pk]))
        for institution in institutions
    ]


def _unsent_in(round: Round) -> dict[int, list[Proposal]]:
    """What was not sent in `round`, by the institution's id."""
    unsent: dict[int, list[Proposal]] = {}
    for proposal in (
        Proposal.objects.unsent().filter(round=round).order_by("title", "pk")
    ):
        unsent.setdefault(proposal.institution_id, []).append(proposal)
    return unsent


@dataclass(frozen=True)
class Concerned:
    """Whom a change of the rules concerns: numbers for the page that asks twice."""

    drafts: int
    submitted: int
    institutions: int


def concerned_by(round: Round, differences: Mapping[str, Any]) -> Concerned:
    """Who has a proposal that the changed parts are asked of.

    `differences` names places as competitions.services.differences does. A change
    of parts for some tracks concerns their proposals only; any other concerns all.
    """
    proposals = Proposal.objects.filter(round=round)
    if not differences:
        proposals = proposals.none()
    elif codes := _tracks_changed(round, differences):
        proposals = proposals.filter(track__code__in=codes)
    unsent, entered = Q(state__in=UNSENT_STATES), Q(state__in=ENTERED_STATES)
    counted = proposals.filter(unsent | entered).aggregate(
        drafts=Count("pk", filter=unsent),
        submitted=Count("pk", filter=entered),
        institutions=Count("institution", distinct=True),
    )
    return Concerned(**counted)


# The lists whose parts may be for some tracks only, by the place of a difference.
_LISTS_OF_PARTS: Mapping[tuple[str, ...], type[ForTracks]] = {
    ("form", "header"): HeaderField,
    ("form", "sections"): Section,
    ("form", "letters"): LetterKind,
    ("form", "consents"): Consent,
    ("requirements",): Requirement,
}


def _tracks_changed(round: Round, differences: Mapping[str, Any]) -> set[str]:
    """The tracks that all changes stay within; none if one is for every track."""
    found: set[str] = set()
    for place, values in differences.items():
        tracks = _tracks_of(round, place.split("."), values)
        if not tracks:
            return set()
        found |= set(tracks)
    return found


def _tracks_of(round: Round, place: Sequence[str], values: Any) -> Sequence[str]:
    for start, model in _LISTS_OF_PARTS.items():
        depth = len(start)
        if tuple(place[:depth]) != start or len(place) <= depth:
            continue
        if place[depth + 1 :] == ["tracks"]:
            before, after = values
            return [*before, *after] if before and after else []
        if len(place) == depth + 1:  # the part as a whole, come or gone
            part = values[1] or values[0]
            named: Sequence[str] = (
                part.get("tracks", []) if isinstance(part, Mapping) else []
            )
            return named
        owner = "round" if model is Requirement else "form__round"
        rows = model._default_manager.filter(**{owner: round, "code": place[depth]})
        row = rows.order_by("-pk").first()
        return row.tracks if row else []
    return []
