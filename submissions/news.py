"""What a newer version of the form asks of a draft that was begun in an older one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from competitions.models import Consent, FormTemplate, HeaderField, LetterKind, Section
from submissions.dossier import Dossier

# What an author would notice, by the kind of part.
SECTION_FIELDS = [
    "title",
    "question",
    "word_limit",
    "is_required",
    "evidence_required",
    "evidence_types",
    "evidence_max_files",
    "evidence_max_bytes",
]
HEADER_FIELDS = [
    "kind",
    "label",
    "follow_up",
    "options",
    "minimum",
    "maximum",
    "is_required",
]
LETTER_FIELDS = ["title", "body", "signer", "has_stamp_duty", "is_required"]
CONSENT_FIELDS = ["text", "is_required"]


class Change(StrEnum):
    """What became of a part of the form."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class News:
    """One part of the form that is not what it was; `step` names its page."""

    step: str
    label: str
    kind: Change

    @property
    def is_new(self) -> bool:
        return self.kind == Change.NEW

    @property
    def is_gone(self) -> bool:
        return self.kind == Change.GONE


def news_of(dossier: Dossier) -> list[News]:
    """What is new since the draft was last saved, part by part; [] for most.

    Four queries, and only for a draft that has come from an older version.
    """
    proposal = dossier.proposal
    if proposal.earlier_form is None or proposal.form_since is None:
        return []
    return [
        *_header_news(dossier, proposal.earlier_form, proposal.form_since),
        *_section_news(dossier, proposal.earlier_form, proposal.form_since),
        *_letter_news(dossier, proposal.earlier_form, proposal.form_since),
        *_consent_news(dossier, proposal.earlier_form),
    ]


def _header_news(
    dossier: Dossier, earlier: FormTemplate, since: datetime
) -> Iterator[News]:
    saved_at = dossier.proposal.header_saved_at
    if saved_at and saved_at > since:
        return
    known = _by_code(HeaderField.objects.filter(form=earlier))
    for part in dossier.header:
        if change := _change(known.get(part.field.code), part.field, HEADER_FIELDS):
            yield News(dossier.header_step.key, part.field.label, change)


def _section_news(
    dossier: Dossier, earlier: FormTemplate, since: datetime
) -> Iterator[News]:
    known = _by_code(Section.objects.filter(form=earlier))
    for part in dossier.sections:
        if part.answer and part.answer.saved_at > since:
            continue
        section = part.section
        if change := _change(known.get(section.code), section, SECTION_FIELDS):
            yield News(section.code, section.title, change)
    for part in dossier.earlier:
        yield News("", part.section.title, Change.GONE)


def _letter_news(
    dossier: Dossier, earlier: FormTemplate, since: datetime
) -> Iterator[News]:
    known = _by_code(LetterKind.objects.filter(form=earlier))
    for part in dossier.letters:
        if part.letter and part.letter.uploaded_at > since:
            continue
        if change := _change(known.get(part.kind.code), part.kind, LETTER_FIELDS):
            step = dossier.letters_step
            yield News(step.key if step else "", part.kind.title, change)


def _consent_news(dossier: Dossier, earlier: FormTemplate) -> Iterator[News]:
    known = _by_code(Consent.objects.filter(form=earlier))
    for part in dossier.consents:
        if part.is_ticked:
            continue
        if change := _change(
            known.get(part.consent.code), part.consent, CONSENT_FIELDS
        ):
            step = dossier.consents_step
            yield News(step.key if step else "", part.consent.text, change)


def _by_code(rows: Any) -> dict[str, Any]:
    return {row.code: row for row in rows}


def _change(before: Any, now: Any, fields: list[str]) -> Change | None:
    if before is None:
        return Change.NEW
    if any(getattr(before, name) != getattr(now, name) for name in fields):
        return Change.CHANGED
    return None
