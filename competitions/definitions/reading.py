"""From the text of a file to a `RoundDefinition`."""

from typing import Any

from django.utils.translation import gettext as _

from competitions.definitions.loading import Lines, load_text
from competitions.definitions.mistakes import DefinitionError, Mistake
from competitions.definitions.nodes import Node, Report
from competitions.definitions.reader import read_shape
from competitions.definitions.references import dangling
from competitions.definitions.whole import RoundDefinition

FORMAT = 1


def parse(content: str | bytes, *, key: str, file: str) -> RoundDefinition:
    """Read a definition from YAML or JSON; `file` names it in errors.

    Raises DefinitionError with every mistake found.
    """
    data, lines = load_text(content, file=file)
    return from_data(data, key=key, file=file, lines=lines)


def from_data(
    data: Any,
    *,
    key: str,
    file: str,
    lines: Lines | None = None,
    with_references: bool = True,
) -> RoundDefinition:
    """Read a definition from plain values.

    `with_references` looks for names that stand for nothing; a round that is being
    prepared may have them for a while. Raises DefinitionError.
    """
    if not isinstance(data, dict):
        raise DefinitionError(
            file, [Mistake("", _("must be a mapping of keys to values"))]
        )
    report = Report(lines or {})
    root = Node(data, report)
    if root.take("format") not in (None, FORMAT):
        root.wrong("format", _("is not known here"), root.peek("format"))
    definition: RoundDefinition | None = read_shape(RoundDefinition, root, key=key)
    if with_references and definition is not None and not report.mistakes:
        for each in dangling(definition):
            report.add(
                each.path,
                _("%(code)s is not defined in this file") % {"code": each.code},
            )
    if report.mistakes or definition is None:
        raise DefinitionError(file, report.mistakes)
    return definition
