"""What a round's secretariat must do now, and how its jury gets on: pure functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.models import Stage
from competitions.phases import stage_of_kind
from core import dates
from judging.queries import BoardRow, Progress
from monitoring.queries import ProposalCounts

# A juror is behind who did this much less than the time that has gone by.
SLACK = 0.15
SOON = timedelta(days=14)
Variant = Literal["bad", "warn", "info"]


@dataclass(frozen=True)
class JurorState:
    """One juror's progress in words."""

    name: str
    background: str
    progress: Progress
    label: str
    variant: Literal["ok", "info", "warn", "bad", "mute"]

    @property
    def meter_variant(self) -> str:
        return "ok" if self.variant == "ok" else ""

    @property
    def icon(self) -> str:
        return "clock-history" if self.variant == "warn" else ""


def elapsed_share(stage: Stage | None, at: datetime) -> float:
    """How much of a stage has gone by at `at`, from 0 to 1."""
    if stage is None or at <= stage.opens_at:
        return 0.0
    return min(1.0, (at - stage.opens_at) / (stage.closes_at - stage.opens_at))


def juror_states(
    board: Sequence[BoardRow], scoring: Stage | None, at: datetime
) -> list[JurorState]:
    """Put each juror's progress against the time that has gone by."""
    share = elapsed_share(scoring, at)
    return [
        JurorState(
            row.juror.user.name,
            str(row.juror.get_background_display()),
            row.progress,
            *_juror_label(row, share),
        )
        for row in board
    ]


def _juror_label(
    row: BoardRow, share: float
) -> tuple[str, Literal["ok", "info", "warn", "bad", "mute"]]:
    progress = row.progress
    if not row.juror.has_signed:
        return _("Not signed yet"), "mute"
    if progress.total == 0:
        return _("Nothing assigned"), "mute"
    if progress.is_complete:
        return _("Finished"), "ok"
    begun = progress.started + progress.done > 0
    if not begun:
        late = share > SLACK
        return _("Not started"), "bad" if late else "mute"
    if progress.done / progress.total < share - SLACK:
        return _("Behind"), "warn"
    return _("Under way"), "info"


@dataclass(frozen=True)
class RoundFacts:
    """All that the list of things to do is made from."""

    slug: str
    is_opened: bool
    stages: Sequence[Stage]
    counts: ProposalCounts
    missing: int
    jurors: Sequence[JurorState]
    unassigned: int
    has_sealed_result: bool
    award_count: int
    has_decree: bool


@dataclass(frozen=True)
class Action:
    """Something to do, with the page where it is done."""

    variant: Variant
    title: str
    text: str
    url: str
    label: str

    @property
    def icon(self) -> str:
        return {
            "bad": "exclamation-octagon-fill",
            "warn": "exclamation-triangle-fill",
            "info": "info-circle-fill",
        }[self.variant]

    @property
    def css_class(self) -> str:
        return {"bad": "text-bad", "warn": "text-warn", "info": "text-info-ink"}[
            self.variant
        ]


def actions(facts: RoundFacts, at: datetime) -> list[Action]:
    """What the secretariat must do at `at`, the most urgent first."""
    if not facts.is_opened:
        return [
            Action(
                "warn",
                _("The round is not open yet"),
                _("Finish the set-up, then open it to everybody."),
                reverse("competitions:round_setup", args=[facts.slug]),
                _("Set up"),
            )
        ]
    found = [
        *_submission_actions(facts, at),
        *_screening_actions(facts, at),
        *_panel_actions(facts, at),
        *_juror_actions(facts, at),
        *_result_actions(facts, at),
    ]
    order = ["bad", "warn", "info"]
    return sorted(found, key=lambda action: order.index(action.variant))


def _submission_actions(facts: RoundFacts, at: datetime) -> Iterator[Action]:
    submission = stage_of_kind(facts.stages, Stage.Kind.SUBMISSION)
    if submission is None or not submission.is_open(at):
        return
    soon = submission.closes_at - at < timedelta(days=7)
    closing = dates.format_datetime(submission.closes_at)
    if facts.counts.unsent:
        yield Action(
            "warn" if soon else "info",
            ngettext(
                "%(count)d proposal is begun but not sent",
                "%(count)d proposals are begun but not sent",
                facts.counts.unsent,
            )
            % {"count": facts.counts.unsent},
            _("Submission closes on %(moment)s.") % {"moment": closing},
            reverse("monitoring:rescue_board", args=[facts.slug]),
            _("Rescue"),
        )
    if facts.missing:
        yield Action(
            "warn" if soon else "info",
            ngettext(
                "%(count)d institution takes no part yet",
                "%(count)d institutions take no part yet",
                facts.missing,
            )
            % {"count": facts.missing},
            _("Each is expected to send at least one innovation."),
            reverse("monitoring:rescue_absent", args=[facts.slug]),
            _("Remind"),
        )


