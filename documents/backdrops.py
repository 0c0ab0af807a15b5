"""What lies under the text of every paper of a design, drawn once and not once each.

A frame of a thousand shapes takes longer to draw than all the text of a certificate.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

import pikepdf
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from pikepdf import Name

from documents import pdf

# As many designs as one worker keeps at hand.
DESIGNS = 32
# What rendering.paper_context adds to the values, other for each paper.
OF_PAPER = frozenset({"document", "verify_url", "verify_address", "qr_svg"})


@cache
def backdrop_of(template: str) -> str | None:
    """The template of what lies under `template`: of its name, with `_backdrop`."""
    stem, _dot, suffix = template.rpartition(".")
    name = f"{stem}_backdrop.{suffix}"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return None
    return name


def text_of(template: str, context: Mapping[str, Any]) -> str:
    """The backdrop of `template` as HTML; empty if it has none.

    It is not told which paper it lies under, so that it is the same for all of a design
    and nothing of one can get into another.
    """
    name = backdrop_of(template)
    if name is None:
        return ""
    of_design = {key: value for key, value in context.items() if key not in OF_PAPER}
    return render_to_string(name, of_design)


def lay(content: bytes, text: str) -> bytes:
    """Lay a backdrop, given as HTML, under every page of a rendered paper.

    It is decoration: readers for the blind pass it by, and the paper stays archival.
    """
    drawn = _draw(text)
    with (
        pikepdf.open(BytesIO(content)) as paper,
        pikepdf.open(BytesIO(drawn)) as backdrop,
    ):
        form = paper.copy_foreign(backdrop.pages[0].as_form_xobject())
        for page in paper.pages:
            page.add_resource(form, Name.XObject, name=Name("/Backdrop"))
            page.contents_add(b"/Artifact BMC q /Backdrop Do Q EMC\n", prepend=True)
        finished = BytesIO()
        paper.save(
            finished,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return finished.getvalue()


@lru_cache(DESIGNS)
def _draw(html: str) -> bytes:
    # Without tags: nothing of it is to be read, and the paper has tags of its own.
    return pdf.render_html(html, variant=None)
