"""A formatted text written as HTML, and as a person would without formats."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from core.rich_text.shapes import Block, Cell, ItemList, Paragraph, Run, Table


def html_of(blocks: Sequence[Block]) -> str:
    """Write blocks in the one form of HTML."""
    return "".join(map(_written, blocks))


def _written(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{_written_runs(block.runs)}</p>"
        case ItemList():
            items = "".join(
                f"<li>{''.join(map(_written, item))}</li>" for item in block.items
            )
            if block.start is None:
                return f"<ul>{items}</ul>"
            start = "" if block.start == 1 else f' start="{block.start}"'
            return f"<ol{start}>{items}</ol>"
        case Table():
            rows = "".join(
                f"<tr>{''.join(map(_written_cell, row))}</tr>" for row in block.rows
            )
            return f"<table><tbody>{rows}</tbody></table>"


def _written_cell(cell: Cell) -> str:
    columns = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    rows = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    content = "".join(map(_written, cell.blocks))
    return f"<{cell.tag}{columns}{rows}>{content}</{cell.tag}>"


def _written_runs(runs: Sequence[Run]) -> str:
    """Write runs one after the other, closing only the tags that end."""
    written: list[str] = []
    is_open: list[str] = []
    for run in [*runs, Run("")]:
        wanted = run.tags
        kept = 0
        while kept < min(len(is_open), len(wanted)) and is_open[kept] == wanted[kept]:
            kept += 1
        written += [_end(tag) for tag in reversed(is_open[kept:])]
        written += wanted[kept:]
        is_open = wanted
        written.append(escape(run.text, quote=False).replace("\n", "<br>"))
    return "".join(written)


def _end(tag: str) -> str:
    return f"</{tag[1:].split(maxsplit=1)[0].rstrip('>')}>"


def plain(blocks: Sequence[Block]) -> str:
    """Write blocks as plain text, as a person would in a letter.

    A blank line parts them; items begin with "- " or their number; cells are parted by
    tabs; the address of a link follows it in brackets unless it is its text.
    """
    return "\n\n".join("\n".join(_plain_lines(block)) for block in blocks).rstrip()


def _plain_lines(block: Block) -> list[str]:
    match block:
        case Paragraph():
            return _plain_runs(block.runs).split("\n")
        case ItemList():
            return [
                line
                for number, item in enumerate(block.items)
                for line in _plain_item(item, block.start, number)
            ]
        case Table():
            return ["\t".join(map(_plain_cell, row)) for row in block.rows]


def _plain_item(item: Sequence[Block], start: int | None, number: int) -> Iterator[str]:
    marker = "- " if start is None else f"{start + number}. "
    for line in (line for block in item for line in _plain_lines(block)):
        yield marker + line
        marker = "  "


def _plain_cell(cell: Cell) -> str:
    lines = (line for block in cell.blocks for line in _plain_lines(block))
    return " ".join(line.strip() for line in lines)


def _plain_runs(runs: Sequence[Run]) -> str:
    written = ""
    for link, same in groupby(runs, lambda run: run.link):
        label = "".join(run.text for run in same)
        shown = link.removeprefix("mailto:").removeprefix("tel:")
        short = shown.removeprefix("https://").removeprefix("http://").rstrip("/")
        if link and label.strip() not in {link, shown, short}:
            end = len(label.rstrip())
            label = f"{label[:end]} ({shown}){label[end:]}"
        written += label
    return written
