"""Geometry of charts drawn as SVG on the server.

Widths are percentages and heights pixels, as text, so that labels keep their size at
every width and no language puts a comma into a coordinate.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import dates

_LABEL_ROOM = 56  # characters that fit under the chart of a phone
_TOP, _BASE = 16, 160  # pixels


def _pct(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def _px(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def nice_step(span: float, parts: int = 4) -> float:
    """Give a round step (1, 2, 2.5, 4 or 5 times a power of ten) to part `span`."""
    if span <= 0:
        return 1
    raw = span / parts
    power = 10.0 ** math.floor(math.log10(raw))
    return next(f * power for f in (1, 2, 2.5, 4, 5, 10) if f * power >= raw - 1e-9)


@dataclass(frozen=True)
class Tick:
    """A grid line with its label."""

    at: str
    text_at: str
    value: float


@dataclass(frozen=True)
class Bar:
    """One column of a bar chart."""

    label: str
    value: float
    x: str
    width: str
    y: str
    height: str
    middle: str
    value_y: str
    shows_label: bool
    shows_value: bool


@dataclass(frozen=True)
class BarChart:
    """All that a bar chart draws."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    base: int = _BASE
    height: int = 190


def bar_chart(rows: Iterable[tuple[str, float]], *, labelled: int = 3) -> BarChart:
    """Lay out columns from zero; the `labelled` highest show their value."""
    pairs = [(str(label), float(value)) for label, value in rows]
    highest = max((value for _, value in pairs), default=0)
    step = nice_step(highest)
    if all(value.is_integer() for _, value in pairs):
        step = max(1, math.ceil(step))
    top = step * max(1, math.ceil(highest / step))
    scale = (_BASE - _TOP) / top
    slot = 95 / max(1, len(pairs))
    longest = max((len(label) for label, _ in pairs), default=1)
    every = max(1, math.ceil(len(pairs) * (longest + 1) / _LABEL_ROOM))
    marked = sorted((value for _, value in pairs if value), reverse=True)[:labelled]
    least = marked[-1] if marked else math.inf
    bars = []
    for index, (label, value) in enumerate(pairs):
        x, height = 5 + slot * (index + 0.13), value * scale
        bars.append(
            Bar(
                label=label,
                value=value,
                x=_pct(x),
                width=_pct(slot * 0.74),
                y=_px(_BASE - height),
                height=_px(height),
                middle=_pct(x + slot * 0.37),
                value_y=_px(_BASE - height - 6),
                shows_label=(len(pairs) - 1 - index) % every == 0,
                shows_value=value >= least,
            )
        )
    ticks = [
        Tick(_px(_BASE - n * step * scale), _px(_BASE - n * step * scale + 4), n * step)
        for n in range(round(top / step) + 1)
    ]
    return BarChart(bars, ticks)


@dataclass(frozen=True)
class Span:
    """One row of a range chart."""

    label: str
    low: float
    mean: float
    high: float
    x: str
    width: str
    dot: str
    y: str
    dot_y: str
    text_y: str


@dataclass(frozen=True)
class RangeChart:
    """All that a chart of ranges with means draws."""

    rows: Sequence[Span]
    ticks: Sequence[Tick]
    base: str
    text_y: str
    height: str


def range_chart(rows: Iterable[tuple[str, float, float, float]]) -> RangeChart:
    """Lay out rows of (label, lowest, mean, highest) on one axis."""
    spans = [(str(a), float(b), float(c), float(d)) for a, b, c, d in rows]
    lowest = min((low for _, low, _, _ in spans), default=0)
    highest = max((high for *_, high in spans), default=1)
    step = nice_step(highest - lowest or 1)
    first = math.floor(lowest / step) * step
    last = max(first + step, math.ceil(highest / step) * step)

    def place(value: float) -> float:
        return 16 + 80 * (value - first) / (last - first)

    drawn = [
        Span(
            label=label,
            low=low,
            mean=mean,
            high=high,
            x=_pct(place(low)),
            width=_pct(place(high) - place(low)),
            dot=_pct(place(mean)),
            y=str(18 + 38 * index),
            dot_y=str(22 + 38 * index),
            text_y=str(26 + 38 * index),
        )
        for index, (label, low, mean, high) in enumerate(spans)
    ]
    base = 8 + 38 * max(1, len(spans))
    ticks = [
        Tick(_pct(place(first + n * step)), "", first + n * step)
        for n in range(round((last - first) / step) + 1)
    ]
    return RangeChart(drawn, ticks, str(base), str(base + 20), str(base + 30))


