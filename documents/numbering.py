"""Numbers of papers: gap-free and never twice within government, kind and year.

How a number is written says a pattern, as "000.8/{seq:03}/KIPP/{year}". Only the names
of PLACEHOLDERS may stand in braces; a pattern is read sign by sign and runs nothing.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Government
from core.errors import DomainError
from documents.models import (
    DocumentKind,
    IssuedDocument,
    NumberPattern,
    NumberSequence,
)

# What a pattern may say, and what it means in the words of the settings page.
PLACEHOLDERS = MappingProxyType(
    {
        "seq": gettext_lazy("counts from 1 each year; {seq:03} writes three digits"),
        "year": gettext_lazy("the year of the date of issue"),
        "month": gettext_lazy("its month in two digits"),
        "month_roman": gettext_lazy("its month in Roman numerals"),
        "kind": gettext_lazy("a short sign of the kind of document"),
        "unit": gettext_lazy("the sign of your unit, from the field below"),
    }
)
DEFAULT_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        DocumentKind.CERTIFICATE: "000.8/{seq:03}/KIPP/{year}",
        DocumentKind.FINALIST: "000.8/{seq:03}/KIPP-F/{year}",
        DocumentKind.PARTICIPANT: "000.8/{seq:03}/KIPP-P/{year}",
        DocumentKind.JUROR: "000.8/{seq:03}/KIPP-J/{year}",
        DocumentKind.COMMITTEE: "000.8/{seq:03}/KIPP-T/{year}",
        DocumentKind.PRESENCE: "000.8/{seq:03}/KIPP-H/{year}",
        DocumentKind.RECEIPT: "TT-{year}-{seq:03}",
        DocumentKind.ATTENDANCE: "DH-{year}-{seq:03}",
        DocumentKind.FEEDBACK: "000.8/{seq:03}/UB/{year}",
        DocumentKind.MINUTES: "{seq:03}/BA-KIPP/{year}",
        DocumentKind.SCORE_SHEET: "{seq:03}/LP-KIPP/{year}",
        DocumentKind.RECAP: "{seq:03}/RN-KIPP/{year}",
        DocumentKind.DECREE: "000.8/{seq:03}/SK/{year}",
        DocumentKind.ANNOUNCEMENT: "{seq:03}/PENG-KIPP/{year}",
        DocumentKind.LETTER: "000.8/{seq:03}/{year}",
    }
)
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        DocumentKind.CERTIFICATE: "PGM",
        DocumentKind.FINALIST: "FIN",
        DocumentKind.PARTICIPANT: "PST",
        DocumentKind.JUROR: "JURI",
        DocumentKind.COMMITTEE: "PAN",
        DocumentKind.PRESENCE: "HDR",
        DocumentKind.RECEIPT: "TT",
        DocumentKind.ATTENDANCE: "DH",
        DocumentKind.FEEDBACK: "UB",
        DocumentKind.MINUTES: "BA",
        DocumentKind.SCORE_SHEET: "LP",
        DocumentKind.RECAP: "RN",
        DocumentKind.DECREE: "SK",
        DocumentKind.ANNOUNCEMENT: "PENG",
        DocumentKind.LETTER: "SRT",
    }
)
MAX_DIGITS = 6
MAX_LENGTH = 80  # as IssuedDocument.number
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_PART = re.compile(r"\{(?P<name>[a-z_]+)(?::0(?P<digits>\d))?\}")


class PatternMistaken(DomainError):
    """The pattern cannot be read, or would not tell one paper from another."""


class NumberTaken(DomainError):
    """Another paper of the same kind has the number in that year."""


@dataclass(frozen=True)
class NumberParts:
    """What the placeholders of one number stand for."""

    seq: int
    day: date
    kind: str
    unit: str = ""

    def text_of(self, name: str, digits: int) -> str:
        """Write one placeholder; `digits` is the least width of the sequence."""
        match name:
            case "seq":
                return f"{self.seq:0{digits}}"
            case "year":
                return str(self.day.year)
            case "month":
                return f"{self.day.month:02}"
            case "month_roman":
                return _ROMAN[self.day.month - 1]
            case "kind":
                return SIGNS.get(self.kind, self.kind)
        return self.unit


def write_number(pattern: str, parts: NumberParts) -> str:
    """Write a number by its pattern, which `check_pattern` has found good."""
    return _PART.sub(
        lambda found: parts.text_of(found["name"], int(found["digits"] or 1)), pattern
    )


def check_pattern(pattern: str, unit: str = "") -> None:
    """Find whether numbers can be written by `pattern`.

    Raises PatternMistaken, which says what to mend.
    """
    names = []
    for found in _PART.finditer(pattern):
        name, digits = found["name"], found["digits"]
        if name not in PLACEHOLDERS:
            raise PatternMistaken(
                _("{%(name)s} is not known. Use one of: %(names)s.")
                % {
                    "name": name,
                    "names": ", ".join(f"{{{each}}}" for each in PLACEHOLDERS),
                }
            )
        if digits is not None and (name != "seq" or not 1 <= int(digits) <= MAX_DIGITS):
            raise PatternMistaken(
                _("Only {seq} takes a width, from {seq:01} to {seq:06}.")
            )
        names.append(name)
    if set("{}") & set(_PART.sub("", pattern)):
        raise PatternMistaken(
            _("Braces hold a placeholder and nothing else, as in {seq:03} or {year}.")
        )
    if names.count("seq") != 1:
        raise PatternMistaken(
            _("Write {seq} once: without it all documents would have one number.")
        )
    if "unit" in names and not unit:
        raise PatternMistaken(_("Fill in the unit, or take {unit} out."))
    longest = NumberParts(10**MAX_DIGITS, date(9999, 8, 1), DocumentKind.JUROR, unit)
    if len(write_number(pattern, longest)) > MAX_LENGTH:
        raise PatternMistaken(_("The numbers would be too long. Shorten the pattern."))


def lock_sequence(*, government: Government, kind: str, year: int) -> NumberSequence:
    """Lock the sequence until the transaction ends; start it if there is none.

    It comes with what the government has set for the kind: `pattern` and `unit`, None
    where it has set nothing.
    """
    own = NumberPattern.objects.filter(
        government=OuterRef("government"), kind=OuterRef("kind")
    )
    sequences = (
        NumberSequence.objects.select_for_update(of=("self",))
        .filter(government=government, kind=kind, year=year)
        .annotate(
            pattern=Subquery(own.values("pattern")), unit=Subquery(own.values("unit"))
        )
    )
    if sequence := sequences.first():
        return sequence
    # Somebody else may start the same sequence now: one row stands, both lock it.
    NumberSequence.objects.bulk_create(
        [NumberSequence(government=government, kind=kind, year=year)],
        ignore_conflicts=True,
    )
    return sequences.get()


def next_of(sequence: NumberSequence) -> int:
    """Take the next number of a locked sequence, counting from 1.

    The sequence stays locked until the transaction ends, and a number that was not
    used after all goes back with it.
    """
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def take_numbers(
    sequence: NumberSequence,
    *,
    count: int,
    day: date,
    default: str | None = None,
    typed: Collection[str] = (),
) -> list[str]:
    """Take the next numbers of a locked sequence, passing by those somebody typed.

    `typed` are those typed at this very moment, of which no paper knows yet.

    They are written as the government has set, else by `default`, else by the pattern
    that the kind has from the start.
    Source: rule DOC-01 in docs/rules.md.
    """
    own, unit = getattr(sequence, "pattern", None), getattr(sequence, "unit", None)
    pattern = own or default or DEFAULT_PATTERNS[sequence.kind]
    numbers: list[str] = []
    while missing := count - len(numbers):
        tried = {
            write_number(pattern, NumberParts(seq, day, sequence.kind, unit or "")): seq
            for seq in range(sequence.last + 1, sequence.last + missing + 1)
        }
        taken = taken_numbers(sequence, tried) | set(typed)
        numbers += [number for number in tried if number not in taken]
        sequence.last += missing
    if count:
        sequence.save(update_fields=["last"])
    return numbers


def coming_numbers(
    *, government: Government, kind: str, count: int, day: date
) -> list[str]:
    """Tell the next numbers without taking them: somebody else may be first."""
    sequence = NumberSequence.objects.filter(
        government=government, kind=kind, year=day.year
    ).first() or NumberSequence(government=government, kind=kind, year=day.year)
    own = NumberPattern.objects.filter(government=government, kind=kind).first()
    pattern = own.pattern if own else DEFAULT_PATTERNS[kind]
    unit = own.unit if own else ""
    numbers: list[str] = []
    last = sequence.last
    while missing := count - len(numbers):
        tried = [
            write_number(pattern, NumberParts(seq, day, kind, unit))
            for seq in range(last + 1, last + missing + 1)
        ]
        taken = taken_numbers(sequence, tried)
        numbers += [number for number in tried if number not in taken]
        last += missing
    return numbers


def taken_numbers(sequence: NumberSequence, numbers: Collection[str]) -> set[str]:
    """Those of `numbers` that a paper of the sequence has."""
    papers = IssuedDocument.objects.filter(
        government=sequence.government_id,
        kind=sequence.kind,
        year=sequence.year,
        number__in=list(numbers),
    )
    return set(papers.values_list("number", flat=True))


def refuse_taken(sequence: NumberSequence, typed: Collection[str]) -> None:
    """Raise NumberTaken if one of the numbers that people typed is not free."""
    twice = {each for each in typed if list(typed).count(each) > 1}
    for number in sorted(twice | taken_numbers(sequence, typed)):
        raise NumberTaken(
            _(
                "Another document of this kind has the number %(number)s in "
                "%(year)s. Type another one."
            )
            % {"number": number, "year": str(sequence.year)}
        )


@dataclass(frozen=True)
class NumberRow:
    """How the numbers of one kind are written."""

    kind: str
    label: str
    pattern: str
    unit: str
    is_own: bool
    seq: int
    day: date
    has_example: bool = True

    @property
    def example(self) -> str:
        """The next number, were it given on `day`."""
        if not self.has_example:
            return ""
        parts = NumberParts(self.seq, self.day, self.kind, self.unit)
        return write_number(self.pattern, parts)


def rows_of(
    government: Government, day: date, kinds: Iterable[str] = DocumentKind.values
) -> list[NumberRow]:
    """How `government` writes the numbers of `kinds`, in the year of `day`."""
    own = {
        each.kind: each for each in NumberPattern.objects.filter(government=government)
    }
    last = dict(
        NumberSequence.objects.filter(government=government, year=day.year).values_list(
            "kind", "last"
        )
    )
    return [
        NumberRow(
            kind=kind,
            label=str(DocumentKind(kind).label),
            pattern=own[kind].pattern if kind in own else DEFAULT_PATTERNS[kind],
            unit=own[kind].unit if kind in own else "",
            is_own=kind in own,
            seq=last.get(kind, 0) + 1,
            day=day,
        )
        for kind in kinds
    ]
