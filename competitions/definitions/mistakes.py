"""What is wrong with a definition, where, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError

_SHOWN = 60  # signs of a wrong value that are repeated


@dataclass(frozen=True)
class Mistake:
    """One thing that cannot be understood.

    `path` names the place as "scoring[1].criteria[2].weight", counted from 1; `line`
    is the line of the file, `value` what stands there, both where known.
    """

    path: str
    reason: str
    line: int | None = None
    value: str = ""

    @property
    def sentence(self) -> str:
        """Line, path, reason and value in one line."""
        place = [_("line %(line)d") % {"line": self.line}] if self.line else []
        text = ", ".join([*place, *([self.path] if self.path else [])])
        text = f"{text}: {self.reason}" if text else self.reason
        if not self.value:
            return text
        return _("%(sentence)s (there stands: %(value)s)") % {
            "sentence": text,
            "value": self.value,
        }


class DefinitionError(DomainError):
    """A round definition cannot be read; `mistakes` names each place and reason."""

    def __init__(self, file: str, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(f"{file}: {each.sentence}" for each in mistakes))
        self.file = file
        self.mistakes = tuple(mistakes)


def shown(value: Any) -> str:
    """Repeat a wrong value, cut short; a list or a mapping is only counted."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict | list):
        return _("%(count)d entries") % {"count": len(value)}
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
