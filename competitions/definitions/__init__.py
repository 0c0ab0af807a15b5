"""Round definitions: readable files that a new round is made from.

The files of `competitions/presets/` are shipped with the portal; others come from
other governments. What they mean together (weights summing to 100, ranks without
gaps) is the business of `checks`: a definition is read as soon as every single value
is understood and every name stands for something.
"""

from functools import cache
from pathlib import Path
from typing import Any

from competitions.definitions.extending import extended
from competitions.definitions.loading import MAX_BYTES, load_text
from competitions.definitions.mistakes import DefinitionError, Mistake
from competitions.definitions.params import NEEDS_LOOK, NOT_MET, PARAMS
from competitions.definitions.reading import FORMAT, from_data, parse
from competitions.definitions.references import Dangling, dangling
from competitions.definitions.reminding import ReminderDefinition, usual_reminders
from competitions.definitions.shapes import (
    AnchorDefinition,
    AwardDefinition,
    CategoryDefinition,
    ClusterDefinition,
    ConsentDefinition,
    CriterionDefinition,
    HeaderFieldDefinition,
    LetterDefinition,
    MinimumDefinition,
    OptionDefinition,
    PredicateDefinition,
    RequirementDefinition,
    ScoringDefinition,
    SectionDefinition,
    ShortlistDefinition,
    StageDefinition,
    TrackDefinition,
)
from competitions.definitions.whole import (
    FormDefinition,
    JuryDefinition,
    RoundDefinition,
)
from competitions.definitions.writer import as_json, as_yaml, write_shape

PRESET_DIRECTORY = Path(__file__).resolve().parent.parent / "presets"
DEFAULT_PRESET = "national-2023"

__all__ = [
    "DEFAULT_PRESET",
    "MAX_BYTES",
    "NEEDS_LOOK",
    "NOT_MET",
    "PARAMS",
    "AnchorDefinition",
    "AwardDefinition",
    "CategoryDefinition",
    "ClusterDefinition",
    "ConsentDefinition",
    "CriterionDefinition",
    "Dangling",
    "DefinitionError",
    "FormDefinition",
    "HeaderFieldDefinition",
    "JuryDefinition",
    "LetterDefinition",
    "MinimumDefinition",
    "Mistake",
    "OptionDefinition",
    "PredicateDefinition",
    "ReminderDefinition",
    "RequirementDefinition",
    "RoundDefinition",
    "ScoringDefinition",
    "SectionDefinition",
    "ShortlistDefinition",
    "StageDefinition",
    "TrackDefinition",
    "as_data",
    "dangling",
    "from_data",
    "load",
    "parse",
    "preset",
    "presets",
    "to_json",
    "to_yaml",
    "usual_reminders",
]


def as_data(definition: RoundDefinition) -> dict[str, Any]:
    """Write a definition as plain values; what is usual is left out."""
    return {"format": FORMAT, **write_shape(definition)}


def to_yaml(definition: RoundDefinition) -> str:
    """Write a definition as the text of a YAML file, always the same."""
    return as_yaml(as_data(definition))


def to_json(definition: RoundDefinition) -> str:
    """Write a definition as the text of a JSON file, always the same."""
    return as_json(as_data(definition))


def load(path: Path) -> RoundDefinition:
    """Read a shipped file, which may build on others beside it.

    Raises DefinitionError, naming the file, the path in it and the reason.
    """

    def read(key: str) -> Any:
        other = path.with_name(f"{key}.yaml")
        return load_text(other.read_text(encoding="utf-8"), file=other.name)[0]

    return from_data(extended(read(path.stem), read), key=path.stem, file=path.name)


@cache
def presets() -> tuple[RoundDefinition, ...]:
    """All definitions shipped with the portal, the default one first.

    A file whose name begins with an underscore is only there to be built on.
    """
    found = [load(path) for path in sorted(PRESET_DIRECTORY.glob("[!_]*.yaml"))]
    return tuple(sorted(found, key=lambda each: each.key != DEFAULT_PRESET))


def preset(key: str) -> RoundDefinition:
    """The shipped definition named `key`."""
    return next(each for each in presets() if each.key == key)
