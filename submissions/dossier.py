"""A proposal with all its parts, as the author, the check and the screening see it.

Loaded once by `load_dossier`; all else here only looks at what was loaded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.models import (
    Consent,
    HeaderField,
    LetterKind,
    Requirement,
    Section,
)
from competitions.rule_lists import ANY_CODE
from competitions.windows import Window
from core.dates import as_local
from submissions import headers, queries
from submissions.headers import HeaderPart
from submissions.models import Evidence, EvidenceLink, Proposal
from submissions.openings import opening_of
from submissions.parts import Completeness, ConsentPart, LetterPart, SectionPart
from submissions.queries import Facts

__all__ = [
    "CONSENTS_STEP",
    "HEADER_STEP",
    "LETTERS_STEP",
    "Completeness",
    "ConsentPart",
    "Dossier",
    "LetterPart",
    "SectionPart",
    "Step",
    "load_dossier",
]

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Step:
    """One line of the author's task list: its own page and how far it is."""

    key: str
    label: str
    url: str
    completeness: Completeness
    is_required: bool
    hint: str = ""

    @property
    def is_done(self) -> bool:
        return self.completeness == Completeness.DONE

    @property
    def is_over(self) -> bool:
        return self.completeness == Completeness.OVER

    @property
    def is_part(self) -> bool:
        return self.completeness == Completeness.PART


@dataclass(frozen=True)
class Gap:
    """A general field that is open or wrong: what is wrong, and its id on the page."""

    label: str
    note: str
    anchor: str


HEADER_STEP = "data"
LETTERS_STEP = "surat"
CONSENTS_STEP = "pernyataan"


