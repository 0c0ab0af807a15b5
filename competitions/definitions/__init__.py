"""Round definitions: readable files that a new round is made from.

The files of `competitions/presets/` are shipped with the portal. What they mean
together (weights summing to 100, ranks without gaps) is the business of `checks`: a
definition is read as soon as every single value is understood.
"""

from functools import cache
from pathlib import Path

from competitions.definitions.nodes import DefinitionError
from competitions.definitions.reading import parse
from competitions.definitions.shapes import (
    CriterionDefinition,
    RoundDefinition,
    ScoringDefinition,
    StageDefinition,
)

PRESET_DIRECTORY = Path(__file__).resolve().parent.parent / "presets"
DEFAULT_PRESET = "national-2023"

__all__ = [
    "DEFAULT_PRESET",
    "CriterionDefinition",
    "DefinitionError",
    "RoundDefinition",
    "ScoringDefinition",
    "StageDefinition",
    "load",
    "parse",
    "preset",
    "presets",
]


def load(path: Path) -> RoundDefinition:
    """Read the definition in the file `path`.

    Raises DefinitionError, naming the file, the path in it and the reason.
    """
    return parse(path.read_text(encoding="utf-8"), key=path.stem, file=path.name)


@cache
def presets() -> tuple[RoundDefinition, ...]:
    """All definitions shipped with the portal, the default one first."""
    found = [load(path) for path in sorted(PRESET_DIRECTORY.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda each: each.key != DEFAULT_PRESET))


def preset(key: str) -> RoundDefinition:
    """The shipped definition named `key`."""
    return next(each for each in presets() if each.key == key)
