"""Writing a shape as plain values, and these as text."""

import json
from decimal import Decimal
from typing import Any

import yaml

from competitions.definitions.fields import REQUIRED, Inline, parts_of


def write_shape(made: Any) -> dict[str, Any]:
    """Write all of a shape that is not as it would be anyway."""
    written: dict[str, Any] = {}
    for name, key, field in parts_of(made):
        value = getattr(made, name)
        if field.default is not REQUIRED and value == field.default:
            continue
        # Nothing where something must stand: the reader will name it.
        plain = None if value is None else field.write(value)
        if plain == {} or (plain == "" and field.default == ""):
            continue
        *ways, last = key.split(".")
        place = written
        for way in ways:
            place = place.setdefault(way, {})
        place[last] = plain
    return written


class _Dumper(yaml.SafeDumper):
    """Writes as a person would: texts of several lines as they stand."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")


def _inline(dumper: yaml.SafeDumper, value: Inline) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(Inline, _inline)


def as_yaml(data: dict[str, Any]) -> str:
    """Write plain values as YAML, always the same for the same values."""
    return yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=88,
    )


def as_json(data: dict[str, Any]) -> str:
    """Write plain values as JSON, always the same for the same values."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=float) + "\n"
