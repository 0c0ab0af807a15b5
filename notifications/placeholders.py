"""How a placeholder reads its text out of what `notify` is given."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from core import dates
from notifications.kinds import Placeholder

Label = str | Promise


def word(
    name: str,
    label: Any,
    path: str,
    sample: Label,
    *,
    show: Callable[[Any], Any] = str,
) -> Placeholder:
    """A placeholder for what stands under `path` ("proposal.title") of the context.

    The path is ours; a template of a government holds the name alone.
    """

    def read(context: Mapping[str, Any]) -> str:
        value = _follow(context, path)
        return "" if value is None else str(show(value))

    return Placeholder(name, label, read, sample)


def moment(
    name: str, label: Any, path: str, *, zone: str = "round.zone", sample: Label
) -> Placeholder:
    """A placeholder for a moment, as a clock in `zone` of the context tells it."""

    def read(context: Mapping[str, Any]) -> str:
        value = _follow(context, path)
        if not isinstance(value, datetime):
            return ""
        return dates.format_datetime(value, "medium", _follow(context, zone))

    return Placeholder(name, label, read, sample)


def _follow(context: Mapping[str, Any], path: str) -> Any:
    """Raises KeyError or AttributeError where the way ends early."""
    value: Any = context
    for step in path.split("."):
        if value is None:
            return None
        value = value[step] if isinstance(value, Mapping) else getattr(value, step)
    return value