@dataclass(frozen=True)
class Dossier:
    """A proposal and its parts, each in the order of the form; looking queries nothing.

    They are those of its track, and the requirements those that concern it; `earlier`
    is what was written for another version of the form or another track.
    """

    proposal: Proposal
    header: Sequence[HeaderPart]
    sections: Sequence[SectionPart]
    letters: Sequence[LetterPart]
    requirements: Sequence[Requirement]
    submission: Window | None
    facts: Facts = field(default_factory=Facts)
    consents: Sequence[ConsentPart] = ()
    earlier: Sequence[SectionPart] = ()
    earlier_letters: Sequence[LetterPart] = ()

    @property
    def closing_date(self) -> date | None:
        """The last day on which proposals are taken, where the round is held.

        Requirements count from it, so it is the same day for everybody: an exception
        gives time to write, not a younger innovation.
        """
        if self.submission is None:
            return None
        last_moment = self.submission.stage.closes_at - _INSTANT
        return as_local(last_moment, self.proposal.round.zone).date()

    def is_open(self, at: datetime) -> bool:
        """Whether proposals of its institution are taken at `at`."""
        return self.submission is not None and self.submission.is_open(at)

    def started_date(self, code: str | None = None) -> date | None:
        return headers.started_date(self.header, code)

    @cached_property
    def missing_header(self) -> list[str]:
        """Labels of the general fields still to be filled in."""
        return [gap.label for gap in self.header_gaps]

    @cached_property
    def header_gaps(self) -> list[Gap]:
        """General fields that are open or wrong, each with what is wrong with it."""
        gaps = [
            Gap(part.field.label, part.problem, _anchor(part.field))
            for part in self.header
            if part.is_missing
        ]
        if self.facts.needs_cluster and not self.proposal.cluster_id:
            gaps.insert(0, Gap(_("Cluster"), "", "div_id_cluster"))
        if self.facts.has_categories and not self.proposal.category_id:
            gaps.insert(0, Gap(_("Category"), "", "div_id_category"))
        return gaps

    def anchor_of_kind(self, kind: str) -> str:
        """The id of the first general field of `kind` on its page, if there is one."""
        found = (part.field for part in self.header if part.field.kind == kind)
        field = next(found, None)
        return _anchor(field) if field else ""

    def anchor_of_start(self, code: str | None) -> str:
        """The id of the field with the starting date: that of `code`, or the first."""
        named = (part.field for part in self.header if part.field.code == code)
        field = next(named, None)
        return _anchor(field) if field else self.anchor_of_kind(HeaderField.Kind.DATE)

    @cached_property
    def header_step(self) -> Step:
        filled = any(part.is_filled for part in self.header)
        state = Completeness.PART if filled else Completeness.EMPTY
        return Step(
            key=HEADER_STEP,
            label=_("General data"),
            url=reverse("submissions:header_edit", args=[self.proposal.code]),
            completeness=state if self.missing_header else Completeness.DONE,
            is_required=True,
        )

    @cached_property
    def section_steps(self) -> list[Step]:
        # Looked up once: a form has a dozen sections and more.
        page = reverse("submissions:section_edit", args=[self.proposal.code, ANY_CODE])
        return [
            Step(
                key=part.section.code,
                label=part.section.title,
                url=page.replace(ANY_CODE, part.section.code),
                completeness=part.completeness,
                is_required=part.section.is_required,
                hint=_section_hint(part),
            )
            for part in self.sections
        ]

    @property
    def sections_with_steps(self) -> list[tuple[SectionPart, Step]]:
        """Every section with the page on which it is written."""
        return list(zip(self.sections, self.section_steps, strict=True))

    @cached_property
    def letters_step(self) -> Step | None:
        """The page of statement letters, if the form asks for any."""
        if not self.letters:
            return None
        missing = [part for part in self.letters if part.is_missing]
        present = [part for part in self.letters if part.letter]
        state = Completeness.PART if present else Completeness.EMPTY
        return Step(
            key=LETTERS_STEP,
            label=_("Statement letters"),
            url=reverse("submissions:letter_list", args=[self.proposal.code]),
            completeness=state if missing else Completeness.DONE,
            is_required=any(part.kind.is_required for part in self.letters),
            hint=_("%(present)d of %(total)d letters")
            % {"present": len(present), "total": len(self.letters)},
        )

    @cached_property
    def consents_step(self) -> Step | None:
        """The page of statements to tick, if the form has any."""
        if not self.consents:
            return None
        ticked = [part for part in self.consents if part.is_ticked]
        state = Completeness.PART if ticked else Completeness.EMPTY
        if not any(part.is_missing for part in self.consents):
            state = Completeness.DONE
        return Step(
            key=CONSENTS_STEP,
            label=_("Statements"),
            url=reverse("submissions:consent_edit", args=[self.proposal.code]),
            completeness=state,
            is_required=any(part.consent.is_required for part in self.consents),
            hint=_("%(ticked)d of %(total)d ticked")
            % {"ticked": len(ticked), "total": len(self.consents)},
        )

    @cached_property
    def last_steps(self) -> list[Step]:
        """What follows the contents: letters and statements, where there are any."""
        return [step for step in (self.letters_step, self.consents_step) if step]

    @cached_property
    def steps(self) -> list[Step]:
        """All pages to fill in, in the order of the form."""
        return [self.header_step, *self.section_steps, *self.last_steps]

    @property
    def required_steps(self) -> list[Step]:
        return [step for step in self.steps if step.is_required]

    @property
    def done_count(self) -> int:
        return sum(step.is_done for step in self.required_steps)

    @property
    def next_step(self) -> Step | None:
        """The first page with something left to do, if any."""
        open_steps = (
            step
            for step in self.steps
            if step.is_over or (step.is_required and not step.is_done)
        )
        return next(open_steps, None)

    def section(self, code: str) -> SectionPart | None:
        return next((part for part in self.sections if part.section.code == code), None)


