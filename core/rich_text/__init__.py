"""Formatted text: made harmless, brought to one form, and read as plain text.

What is kept are paragraphs, lists, tables, links, bold and italic. One text has one
form, which static/js/rich-text-format.js writes alike; tests compare the two.
"""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.rich_text import reading, writing
from core.rich_text.reading import clean_link

__all__ = [
    "CANONICAL",
    "RichText",
    "clean",
    "clean_link",
    "joined",
    "of_plain",
    "to_show",
]

# For the database: nothing but these tags, each with these attributes only.
CANONICAL = (
    r"^([^<>]"
    r"|</?(p|ul|li|strong|em|table|tbody|tr)>|</(ol|a|td|th)>|<br>"
    r'|<ol( start="[0-9]{1,4}")?>'
    r'|<a href="(https?://|mailto:|tel:)[^"<>]*">'
    r'|<t[dh]( colspan="[0-9]{1,2}")?( rowspan="[0-9]{1,2}")?>'
    r")*$"
)
_OPEN_LINK = '<a href="'
_SAFE_LINK = '<a rel="noopener noreferrer nofollow ugc" href="'


@dataclass(frozen=True)
class RichText:
    """A text in both its forms; `html` is empty where it has no formatting."""

    text: str
    html: str = ""
    dropped: int = 0  # images and the like, which a text does not take along

    @property
    def markup(self) -> str:
        """Its HTML, with formats or without."""
        return self.html or of_plain(self.text)

    @property
    def body(self) -> SafeString:
        """Its HTML, ready to be shown on a page."""
        return to_show(self.markup)


def clean(markup: str) -> RichText:
    """Keep of `markup`, however hostile, what a text may hold.

    Source: rule FRM-07 in docs/rules.md.
    """
    blocks, dropped = reading.read(markup)
    text = writing.plain(blocks)
    html = writing.html_of(blocks)
    return RichText(text, "" if html == of_plain(text) else html, dropped)


def joined(first: RichText, second: RichText) -> RichText:
    """Put one text after the other."""
    if not (first.html or second.html):
        return RichText("\n\n".join(filter(None, (first.text, second.text))))
    return clean(first.markup + second.markup)


def of_plain(text: str) -> str:
    """Write plain text in the one form: paragraphs, and line breaks within them."""
    return writing.html_of(reading.read_plain(text))


def to_show(html: str) -> SafeString:
    """Make stored `html` ready for a page: links that tell nobody, tables that scroll.

    `html` comes from `clean`, or from a row whose constraint holds it to `CANONICAL`.
    """
    label = escape(_("Table, scroll sideways"))
    shown = html.replace(_OPEN_LINK, _SAFE_LINK).replace(
        "<table>",
        f'<div class="rich-table" role="group" tabindex="0" aria-label="{label}">'
        "<table>",
    )
    return mark_safe(shown.replace("</table>", "</table></div>"))  # noqa: S308
