"""The administrative rules, checked by the machine: pure functions.

Source: rules REQ-01 to REQ-06 and FRM-03 in docs/rules.md.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.definitions import NEEDS_LOOK
from competitions.models import HeaderField, Requirement
from core.dates import format_date
from submissions.dossier import (
    CONSENTS_STEP,
    HEADER_STEP,
    LETTERS_STEP,
    ConsentPart,
    Dossier,
    LetterPart,
    SectionPart,
)
from submissions.headers import sdgs

Rule = Requirement.Rule
# The ids of boxes on the pages where the parts are written.
ANSWER = "div_id_text"
EVIDENCE = "berkas"
TITLE = "div_id_title"


class Outcome(StrEnum):
    """What the machine found."""

    MET = "met"
    NOT_MET = "not_met"
    NEEDS_LOOK = "needs_look"


@dataclass(frozen=True)
class Place:
    """Where something is to be mended: the key of a `Step`, and what is wrong there.

    `anchor` is the id of the very field or box on the page of the step.
    """

    step: str
    label: str
    note: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Finding:
    """What the machine says of one requirement.

    `sentence` tells the author what to do, or why it is met; `places` name where.
    """

    requirement: Requirement
    outcome: Outcome
    sentence: str
    places: Sequence[Place] = ()

    @property
    def is_met(self) -> bool:
        return self.outcome == Outcome.MET

    @property
    def is_not_met(self) -> bool:
        return self.outcome == Outcome.NOT_MET

    @property
    def needs_look(self) -> bool:
        return self.outcome == Outcome.NEEDS_LOOK

    @property
    def in_full(self) -> str:
        """The sentence with all places, in one text."""
        places = [
            f"{place.label} ({place.note})" if place.note else place.label
            for place in self.places
        ]
        return f"{self.sentence} {'; '.join(places)}".strip()


def evaluate(dossier: Dossier, requirement: Requirement) -> Finding:
    """Check one requirement; a rule the machine cannot judge needs a look."""
    check = _CHECKS.get(Rule(requirement.rule), _manual)
    return check(dossier, requirement)


def evaluate_all(dossier: Dossier) -> list[Finding]:
    """Check all requirements that concern it, in their order."""
    return [evaluate(dossier, requirement) for requirement in dossier.requirements]


def months_before(day: date, months: int) -> date:
    """Go back whole months; a day the month lacks becomes its last one.

    One year before 29 February 2024 is 28 February 2023.
    """
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _sections_complete(dossier: Dossier, requirement: Requirement) -> Finding:
    return _found(
        requirement,
        [
            Place(part.section.code, part.section.title, _("not answered yet"), ANSWER)
            for part in dossier.sections
            if part.section.is_required and not part.is_answered
        ],
        met=_("Every required section is answered."),
    )


def _word_limits(dossier: Dossier, requirement: Requirement) -> Finding:
    return _found(
        requirement,
        [
            Place(
                part.section.code,
                part.section.title,
                ngettext(
                    "%(over)d word too many", "%(over)d words too many", part.words_over
                )
                % {"over": part.words_over},
                ANSWER,
            )
            for part in dossier.sections
            if part.words_over
        ],
        met=_("No section is longer than allowed."),
    )


def _header_complete(dossier: Dossier, requirement: Requirement) -> Finding:
    return _found(
        requirement,
        [
            Place(
                HEADER_STEP, gap.label, gap.note or _("not filled in yet"), gap.anchor
            )
            for gap in dossier.header_gaps
        ],
        met=_("The general data are complete."),
    )


def _letters(dossier: Dossier, requirement: Requirement) -> Finding:
    """The letters it names, or all that are required."""
    named = requirement.params.get("letters", [])
    return _found(
        requirement,
        [
            Place(
                LETTERS_STEP,
                part.kind.title,
                _("not uploaded yet"),
                f"surat-{part.kind.code}",
            )
            for part in dossier.letters
            if (part.letter is None if part.kind.code in named else _open(part, named))
        ],
        met=_("Every required letter is uploaded."),
    )


def _open(part: LetterPart | ConsentPart, named: Sequence[str]) -> bool:
    """Whether a part is missing that a rule without a list of its own looks at."""
    return not named and part.is_missing


def _evidence(dossier: Dossier, requirement: Requirement) -> Finding:
    """The sections it names, or all that ask for evidence."""
    named = requirement.params.get("sections", [])

    def lacks(part: SectionPart) -> bool:
        if part.section.code in named:
            return not part.evidence_count
        return not named and part.lacks_evidence

    return _found(
        requirement,
        [
            Place(
                part.section.code,
                part.section.title,
                _("supporting file missing"),
                EVIDENCE,
            )
            for part in dossier.sections
            if lacks(part)
        ],
        met=_("Every section that asks for supporting files has one."),
    )


def _consents(dossier: Dossier, requirement: Requirement) -> Finding:
    """The statements it names, or all that are required."""
    named = requirement.params.get("consents", [])
    return _found(
        requirement,
        [
            Place(
                CONSENTS_STEP,
                part.consent.text,
                _("not ticked yet"),
                f"div_id_{part.consent.code}",
            )
            for part in dossier.consents
            if (
                not part.is_ticked if part.consent.code in named else _open(part, named)
            )
        ],
        met=_("Every required statement is ticked."),
    )


def _sdg_count(dossier: Dossier, requirement: Requirement) -> Finding:
    chosen = len(sdgs(dossier.header))
    least = requirement.params.get("minimum", 1)
    most = requirement.params.get("maximum")
    if chosen >= least and (most is None or chosen <= most):
        sentence = ngettext(
            "%(number)d goal is chosen.", "%(number)d goals are chosen.", chosen
        )
        return Finding(requirement, Outcome.MET, sentence % {"number": chosen})
    if chosen < least:
        note = ngettext(
            "%(chosen)d of at least %(limit)d goal chosen",
            "%(chosen)d of at least %(limit)d goals chosen",
            least,
        )
    else:
        note = ngettext(
            "%(chosen)d chosen, at most %(limit)d goal",
            "%(chosen)d chosen, at most %(limit)d goals",
            most,
        )
    limit = least if chosen < least else most
    place = Place(
        HEADER_STEP,
        dossier.header_step.label,
        note % {"chosen": chosen, "limit": limit},
        dossier.anchor_of_kind(HeaderField.Kind.SDGS),
    )
    return Finding(requirement, Outcome.NOT_MET, requirement.advice, [place])


def _unique_title(dossier: Dossier, requirement: Requirement) -> Finding:
    if not dossier.facts.title_taken:
        sentence = _("No other submitted proposal has this title.")
        return Finding(requirement, Outcome.MET, sentence)
    note = _("another proposal of this round was submitted under this title")
    place = Place(HEADER_STEP, dossier.header_step.label, note, TITLE)
    return Finding(requirement, Outcome.NOT_MET, requirement.advice, [place])


def _earlier_awards(dossier: Dossier, requirement: Requirement) -> Finding:
    """At most so many awards of the named levels; without names any counts."""
    levels = {each.casefold() for each in requirement.params.get("levels", [])}
    won = [
        award
        for award in dossier.facts.awards
        if not levels or award["level"].casefold() in levels
    ]
    if len(won) <= requirement.params.get("maximum", 0):
        sentence = (
            _("Not more earlier awards than allowed: %(awards)s.")
            if won
            else _("The portal knows of no earlier award.")
        )
        return Finding(requirement, Outcome.MET, sentence % {"awards": _list_of(won)})
    sentence = _("Awards won before: %(awards)s.") % {"awards": _list_of(won)}
    outcome = (
        Outcome.NEEDS_LOOK
        if requirement.params.get("outcome") == NEEDS_LOOK
        else Outcome.NOT_MET
    )
    return Finding(requirement, outcome, f"{sentence} {requirement.advice}")


def _list_of(awards: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{award['level']}, {award['name']} {award['year']}" for award in awards
    )


def _minimum_age(dossier: Dossier, requirement: Requirement) -> Finding:
    """Counted back from the closing of submission; exactly that day passes."""
    started = dossier.started_date(requirement.params.get("field"))
    closing = dossier.closing_date
    months = requirement.params.get("months")
    if closing is None or not isinstance(months, int):
        return Finding(requirement, Outcome.NEEDS_LOOK, requirement.advice)
    latest = months_before(closing, months)
    if started is None:
        note = _("starting date not filled in; %(day)s at the latest")
    elif started > latest:
        note = _("started %(started)s; %(day)s at the latest")
    else:
        sentence = _("Started %(started)s, no later than %(day)s.") % {
            "started": format_date(started),
            "day": format_date(latest),
        }
        return Finding(requirement, Outcome.MET, sentence)
    values = {
        "day": format_date(latest),
        "started": format_date(started) if started else "",
    }
    place = Place(
        HEADER_STEP,
        dossier.header_step.label,
        note % values,
        dossier.anchor_of_start(requirement.params.get("field")),
    )
    return Finding(requirement, Outcome.NOT_MET, requirement.advice, [place])


def _quota(dossier: Dossier, requirement: Requirement) -> Finding:
    maximum = requirement.params.get("maximum")
    if not isinstance(maximum, int):
        return Finding(requirement, Outcome.NEEDS_LOOK, requirement.advice)
    before = dossier.facts.entered_before.get(requirement.code, 0)
    values = {"number": before, "maximum": maximum}
    if before < maximum:
        sentence = _(
            "This is proposal %(number)d of at most %(maximum)d of this institution."
        ) % {**values, "number": before + 1}
        return Finding(requirement, Outcome.MET, sentence)
    sentence = _(
        "This institution has submitted %(number)d of at most %(maximum)d proposals "
        "already."
    )
    return Finding(
        requirement, Outcome.NOT_MET, f"{sentence % values} {requirement.advice}"
    )


def _manual(dossier: Dossier, requirement: Requirement) -> Finding:
    return Finding(requirement, Outcome.NEEDS_LOOK, requirement.advice)


def _found(requirement: Requirement, places: Sequence[Place], *, met: str) -> Finding:
    if places:
        return Finding(requirement, Outcome.NOT_MET, requirement.advice, places)
    return Finding(requirement, Outcome.MET, met)


_CHECKS: dict[Rule, Callable[[Dossier, Requirement], Finding]] = {
    Rule.SECTIONS_COMPLETE: _sections_complete,
    Rule.WORD_LIMITS: _word_limits,
    Rule.HEADER_COMPLETE: _header_complete,
    Rule.LETTERS: _letters,
    Rule.EVIDENCE: _evidence,
    Rule.CONSENTS: _consents,
    Rule.SDG_COUNT: _sdg_count,
    Rule.UNIQUE_TITLE: _unique_title,
    Rule.EARLIER_AWARDS: _earlier_awards,
    Rule.MINIMUM_AGE: _minimum_age,
    Rule.QUOTA: _quota,
    Rule.MANUAL: _manual,
}
