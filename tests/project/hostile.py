"""Hostile words for the test world, and what a page may never make of them."""

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pgtrigger
from django.apps import apps
from django.db import DatabaseError, models, transaction

from core.rich_text import clean
from tests.project.world import World

WORD = "xjahatx"  # stands in every one of them, so that a page tells where it came
HOSTILE = " ".join(
    [
        f"={WORD}()",
        f"<script>{WORD}()</script>",
        f"</title></textarea></script><script>{WORD}()</script>",
        f"\"><img src=x onerror={WORD}()>'><svg onload={WORD}()>",
        f"<a href='javascript:{WORD}()'>{WORD}</a>",
        f"<p style='position:fixed;background:url(//{WORD}.example)'>{WORD}</p>",
        f"<math><mi xlink:href='data:text/html,{WORD}'>{WORD}</mi></math>",
        f"{{{{ {WORD} }}}} {{% {WORD} %}} ${{{WORD}}} ]]>{WORD}<!-- {WORD} -->",
        "\u202ekanan ke kiri\u202c z\u0335\u0321\u0337a\u0338\u031bl\u0334go",
    ]
)
# Formats that an author may send, with what none may.
FORMATTED = clean(
    f"<ul><li>{HOSTILE}</li></ul><p><a href='https://contoh.example/{WORD}'>{WORD}</a>"
    f"<a href='javascript:{WORD}()' onclick='{WORD}()'>{WORD}</a></p>"
    f"<table><tr><td background='//{WORD}.example' style='x'>={WORD}</td></tr></table>"
)
# Not typed by anybody, or checked to be of another shape.
FIXED_FIELDS = {
    *("code", "email", "html", "key", "password", "payload", "slug", "token", "url")
}
TEXT_PLACES = {"value", "content", "aria-label", "title", "alt", "placeholder"}
ADDRESSES = {"href", "action", "src", "hx-get", "hx-post", "formaction"}


def poison(world: World) -> int:
    """Put hostile words wherever the world has text of its own; tell into how many.

    What the database refuses stays as it was.
    """
    changed = 0
    words = [marker.word for marker in world.markers]
    with pgtrigger.ignore():
        for model in apps.get_models():
            names = [field.name for field in model._meta.fields if _is_typed(field)]
            if not names or model._meta.proxy or "Event" in model.__name__[-5:]:
                continue
            for row in model._default_manager.all():
                if values := _poisoned(row, names, words):
                    changed += _store(model, row, values)
    return changed


def _is_typed(field: Any) -> bool:
    return (
        isinstance(field, models.CharField | models.TextField)
        and not (field.choices or field.unique or field.primary_key)
        and type(field).__name__ in {"CharField", "TextField"}
        and not any(name in field.name for name in FIXED_FIELDS)
    )


def _poisoned(row: Any, names: list[str], words: list[str]) -> dict[str, str]:
    values = {}
    for name in names:
        text = getattr(row, name) or ""
        if any(word in text.lower() for word in words):
            limit = row._meta.get_field(name).max_length or 5_000
            values[name] = HOSTILE[:limit]
    if row._meta.label == "submissions.Answer":
        values |= {"text": FORMATTED.text, "html": FORMATTED.html}
    return values


def _store(model: Any, row: Any, values: dict[str, str]) -> int:
    stored = 0
    for name, value in values.items():
        try:
            with transaction.atomic():
                stored += model._default_manager.filter(pk=row.pk).update(
                    **({"text": values["text"]} if name == "html" else {}),
                    **{name: value},
                )
        except DatabaseError:
            continue
    return stored


class Page(HTMLParser):
    """Finds hostile words where a browser would act on them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.words = 0
        self.inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in {"script", "style"} else ""
        if WORD in tag or tag in {"math", "iframe", "object", "embed", "base"}:
            self.faults.append(f"element {tag}")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"} or WORD in name:
                self.faults.append(f"<{tag} {name}>")
            elif WORD in (value or "").lower() and not _may_hold(name, value or ""):
                self.faults.append(f"<{tag} {name}={value!r}>")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if WORD in data:
            self.words += 1
            if self.inside:
                self.faults.append(f"text in {self.inside}")

    def handle_comment(self, data: str) -> None:
        if WORD in data:
            self.faults.append("comment")


def _may_hold(name: str, value: str) -> bool:
    if name in ADDRESSES:
        return value.startswith(("https://", "http://", "mailto:", "/", "?", "#"))
    return name in TEXT_PLACES or name.startswith("data-")


def faults_of(content_type: str, body: bytes) -> Iterator[str]:
    """What is wrong with an answer of this type."""
    if content_type == "text/html":
        yield from Page(body.decode()).faults
    elif content_type == "text/csv":
        for row in csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"):
            yield from (f"formula {cell[:20]!r}" for cell in row if _is_formula(cell))
    elif content_type.endswith("spreadsheetml.sheet"):
        for sheet in openpyxl.load_workbook(io.BytesIO(body)).worksheets:
            for row in sheet.iter_rows():
                yield from (
                    f"formula in {sheet.title}!{cell.coordinate}"
                    for cell in row
                    if cell.data_type == "f"
                )
    elif content_type == "application/pdf":
        yield from (name for name in ("/JavaScript", "/JS ") if name.encode() in body)


def _is_formula(cell: str) -> bool:
    return cell.startswith(("=", "@")) or (
        cell.startswith(("+", "-")) and not cell[1:].replace(",", "").isdigit()
    )
