"""Filling a shape from a mapping."""

from typing import Any

from competitions.definitions.fields import REQUIRED, parts_of
from competitions.definitions.nodes import Node, Unreadable


def read_shape(shape: Any, node: Node, **given: Any) -> Any:
    """Make a `shape` of `node`; None if a mistake was reported.

    `given` are attributes that stand in no file.
    """
    if not node.is_mapping:
        return None
    values: dict[str, Any] = dict(given)
    whole = True
    for name, key, field in parts_of(shape):
        *ways, last = key.split(".")
        place = node
        for way in ways:
            place = place.inner(way)
        if place.peek(last) is None and field.default is not REQUIRED:
            place.take(last)
            continue
        try:
            values[name] = field.read(place, last)
        except Unreadable as wrong:
            place.wrong(wrong.key, wrong.reason, wrong.value)
            whole = False
    node.finish()
    if not whole:
        return None
    made = shape(**values)
    for key, reason in getattr(made, "faults", tuple)():
        node.wrong(key, reason)
    return made