@dataclass(frozen=True)
class Stretch:
    """One row of a calendar chart."""

    label: str
    span: str
    x: str
    width: str
    y: str
    # The name stands beside its bar, on the side that has more room.
    text_x: str
    text_y: str
    text_ends: bool


@dataclass(frozen=True)
class CalendarChart:
    """All that a chart of stretches of days draws."""

    rows: Sequence[Stretch]
    ticks: Sequence[Tick]
    base: str
    text_y: str
    height: str


def calendar_chart(
    rows: Iterable[tuple[str, date | datetime, date | datetime]],
) -> CalendarChart:
    """Lay out rows of (label, first day, last day) on an axis of months."""
    spans = [
        (str(label), _day(first), _day(last))
        for label, first, last in rows
        if first and last
    ]
    start = min((first for _, first, _ in spans), default=date(2000, 1, 1))
    end = max((last for *_, last in spans), default=start)
    origin = start.replace(day=1)
    length = (_next_month(end) - origin).days

    def place(day: date) -> float:
        return 100 * (day - origin).days / length

    drawn = []
    for index, (label, first, last) in enumerate(spans):
        x = place(first)
        width = max(0.7, 100 * ((last - first).days + 1) / length)
        is_left = x > 100 - x - width
        drawn.append(
            Stretch(
                label=label,
                span=dates.format_range(first, last),
                x=_pct(x),
                width=_pct(width),
                y=str(6 + 21 * index),
                text_x=_pct(x if is_left else x + width),
                text_y=str(17 + 21 * index),
                text_ends=is_left,
            )
        )
    base = 7 + 21 * max(1, len(spans))
    ticks, month = [], origin
    while month < _next_month(end):
        ticks.append(Tick(_pct(place(month)), month_label(month), month.month))
        month = _next_month(month)
    every = max(1, math.ceil(len(ticks) / 12))
    return CalendarChart(
        drawn, ticks[::every], str(base), str(base + 18), str(base + 24)
    )


def month_label(month: date) -> str:
    """Name a month in short, January with its year."""
    name = dates.month_name(month.month, short=True)
    return f"{name} {month.year}" if month.month == 1 else name


def _day(value: date | datetime) -> date:
    return dates.as_local(value).date() if isinstance(value, datetime) else value


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True)
class Petal:
    """One seed of the participation figure."""

    transform: str
    is_in: bool


@dataclass(frozen=True)
class Seeds:
    """The kawung figure: one petal for each unit, the first ones dyed."""

    petals: Sequence[Petal]
    view_box: str


def seeds(filled: int, total: int, columns: int = 8) -> Seeds:
    """Lay out `total` petals in rows, `filled` of them dyed."""
    cell, half = 44, 22
    columns = max(1, min(columns, total or 1))
    petals = [
        Petal(
            f"translate({half + cell * column} {half + cell * row}) "
            f"rotate({45 if (row + column) % 2 == 0 else -45})",
            index < filled,
        )
        for index, (row, column) in (
            (n, divmod(n, columns)) for n in range(max(0, total))
        )
    ]
    row_count = max(1, math.ceil(total / columns))
    return Seeds(petals, f"0 0 {cell * columns} {cell * row_count}")


@dataclass(frozen=True)
class Slice:
    """One part of a bar that shows a whole; `variant` names its colour."""

    label: str
    value: int
    variant: str
    x: str
    width: str


def slices(parts: Iterable[tuple[str, int, str]]) -> list[Slice]:
    """Lay out parts of (label, value, variant) one after the other, as shares."""
    given = [(str(label), value, variant) for label, value, variant in parts]
    whole = sum(value for _label, value, _variant in given) or 1
    laid_out, start = [], 0
    for label, value, variant in given:
        laid_out.append(
            Slice(
                label=label,
                value=value,
                variant=variant,
                x=_pct(100 * start / whole),
                width=_pct(100 * value / whole),
            )
        )
        start += value
    return laid_out


@dataclass(frozen=True)
class Column:
    """One column of a small chart without axes, in a box of 6 by 24 for each."""

    value: int
    x: str
    y: str
    height: str


@dataclass(frozen=True)
class Spark:
    """All that a small chart of columns draws."""

    width: int
    columns: Sequence[Column]


def spark(values: Sequence[int], highest: int = 0) -> Spark:
    """Lay out small columns; those of several charts compare by one `highest`."""
    top = max(highest, 1, *values)
    columns = []
    for place, value in enumerate(values):
        height = max(22 * value / top, 1.5 if value else 0.75)
        columns.append(Column(value, _px(place * 6), _px(24 - height), _px(height)))
    return Spark(6 * len(columns), columns)
