"""Random edits of a definition, as clumsy and as hostile as people are."""

import dataclasses
from dataclasses import replace
from datetime import time
from decimal import Decimal

from hypothesis import strategies as st

from competitions.definitions import fields
from competitions.definitions.fields import parts_of
from competitions.definitions.params import Params
from competitions.definitions.reminding import ReminderDefinition, Reminders
from competitions.models import ReminderAnchor, ReminderAudience
from competitions.models.reminders import REMINDER_CHANNELS

CODES = ["umum", "replikasi", "khusus", "opd", "wbk", "a", "b-1", "dua kata", ""]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["Kelas Ibu Malam", "no", "12", "0.5", "null", "# x", "a: b", "- a", "{judl}"]
    ),
    st.text(
        alphabet="a \n\t\r:#'\"{}[]&*!|>%@`\u2028\x85\ufeff\U0001f600عـ", max_size=30
    ),
)
NUMBERS = st.one_of(
    st.none(),
    st.integers(-1, 120).map(Decimal),
    st.decimals(Decimal(0), Decimal(100), places=2),
    st.just(Decimal("33.333")),
)
REMINDERS = st.builds(
    ReminderDefinition.of,
    st.integers(1, 500),
    anchor=st.sampled_from(ReminderAnchor.values),
    audience=st.sampled_from(["", *ReminderAudience.values]),
    channels=st.one_of(
        st.none(), st.lists(st.sampled_from(REMINDER_CHANNELS), unique=True)
    ),
)


def _value(field, definition):
    """Any value for `field`, most of them sensible."""
    known = sorted(codes_in(definition))
    codes = st.sampled_from([*known, *CODES])
    dotted = st.sampled_from(
        [f"{s.code}.{c.code}" for s in definition.scoring for c in s.tree()] or ["a.b"]
    )
    if isinstance(field, fields.Codes):
        item = dotted if field.with_point else codes
        return st.lists(item, max_size=4, unique=True).map(tuple)
    table = {
        fields.Text: TEXTS,
        fields.Slug: codes,
        fields.Whole: st.one_of(st.none(), st.integers(-1, 200)),
        fields.Number: NUMBERS,
        fields.Flag: st.booleans(),
        fields.Clock: st.times().map(lambda t: t.replace(second=0, microsecond=0)),
        fields.Span: st.tuples(st.integers(0, 60), st.integers(0, 60)),
        fields.Scale: st.sampled_from(
            [(Decimal(0), Decimal(100)), (Decimal(1), Decimal(5)), (Decimal(5),) * 2]
        ),
        Reminders: st.one_of(st.none(), st.lists(REMINDERS, max_size=4).map(tuple)),
        fields.Size: st.sampled_from([1, 1024, 500 * 1024, 2 * 1024 * 1024, 10**9]),
        fields.Counts: st.sampled_from([(), (("akademisi", 2),)]),
        Params: st.sampled_from(
            [{}, {"maximum": 0}, {"maximum": 2}, {"months": 12}, {"minimum": 1}]
        ),
    }
    if isinstance(field, fields.Choice):
        return st.sampled_from([*field.choices, "lain"])
    if isinstance(field, fields.Several):
        return st.lists(st.sampled_from(field.choices), unique=True, max_size=3).map(
            tuple
        )
    return table[type(field)]


def codes_in(made):
    """Every code in a definition."""
    found = set()
    for _path, node in nodes(made):
        if code := getattr(node, "code", ""):
            found.add(code)
    return found


def nodes(made, path=()):
    """All shapes in a definition with the way to each."""
    yield path, made
    for name, _key, field in parts_of(made):
        value = getattr(made, name)
        if isinstance(field, fields.One):
            yield from nodes(value, (*path, name))
        elif isinstance(field, fields.Parts):
            for place, each in enumerate(value):
                yield from nodes(each, (*path, (name, place)))


def put(made, path, new):
    """The same definition with `new` at `path`."""
    if not path:
        return new
    step, *rest = path
    if isinstance(step, str):
        return replace(made, **{step: put(getattr(made, step), rest, new)})
    name, place = step
    items = list(getattr(made, name))
    items[place] = put(items[place], rest, new)
    return replace(made, **{name: tuple(items)})


@st.composite
def edited(draw, definition):
    """`definition` after one edit: a value changed, a part dropped, doubled, moved."""
    path, node = draw(st.sampled_from(list(nodes(definition))))
    name, _key, field = draw(st.sampled_from(list(parts_of(node))))
    value = getattr(node, name)
    if isinstance(field, fields.One):
        return definition
    if isinstance(field, fields.Parts):
        items = list(value)
        if not items:
            return definition
        place = draw(st.integers(0, len(items) - 1))
        action = draw(st.sampled_from(["drop", "double", "move", "clear"]))
        if action == "drop":
            del items[place]
        elif action == "double":
            twin = items[place]
            if "code" in {each.name for each in dataclasses.fields(twin)}:
                twin = replace(twin, code=f"{twin.code}-2"[:30])
            items.append(twin)
        elif action == "move":
            items.insert(0, items.pop(place))
        else:
            items = []
        new = tuple(items)
    else:
        new = draw(_value(field, definition))
    if isinstance(new, time) and new.hour == 0:
        new = new.replace(hour=1)
    return put(definition, path, replace(node, **{name: new}))
