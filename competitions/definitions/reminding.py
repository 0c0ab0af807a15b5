"""The reminders of a stage in a definition.

A bare number means hours before the closing, for whoever is usually meant in a stage
of that kind, as each wishes to be told; anything else is written out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from competitions.definitions.fields import Inline
from competitions.definitions.nodes import Node, Unreadable, whole
from competitions.models import ReminderAnchor, ReminderAudience, Stage
from competitions.models.reminders import (
    MOST_HOURS,
    REMINDER_CHANNELS,
    default_channels,
    usual_audience,
)

USUAL_HOURS = (168, 72, 24, 3)
MOST = 30
_KEYS = {"hours", "after", "to", "channels"}


@dataclass(frozen=True, order=True)
class ReminderDefinition:
    """One reminder; the order is that in which a file lists them.

    An empty `audience` means whoever is usually meant in the stage.
    """

    anchor: str
    less_hours: int
    audience: str
    channels: tuple[str, ...]

    @classmethod
    def of(
        cls,
        hours: int,
        *,
        anchor: str = ReminderAnchor.BEFORE.value,
        audience: str = "",
        channels: Sequence[str] | None = None,
    ) -> "ReminderDefinition":
        """Make one; `hours` after or before what `anchor` names."""
        ways = default_channels() if channels is None else channels
        known = [each for each in REMINDER_CHANNELS if each in ways]
        # The longest before the closing comes first, so hours are ordered downwards.
        return cls(str(anchor), -hours, str(audience), tuple(known))

    @property
    def hours(self) -> int:
        return -self.less_hours

    def named(self, kind: str) -> "ReminderDefinition":
        """The same with its audience named."""
        return replace(self, audience=self.audience or usual_audience(kind))

    def shortened(self, kind: str) -> "ReminderDefinition":
        """The same without naming whom a stage of `kind` usually means."""
        is_usual = self.audience == usual_audience(kind)
        return replace(self, audience="") if is_usual else self

    def values(self) -> dict[str, Any]:
        """The columns of its row; name its audience first."""
        return {
            "anchor": self.anchor,
            "hours": self.hours,
            "audience": self.audience,
            "channels": list(self.channels),
        }


def usual_reminders(kind: str) -> tuple[ReminderDefinition, ...]:
    """7, 3 and 1 days and 3 hours before submission closes; none in other stages."""
    if kind != Stage.Kind.SUBMISSION:
        return ()
    return tuple(ReminderDefinition.of(each) for each in USUAL_HOURS)


def in_one_form(
    reminders: Sequence[ReminderDefinition], kind: str
) -> tuple[ReminderDefinition, ...] | None:
    """Sort them, each once, as short as can be; None where they are the usual ones."""
    short = (each.shortened(kind) for each in reminders)
    found = {(each.anchor, each.less_hours, each.audience): each for each in short}
    if set(found.values()) == set(usual_reminders(kind)):
        return None
    return tuple(sorted(found.values()))


@dataclass(frozen=True)
class Reminders:
    """A list of hours before the closing, or of mappings that say more."""

    default: None = None

    def read(self, node: Node, key: str) -> tuple[ReminderDefinition, ...]:
        items = node.items(key)
        if len(items) > MOST:
            raise Unreadable(key, _("must be at most %(most)d") % {"most": MOST})
        return tuple(_read(key, item) for item in items)

    def write(self, value: Sequence[ReminderDefinition]) -> list[Any]:
        written = [_written(each) for each in value]
        if all(isinstance(each, int) for each in written):
            return Inline(written)
        return written


def _read(key: str, item: Any) -> ReminderDefinition:
    if not isinstance(item, Mapping):
        return ReminderDefinition.of(whole(key, item, 1, MOST_HOURS))
    if unknown := set(item) - _KEYS:
        raise Unreadable(key, _("is not known here"), sorted(map(str, unknown))[0])
    after = item.get("after", False)
    if not isinstance(after, bool):
        raise Unreadable(key, _("must be yes or no"), after)
    audience = item.get("to", "")
    if audience and audience not in ReminderAudience.values:
        raise Unreadable(key, _one_of(ReminderAudience.values), audience)
    channels = item.get("channels", default_channels())
    known = REMINDER_CHANNELS
    if not isinstance(channels, list) or not set(map(str, channels)) <= set(known):
        raise Unreadable(key, _one_of(known), channels)
    return ReminderDefinition.of(
        whole(key, item.get("hours"), 0 if after else 1, MOST_HOURS),
        anchor=ReminderAnchor.AFTER if after else ReminderAnchor.BEFORE,
        audience=audience,
        channels=channels,
    )


def _one_of(choices: Sequence[str]) -> str:
    return _("must be one of %(choices)s") % {"choices": ", ".join(choices)}


def _written(each: ReminderDefinition) -> int | dict[str, Any]:
    is_plain = (
        each.anchor == ReminderAnchor.BEFORE
        and list(each.channels) == default_channels()
    )
    written: dict[str, Any] = {"hours": each.hours}
    if each.anchor == ReminderAnchor.AFTER:
        written["after"] = True
    if list(each.channels) != default_channels():
        written["channels"] = Inline(each.channels)
    if each.audience:
        written["to"] = each.audience
    return each.hours if is_plain and not each.audience else written
