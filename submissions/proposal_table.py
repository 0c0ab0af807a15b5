"""The proposals of a round as a table whose columns are chosen.

One query whatever their number: rows come as they are written, with the answers of each
gathered in the database.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from competitions.models import HeaderField, Requirement, Round, Section
from core.dates import as_local
from core.spreadsheets import Cell
from core.text import word_count
from submissions import headers
from submissions.models import (
    Answer,
    Evidence,
    EvidenceLink,
    Proposal,
    ProposalState,
    ReasonCode,
    ScreeningItem,
    ScreeningState,
)

Row = Mapping[str, Any]
# Proposals read at a time.
CHUNK = 200
ANSWER, WORDS, HEADER, FINDING = "jawaban", "kata", "isian", "syarat"


@dataclass(frozen=True)
class Column:
    """One column: its name in addresses, its head, and what it takes of a row."""

    key: str
    label: str
    value: Callable[[Row], Cell]
    width: int = 20


@dataclass(frozen=True)
class Group:
    """Columns that are chosen beside each other."""

    label: str
    columns: Sequence[Column]


def groups_of(round: Round) -> list[Group]:
    """All columns that the table of `round` may have; four queries.

    A section or field that several versions of the form have stands once.
    """
    fields = _by_code(HeaderField.objects.filter(form__round=round))
    sections = _by_code(Section.objects.filter(form__round=round))
    asked = list(Requirement.objects.filter(round=round).order_by("order", "pk"))
    zone = round.zone
    found = [
        Group(_("General data"), _general()),
        Group(_("Fields at the head"), [_field(each) for each in fields]),
        Group(_("Answers"), [_answer(each) for each in sections]),
        Group(_("Word counts"), [_words(each) for each in sections]),
        Group(_("What the portal found"), [_finding(each) for each in asked]),
        Group(_("Screening"), _screening()),
        Group(
            _("Dates"),
            [
                _moment("dibuat", _("Begun on"), "created_at", zone),
                _moment("disimpan", _("Last saved on"), "last_saved_at", zone),
                _moment("dikirim", _("Submitted on"), "submitted_at", zone),
                _moment("diputuskan", _("Decided on"), "screening__decided_at", zone),
                _moment(
                    "diumumkan", _("Published on"), "screening__published_at", zone
                ),
            ],
        ),
    ]
    return [group for group in found if group.columns]


def usual(groups: Sequence[Group]) -> list[str]:
    """The columns that are ticked for who has chosen none yet."""
    general = [column.key for column in groups[0].columns]
    return [*general, "dikirim", "hasil"]


def rows_of(
    proposals: QuerySet[Proposal], columns: Sequence[Column]
) -> Iterator[list[Cell]]:
    """The head and a row for each proposal, in the order of `proposals`."""
    yield [column.label for column in columns]
    wanted = {column.key.partition(":")[0] for column in columns}
    values = [*_PLAIN]
    extra: dict[str, Any] = {}
    if wanted & {ANSWER, WORDS}:
        extra["answers"] = _answers()
    if "berkas" in wanted:
        extra["files"] = _number(Evidence.objects)
        extra["links"] = _number(EvidenceLink.objects)
    if "alasan" in wanted:
        extra["reasons"] = _reasons()
    found = proposals.annotate(**extra).values(*values, *extra)
    for row in found.iterator(chunk_size=CHUNK):
        if "answers" in extra:
            row["answers"] = {each["code"]: each["text"] for each in row["answers"]}
        yield [column.value(row) for column in columns]


_PLAIN = (
    "code",
    "title",
    "institution__name",
    "institution__short_name",
    "institution__kind",
    "institution__parent__name",
    "track__name",
    "category__name",
    "cluster__name",
    "state",
    "receipt_number",
    "digest",
    "header",
    "created_at",
    "last_saved_at",
    "submitted_at",
    "submitted_by__name",
    "machinecheck__outcomes",
    "screening__state",
    "screening__passed",
    "screening__note",
    "screening__decided_by__name",
    "screening__decided_at",
    "screening__published_at",
)


def _answers() -> ArraySubquery:
    answers = Answer.objects.filter(proposal=OuterRef("pk")).order_by(
        "section__form__version", "section__order", "pk"
    )
    return ArraySubquery(
        answers.values(json=JSONObject(code=F("section__code"), text=F("text")))
    )


def _reasons() -> ArraySubquery:
    items = ScreeningItem.objects.filter(
        screening__proposal=OuterRef("pk"), verdict=ScreeningItem.Verdict.NOT_MET
    ).order_by("requirement__order", "pk")
    return ArraySubquery(items.values("reason_code"))


def _number(manager: Any) -> Coalesce:
    rows = manager.filter(proposal=OuterRef("pk")).order_by().values("proposal")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def _by_code(rows: Any) -> list[Any]:
    """The newest of each code, in the order of the form."""
    newest = {}
    for row in rows.order_by("form__version", "order", "pk"):
        newest[row.code] = row
    return sorted(newest.values(), key=lambda row: (row.order, row.pk))


def _plain(key: str, label: str, name: str, width: int = 20) -> Column:
    return Column(key, label, lambda row: row[name] or "", width)


def _general() -> list[Column]:
    states = dict(ProposalState.choices)
    return [
        _plain("kode", _("Code"), "code", 14),
        _plain("judul", _("Name of the innovation"), "title", 50),
        _plain("instansi", _("Institution"), "institution__name", 40),
        _plain("induk", _("Part of"), "institution__parent__name", 40),
        _plain("kelompok", _("Group"), "track__name"),
        _plain("kategori", _("Category"), "category__name", 30),
        _plain("klaster", _("Cluster"), "cluster__name"),
        Column("status", _("State"), lambda row: str(states.get(row["state"], ""))),
        _plain("tanda-terima", _("Number of the receipt"), "receipt_number"),
        _plain("pengirim", _("Submitted by"), "submitted_by__name", 30),
        Column(
            "berkas",
            _("Files and links"),
            lambda row: row.get("files", 0) + row.get("links", 0),
            10,
        ),
        _plain("sidik-jari", _("Fingerprint (SHA-256)"), "digest", 66),
    ]


def _field(field: HeaderField) -> Column:
    return Column(
        f"{HEADER}:{field.code}",
        field.label,
        lambda row: headers.in_words(field, row["header"].get(field.code)),
        30,
    )


def _answer(section: Section) -> Column:
    return Column(
        f"{ANSWER}:{section.code}",
        section.title,
        lambda row: row["answers"].get(section.code, ""),
        60,
    )


def _words(section: Section) -> Column:
    limit = f" ({section.word_limit})" if section.word_limit else ""
    return Column(
        f"{WORDS}:{section.code}",
        _("Words: %(title)s") % {"title": f"{section.title}{limit}"},
        lambda row: word_count(row["answers"].get(section.code, "")),
        12,
    )


def _finding(requirement: Requirement) -> Column:
    labels = {
        "met": _("Met"),
        "not_met": _("Not met"),
        "needs_look": _("Needs a look"),
    }

    def value(row: Row) -> Cell:
        found = (row["machinecheck__outcomes"] or {}).get(requirement.code, "")
        return labels.get(str(found), str(found))

    return Column(f"{FINDING}:{requirement.code}", requirement.title, value, 16)


def _screening() -> list[Column]:
    stands = dict(ScreeningState.choices)
    reasons = dict(ReasonCode.choices)

    def result(row: Row) -> Cell:
        passed = row["screening__passed"]
        if passed is None:
            return ""
        return _("Passed") if passed else _("Not passed")

    def why(row: Row) -> Cell:
        return "; ".join(str(reasons.get(each, each)) for each in row["reasons"])

    return [
        Column(
            "tahap",
            _("State of the check"),
            lambda row: str(stands.get(row["screening__state"], "")),
        ),
        Column("hasil", _("Result of the check"), result),
        Column("alasan", _("Reasons"), why, 40),
        _plain("catatan", _("Note of the check"), "screening__note", 40),
        _plain("pemeriksa", _("Checked by"), "screening__decided_by__name", 30),
    ]


def _moment(key: str, label: str, name: str, zone: Any) -> Column:
    def value(row: Row) -> Cell:
        moment: datetime | None = row[name]
        return as_local(moment, zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    return Column(key, label, value, 18)
