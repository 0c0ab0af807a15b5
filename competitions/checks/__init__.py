"""What keeps a round from being opened: every contradiction with its place.

Pure functions on loaded parts: the set-up pages show them live, the service that
opens a round refuses while any stands.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from competitions.checks.assessment import check_predicates
from competitions.checks.awards import check_awards
from competitions.checks.base import Contradiction, Finding, Step, anchor
from competitions.checks.calendar import (
    SEQUENCE,
    calendar_findings,
    check_calendar,
    check_scoring_dates,
)
from competitions.checks.form import check_form, check_requirements
from competitions.checks.groups import check_clusters, check_shortlists
from competitions.checks.scoring import check_scoring, check_weights
from competitions.models import JurorBackground
from competitions.queries import RoundParts

__all__ = [
    "SEQUENCE",
    "Contradiction",
    "Finding",
    "Step",
    "anchor",
    "check_awards",
    "check_calendar",
    "check_form",
    "check_requirements",
    "check_scoring",
    "check_weights",
    "contradictions",
]


def contradictions(parts: RoundParts, at: datetime) -> list[Contradiction]:
    """Everything that keeps the round from being opened at `at`, in page order.

    Source: rule RND-02 in docs/rules.md.
    """
    zone = parts.round.zone
    by_step = [
        (Step.BASE, check_base(parts)),
        (Step.CALENDAR, calendar_findings(parts.stages, at, zone)),
        (Step.CALENDAR, check_scoring_dates(parts)),
        (Step.TRACKS, check_tracks(parts)),
        (Step.TRACKS, check_clusters(parts)),
        (Step.FORM, check_form(parts)),
        (Step.REQUIREMENTS, check_requirements(parts)),
        (Step.SCORING, check_scoring(parts)),
        (Step.SCORING, check_predicates(parts)),
        (Step.SCORING, check_shortlists(parts)),
        (Step.AWARDS, check_awards(parts)),
        (Step.JURY, check_jury(parts)),
    ]
    return [
        Contradiction(step, each.sentence, each.anchor)
        for step, found in by_step
        for each in found
    ]


def check_base(parts: RoundParts) -> Iterator[Finding]:
    """Name what the base data lack."""
    if not parts.round.theme.strip():
        yield Finding(_("The theme is empty. Write the theme of this round."), "theme")


def check_tracks(parts: RoundParts) -> Iterator[Finding]:
    """Name what a proposal could not choose."""
    if not parts.tracks:
        yield Finding(_("There is no track. A proposal must be able to choose one."))
    if not parts.categories:
        yield Finding(_("There is no category. A proposal must be able to choose one."))
    if parts.tracks and all(track.is_by_invitation for track in parts.tracks):
        yield Finding(
            _("Every track is by invitation only, so nobody can enter by themselves.")
        )


def check_jury(parts: RoundParts) -> Iterator[Finding]:
    """Name rules for the panel that no panel can keep."""
    for code in parts.round.jury_backgrounds:
        if code not in JurorBackground.values:
            yield Finding(
                _("The panel wants jurors of an unknown background: %(code)s.")
                % {"code": code},
                "jury",
            )
