"""All that is wrong in a table as a whole, beside what the government has already."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts import trees
from accounts.institution_table.columns import (
    ACTIVE_FROM,
    ACTIVE_TO,
    CODE,
    COLUMNS,
    DATES,
    EMAIL,
    FIELDS,
    KIND,
    PARENT,
    REQUIRED,
    SUCCESSOR,
    Fault,
    Row,
    Stored,
    Table,
    as_date,
)
from accounts.models import Institution
from accounts.models.bodies import CODE_PATTERN

_CODE = re.compile(CODE_PATTERN)
_LIMITED = {
    column: length
    for column, name in FIELDS.items()
    if column != KIND
    and (length := getattr(Institution._meta.get_field(name), "max_length", None))
}


def check_rows(
    table: Table, stored: Mapping[str, Stored], *, today: date
) -> list[Fault]:
    """Find all faults, those of the cells too, in the order of the rows.

    `stored` holds the institutions of the government by code. Rows may stand in any
    order, parents after their children.
    """
    faults = list(table.faults)
    seen = {(fault.row, fault.column) for fault in faults}
    check = _Check(table, stored, today)
    for fault in check.all():
        # One reason a cell is enough, and the first says most.
        if (fault.row, fault.column) not in seen:
            faults.append(fault)
            seen.add((fault.row, fault.column))
    order = {column: number for number, column in enumerate(COLUMNS)}
    return sorted(faults, key=lambda each: (each.row, order.get(each.column, -1)))


class _Check:
    """The table laid over what is stored: how things would stand afterwards."""

    def __init__(self, table: Table, stored: Mapping[str, Stored], today: date) -> None:
        self.table = table
        self.stored = stored
        self.today = today
        self.rows: dict[str, Row] = {}
        for row in table.rows:
            if row.code:
                self.rows.setdefault(row.code, row)
        self.after = {code: dict(each.values) for code, each in stored.items()}
        for code, row in self.rows.items():
            self.after.setdefault(code, dict.fromkeys(COLUMNS, "")).update(row.values)
        self.parents = {code: each[PARENT] for code, each in self.after.items()}
        self.successors = {code: each[SUCCESSOR] for code, each in self.after.items()}

    def all(self) -> Iterable[Fault]:
        for row in self.table.rows:
            yield from self._cells(row)
        yield from self._doubles()
        for row in self.table.rows:
            yield from self._parent(row)
            yield from self._successor(row)
            yield from self._end(row)
        yield from self._shape()

    def _cells(self, row: Row) -> Iterable[Fault]:
        for column, text in row.values.items():
            if not text and column in REQUIRED:
                yield Fault(row.number, column, "", _("Fill in this cell."))
            elif text and (reason := _cell_fault(column, text)):
                yield Fault(row.number, column, text[:100], reason)

    def _doubles(self) -> Iterable[Fault]:
        first: dict[str, Row] = {}
        alike = {code.lower(): code for code in self.stored}
        for row in self.table.rows:
            if not row.code:
                continue
            earlier = first.setdefault(row.code.lower(), row)
            known = alike.get(row.code.lower(), row.code)
            if earlier is not row:
                reason = _("Row %(row)d has the same code.") % {"row": earlier.number}
            elif known != row.code:
                reason = _(
                    "The portal has this code as “%(code)s”. Write it just so."
                ) % {"code": known}
            else:
                continue
            yield Fault(row.number, CODE, row.code, reason)

    def _parent(self, row: Row) -> Iterable[Fault]:
        code = row.values.get(PARENT, "")
        if not code:
            return
        above = self.after.get(code)
        reason = ""
        if code == row.code:
            reason = _("An institution cannot stand below itself.")
        elif above is None:
            reason = _("No institution in the portal or in this table has this code.")
        elif above[SUCCESSOR]:
            reason = _(
                "This institution has the successor %(code)s. Write that code."
            ) % {"code": above[SUCCESSOR]}
        if reason:
            yield Fault(row.number, PARENT, code, reason)

    def _successor(self, row: Row) -> Iterable[Fault]:
        after = self.after.get(row.code, row.values)
        code = after.get(SUCCESSOR, "")
        if not code or not {SUCCESSOR, ACTIVE_TO} & row.values.keys():
            return
        ended = as_date(after.get(ACTIVE_TO, ""))
        column, reason = SUCCESSOR, ""
        if code == row.code:
            reason = _("An institution cannot be its own successor.")
        elif code not in self.after:
            reason = _("No institution in the portal or in this table has this code.")
        elif ended is None or ended >= self.today:
            column = SUCCESSOR if SUCCESSOR in row.values else ACTIVE_TO
            reason = _(
                "Only an institution that has ended has a successor: fill in "
                "%(column)s with a day before today."
            ) % {"column": ACTIVE_TO}
        if reason:
            yield Fault(row.number, column, after.get(column, ""), reason)

    def _end(self, row: Row) -> Iterable[Fault]:
        after = self.after.get(row.code, row.values)
        text = after.get(ACTIVE_TO, "")
        begins, ends = as_date(after.get(ACTIVE_FROM, "")), as_date(text)
        if not ends or ACTIVE_TO not in row.values:
            return
        known = self.stored.get(row.code)
        reason = ""
        if begins and ends < begins:
            reason = _("The end lies before the beginning.")
        elif known and known.roles_until and known.roles_until > ends:
            reason = _(
                "People still hold roles there. End or merge the institution on its "
                "page: their roles end or go over with it."
            )
        if reason:
            yield Fault(row.number, ACTIVE_TO, text, reason)

    def _shape(self) -> Iterable[Fault]:
        """What shows only in the tree: circles, depth, children that are left over."""
        endless = trees.in_cycle(self.parents, self.successors)
        endless |= trees.in_cycle(self.parents, {})
        limit = trees.MAX_PATH
        for code, row in self.rows.items():
            if code in endless:
                column = SUCCESSOR if row.values.get(SUCCESSOR) else PARENT
                reason = _("Following the parents upwards leads round in a circle.")
                yield Fault(row.number, column, row.values.get(column, ""), reason)
            elif (
                self.parents[code] in self.parents
                and len(trees.path_of(code, self.parents, self.successors)) > limit
            ):
                reason = _(
                    "The tree is too deep here: its codes are too long together."
                )
                yield Fault(row.number, PARENT, self.parents[code], reason)
        for code, parent in self.parents.items():
            if parent in self.after and (code in self.rows or parent in self.rows):
                yield from self._left_over(code, parent)

    def _left_over(self, code: str, parent: str) -> Iterable[Fault]:
        """An institution outlives the one above it, or its parent has a successor."""
        child, above = self.after[code], self.after[parent]
        ends, child_ends = as_date(above[ACTIVE_TO]), as_date(child[ACTIVE_TO])
        column, reason = ACTIVE_TO, ""
        if above[SUCCESSOR]:
            column = SUCCESSOR
            reason = _("%(code)s stands below it. Move that one to the successor.")
        elif ends and (child_ends is None or child_ends > ends):
            reason = _(
                "%(code)s below it would go on without it. Move or end that too."
            )
        if not reason:
            return
        if row := self.rows.get(parent):
            yield Fault(row.number, column, above[column], reason % {"code": code})
        elif row := self.rows.get(code):
            yield Fault(
                row.number,
                PARENT,
                parent,
                _("The institution above it ended on %(day)s.")
                % {"day": above[ACTIVE_TO]},
            )


def _cell_fault(column: str, text: str) -> str:
    limit = _LIMITED.get(column)
    if limit and len(text) > limit:
        return _("Shorten the text to %(limit)d characters.") % {"limit": limit}
    if column == KIND and text.lower() not in Institution.Kind.values:
        return _("Choose one of: %(kinds)s.") % {
            "kinds": ", ".join(Institution.Kind.values)
        }
    if column == CODE and not _CODE.fullmatch(text):
        return _("Write the code with letters, digits, dots and hyphens only.")
    if column in DATES and as_date(text) is None:
        return _("Write the day as 2022-01-31 or 31/01/2022.")
    if column == EMAIL:
        try:
            validate_email(text)
        except ValidationError as error:
            return " ".join(error.messages)
    return ""
