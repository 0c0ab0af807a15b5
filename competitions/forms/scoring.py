"""The weights of a round's criteria."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from competitions.forms.entries import shorter
from competitions.models import Criterion, Track


@dataclass(frozen=True)
class WeightTotal:
    """What the weights of a track sum to; without a track those of every one."""

    sum: Decimal
    track: str = ""
    name: str = ""


class WeightForm(forms.Form):
    """The weights of one scoring stage, in percent; a field for each criterion."""

    def __init__(
        self,
        *args: Any,
        criteria: Sequence[Criterion],
        tracks: Sequence[Track] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.tracks = tracks if any(each.tracks for each in criteria) else ()
        for criterion in criteria:
            self.fields[criterion.code] = forms.DecimalField(
                label=_("Weight of %(criterion)s in percent")
                % {"criterion": criterion.name},
                min_value=0,
                max_value=100,
                max_digits=5,
                decimal_places=2,
                localize=True,  # 12,5 as well as 12.5
                initial=shorter(criterion.weight),
            )

    @property
    def rows(self) -> list[tuple[Criterion, forms.BoundField, str]]:
        """Every criterion with its field, and what the field shows."""
        bound = [(criterion, self[criterion.code]) for criterion in self.criteria]
        return [
            (criterion, field, self._shown(field.value())) for criterion, field in bound
        ]

    @staticmethod
    def _shown(value: Any) -> str:
        """A stored weight with a comma; what was typed stays as it was typed."""
        if isinstance(value, Decimal):
            return formats.localize_input(value)
        return "" if value is None else str(value)

    def weights(self) -> dict[str, Decimal]:
        """The weights by code; only when valid."""
        return {each.code: self.cleaned_data[each.code] for each in self.criteria}

    def totals(self) -> list[WeightTotal]:
        """The sums of what the fields show, for each track where they differ."""
        typed = self.cleaned_data if self.is_bound and self.is_valid() else {}
        roots = [
            (each, typed.get(each.code, each.weight))
            for each in self.criteria
            if each.parent_id is None
        ]
        if not self.tracks:
            return [WeightTotal(sum((weight for _c, weight in roots), Decimal(0)))]
        return [
            WeightTotal(
                sum(
                    (weight for each, weight in roots if each.is_for(track.code)),
                    Decimal(0),
                ),
                track.code,
                track.name,
            )
            for track in self.tracks
        ]
