"""The steps of setting up a round, as its pages show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.checks import Contradiction, Step
from competitions.queries import RoundParts

URL_NAMES = {
    Step.BASE: "competitions:round_edit",
    Step.CALENDAR: "competitions:stage_edit",
    Step.FORM: "competitions:form_preview",
    Step.SCORING: "competitions:criterion_edit",
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
        Step.SCORING: _("Criteria, weights and awards"),
        Step.FORM: _("Form and requirements"),
    }
    hints = {
        Step.BASE: "",
        Step.CALENDAR: _calendar_hint(parts),
        Step.SCORING: _scoring_hint(parts),
        Step.FORM: _form_hint(parts),
    }
    return [
        SetupStep(
            step=step,
            label=label,
            url=reverse(URL_NAMES[step], args=[parts.round.slug]),
            hint=hints[step],
            problem_count=counts[step],
            current=step == current,
        )
        for step, label in labels.items()
    ]


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
    return [
        Problem(each.sentence, by_step[each.step].label, by_step[each.step].url)
        for each in found
    ]


def _calendar_hint(parts: RoundParts) -> str:
    count = len(parts.stages)
    return ngettext("%(count)d stage", "%(count)d stages", count) % {"count": count}


def _scoring_hint(parts: RoundParts) -> str:
    count = sum(len(scoring.criteria) for scoring in parts.scoring)
    return ngettext("%(count)d criterion", "%(count)d criteria", count) % {
        "count": count
    }


def _form_hint(parts: RoundParts) -> str:
    count = len(parts.sections)
    return ngettext("%(count)d section", "%(count)d sections", count) % {"count": count}