def load_dossier(proposal: Proposal, *, rules: bool = True) -> Dossier:
    """Load `proposal` with all its parts, in 9 queries whatever their number.

    Load the proposal itself with `for_page()`. Pages that check nothing leave the
    `rules` out and save two queries.
    """
    track = proposal.track.code
    requirements: list[Requirement] = []
    facts = Facts()
    if rules:
        asked = Requirement.objects.filter(round=proposal.round_id)
        requirements = [
            each
            for each in asked.order_by("order", "pk")
            if each.concerns(track, proposal.institution.kind)
        ]
        facts = queries.facts_of(proposal, requirements)
    sections, earlier = _sections(proposal)
    letters, earlier_letters = _letters(proposal)
    return Dossier(
        proposal=proposal,
        header=headers.parts_for(
            HeaderField.objects.filter(form=proposal.form_id).order_by("order", "pk"),
            proposal.header,
            track,
        ),
        sections=sections,
        earlier=earlier,
        letters=letters,
        earlier_letters=earlier_letters,
        consents=[
            ConsentPart(consent, proposal.consents.get(consent.code, ""))
            for consent in Consent.objects.filter(form=proposal.form_id).order_by(
                "order", "pk"
            )
            if consent.is_for(track)
        ],
        requirements=requirements,
        submission=opening_of(proposal),
        facts=facts,
    )


def _sections(proposal: Proposal) -> tuple[list[SectionPart], list[SectionPart]]:
    """The questions of its form and track, and the answers that stand outside them.

    These are of an earlier version of the form, or of another track.
    """
    files = _by_section(
        Evidence.objects.filter(proposal=proposal).order_by("uploaded_at", "pk")
    )
    links = _by_section(
        EvidenceLink.objects.filter(proposal=proposal)
        .with_latest_check()
        .order_by("added_at", "pk")
    )
    found = (
        Section.objects.annotate(
            own=FilteredRelation("answer", condition=Q(answer__proposal=proposal.pk))
        )
        .filter(
            Q(form=proposal.form_id) | Q(own__isnull=False) | Q(pk__in={*files, *links})
        )
        .select_related("own")  # type: ignore[misc]  # the joined relation
        .order_by("form__version", "order", "pk")
    )
    present: list[SectionPart] = []
    earlier: list[SectionPart] = []
    for section in found:
        part = SectionPart(
            section,
            getattr(section, "own", None),
            files.get(section.pk, ()),
            links.get(section.pk, ()),
        )
        if section.form_id == proposal.form_id and section.is_for(proposal.track.code):
            present.append(part)
        elif part.is_answered or part.evidence_count:
            earlier.append(part)
    return present, earlier


def _anchor(field: HeaderField) -> str:
    """The id of its box on the page of the general data."""
    return f"div_id_field-{field.code}"


def _by_section(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.section_id, []).append(row)
    return found


def _letters(proposal: Proposal) -> tuple[list[LetterPart], list[LetterPart]]:
    """The letters asked of it, and those that were uploaded for other kinds."""
    kinds = (
        LetterKind.objects.annotate(
            own=FilteredRelation(
                "statementletter", condition=Q(statementletter__proposal=proposal.pk)
            )
        )
        .filter(Q(form=proposal.form_id) | Q(own__isnull=False))
        .select_related("own")  # type: ignore[misc]  # the joined relation
        .order_by("form__version", "order", "pk")
    )
    present: list[LetterPart] = []
    earlier: list[LetterPart] = []
    for kind in kinds:
        part = LetterPart(kind, getattr(kind, "own", None))
        if kind.form_id == proposal.form_id and kind.is_for(proposal.track.code):
            present.append(part)
        elif part.letter:
            earlier.append(part)
    return present, earlier


def _section_hint(part: SectionPart) -> str:
    if part.words_over:
        return _("%(over)d words too many") % {"over": part.words_over}
    if part.lacks_evidence and part.is_answered:
        return _("supporting file missing")
    if part.is_answered and part.section.word_limit is not None:
        return _("%(words)d of %(limit)d words") % {
            "words": part.words,
            "limit": part.section.word_limit,
        }
    return ""
