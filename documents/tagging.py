"""The languages of single parts in the tags of a PDF.

WeasyPrint (70.0) names that of the whole paper only, but a reader for the blind should
speak the English half of a certificate in English. It has no place to hook in, so that
the function which makes the tags of a box is put into another one here.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

_tags_of = tags._build_box_tree


def _tags_with_language(box: Any, *surroundings: Any) -> Iterator[Any]:
    language = _language_of(box)
    for tag in _tags_of(box, *surroundings):
        if language:
            tag["Lang"] = tags.pydyf.String(language)
        yield tag


def _language_of(box: Any) -> str:
    """What the attribute `lang` of the box's own element says."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if box.element is None or box.element_tag in {"html", "body"}:
        return ""
    return str(box.element.attrib.get("lang", ""))


def name_languages() -> None:
    """Have each paper drawn from now on name the languages of its parts."""
    tags._build_box_tree = _tags_with_language
