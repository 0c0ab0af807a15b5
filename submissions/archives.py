"""The files of proposals as a ZIP that is made while it is sent: memory stays small."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _

from core.cleaning import clean_file_name
from core.dates import as_local
from core.spreadsheets import csv_lines
from core.zipping import Sink, head_of
from documents.models import Inspection, StoredFile
from submissions.models import Evidence, EvidenceLink, Proposal, StatementLetter

PIECE = 256 * 1024
MANIFEST = "daftar-berkas.csv"


@dataclass(frozen=True)
class Entry:
    """One line of the list: a file with its path, or a link."""

    proposal: str
    place: str
    name: str
    uploaded_at: datetime
    path: str = ""
    file: StoredFile | None = None
    held_back: bool = False


def entries_of(proposals: Sequence[Proposal]) -> list[Entry]:
    """All files, letters and links of `proposals`, in four queries.

    Each proposal has a folder named after its code; no path is used twice, and none
    leads out of the archive.
    """
    pks = [each.pk for each in proposals]
    files: list[Evidence | StatementLetter] = [
        *Evidence.objects.filter(proposal__in=pks)
        .select_related("proposal", "section")
        .order_by("proposal__code", "section__order", "uploaded_at", "pk"),
        *StatementLetter.objects.filter(proposal__in=pks)
        .select_related("proposal", "kind")
        .order_by("proposal__code", "kind__order", "pk"),
    ]
    links = (
        EvidenceLink.objects.filter(proposal__in=pks)
        .select_related("proposal", "section")
        .order_by("proposal__code", "section__order", "pk")
    )
    held = set(
        Inspection.objects.exclude(scan=Inspection.Scan.DONE).values_list(
            "key", flat=True
        )
    )
    taken: set[str] = set()
    found = [_entry(each, taken, held) for each in files]
    found += [
        Entry(
            proposal=each.proposal.code,
            place=each.section.title,
            name=each.url,
            uploaded_at=each.added_at,
        )
        for each in links
    ]
    return sorted(found, key=lambda each: each.proposal)


def _entry(
    stored: Evidence | StatementLetter, taken: set[str], held: set[str]
) -> Entry:
    if isinstance(stored, Evidence):
        place, folder = stored.section.title, stored.section.code
    else:
        place, folder = stored.kind.title, f"surat-{stored.kind.code}"
    _dot, ending = stored.name.rpartition(".")[1:]
    name = clean_file_name(stored.name, f".{ending}", limit=100)
    path, number = f"{stored.proposal.code}/{folder}/{name}", 1
    while path.lower() in taken:
        number += 1
        stem = name.removesuffix(f".{ending}")
        path = f"{stored.proposal.code}/{folder}/{stem} ({number}).{ending}"
    taken.add(path.lower())
    return Entry(
        proposal=stored.proposal.code,
        place=place,
        name=stored.name,
        uploaded_at=stored.uploaded_at,
        path=path,
        file=stored,
        held_back=stored.key in held,
    )


def zipped(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The ZIP piece by piece; at its end a list with the SHA-256 of each file.

    A file that is missing from storage, or held back by the virus scanner, is named in
    the list, and the rest is still given.
    """
    sink = Sink()
    missing: set[str] = set()
    with sink.archive() as archive:
        for entry in entries:
            if entry.file is None or entry.held_back:
                continue
            try:
                source = entry.file.file.open("rb")
            except FileNotFoundError:
                missing.add(entry.path)
                continue
            head = head_of(entry.path, as_local(entry.uploaded_at))
            with source, archive.open(head, "w", force_zip64=True) as target:
                yield from _copied(source, target, sink)
        archive.writestr(MANIFEST, "".join(csv_lines(_lines(entries, missing))))
    yield sink.taken()


def _copied(source: IO[bytes], target: IO[bytes], sink: Sink) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        target.write(piece)
        yield sink.taken()


def _lines(entries: Iterable[Entry], missing: set[str]) -> Iterator[list[str | int]]:
    yield [
        _("Proposal"),
        _("Part"),
        _("Name"),
        _("Path in this archive"),
        _("Bytes"),
        "SHA-256",
        _("Stored on"),
        _("Note"),
    ]
    for entry in entries:
        file = entry.file
        note = ""
        if file is None:
            note = _("Link")
        elif entry.held_back:
            note = _("Held back by the virus scanner")
        elif entry.path in missing:
            note = _("Missing from the storage")
        yield [
            entry.proposal,
            entry.place,
            entry.name,
            "" if note else entry.path,
            file.size if file else "",
            file.sha256 if file else "",
            as_local(entry.uploaded_at).strftime("%Y-%m-%d %H:%M"),
            note,
        ]
