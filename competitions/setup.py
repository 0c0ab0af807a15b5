"""The steps of setting up a round, as its pages show them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Institution
from competitions.checks import Contradiction, Step
from competitions.models import Round, Stage
from competitions.queries import RoundParts
from competitions.rule_changes import Rules
from competitions.rule_lists import (
    ANY_CODE,
    OF_FORM,
    OF_ROUND,
    OF_STAGE,
    rule_list,
)
from core import dates, numbers

_SATURDAY = 5
# Stages that people come to; the others may well end on a Sunday.
_WITH_PEOPLE = {
    Stage.Kind.KICKOFF,
    Stage.Kind.PRESENTATION,
    Stage.Kind.FIELD_VISIT,
    Stage.Kind.PLENARY,
    Stage.Kind.ANNOUNCEMENT,
    Stage.Kind.CEREMONY,
}

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
    is_untouched: bool = False  # nothing is set, and nothing needs to be
    current: bool = False
    follows: bool = False  # on the step that is shown

    @property
    def is_ready(self) -> bool:
        return not self.problem_count

    @property
    def state(self) -> Literal["done", "bad", "empty"]:
        if self.problem_count:
            return "bad"
        return "empty" if self.is_untouched else "done"

    @property
    def variant(self) -> Literal["ok", "warn", "mute"]:
        if self.problem_count:
            return "warn"
        return "mute" if self.is_untouched else "ok"

    @property
    def state_label(self) -> str:
        if not self.problem_count:
            return _("Optional, not set") if self.is_untouched else _("Ready")
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
            is_untouched=_is_untouched(step, parts),
            current=step == current,
            follows=before == current and current is not None,
        )
        for before, (step, label) in zip([None, *labels], labels.items(), strict=False)
    ]


def _is_untouched(step: Step, parts: RoundParts) -> bool:
    if step == Step.REQUIREMENTS:
        return not parts.requirements
    return step == Step.JURY and parts.round.jury_minimum is None


def page_after(round: Round, step: Step) -> str:
    """Where the set-up goes on after a step: the next one, or the opening."""
    steps = list(URL_NAMES)
    place = steps.index(step) + 1
    if place < len(steps):
        return reverse(URL_NAMES[steps[place]], args=[round.slug])
    return reverse("competitions:round_setup", args=[round.slug]) + "#buka"


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
    """One line of what the round will be, and where it is changed."""

    label: str
    text: str
    url: str


def summary(parts: RoundParts) -> list[Fact]:
    """What the secretariat reads once more before it opens the round."""
    round = parts.round
    submission = _submission(parts)
    span = ""
    if submission:
        span = dates.format_range(
            submission.opens_at, submission.closes_at, with_year=True, zone=round.zone
        )
    stages = (
        f"{scoring.stage.name} ({numbers.percent(scoring.stage.share)})"
        if scoring.stage.share
        else scoring.stage.name
        for scoring in parts.scoring
    )
    kinds = (str(Institution.Kind(each).label) for each in round.institution_kinds)
    found = [
        (Step.BASE, _("Theme"), round.theme),
        (Step.BASE, _("May enter"), ", ".join(kinds) or _("Institutions of any kind")),
        (Step.CALENDAR, _("Submission"), span),
        (Step.TRACKS, _("Tracks"), ", ".join(each.name for each in parts.tracks)),
        (Step.FORM, _("Sections"), ", ".join(each.title for each in parts.sections)),
        (
            Step.REQUIREMENTS,
            _("Requirements"),
            ", ".join(each.title for each in parts.requirements),
        ),
        (Step.SCORING, _("Scoring"), ", ".join(stages)),
        (
            Step.AWARDS,
            _("Awards"),
            ", ".join(each.name for each in parts.awards_in_order),
        ),
    ]
    return [
        Fact(label, text or _("not set yet"), _url_of(round, step))
        for step, label, text in found
    ]


def _url_of(round: Round, step: Step) -> str:
    return reverse(URL_NAMES[step], args=[round.slug])


def _submission(parts: RoundParts) -> Stage | None:
    return next((e for e in parts.stages if e.kind == Stage.Kind.SUBMISSION), None)


def remarks(parts: RoundParts) -> list[Fact]:
    """What keeps no round from opening, and is still worth a look before."""
    round = parts.round
    found = []
    submission = _submission(parts)
    if submission:
        year = submission.opens_at.astimezone(round.zone).year
        if abs(year - round.year) > 1:
            sentence = _(
                "The round is of %(year)d, but submission opens in %(opens)d."
            ) % {"year": round.year, "opens": year}
            found.append((Step.CALENDAR, _("Calendar"), sentence))
    weekends = [
        each.name
        for each in parts.stages
        if each.kind in _WITH_PEOPLE
        and each.opens_at.astimezone(round.zone).weekday() >= _SATURDAY
    ]
    if weekends:
        sentence = _("On a Saturday or Sunday: %(stages)s.") % {
            "stages": ", ".join(weekends)
        }
        found.append((Step.CALENDAR, _("Calendar"), sentence))
    if not round.guideline:
        sentence = _("Participants find no guideline on the page of the round.")
        found.append((Step.BASE, _("Guideline for the public"), sentence))
    if not parts.requirements:
        sentence = _("Every proposal is accepted, even an empty one.")
        found.append((Step.REQUIREMENTS, _("Requirements"), sentence))
    return [Fact(label, text, _url_of(round, step)) for step, label, text in found]


@dataclass(frozen=True)
class Problem:
    """A contradiction with the place where it is mended."""

    sentence: str
    label: str
    url: str


def problems(
    rules: Rules, found: Sequence[Contradiction], steps: Sequence[SetupStep]
) -> list[Problem]:
    """Give every contradiction the name of its step, and the page of its entry."""
    by_step = {each.step: each for each in steps}
    # The calendar has no entries with pages of their own; to find those of the others
    # all rules are read.
    anchors = {each.anchor for each in found if each.step != Step.CALENDAR} - {""}
    entries = _pages_of_entries(rules, anchors) if anchors else {}
    return [_problem(each, by_step[each.step], entries) for each in found]


def _problem(
    found: Contradiction, page: SetupStep, entries: Mapping[str, str]
) -> Problem:
    url = f"{page.url}#{found.anchor}" if found.anchor else page.url
    return Problem(found.sentence, page.label, entries.get(found.anchor, url))


def _pages_of_entries(rules: Rules, anchors: Iterable[str]) -> dict[str, str]:
    """The pages of entries by the anchors that their rows have in the lists.

    Only of the lists that `anchors` are from. Stages of scoring are left out: what is
    wrong with them is seen in their weights.
    """
    definition = rules.definition
    keys = [key for key in (*OF_FORM, *OF_ROUND) if key != "tahap"]
    keys += [f"{kind}.{each.code}" for each in definition.scoring for kind in OF_STAGE]
    pages = {}
    for key in keys:
        listed = rule_list(key)
        if not any(each.startswith(listed.anchor("")) for each in anchors):
            continue
        # Looked up once: a long list has dozens of addresses.
        page = reverse(
            "competitions:entry_edit", args=[rules.round.slug, key, ANY_CODE]
        )
        for entry, _depth in listed.walk(definition):
            pages[listed.anchor(entry.code)] = page.replace(ANY_CODE, entry.code)
    return pages


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
