"""Links of long lists: other pages, other orders."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict

PAGE_PARAM = "halaman"
ORDER_PARAM = "urut"


@dataclass(frozen=True)
class PageLink:
    """One number of a pager; no url on the page itself, no number in a gap."""

    number: int | None
    url: str


@dataclass(frozen=True)
class PageLinks:
    """All links of a pager."""

    previous: str
    next: str
    numbers: list[PageLink]


def page_links(page: Page[Any], query: QueryDict, param: str = PAGE_PARAM) -> PageLinks:
    """Give the links of a pager, keeping the rest of the address."""

    def url(number: int) -> str:
        return _address(query, {param: str(number)})

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return PageLinks(
        url(page.previous_page_number()) if page.has_previous() else "",
        url(page.next_page_number()) if page.has_next() else "",
        [
            PageLink(
                each if isinstance(each, int) else None,
                url(each) if isinstance(each, int) and each != page.number else "",
            )
            for each in shown
        ],
    )


@dataclass(frozen=True)
class SortState:
    """How a sortable column stands and where its head leads."""

    url: str
    aria: str
    icon: str


def sort_state(
    key: str, current: str | None, query: QueryDict, param: str = ORDER_PARAM
) -> SortState:
    """Give the link and the ARIA state of a sortable column.

    `current` is the order in force: the key of a column, after a minus if descending.
    """
    ascends, descends = current == key, current == f"-{key}"
    following = f"-{key}" if ascends else key
    return SortState(
        url=_address(query, {param: following, PAGE_PARAM: None}),
        aria="ascending" if ascends else "descending" if descends else "",
        icon="caret-up-fill" if ascends else "caret-down-fill" if descends else "",
    )


def _address(query: QueryDict, changes: dict[str, str | None]) -> str:
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}"
