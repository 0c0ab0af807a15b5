"""How a shipped file builds on others, so that no text stands there twice.

`extends: national-2023` takes everything from that file that is not written anew. In a
list, an entry `use: latar-belakang` takes the entry with that code, and what stands
beside it replaces its parts; other entries stand for themselves. `extends: [a, b]`
takes from `a`, and looks for an entry in `b` where `a` has none.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


class UnknownEntry(Exception):
    """`use` names an entry that no other file has."""


def extended(data: Mapping[str, Any], load: Callable[[str], Any]) -> dict[str, Any]:
    """Fill `data` with what it builds on; `load` reads a file by its key."""
    own = dict(data)
    names = own.pop("extends", [])
    if isinstance(names, str):
        names = [names]
    return _over([extended(load(name), load) for name in names], own)


def _over(bases: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(bases[0]) if bases else {}
    for key, value in own.items():
        merged[key] = _value([base[key] for base in bases if key in base], value)
    return merged


def _value(bases: Sequence[Any], own: Any) -> Any:
    if isinstance(own, Mapping):
        return _over([base for base in bases if isinstance(base, Mapping)], own)
    if isinstance(own, list):
        entries = [each for base in bases if isinstance(base, list) for each in base]
        return [_entry(entries, each) for each in own]
    return own


def _entry(entries: Sequence[Any], own: Any) -> Any:
    if not isinstance(own, Mapping):
        return own
    changes = dict(own)
    code = changes.pop("use", None)
    if code is None:
        return _over([], own)
    for each in entries:
        if isinstance(each, Mapping) and each.get("code") == code:
            return _over([each], changes)
    raise UnknownEntry(code)
