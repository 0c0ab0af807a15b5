"""Asking the portal as one of the people of the test world."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache as shared_cache
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.project.city import EVERYBODY, PUBLIC, Marker
from tests.project.rows import Row
from tests.project.world import World

TEXT_TYPES = ("text/", "application/json", "image/svg")


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    url: str
    content_type: str
    headers: Mapping[str, str]
    text: str
    location: str
    error: str = ""

    @property
    def is_html(self) -> bool:
        return self.content_type == "text/html"

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 302 and self.location.startswith(reverse("account_login"))

    @property
    def all_text(self) -> str:
        """Everything the person gets to see, the names of files too."""
        name = self.headers.get("Content-Disposition", "")
        return "\n".join([self.text, self.location, name])


class PlainClient(Client):
    """A client that notes no templates and contexts, which takes most of its time."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


class Visitor:
    """Asks as anybody; whatever a request changed is undone again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[str, Client] = {}
        self.sessions: dict[str, str] = {}
        self.error: Exception | None = None
        for number, person in enumerate(EVERYBODY):
            # From an address of their own: what is counted by address is counted apart.
            client = self.clients[person] = PlainClient(REMOTE_ADDR=f"10.0.0.{number}")
            if person != PUBLIC:
                client.force_login(world.people[person])
                session = client.cookies[settings.SESSION_COOKIE_NAME]
                self.sessions[person] = session.value
        got_request_exception.connect(self._note_error)

    def _note_error(self, **kwargs: Any) -> None:
        self.error = sys.exc_info()[1]

    def ask_row(self, person: str, row: Row) -> Answer:
        return self.ask(
            person,
            self.address(row),
            method=row.method,
            data=row.data,
            headers=row.headers,
        )

    def address(self, row: Row) -> str:
        args = [self.world.resolve(part) for part in row.path]
        return reverse(row.route, args=args) + (f"?{row.query}" if row.query else "")

    def ask(
        self,
        person: str,
        url: str,
        *,
        method: str = "GET",
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        client, self.error = self.clients[person], None
        client.cookies.clear()
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        with transaction.atomic():
            if method == "POST":
                response = client.post(url, data, headers=headers)
            else:
                response = client.generic(method, url, headers=headers)
            answer = _read(url, response, self.error)
            transaction.set_rollback(True)
        if method != "GET":
            # Sessions, counters and the like would outlive the rows.
            shared_cache.clear()
        return answer


def _read(url: str, response: Any, error: Exception | None) -> Answer:
    body = b"".join(response) if response.streaming else response.content
    content_type = response.headers.get("Content-Type", "").partition(";")[0]
    text = body.decode() if content_type.startswith(TEXT_TYPES) else ""
    if request := getattr(response, "wsgi_request", None):
        text = "\n".join([text, *map(str, get_messages(request))])
    return Answer(
        status=response.status_code,
        url=url,
        content_type=content_type,
        headers=dict(response.headers),
        text=text,
        location=response.headers.get("Location", ""),
        error=repr(error) if error else "",
    )


class Leaks:
    """Finds the words in an answer that its reader may not see."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        self.hidden = {
            person: [each.word for each in markers if person not in each.seen_by]
            for person in EVERYBODY
        }

    def find(self, person: str, answer: Answer) -> list[str]:
        text = answer.all_text.lower()
        return [word for word in self.hidden[person] if word in text]


# Routes -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """One named address with its view."""

    name: str
    view: Any

    @property
    def is_public(self) -> bool:
        return not getattr(self.view, "login_required", True)

    @property
    def methods(self) -> set[str] | None:
        """What the view says it takes, HEAD and OPTIONS aside; None if it says nothing.

        Decorators keep the function they wrap, and `require_http_methods` its list.
        """
        if view_class := getattr(self.view, "view_class", None):
            return {
                name.upper() for name in ("get", "post") if hasattr(view_class, name)
            }
        view, found = self.view, None
        while view is not None:
            cells = dict(
                zip(
                    getattr(getattr(view, "__code__", None), "co_freevars", ()),
                    getattr(view, "__closure__", None) or (),
                    strict=True,
                )
            )
            if "request_method_list" in cells:
                listed = set(cells["request_method_list"].cell_contents)
                found = listed if found is None else found & listed
            view = getattr(view, "__wrapped__", None)
        return None if found is None else found - {"HEAD", "OPTIONS"}


def all_routes(resolver: URLResolver | None = None, space: str = "") -> list[Route]:
    """Walk the resolver."""
    routes = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            routes.append(Route(f"{space}{pattern.name}", pattern.callback))
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            routes += all_routes(pattern, inner)
    return routes
