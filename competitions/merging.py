"""Two definitions side by side: what differs, and how two edits come together.

Definitions are compared as the plain values that files hold; parts of a list are told
by their codes.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from competitions import definitions
from competitions.definitions import RoundDefinition

# The calendar has services of its own, so no prepared change holds it.
APART = {"calendar"}


def plain(definition: RoundDefinition) -> dict[str, Any]:
    """Write all rules of a definition but its calendar, as a row of JSON keeps them."""
    data: dict[str, Any] = json.loads(definitions.to_json(definition))
    return {name: value for name, value in data.items() if name not in APART}


def read(data: Mapping[str, Any], beside: RoundDefinition) -> RoundDefinition:
    """Read what `plain` wrote, with the calendar of the rules `beside` it.

    Raises DefinitionError.
    """
    whole = dict(data)
    calendar = definitions.as_data(beside).get("calendar")
    if calendar:
        whole["calendar"] = calendar
    return definitions.from_data(
        # As a file is read: numbers with a point are exact.
        json.loads(json.dumps(whole, default=float), parse_float=Decimal),
        key=beside.key,
        file=beside.name,
        with_references=False,
    )


def digest(*values: Any) -> str:
    """Tell by a short word whether values are still those that somebody saw."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()[:16]


def differences(before: RoundDefinition, after: RoundDefinition) -> dict[str, Any]:
    """Name what differs between two definitions: old and new value by place.

    Parts of a list are named by their codes, as "form.sections.ringkasan.words".
    """
    found: dict[str, Any] = {}
    _compare(definitions.as_data(before), definitions.as_data(after), "", found)
    return found


def _compare(old: Any, new: Any, place: str, found: dict[str, Any]) -> None:
    if old == new:
        return
    old_parts, new_parts = _parts_of_both(old, new)
    if old_parts is None or new_parts is None:
        found[place] = [old, new]
        return
    for code in dict.fromkeys([*old_parts, *new_parts]):
        here = f"{place}.{code}" if place else code
        _compare(old_parts.get(code), new_parts.get(code), here, found)
    same = [code for code in new_parts if code in old_parts]
    if same != [code for code in old_parts if code in new_parts] and isinstance(
        new, list
    ):
        found[f"{place}.order"] = [list(old_parts), list(new_parts)]


Parts = Mapping[str, Any]


def _parts_of_both(old: Any, new: Any) -> tuple[Parts | None, Parts | None]:
    """The parts of two values; where a list of parts is not there, none of them."""
    old_parts, new_parts = _by_code(old), _by_code(new)
    if isinstance(old, list) and old_parts and new in (None, []):
        return old_parts, {}
    if isinstance(new, list) and new_parts and old in (None, []):
        return {}, new_parts
    return old_parts, new_parts


def _by_code(value: Any) -> Parts | None:
    """The parts of a mapping or of a list of coded parts; None of anything else."""
    if isinstance(value, Mapping):
        return value
    coded = isinstance(value, list) and all(
        isinstance(each, Mapping) and "code" in each for each in value
    )
    return {each["code"]: each for each in value} if coded and value else None


def merged(base: Any, live: Any, proposed: Any) -> Any:
    """Bring what was changed from `base` to `proposed` over to the rules in force.

    What only one of the two changed is taken from that one; where both changed the
    same, what was proposed is kept: whoever decides sees it beside what is in force.
    """
    if proposed == base:
        return live
    if base in (live, proposed) or live == proposed:
        return proposed
    is_list = any(isinstance(each, list) for each in (base, live, proposed))
    parts = [
        {} if is_list and each in (_GONE, []) else _by_code(each)
        for each in (base, live, proposed)
    ]
    if any(each is None for each in parts):
        return proposed
    old, now, wanted = (each or {} for each in parts)
    together = {}
    for code in _in_order(list(old), list(now), list(wanted)):
        value = merged(*(each.get(code, _GONE) for each in (old, now, wanted)))
        if value is not _GONE:
            together[code] = value
    return list(together.values()) if is_list else together


_GONE: Any = object()


def _in_order(old: list[str], now: list[str], wanted: list[str]) -> list[str]:
    """The order that was wanted, if it was changed, or else the one in force."""
    kept = [code for code in wanted if code in old]
    was_moved = kept != [code for code in old if code in wanted]
    first, second = (wanted, now) if was_moved else (now, wanted)
    return list(dict.fromkeys([*_woven(first, second), *first, *second]))


def _woven(first: list[str], second: list[str]) -> list[str]:
    """`first`, with what only `second` has put behind what it follows there."""
    found = list(first)
    for place, code in enumerate(second):
        if code not in found:
            before = [each for each in second[:place] if each in found]
            found.insert(found.index(before[-1]) + 1 if before else 0, code)
    return found
