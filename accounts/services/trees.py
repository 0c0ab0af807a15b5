"""The tree of a government, changed by one at a time and whole afterwards."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts import trees
from accounts.models import Government, Institution
from core.errors import DomainError


class TreeRefused(DomainError):
    """The institutions would stand in a circle, too deep, or below one that ended."""


def lock_tree(government: Government) -> None:
    """Let nobody else change the institutions of `government` until we are done.

    Rows that only name the government may still be written meanwhile.
    """
    Government.objects.select_for_update(no_key=True).get(pk=government.pk)


def check_parent(parent: Institution, *, government: Government, at: datetime) -> None:
    """Raise TreeRefused if nothing can stand below `parent`."""
    if parent.government_id != government.pk:
        raise TreeRefused(
            _("%(parent)s belongs to another government.") % {"parent": parent}
        )
    if parent.successor_id:
        raise TreeRefused(
            _("%(parent)s has a successor. Choose the successor.") % {"parent": parent}
        )
    if has_ended(parent, government.day_of(at)):
        raise TreeRefused(
            _("%(parent)s has ended. Choose an institution that is active.")
            % {"parent": parent}
        )


def has_ended(institution: Institution, day: date) -> bool:
    return institution.active_to is not None and institution.active_to < day


def check_depth(path: str, code: str) -> None:
    """Raise TreeRefused if so many codes above one another cannot be kept."""
    if len(path) > trees.MAX_PATH:
        raise TreeRefused(_("The tree is too deep at %(code)s.") % {"code": code})


def rebuild_paths(government: Government) -> None:
    """Give every institution the path its place in the tree asks for.

    Raises TreeRefused if there is none.
    """
    rows = list(
        Institution.objects.filter(government=government)
        .only("pk", "code", "path", "parent_id", "successor_id")
        .order_by("pk")
    )
    codes = {row.pk: row.code for row in rows}
    parents = {row.code: codes.get(row.parent_id or 0, "") for row in rows}
    successors = {row.code: codes.get(row.successor_id or 0, "") for row in rows}
    if trees.in_cycle(parents, successors) or trees.in_cycle(parents, {}):
        raise TreeRefused(
            _("An institution cannot stand below itself or below one that it contains.")
        )
    moved = list(_moved(rows, parents, successors))
    Institution.objects.bulk_update(moved, ["path"], batch_size=500)


def _moved(
    rows: Iterable[Institution], parents: trees.Links, successors: trees.Links
) -> Iterable[Institution]:
    for row in rows:
        path = trees.path_of(row.code, parents, successors)
        check_depth(path, row.code)
        if path != row.path:
            row.path = path
            yield row
