"""The columns of the table, and the shapes that pass between its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core import dates
from core.errors import DomainError

CODE = "kode"
KIND = "jenis"
NAME = "nama"
SHORT_NAME = "nama_singkat"
PARENT = "kode_induk"
EMAIL = "email"
PHONE = "telepon"
ADDRESS = "alamat"
ACTIVE_FROM = "aktif_dari"
ACTIVE_TO = "aktif_sampai"
SUCCESSOR = "kode_pengganti"

# Column to field, in the order of the template.
FIELDS = {
    CODE: "code",
    KIND: "kind",
    NAME: "name",
    SHORT_NAME: "short_name",
    PARENT: "parent",
    EMAIL: "email",
    PHONE: "phone",
    ADDRESS: "address",
    ACTIVE_FROM: "active_from",
    ACTIVE_TO: "active_to",
    SUCCESSOR: "successor",
}
COLUMNS = tuple(FIELDS)
REQUIRED = (CODE, KIND, NAME, SHORT_NAME)
DATES = (ACTIVE_FROM, ACTIVE_TO)


class TableUnreadable(DomainError):
    """The file is no table of institutions; the message says what is wrong."""


@dataclass(frozen=True)
class Row:
    """One line: a tidy text for each column that the table has, maybe empty."""

    number: int
    values: Mapping[str, str]

    @property
    def code(self) -> str:
        return self.values[CODE]


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, told so that it can be mended."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Hint:
    """What was tidied in a cell, or looks odd; nothing is refused for it."""

    row: int
    column: str
    value: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table that was read; `faults` are those that show in the cells themselves."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class Stored:
    """An institution that the government has already: a text for every column.

    `roles_until` is the last day of any role in it, date.max where one has no end,
    None where nobody works.
    """

    values: Mapping[str, str]
    roles_until: date | None = None


def as_date(text: str) -> date | None:
    """Read a day as the table keeps it; None for an empty or a faulty text.

    A year of another age can only be mistyped.
    """
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and day.year in dates.PLAUSIBLE_YEARS else None
