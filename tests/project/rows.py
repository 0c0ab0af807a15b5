"""How a row of the rights table is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.project.city import EVERYBODY


@dataclass(frozen=True)
class Row:
    """What one route answers to whom."""

    route: str
    method: str
    path: tuple[str, ...]
    allow: frozenset[str]
    forbid: frozenset[str]
    # The status an allowed person gets; None where it depends on the person.
    answer: int | None
    data: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        told = [*self.path, *([f"?{self.query}"] if self.query else [])]
        told += [f"{name}: {value}" for name, value in self.headers.items()]
        return " ".join([self.method, self.route, *told])


DEFAULT_ANSWERS = {"GET": 200, "POST": 302}
_USUAL = object()


def row(
    route: str,
    allow: str,
    *path: str,
    method: str = "GET",
    forbid: str = "",
    answer: Any = _USUAL,
    data: Mapping[str, Any] | None = None,
    query: str = "",
    headers: Mapping[str, str] | None = None,
) -> Row:
    """Write a row; `allow` and `forbid` are names split by blanks.

    `path` holds the variable parts of its address.
    """
    allowed = frozenset(EVERYBODY if allow == "*" else allow.split())
    unknown = (allowed | frozenset(forbid.split())) - set(EVERYBODY)
    assert not unknown, f"{route}: nobody is called {unknown}"
    return Row(
        route=route,
        method=method,
        path=path,
        allow=allowed,
        forbid=frozenset(forbid.split()),
        answer=DEFAULT_ANSWERS[method] if answer is _USUAL else answer,
        data=data or {},
        query=query,
        headers=headers or {},
    )


def post(route: str, allow: str, *path: str, **details: Any) -> Row:
    # A form without any value would be no bound form.
    data = details.pop("data", {"nothing": "1"})
    return row(route, allow, *path, method="POST", data=data, **details)


def of_app(app: str, *rows: Row) -> list[Row]:
    """Put the name of the app before the routes of `rows`."""
    return [replace(each, route=f"{app}:{each.route}") for each in rows]
