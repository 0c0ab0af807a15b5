"""The register of innovations as its readers see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from catalogue.models import Entry
from core.models import AuditEntry
from innovations import permissions
from innovations.models import (
    Achievement,
    Innovation,
    InnovationQuerySet,
    JointOwner,
    Vitality,
    YearStatus,
)
from innovations.sdgs import sdg_labels
from submissions.models import Proposal

CANDIDATES = 12


@dataclass(frozen=True)
class RegisterRow:
    """One innovation of the list, with its latest yearly state in words."""

    innovation: Innovation
    state_label: str


@dataclass(frozen=True)
class HistoryRow:
    """One entry in a round, as far as the reader may know of it."""

    proposal: Proposal
    withdrawal_reason: str


@dataclass(frozen=True)
class AchievementRow:
    """One achievement, with what the reader may do about it."""

    achievement: Achievement
    is_open: bool
    proof_key: str


@dataclass(frozen=True)
class JointRow:
    """One joint owner, with what the reader may do about it."""

    joint: JointOwner
    can_agree: bool
    can_end: bool


@dataclass(frozen=True)
class InnovationPage:
    """All that the register says of one innovation."""

    innovation: Innovation
    doubles: Sequence[Innovation]
    history: Sequence[HistoryRow]
    achievements: Sequence[AchievementRow]
    statuses: Sequence[YearStatus]
    owners: Sequence[JointRow]
    entries: Sequence[Entry]

    @property
    def entered_rounds(self) -> set[int]:
        """The rounds in which a proposal of it stands."""
        return {
            row.proposal.round_id
            for row in self.history
            if not row.proposal.is_withdrawn
        }

    @property
    def sdgs(self) -> list[str]:
        return sdg_labels(self.innovation.sdgs)


def for_rows(user: User, reader: User) -> InnovationQuerySet:
    """The register as `reader` has it, with what one row shows.

    `proposals` counts those `user` may read, `state` is the latest yearly one, `waits`
    tells of achievements that the secretariat has not confirmed.
    """
    counted = (
        Proposal.objects.visible_to(user)
        .filter(innovation=OuterRef("pk"))
        .order_by()
        .values("innovation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    latest = YearStatus.objects.filter(innovation=OuterRef("pk")).order_by("-year")
    typed = Achievement.objects.filter(innovation=OuterRef("pk"), confirmed_at=None)
    return (
        Innovation.objects.visible_to(reader)
        .standing()
        .annotate(
            proposals=Coalesce(Subquery(counted), 0, output_field=IntegerField()),
            state=Subquery(latest.values("state")[:1]),
            state_year=Subquery(latest.values("year")[:1]),
            waits=Exists(typed),
        )
        .for_list()
    )


def rows_of(innovations: Iterable[Innovation]) -> list[RegisterRow]:
    """Put what `for_rows` gives into words."""
    labels = {value: str(label) for value, label in Vitality.choices}
    return [
        RegisterRow(each, labels.get(each.state, ""))  # type: ignore[attr-defined]
        for each in innovations
    ]


def load_page(innovation: Innovation, user: User, at: datetime) -> InnovationPage:
    """Load one innovation under all its entries, in seven queries."""
    family = [innovation.pk, *innovation.doubles.values_list("pk", flat=True)]
    can_edit = permissions.can_edit(user, innovation)
    can_tend = permissions.can_tend(user, innovation)
    return InnovationPage(
        innovation=innovation,
        doubles=list(
            innovation.doubles.select_related("institution").order_by("title", "pk")
        ),
        history=_history(family, user),
        achievements=[
            AchievementRow(
                each,
                is_open=each.is_typed
                and not each.is_confirmed
                and (can_edit or can_tend),
                proof_key=proof.key
                if (proof := getattr(each, "proof", None)) and (can_edit or can_tend)
                else "",
            )
            for each in Achievement.objects.public(at)
            .filter(innovation__in=family)
            .select_related("proof", "confirmed_by", "recorded_by")
            .order_by("-year", "-pk")
        ],
        statuses=list(
            YearStatus.objects.filter(innovation__in=family)
            .select_related("noted_by")
            .order_by("-year", "-pk")
        ),
        owners=[
            JointRow(
                each,
                can_agree=not each.is_confirmed and permissions.can_agree(user, each),
                can_end=permissions.can_end(user, each),
            )
            for each in JointOwner.objects.filter(innovation=innovation)
            .select_related("institution__government", "innovation__institution")
            .order_by("from_date", "pk")
        ],
        entries=list(
            Entry.objects.published_at(at)
            .filter(innovation__in=family)
            .order_by("-year", "pk")
        ),
    )


def _history(family: Sequence[int], user: User) -> list[HistoryRow]:
    """Its proposals in all rounds that `user` may read, the latest first."""
    proposals = list(
        Proposal.objects.visible_to(user)
        .filter(innovation__in=family)
        .select_related("round", "institution", "track")
        .defer("header")
        .order_by("-round__year", "-round__edition", "-pk")
    )
    withdrawn = [str(each.pk) for each in proposals if each.is_withdrawn]
    reasons = dict(
        AuditEntry.objects.filter(
            action="proposal.withdrawn",
            target_type="submissions.proposal",
            target_id__in=withdrawn,
        ).values_list("target_id", "reason")
    )
    return [HistoryRow(each, reasons.get(str(each.pk), "")) for each in proposals]


def candidates(innovation: Innovation, user: User) -> InnovationQuerySet:
    """The entries that could be the same innovation, the likest titles first.

    Of the same institution, and of others those with the likest titles.
    """
    others = (
        Innovation.objects.visible_to(user)
        .standing()
        .filter(institution__government=innovation.institution.government_id)
        .exclude(pk=innovation.pk)
        .annotate(likeness=TrigramSimilarity("title", innovation.title))
        .select_related("institution")
        .order_by("-likeness", "pk")
    )
    likest = others.values_list("pk", flat=True)[:CANDIDATES]
    same = others.filter(institution=innovation.institution_id)
    same_house = same.values_list("pk", flat=True)[:CANDIDATES]
    return others.filter(pk__in={*likest, *same_house})
