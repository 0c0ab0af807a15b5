"""The weights of a round's criteria."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.models import Criterion


class WeightForm(forms.Form):
    """The weights of one scoring stage, in percent; a field for each criterion."""

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[criterion.code] = forms.DecimalField(
                label=_("Weight of %(criterion)s in percent")
                % {"criterion": criterion.name},
                min_value=0,
                max_value=100,
                max_digits=5,
                decimal_places=2,
                localize=True,  # 12,5 as well as 12.5
                initial=_short(criterion.weight),
                widget=forms.TextInput(
                    attrs={
                        "class": "form-control--cell",
                        "inputmode": "decimal",
                        "autocomplete": "off",
                        "data-weight-input": True,
                        "data-suffix": "%",
                    }
                ),
            )

    @property
    def rows(self) -> list[tuple[Criterion, forms.BoundField]]:
        """Every criterion with its field."""
        return [(criterion, self[criterion.code]) for criterion in self.criteria]

    def weights(self) -> dict[str, Decimal]:
        """The weights by code; only when valid."""
        return {each.code: self.cleaned_data[each.code] for each in self.criteria}

    def total(self) -> Decimal:
        """The sum of what the fields show."""
        shown = (
            self.cleaned_data.get(each.code, Decimal(0))
            if self.is_bound and self.is_valid()
            else each.weight
            for each in self.criteria
        )
        return sum(shown, Decimal(0))


def _short(number: Decimal) -> Decimal:
    """Leave out decimals that are nothing."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
