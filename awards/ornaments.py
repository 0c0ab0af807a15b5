"""The batik of certificates, drawn as SVG in millimetres: motifs in tiles, palettes."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from awards.looks import COLOURS, Colours, Layout, Motif

WIDTH, HEIGHT = 297, 210
TILE = 11.0
# Where the tiles lie: 26 by 18 of them around the frame, 4 by 18 in the band.
LEFT, TOP, COLUMNS, ROWS = 5.5, 6.0, 26, 18
BAND_COLUMNS = 4
BAND_RIGHT = LEFT + BAND_COLUMNS * TILE
# Where the emblem lies on the band: a white disc.
DISC = (LEFT + BAND_COLUMNS * TILE / 2, 35.0, 17.0)
_EIGHTHS = range(0, 360, 45)


@lru_cache(len(Layout) * len(Motif) * len(COLOURS))
def drawing(layout: str, motif: str, palette: str, *, has_disc: bool) -> SafeString:
    """Draw what lies under a layout; nothing for paper that is printed already."""
    colours = COLOURS[palette]
    if layout == Layout.FRAME:
        body = "".join(_frame(motif, colours))
    elif layout == Layout.BAND:
        body = "".join(_band(motif, colours, has_disc=has_disc))
    else:
        return SafeString()
    return mark_safe(  # noqa: S308  numbers and colours of this module only
        f'<svg class="certificate__ornament" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'aria-hidden="true">{body}</svg>'
    )


def swatch(motif: str, palette: str) -> SafeString:
    """Draw a small piece of a motif, for those who choose."""
    colours = COLOURS[palette]
    tiles = "".join(
        _tile(motif, colours, column, row, LEFT + column * TILE, TOP + row * TILE)
        for column in range(4)
        for row in range(2)
    )
    return mark_safe(  # noqa: S308  as above
        f'<svg class="swatch" viewBox="{LEFT} {TOP} {4 * TILE} {2 * TILE}" '
        f'aria-hidden="true"><path fill="{colours.ground}" '
        f'd="M{LEFT} {TOP}h{4 * TILE}v{2 * TILE}h-{4 * TILE}z"/>{tiles}</svg>'
    )


def _frame(motif: str, colours: Colours) -> Iterator[str]:
    right, bottom = LEFT + COLUMNS * TILE, TOP + ROWS * TILE
    yield (
        f'<path fill="{colours.ground}" fill-rule="evenodd" d="M{LEFT} {TOP}H{right}'
        f"V{bottom}H{LEFT}zM{LEFT + TILE} {TOP + TILE}V{bottom - TILE}"
        f'H{right - TILE}V{TOP + TILE}z"/>'
    )
    for column in range(COLUMNS):
        for row in range(ROWS):
            at_side, at_edge = column in (0, COLUMNS - 1), row in (0, ROWS - 1)
            if at_side or at_edge:
                x, y = LEFT + column * TILE, TOP + row * TILE
                yield (
                    _flower(colours, x, y)
                    if at_side and at_edge
                    else _tile(motif, colours, column, row, x, y)
                )
    yield _teeth(colours.ground)
    yield (
        f'<rect x="18.1" y="18.6" width="260.8" height="172.8" fill="none" '
        f'stroke="{colours.gold}" stroke-width=".4"/>'
    )


def _teeth(colour: str) -> str:
    """The row of triangles (tumpal) along the inner edge of the frame."""
    step, depth = TILE / 4, 1.08
    left, top = LEFT + TILE, TOP + TILE
    right, bottom = LEFT + (COLUMNS - 1) * TILE, TOP + (ROWS - 1) * TILE
    across = [left + step * n for n in range((COLUMNS - 2) * 4)]
    down = [top + step * n for n in range((ROWS - 2) * 4)]
    half = step / 2
    paths = [
        f"M{x:.3f} {top}l{half} {depth}l{half} -{depth}zM{x:.3f} {bottom}l{half} "
        f"-{depth}l{half} {depth}z"
        for x in across
    ] + [
        f"M{left} {y:.3f}l{depth} {half}l-{depth} {half}zM{right} {y:.3f}l-{depth} "
        f"{half}l{depth} {half}z"
        for y in down
    ]
    return f'<path fill="{colour}" d="{"".join(paths)}"/>'


def _band(motif: str, colours: Colours, *, has_disc: bool) -> Iterator[str]:
    bottom = TOP + ROWS * TILE
    outline = f"M{LEFT} {TOP}H{BAND_RIGHT}V{bottom}H{LEFT}z"
    yield f'<path fill="{colours.ground}" d="{outline}"/>'
    for column in range(BAND_COLUMNS):
        for row in range(ROWS):
            x, y = LEFT + column * TILE, TOP + row * TILE
            yield _tile(motif, colours, column, row, x, y)
    yield (
        f'<path fill="none" stroke="{colours.gold}" stroke-width=".9" '
        f'd="M{BAND_RIGHT + 1.7} {TOP}V{bottom}"/>'
    )
    if has_disc:
        x, y, radius = DISC
        yield (
            f'<circle cx="{x}" cy="{y}" r="{radius + 1.6}" fill="{colours.ground}"/>'
            f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#fff" '
            f'stroke="{colours.gold}" stroke-width=".7"/>'
        )


def _tile(
    motif: str, colours: Colours, column: int, row: int, x: float, y: float
) -> str:
    # Which petals are filled looks like chance and is the same on every paper.
    seed = (column * 7 + row * 5 + column * row) % 8
    body = _MOTIFS[motif](colours, seed)
    return f'<g transform="translate({x:g} {y:g})">{body}</g>'


def _petal(x: float, y: float, turn: int, style: str) -> str:
    return (
        f'<g transform="translate({x} {y}) rotate({turn})" {style}>'
        '<ellipse rx="3.223" ry="1.848"/>'
        '<path fill="none" d="M-1.998 0H-.645M.645 0H1.998"/></g>'
    )


_PETALS = ((2.75, 2.75, 45), (8.25, 2.75, -45), (2.75, 8.25, -45), (8.25, 8.25, 45))


def _flower(colours: Colours, x: float, y: float) -> str:
    style = f'fill="{colours.gold}" stroke="{colours.ground}" stroke-width=".3"'
    petals = "".join(_petal(*place, style) for place in _PETALS)
    return f'<g transform="translate({x:g} {y:g})">{petals}</g>'


def _kawung(colours: Colours, seed: int) -> str:
    fills = ["none"] * 4
    fills[seed % 4] = colours.petal_bright if seed < 2 else colours.petal
    return "".join(
        _petal(
            *place, f'fill="{fill}" stroke="{_line(colours, fill)}" stroke-width=".16"'
        )
        for place, fill in zip(_PETALS, fills, strict=True)
    )


def _line(colours: Colours, fill: str) -> str:
    return colours.line_bright if fill == colours.petal_bright else colours.line


def _ceplok(colours: Colours, seed: int) -> str:
    fill = (colours.petal_bright, colours.petal, "none", colours.petal)[seed % 4]
    petals = "".join(
        f'<path transform="rotate({turn} 5.5 5.5)" d="M5.5 4.5c.9-.7.9-1.7 0-2.4'
        'c-.9.7-.9 1.7 0 2.4z"/>'
        for turn in _EIGHTHS
    )
    corners = (
        f'<path fill="{colours.petal_bright}" '
        'd="M0 0h2l-2 2zM11 0h-2l2 2zM0 11h2l-2-2zM11 11h-2l2-2z"/>'
    )
    return (
        f'{corners}<g fill="{fill}" stroke="{colours.line}" stroke-width=".2">'
        f'<circle cx="5.5" cy="5.5" r="4.15"/></g>'
        f'<g fill="none" stroke="{colours.line_bright}" stroke-width=".2">{petals}</g>'
        f'<circle cx="5.5" cy="5.5" r=".65" fill="{colours.gold}"/>'
    )


def _truntum(colours: Colours, seed: int) -> str:
    def star(x: float, y: float, size: float, fill: str) -> str:
        rays = "".join(
            f'<ellipse transform="translate({x} {y}) rotate({turn}) translate({size})" '
            f'rx="{size * 0.62:.3f}" ry="{size * 0.2:.3f}"/>'
            for turn in _EIGHTHS
        )
        return (
            f'<g fill="{fill}">{rays}</g>'
            f'<circle cx="{x}" cy="{y}" r="{size * 0.26:.3f}" fill="{colours.gold}"/>'
        )

    def dot(x: float, y: float) -> str:
        path = f"M{x} {y - 0.8}l.8.8l-.8.8l-.8-.8z"
        return f'<path fill="{colours.petal_bright}" d="{path}"/>'

    bright = colours.line_bright if seed % 3 else colours.gold
    return (
        star(2.75, 2.75, 1.35, colours.line)
        + star(8.25, 8.25, 1.35, bright)
        + dot(8.25, 2.75)
        + dot(2.75, 8.25)
    )


def _gringsing(colours: Colours, seed: int) -> str:
    radius = TILE / 4
    arcs, dots = [], []
    for row in range(4):
        y = row * radius
        if row % 2 == 0:
            for x in (0.0, 2 * radius):
                arcs.append(f"M{x} {y}a{radius} {radius} 0 0 0 {2 * radius} 0")
                dots.append((x + radius, y + radius * 0.42))
        else:
            end = TILE - radius
            arcs.append(f"M0 {y + radius}a{radius} {radius} 0 0 0 {radius} -{radius}")
            arcs.append(f"M{radius} {y}a{radius} {radius} 0 0 0 {2 * radius} 0")
            arcs.append(f"M{end} {y}a{radius} {radius} 0 0 0 {radius} {radius}")
            dots.append((2 * radius, y + radius * 0.42))
    golden = dots[seed % len(dots)]
    spots = "".join(
        f'<circle cx="{x:g}" cy="{y:.3f}" r=".52" '
        f'fill="{colours.gold if (x, y) == golden else colours.line}"/>'
        for x, y in dots
    )
    return (
        f'<path fill="none" stroke="{colours.line}" stroke-width=".24" '
        f'd="{"".join(arcs)}"/>{spots}'
    )


_MOTIFS: dict[str, Callable[[Colours, int], str]] = {
    Motif.KAWUNG: _kawung,
    Motif.CEPLOK: _ceplok,
    Motif.TRUNTUM: _truntum,
    Motif.GRINGSING: _gringsing,
}
