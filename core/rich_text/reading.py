"""Safe markup brought to the one form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

import nh3

from core.cleaning import without_tricks
from core.rich_text.shapes import Block, Cell, ItemList, Paragraph, Run, Table
from core.text import split_paragraphs

LONGEST_LINK = 2_000
DEEPEST_LIST = 5
MOST_SPANNED = 50
LARGEST_START = 9_999
_MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_CELLS = {"td", "th"}
_LISTS = {"ul", "ol"}
_BLOCKS = (
    {"address", "article", "aside", "blockquote", "caption", "dd", "div", "dl", "dt"}
    | {"figcaption", "figure", "footer", "header", "hr", "li", "main", "nav", "p"}
    | {"pre", "section", "table", "tbody", "tfoot", "thead", "tr"}
    | _CELLS
    | _HEADINGS
    | _LISTS
)
_EMBEDDED = {"img", "video", "audio", "object", "embed", "iframe"}
_VOID = {"br", "hr", "img", "embed"}
_GONE = {"script", "style", "title", "template", "noscript", "math", "svg"}
_DEEPEST = 100  # elements within each other; deeper ones count as beside
_LINK = re.compile(r"(https?://|mailto:|tel:)(?=.)", re.IGNORECASE)
# What becomes one blank; single blanks, between all words, are left as they are.
_BLANKS = re.compile("[\t\n\f\r][ \t\n\f\r]*| [ \t\n\f\r]+")


def read(markup: str) -> tuple[list[Block], int]:
    """Read `markup`, however hostile; the number is that of images and the like."""
    safe = nh3.clean(
        markup,
        tags=_BLOCKS | _EMBEDDED | set(_MARKS) | {"a", "br"},
        clean_content_tags=_GONE,
        attributes={
            "a": {"href"},
            "b": {"style"},
            "ol": {"start"},
            **{cell: {"colspan", "rowspan"} for cell in _CELLS},
        },
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    dropped = sum(safe.count(f"<{tag}") for tag in _EMBEDDED)
    return list(_blocks(reader.root.children, _Place())), dropped


def read_plain(text: str) -> list[Block]:
    """Read plain text: paragraphs, and line breaks within them."""
    return [
        paragraph
        for lines in split_paragraphs(text)
        for paragraph in _paragraph(list(_lines(lines)))
    ]


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Element | str"] = field(default_factory=list)

    def number(self, name: str, largest: int) -> int:
        value = self.attributes.get(name, "")
        return min(int(value), largest) if re.fullmatch("[0-9]{1,6}", value) else 1


class _Reader(HTMLParser):
    """Read well-formed markup, as nh3 gives it, into a tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("")
        self.open = [self.root]
        self.too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag in _VOID:
            return
        if len(self.open) < _DEEPEST:
            self.open.append(element)
        else:
            self.too_deep += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self.too_deep:
            self.too_deep -= 1
        elif len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(without_tricks(data))


@dataclass(frozen=True)
class _Place:
    """What surrounds a piece of the tree."""

    marks: frozenset[str] = frozenset()
    link: str = ""
    depth: int = 0
    takes_tables: bool = True

    def inside(self, element: _Element) -> "_Place":
        marks, link = self.marks, self.link
        if (mark := _MARKS.get(element.tag)) and not _is_wrapper(element):
            marks |= {mark}
        elif element.tag in _HEADINGS:
            marks |= {"strong"}
        elif element.tag == "a":
            link = clean_link(element.attributes.get("href", ""))
        return _Place(marks, link, self.depth, self.takes_tables)


def _is_wrapper(element: _Element) -> bool:
    # Google Docs puts all it copies into a <b> that is not bold.
    style = element.attributes.get("style", "").replace(" ", "").lower()
    return "font-weight:normal" in style


def clean_link(address: str) -> str:
    """Give an address of the web, of mail or of a telephone; "" for any other."""
    tight = "".join(without_tricks(address).split())
    found = _LINK.match(tight)
    if found is None or len(tight) > LONGEST_LINK:
        return ""
    scheme = found.group()
    return scheme.lower() + re.sub("[\"'<>`\\\\]", "", tight[len(scheme) :])


