"""Statement letters filled in as far as the portal knows: pure functions on a dossier.

What it does not know is left as a dotted line, to be written by hand. Source: rule
FRM-05 in docs/rules.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.employee_numbers import printed
from competitions.models import HeaderField, LetterKind
from competitions.placeholders import FIELD_PREFIX, fill_in
from core.dates import as_local, format_date
from submissions import headers
from submissions.dossier import Dossier

TEMPLATE = "submissions/pdf/letter.html"
BLANK = "." * 40
TABLE = "{inovator}"
_PARAGRAPHS = re.compile(r"\n\s*\n")
_LINE = re.compile(r"([^:{}]{1,40}): (.+)")


@dataclass(frozen=True)
class Block:
    """A piece of a letter: a paragraph, lines of label and value, or the people."""

    text: str = ""
    lines: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def values_of(dossier: Dossier, kind: LetterKind, at: datetime) -> dict[str, str]:
    """What stands for each word in braces; a dotted line where nothing is known."""
    proposal = dossier.proposal
    institution = proposal.institution
    government = proposal.round.competition.government
    started = dossier.started_date()
    listed = _people(dossier)
    values = {
        "judul": proposal.title,
        "instansi": institution.name,
        "induk": str(institution.parent or institution),
        "alamat": institution.address,
        "pemerintah": government.name,
        "kelompok": proposal.track.name,
        "kategori": proposal.category.name if proposal.category else "",
        "kompetisi": proposal.round.name,
        "tahun": str(proposal.round.year),
        "mulai": format_date(started) if started else "",
        "inovator": "; ".join(person[headers.NAME] for person in listed),
        "bentuk": _shape(len(listed)),
        "tempat": government.place,
        "tanggal": format_date(as_local(at, proposal.round.zone).date()),
        **_signer(kind, listed),
    }
    for part in dossier.header:
        values[f"{FIELD_PREFIX}{part.field.code}"] = part.in_words
    return {word: value or BLANK for word, value in values.items()}


def blocks_of(dossier: Dossier, kind: LetterKind, at: datetime) -> list[Block]:
    """The letter, piece by piece."""
    values = values_of(dossier, kind, at)
    return [
        _block(paragraph, values, dossier)
        for paragraph in _PARAGRAPHS.split(kind.body.replace("\r\n", "\n").strip())
    ]


def context_of(dossier: Dossier, kind: LetterKind, at: datetime) -> dict[str, Any]:
    """What the paper prints."""
    values = values_of(dossier, kind, at)
    return {
        "kind": kind,
        "institution": dossier.proposal.institution,
        "government": dossier.proposal.round.competition.government,
        "blocks": blocks_of(dossier, kind, at),
        "place": values["tempat"],
        "year": str(as_local(at, dossier.proposal.round.zone).year),
        "signer": {word: values[word] for word in ("nama", "nip", "jabatan")},
        "is_head": kind.signer == LetterKind.Signer.HEAD,
        "is_demonstration": dossier.proposal.round.is_demonstration,
    }


def _block(paragraph: str, values: Mapping[str, str], dossier: Dossier) -> Block:
    if paragraph.strip() == TABLE:
        return _table(dossier)
    lines = [_LINE.fullmatch(line.strip()) for line in paragraph.split("\n")]
    if len(lines) > 1 and all(lines):
        return Block(
            lines=[(found[1], fill_in(found[2], values)) for found in lines if found]
        )
    return Block(text=fill_in(paragraph, values))


def _table(dossier: Dossier) -> Block:
    field = _persons_field(dossier)
    columns = [each["label"] for each in field.options] if field else []
    listed = _people(dossier)
    rows = [headers.person_cells(field, each) for each in listed] if field else []
    # Nobody named yet: room to write them in by hand.
    empty = [[""] * (len(columns) + 1) for _n in range(3)]
    return Block(head=[_("Name"), *columns], rows=rows or empty)


def _persons_field(dossier: Dossier) -> HeaderField | None:
    kinds = (part.field for part in dossier.header)
    return next((each for each in kinds if each.kind == headers.Kind.PERSONS), None)


def _people(dossier: Dossier) -> list[Mapping[str, str]]:
    field = _persons_field(dossier)
    return headers.people(dossier.proposal.header.get(field.code)) if field else []


def _shape(count: int) -> str:
    if not count:
        return ""
    return _("individual") if count == 1 else _("team")


def _signer(kind: LetterKind, listed: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """An author signs as the first of the people; a head writes by hand."""
    if kind.signer != LetterKind.Signer.AUTHOR or not listed:
        return {"nama": "", "nip": "", "jabatan": ""}
    first = listed[0]
    return {
        "nama": first[headers.NAME],
        "nip": printed(first.get(headers.NUMBER_COLUMN)),
        "jabatan": first.get("jabatan", ""),
    }
