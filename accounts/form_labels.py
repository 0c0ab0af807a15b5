"""What the fields of a page are called there, read from the page itself."""

from copy import copy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

# Hidden fields carry numbers and marks that say nothing to people.
CONTROLS = {"input", "textarea", "select"}


@dataclass
class Labels:
    """Labels by the name of a field, and by name and value of a choice."""

    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[tuple[str, str], str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)


def labels_of_page(request: HttpRequest, path: str) -> Labels:
    """Read the page at `path` as the person would see it, and find its labels.

    Empty where there is no such page any more, or not for them.
    """
    bare, _mark, query = path.partition("?")
    try:
        match = resolve(bare)
        asked = _as_get(request, bare, query)
        asked.resolver_match = match
        response = match.func(asked, *match.args, **match.kwargs)
        page = bytes(response.content).decode() if response.status_code == 200 else ""
    except (Resolver404, Exception):  # a page that fails has no labels to give
        return Labels()
    return read_labels(page)


def _as_get(request: HttpRequest, path: str, query: str) -> HttpRequest:
    asked = copy(request)
    asked.method, asked.path, asked.path_info = "GET", path, path
    asked.META = request.META | {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
    asked.GET, asked.POST = QueryDict(query), QueryDict()
    # What waits to be said is said on the page that the person sees.
    asked._messages = CookieStorage(asked)  # type: ignore[attr-defined]
    return asked


def read_labels(page: str) -> Labels:
    """Find the labels in a page of HTML."""
    return _Reader(page).labels()


class _Reader(HTMLParser):
    """Collects controls, labels, legends and options as they come."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}  # by the id a label is for
        self.controls: list[dict[str, str]] = []
        self.options: dict[tuple[str, str], str] = {}
        self.hidden: set[str] = set()
        self.legends: list[str] = []
        self.into: list[str] | None = None
        self.label_for = ""
        self.select = ""
        self.option = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "fieldset":
            self.legends.append("")
        elif tag in ("legend", "label", "option"):
            self.into = []
            self.label_for = found.get("for", "")
            self.option = found.get("value", "")
        elif tag in CONTROLS and found.get("name"):
            self._note_control(tag, found)

    def _note_control(self, tag: str, found: dict[str, str]) -> None:
        if found.get("type") == "hidden":
            self.hidden.add(found["name"])
            return
        legend = self.legends[-1] if self.legends else ""
        self.controls.append(found | {"legend": legend})
        self.select = found["name"] if tag == "select" else ""

    def handle_data(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset" and self.legends:
            self.legends.pop()
        if tag not in ("legend", "label", "option") or self.into is None:
            return
        text, self.into = " ".join("".join(self.into).split()), None
        if tag == "legend" and self.legends:
            self.legends[-1] = text
        elif tag == "label" and self.label_for:
            self.texts[self.label_for] = text
        elif tag == "option" and self.select:
            self.options[self.select, self.option] = text

    def labels(self) -> Labels:
        found = Labels(choices=dict(self.options), hidden=self.hidden)
        for control in self.controls:
            name = control["name"]
            text = self.texts.get(control.get("id", "")) or control.get(
                "aria-label", ""
            )
            is_choice = control.get("type") in ("radio", "checkbox")
            if is_choice and control["legend"]:
                found.choices[name, control.get("value", "on")] = text
                found.fields.setdefault(name, control["legend"])
            elif text:
                found.fields.setdefault(name, text)
        return found


def described(pairs: list[tuple[str, str]], labels: Labels) -> list[dict[str, Any]]:
    """Put what was typed into words: rows of label and text, without what is hidden."""
    return [
        {
            "label": labels.fields.get(name, ""),
            "name": name,
            "text": labels.choices.get((name, text), text),
        }
        for name, text in pairs
        if text.strip() and name not in labels.hidden
    ]
