"""From finished texts to a PDF, wherever that is done.

A template is filled in where its rows were read. What is left takes a second of a whole
core, needs no row, and can be handed to the worker (`services.awaiting`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string

from documents import backdrops, pdf, watermarks

# Nobody waits longer for a paper than this, and nothing of it is kept longer.
SECONDS = 30


@dataclass(frozen=True)
class Matter:
    """What a PDF is made of: HTML of the paper and of what lies under its text.

    `draft` is the language of the watermark, empty for what is no draft.
    """

    html: str
    backdrop: str = ""
    draft: str = ""


def matter_of(template: str, context: Mapping[str, Any], *, draft: str = "") -> Matter:
    """Fill in a template of the print layout and its backdrop."""
    return Matter(
        html=render_to_string(template, dict(context)),
        backdrop=backdrops.text_of(template, context),
        draft=draft,
    )


def compose(matter: Matter) -> bytes:
    """Make the PDF. Raises AssetRefusedError as pdf.render_html does."""
    content = pdf.render_html(matter.html)
    if matter.backdrop:
        content = backdrops.lay(content, matter.backdrop)
    return watermarks.mark(content, matter.draft) if matter.draft else content


# What one process hands to another, in the cache --------------------------------------


def put(key: str, matter: Matter) -> bool:
    """Lay down what is to be made; tell whether the cache took it."""
    return cache.add(key, matter, SECONDS)


def claim(key: str) -> bool:
    """Take it upon oneself to make it; tell whether nobody else had."""
    return cache.add(f"{key}:claimed", True, SECONDS)


def answer(key: str) -> None:
    """Make what was laid down, unless somebody has begun. Raises as compose does.

    What fails leaves an empty answer: who waits then finds out by trying it.
    """
    if not claim(key):
        return
    matter = cache.get(key)
    if matter is None:  # nobody waits any more
        return
    content = b""
    try:
        content = compose(matter)
    finally:
        cache.set(f"{key}:made", content, SECONDS)


def made(key: str) -> bytes | None:
    """What was made; None before that."""
    found: bytes | None = cache.get(f"{key}:made")
    return found


def take_away(key: str) -> None:
    """Leave nothing of a paper in the cache: it may be a personal one."""
    cache.delete_many([key, f"{key}:made"])