def _blocks(nodes: Sequence[_Element | str], place: _Place) -> Iterator[Block]:
    """Paragraphs, lists and tables of what may be text, blocks, or both mixed."""
    runs: list[Run] = []
    for node in nodes:
        if isinstance(node, _Element) and _holds_blocks(node):
            yield from _paragraph(runs)
            runs = []
            yield from _blocks_of(node, place)
        else:
            runs.extend(_inline(node, place))
    yield from _paragraph(runs)


def _holds_blocks(element: _Element) -> bool:
    return element.tag in _BLOCKS or any(
        _holds_blocks(child)
        for child in element.children
        if isinstance(child, _Element)
    )


def _paragraph(runs: Sequence[Run]) -> Iterator[Paragraph]:
    if tidy := _tidy(runs):
        yield Paragraph(tidy)


def _blocks_of(element: _Element, place: _Place) -> Iterator[Block]:
    if element.tag in _LISTS and place.depth < DEEPEST_LIST:
        yield from _list(element, place)
    elif element.tag == "table" and place.takes_tables:
        yield from _table(element, place)
    else:
        yield from _blocks(element.children, place.inside(element))


def _list(element: _Element, place: _Place) -> Iterator[ItemList]:
    inner = _Place(place.marks, place.link, place.depth + 1, takes_tables=False)
    items: list[list[Block]] = []
    for child in element.children:
        is_item = isinstance(child, _Element) and child.tag == "li"
        content = list(_blocks([child], inner))
        if not content:
            continue
        # Word nests a list beside the item that it belongs to, not in it.
        if items and not is_item and isinstance(content[0], ItemList):
            items[-1].extend(content)
        else:
            items.append(content)
    if items:
        is_numbered = element.tag == "ol"
        start = element.number("start", LARGEST_START)
        yield ItemList(items, start if is_numbered else None)


def _table(element: _Element, place: _Place) -> Iterator[Block]:
    rows = [list(_cells(row, place)) for row in _inner(element, "tr")]
    for caption in _inner(element, "caption"):
        yield from _blocks(caption.children, place)
    if rows := [row for row in rows if row]:
        yield Table(rows)


def _cells(row: _Element, place: _Place) -> Iterator[Cell]:
    inner = _Place(place.marks, place.link, place.depth, takes_tables=False)
    for cell in row.children:
        if isinstance(cell, _Element) and cell.tag in _CELLS:
            yield Cell(
                list(_blocks(cell.children, inner)),
                cell.tag,
                max(1, cell.number("colspan", MOST_SPANNED)),
                max(1, cell.number("rowspan", MOST_SPANNED)),
            )


def _inner(element: _Element, tag: str) -> Iterator[_Element]:
    """The `tag`s of a table, not of the tables in it."""
    for child in element.children:
        if isinstance(child, _Element):
            if child.tag == tag:
                yield child
            elif child.tag in {"thead", "tbody", "tfoot"}:
                yield from _inner(child, tag)


def _inline(node: _Element | str, place: _Place) -> Iterator[Run]:
    if isinstance(node, str):
        yield Run(_BLANKS.sub(" ", node), place.marks, place.link)
    elif node.tag == "br":
        yield Run("\n", place.marks, place.link)
    else:
        inner = place.inside(node)
        for child in node.children:
            yield from _inline(child, inner)


def _lines(lines: Sequence[str]) -> Iterator[Run]:
    for number, line in enumerate(lines):
        if number:
            yield Run("\n")
        yield Run(_BLANKS.sub(" ", line))


def _tidy(runs: Iterator[Run] | Sequence[Run]) -> list[Run]:
    """Leave single blanks only, none at the ends of a line, and no empty last line."""
    tidy: list[Run] = []
    for run in runs:
        at_start = not tidy or tidy[-1].text.endswith((" ", "\n"))
        text = run.text.lstrip(" ") if at_start else run.text
        if text == "\n":
            _end_line(tidy)
            if tidy:
                tidy.append(Run("\n", run.marks, run.link))
        elif text:
            tidy.append(Run(text, run.marks, run.link))
    _end_line(tidy)
    while tidy and tidy[-1].text == "\n":
        tidy.pop()
        _end_line(tidy)
    return [
        Run("".join(run.text for run in same), marks, link)
        for (marks, link), same in groupby(tidy, lambda run: (run.marks, run.link))
    ]


def _end_line(runs: list[Run]) -> None:
    if runs and runs[-1].text.endswith(" "):
        last = runs.pop()
        if text := last.text.rstrip(" "):
            runs.append(Run(text, last.marks, last.link))