def _screening_actions(facts: RoundFacts, at: datetime) -> Iterator[Action]:
    if not facts.counts.submitted:
        return
    screening = stage_of_kind(facts.stages, Stage.Kind.SCREENING)
    overdue = screening is not None and screening.is_over(at)
    running = screening is not None and screening.is_open(at)
    yield Action(
        "bad" if overdue else "warn" if running else "info",
        ngettext(
            "%(count)d proposal waits for its screening",
            "%(count)d proposals wait for their screening",
            facts.counts.submitted,
        )
        % {"count": facts.counts.submitted},
        _("The stage is over: only screened proposals reach the jury.")
        if overdue
        else _("Only screened proposals reach the jury."),
        reverse("submissions:screening_list", args=[facts.slug]),
        _("Screen"),
    )


def _panel_actions(facts: RoundFacts, at: datetime) -> Iterator[Action]:
    scoring = stage_of_kind(facts.stages, Stage.Kind.SCORING)
    if scoring is None or scoring.is_over(at) or scoring.opens_at - at > SOON:
        return
    url = reverse("judging:juror_list", args=[facts.slug])
    opening = dates.format_datetime(scoring.opens_at, "medium")
    late: Variant = "bad" if scoring.is_open(at) else "warn"
    if not facts.jurors:
        yield Action(
            late,
            _("There is no juror yet"),
            _("Scoring opens on %(moment)s.") % {"moment": opening},
            url,
            _("Add jurors"),
        )
    elif facts.unassigned and scoring.is_open(at):
        yield Action(
            "bad",
            ngettext(
                "%(count)d proposal has no juror",
                "%(count)d proposals have no juror",
                facts.unassigned,
            )
            % {"count": facts.unassigned},
            _("Nobody will score it unless it is assigned."),
            url,
            _("Assign"),
        )


def _juror_actions(facts: RoundFacts, at: datetime) -> Iterator[Action]:
    scoring = stage_of_kind(facts.stages, Stage.Kind.SCORING)
    if scoring is None or not scoring.is_open(at):
        return
    url = reverse("judging:juror_list", args=[facts.slug])
    days = (at - scoring.opens_at).days
    for juror in facts.jurors:
        if juror.variant == "bad":
            yield Action(
                "bad",
                _("%(juror)s has not begun to score") % {"juror": juror.name},
                ngettext(
                    "Scoring runs for %(days)d day.",
                    "Scoring runs for %(days)d days.",
                    days,
                )
                % {"days": days},
                url,
                _("See"),
            )
        elif juror.variant == "warn":
            yield Action(
                "warn",
                _("%(juror)s is behind, %(done)d of %(total)d")
                % {
                    "juror": juror.name,
                    "done": juror.progress.done,
                    "total": juror.progress.total,
                },
                _("Scoring closes on %(moment)s.")
                % {"moment": dates.format_datetime(scoring.closes_at)},
                url,
                _("See"),
            )


def _result_actions(facts: RoundFacts, at: datetime) -> Iterator[Action]:
    scoring = stage_of_kind(facts.stages, Stage.Kind.SCORING)
    if scoring is None or not scoring.is_over(at):
        return
    awards_url = reverse("awards:award_list", args=[facts.slug])
    if not facts.has_sealed_result:
        if facts.counts.passed:
            yield Action(
                "warn",
                _("The result is not sealed yet"),
                _("Look at the ranking with the jury, then seal it."),
                reverse("judging:ranking", args=[facts.slug]),
                _("See the ranking"),
            )
    elif not facts.award_count:
        yield Action(
            "warn",
            _("No award is given yet"),
            _("The result is sealed."),
            awards_url,
            _("Give awards"),
        )
    elif not facts.has_decree:
        yield Action(
            "warn",
            _("The decree is not recorded yet"),
            _("The public learns of the winners once it is."),
            awards_url,
            _("Record it"),
        )
