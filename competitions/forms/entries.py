"""What the forms of all entries of the rules share.

A form shows one entry of a list (see `competitions.rule_lists`) and gives it back as
a shape of `competitions.definitions`. Codes are made from the names people type and
stay as they are afterwards: answers and scores go by them.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy

from competitions.definitions import RoundDefinition
from competitions.definitions.fields import parts_of
from core import numbers

MEGABYTE = 1024 * 1024
Choices = Sequence[tuple[str, str]]


class EntryForm(forms.Form):
    """One entry: fields named as the attributes of `shape` carry its values.

    `entry` is changed; `model` is what a new one begins as a copy of.
    """

    shape: ClassVar[Any]
    named: ClassVar[str] = "name"  # the field its code is made of

    def __init__(
        self,
        *args: Any,
        rules: RoundDefinition,
        entry: Any = None,
        model: Any = None,
        taken: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        self.rules, self.entry, self.taken = rules, entry, set(taken)
        begun = self.initial_of(entry) if entry is not None else {}
        if model is not None:
            begun = self.initial_of(model) | self.copied(model)
        super().__init__(*args, **{**kwargs, "initial": begun})
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the rules."""
        if "tracks" in self.fields:
            choices = [(each.code, each.name) for each in self.rules.tracks]
            set_choices(self, "tracks", choices)
            if len(choices) < 2 and not self.initial.get("tracks"):
                del self.fields["tracks"]

    def initial_of(self, entry: Any) -> dict[str, Any]:
        """The values the fields begin with."""
        found = {}
        for name, _key, _field in parts_of(entry):
            value = getattr(entry, name)
            if isinstance(value, Decimal):
                value = shorter(value)
            found[name] = list(value) if isinstance(value, tuple) else value
        return found

    def values(self) -> dict[str, Any]:
        """The attributes of the entry that this form knows; only when valid."""
        names = {name for name, _key, _field in parts_of(self.shape)}
        return {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name in names
        }

    def copied(self, model: Any) -> dict[str, Any]:
        """What a copy of `model` begins with in its stead."""
        name = gettext("%(name)s (copy)") % {"name": getattr(model, self.named)}
        limit = getattr(self.base_fields[self.named], "max_length", None)
        return {self.named: name[:limit]}

    def as_entries(self) -> list[Any]:
        """What is added: mostly one, by some forms several. Only when valid."""
        return [self.as_entry()]

    def as_entry(self) -> Any:
        """The entry as it was typed; what has no field stays. Only when valid."""
        values = self.values()
        if self.entry is not None:
            return dataclasses.replace(self.entry, **values)
        code = free_code(str(values[self.named]), self.taken, self.code_limit)
        return self.shape(code=code, **values)

    @property
    def code_limit(self) -> int:
        return 30


def set_choices(
    form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]
) -> None:
    """Offer `choices`, and what the entry holds although it is no choice any more."""
    field: Any = form.fields[name]
    found = list(choices)
    held = form.initial.get(name) or []
    known = {code for code, _label in found}
    for code in [held] if isinstance(held, str) else held:
        if code not in known:
            label = gettext("%(code)s (does not exist any more)") % {"code": code}
            found.append((code, label))
    field.choices = found


def free_code(text: str, taken: Iterable[str], limit: int) -> str:
    """Make a code of a name that is not `taken`."""
    stem = slugify(text)[: limit - 4].strip("-_") or "entri"
    used = set(taken)
    found, count = stem, 1
    while found in used:
        count += 1
        found = f"{stem}-{count}"
    return found


def shorter(number: Decimal) -> Decimal:
    """Leave out decimals that are nothing."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def written(number: Decimal) -> str:
    """A number as people type it, with a comma."""
    found = shorter(number)
    return numbers.decimal(found, max(0, -int(found.as_tuple().exponent)))


def read_number(text: str) -> Decimal:
    """Understand "12,5" and "12.5". Raises ValueError."""
    plain = text.strip().replace(",", ".")
    digits = plain.replace(".", "", 1)
    if not digits.isdecimal() or len(plain) > 12:
        raise ValueError(text)
    return Decimal(plain)


def lines_of(text: str) -> list[str]:
    """The lines that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class TracksField(forms.MultipleChoiceField):
    """The tracks something is for; none means every track."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Only for these tracks"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("Tick none if it is for every track."),
        )


class KindsField(forms.MultipleChoiceField):
    """Kinds of institutions something is for; none means every kind."""

    def __init__(self, choices: Any, label: Any) -> None:
        super().__init__(
            label=label,
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("Tick none if it is for every kind."),
        )


class NumberField(forms.DecimalField):
    """A number with a comma or a point, of at most two decimals."""

    def __init__(
        self,
        label: Any,
        *,
        most: int = 100,
        suffix: Any = "",
        decimal_places: int = 2,
        depends: str = "",
        **kwargs: Any,
    ) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        if depends:
            attrs["data-depends"] = depends
        if suffix:
            attrs["data-suffix"] = suffix
        super().__init__(
            label=label,
            max_value=most,
            decimal_places=decimal_places,
            widget=forms.TextInput(attrs=attrs),
            **{"min_value": 0, **kwargs},
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{shorter(value):f}".replace(".", ",")
        return value

    def to_python(self, value: Any) -> Any:
        return super().to_python(
            value.replace(",", ".") if isinstance(value, str) else value
        )


class MegabytesField(NumberField):
    """A size in MB; gives bytes. What was not touched keeps every byte."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label,
            most=50,
            suffix="MB",
            min_value=Decimal("0.01"),
            initial=2 * MEGABYTE,
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = (Decimal(value) / MEGABYTE).quantize(Decimal("0.01"))
        return super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return round(found * MEGABYTE) if found is not None else None


class LinesField(forms.CharField):
    """Several values, one in each line; gives the lines."""

    def __init__(
        self, label: Any, *, rows: int = 5, depends: str = "", **kwargs: Any
    ) -> None:
        attrs: dict[str, Any] = {"rows": rows}
        if depends:
            attrs["data-depends"] = depends
        super().__init__(
            label=label,
            widget=forms.Textarea(attrs=attrs),
            max_length=20_000,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return lines_of(super().clean(value))


def by_name(names: Mapping[str, str]) -> dict[str, str]:
    """Find codes by name or code, whatever the case."""
    found = {code.casefold(): code for code in names}
    return found | {name.casefold(): code for code, name in names.items()}
