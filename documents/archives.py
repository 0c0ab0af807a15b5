"""The papers of a batch as a ZIP: the same papers give the same bytes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.cleaning import clean_file_name
from core.dates import as_local
from core.spreadsheets import csv_lines
from core.zipping import Sink, head_of
from documents import queries
from documents.models import IssuedDocument, SignedCopy

MANIFEST = "daftar-dokumen.csv"


@dataclass(frozen=True)
class Line:
    """One line of the list: a paper, its path, and its digest unless it is missing."""

    number: str
    title: str
    about: str
    path: str
    sha256: str


def zipped(
    papers: Iterable[IssuedDocument], signed: Mapping[int, SignedCopy]
) -> Iterator[bytes]:
    """The ZIP paper by paper; at its end a list with the SHA-256 of each.

    `papers` come with `about`, see for_list; those in `signed`, by their key, are given
    with their signatures. One whose file is missing from storage, or is not the one
    that was issued, is named in the list, and the rest is still given.
    """
    sink = Sink()
    lines: list[Line] = []
    taken: set[str] = set()
    moment = None
    with sink.archive() as archive:
        for paper in papers:
            moment = as_local(paper.issued_at, ZoneInfo(paper.government.time_zone))
            path = _path(paper, taken)
            kept = signed.get(paper.pk, paper)
            content = _content(kept)
            digest = kept.sha256 if content else ""
            lines.append(
                Line(paper.number, paper.title, _about(paper), path, digest),
            )
            if content:
                archive.writestr(head_of(path, moment), content)
                yield sink.taken()
        if moment:
            archive.writestr(head_of(MANIFEST, moment), _manifest(lines))
    yield sink.taken()


def _about(paper: IssuedDocument) -> str:
    return getattr(paper, "about", None) or ""


def _path(paper: IssuedDocument, taken: set[str]) -> str:
    """Name the file after number and holder; no name is used twice."""
    text = f"{paper.number} {_about(paper)}".replace("/", "-").replace("\\", "-")
    path, turn = clean_file_name(text, ".pdf", limit=100), 1
    stem = path.removesuffix(".pdf")
    while path.lower() in taken:
        turn += 1
        path = f"{stem} ({turn}).pdf"
    taken.add(path.lower())
    return path


def _content(kept: IssuedDocument | SignedCopy) -> bytes:
    """The file, or nothing if it is not there as it was kept."""
    try:
        return queries.bytes_of(kept)
    except queries.FileDamaged:
        return b""


def _manifest(lines: Iterable[Line]) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # whoever asks for it
        missing = _("Missing from the storage, or not as it was issued")
        head = [_("Number"), _("Document"), _("About"), _("File"), "SHA-256", _("Note")]
        rows = [
            [
                line.number,
                line.title,
                line.about,
                line.path if line.sha256 else "",
                line.sha256,
                "" if line.sha256 else missing,
            ]
            for line in lines
        ]
        return "".join(csv_lines([head, *rows]))
