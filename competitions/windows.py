"""A stage as it stands for one institution: some may close later than the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, Q

from accounts.models import Institution
from competitions.models import Round, Stage, StageException


@dataclass(frozen=True)
class Window:
    """The span of a stage as it holds for somebody; the closing is exclusive.

    Source: rule RND-07 in docs/rules.md.
    """

    stage: Stage
    closes_at: datetime
    reason: str = ""

    @property
    def name(self) -> str:
        return self.stage.name

    @property
    def opens_at(self) -> datetime:
        return self.stage.opens_at

    @property
    def is_exception(self) -> bool:
        """Whether it closes later than for the rest."""
        return self.closes_at > self.stage.closes_at

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at `at`; the closing moment is outside."""
        return self.opens_at <= at < self.closes_at

    def is_over(self, at: datetime) -> bool:
        return at >= self.closes_at


def submission_window(round: Round, institution_id: int) -> Window | None:
    """The span in which `round` takes proposals of one institution, in one query."""
    # A round has at most one. Autosave asks this every second, and `first` would sort.
    found = Stage.objects.filter(round=round, kind=Stage.Kind.SUBMISSION).annotate(
        exception=FilteredRelation(
            "stageexception",
            condition=Q(stageexception__institution=institution_id),
        ),
        own_closing=F("exception__closes_at"),
        own_reason=F("exception__reason"),
    )
    stage = next(iter(found), None)
    if stage is None:
        return None
    return _window(stage, stage.own_closing, stage.own_reason)


def submission_windows(
    round: Round, institutions: Iterable[Institution]
) -> Mapping[int, Window]:
    """The same for several, by the id of each; empty if nothing is ever submitted."""
    stage = Stage.objects.filter(round=round, kind=Stage.Kind.SUBMISSION).first()
    if stage is None:
        return {}
    pks = [institution.pk for institution in institutions]
    found = StageException.objects.filter(stage=stage, institution__in=pks)
    exceptions = {each.institution_id: each for each in found}
    return {
        pk: _window(stage, each.closes_at, each.reason)
        if (each := exceptions.get(pk))
        else Window(stage, stage.closes_at)
        for pk in pks
    }


def _window(stage: Stage, closes_at: datetime | None, reason: str | None) -> Window:
    """A stage never closes earlier by an exception."""
    if closes_at is None or closes_at <= stage.closes_at:
        return Window(stage, stage.closes_at)
    return Window(stage, closes_at, reason or "")


def widest(windows: Iterable[Window]) -> Window | None:
    """The window that closes last, of those that somebody has."""
    return max(windows, key=lambda window: window.closes_at, default=None)
