"""The steps of setting up a round, as its pages show them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.checks import Contradiction, Step
from competitions.models import Round, Stage
from competitions.queries import RoundParts
from core import dates, numbers

URL_NAMES = {
    Step.BASE: "competitions:round_edit",
    Step.CALENDAR: "competitions:stage_edit",
    Step.TRACKS: "competitions:group_list",
    Step.FORM: "competitions:form_edit",
    Step.REQUIREMENTS: "competitions:requirement_list",
    Step.SCORING: "competitions:criterion_edit",
    Step.AWARDS: "competitions:award_list",
    Step.JURY: "competitions:jury_edit",
}


@dataclass(frozen=True)
class SetupStep:
    """One step with its state; `hint` says in a few words what it holds."""

    step: Step
    label: str
    url: str
    hint: str
    problem_count: int
    current: bool = False
    follows: bool = False  # on the step that is shown

    @property
    def state(self) -> Literal["done", "bad"]:
        return "bad" if self.problem_count else "done"

    @property
    def variant(self) -> Literal["ok", "warn"]:
        return "warn" if self.problem_count else "ok"

    @property
    def state_label(self) -> str:
        if not self.problem_count:
            return _("Complete")
        return ngettext(
            "%(count)d thing to mend", "%(count)d things to mend", self.problem_count
        ) % {"count": self.problem_count}


def setup_steps(
    parts: RoundParts,
    found: Sequence[Contradiction],
    current: Step | None = None,
) -> list[SetupStep]:
    """List the steps of `parts.round` with what `found` says about each."""
    counts = Counter(each.step for each in found)
    labels = {
        Step.BASE: _("Base data and theme"),
        Step.CALENDAR: _("Calendar"),
        Step.TRACKS: _("Tracks, categories, clusters"),
        Step.FORM: _("Proposal form"),
        Step.REQUIREMENTS: _("Requirements"),
        Step.SCORING: _("Scoring"),
        Step.AWARDS: _("Results and awards"),
        Step.JURY: _("Jury rules"),
    }
    return [
        SetupStep(
            step=step,
            label=label,
            url=reverse(URL_NAMES[step], args=[parts.round.slug]),
            hint=_HINTS[step](parts),
            problem_count=counts[step],
            current=step == current,
            follows=before == current and current is not None,
        )
        for before, (step, label) in zip([None, *labels], labels.items(), strict=False)
    ]


@dataclass(frozen=True)
class Task:
    """Something beside the steps that may be done, and need not."""

    label: str
    url: str
    hint: str = ""


def other_tasks(round: Round) -> list[Task]:
    """What participants read and download, and the opening itself."""
    files = reverse("competitions:guideline_edit", args=[round.slug])
    tasks = [Task(_("Guideline files for participants"), files, _("optional"))]
    if not round.is_opened:
        tasks.append(Task(_("Review and open"), "#buka"))
    return tasks


@dataclass(frozen=True)
class Fact:
    """One line of what the round will be."""

    label: str
    text: str


def summary(parts: RoundParts) -> list[Fact]:
    """What the secretariat reads once more before it opens the round."""
    submission = next(
        (each for each in parts.stages if each.kind == Stage.Kind.SUBMISSION), None
    )
    span = ""
    if submission:
        span = dates.format_range(
            submission.opens_at,
            submission.closes_at,
            with_year=True,
            zone=parts.round.zone,
        )
    stages = (
        f"{scoring.stage.name} ({numbers.percent(scoring.stage.share)})"
        if scoring.stage.share
        else scoring.stage.name
        for scoring in parts.scoring
    )
    found = {
        _("Submission"): span,
        _("Tracks"): ", ".join(each.name for each in parts.tracks),
        _("Sections"): ", ".join(each.title for each in parts.sections),
        _("Scoring"): ", ".join(stages),
        _("Awards"): ", ".join(each.name for each in parts.awards_in_order),
    }
    return [Fact(label, text or _("not set yet")) for label, text in found.items()]


@dataclass(frozen=True)
class Problem:
    """A contradiction with the step where it is mended."""

    sentence: str
    label: str
    url: str


def problems(
    found: Sequence[Contradiction], steps: Sequence[SetupStep]
) -> list[Problem]:
    """Give every contradiction the name and the page of its step."""
    by_step = {each.step: each for each in steps}
    return [_problem(each, by_step[each.step]) for each in found]


def _problem(found: Contradiction, page: SetupStep) -> Problem:
    url = f"{page.url}#{found.anchor}" if found.anchor else page.url
    return Problem(found.sentence, page.label, url)


def _base_hint(parts: RoundParts) -> str:
    return str(parts.round.year)


def _calendar_hint(parts: RoundParts) -> str:
    count = len(parts.stages)
    return ngettext("%(count)d stage", "%(count)d stages", count) % {"count": count}


def _tracks_hint(parts: RoundParts) -> str:
    count = len(parts.tracks)
    tracks = ngettext("%(count)d track", "%(count)d tracks", count) % {"count": count}
    count = len(parts.categories)
    categories = ngettext("%(count)d category", "%(count)d categories", count)
    return f"{tracks}, {categories % {'count': count}}"


def _form_hint(parts: RoundParts) -> str:
    count = len(parts.sections)
    return ngettext("%(count)d section", "%(count)d sections", count) % {"count": count}


def _requirements_hint(parts: RoundParts) -> str:
    count = len(parts.requirements)
    return ngettext("%(count)d requirement", "%(count)d requirements", count) % {
        "count": count
    }


def _scoring_hint(parts: RoundParts) -> str:
    count = sum(len(scoring.criteria) for scoring in parts.scoring)
    return ngettext("%(count)d criterion", "%(count)d criteria", count) % {
        "count": count
    }


def _awards_hint(parts: RoundParts) -> str:
    count = len(parts.awards)
    return ngettext("%(count)d award", "%(count)d awards", count) % {"count": count}


def _jury_hint(parts: RoundParts) -> str:
    count = parts.round.jury_minimum
    if count is None:
        return _("No rule")
    return ngettext("at least %(count)d juror", "at least %(count)d jurors", count) % {
        "count": count
    }


_HINTS: Mapping[Step, Callable[[RoundParts], str]] = {
    Step.BASE: _base_hint,
    Step.CALENDAR: _calendar_hint,
    Step.TRACKS: _tracks_hint,
    Step.FORM: _form_hint,
    Step.REQUIREMENTS: _requirements_hint,
    Step.SCORING: _scoring_hint,
    Step.AWARDS: _awards_hint,
    Step.JURY: _jury_hint,
}
