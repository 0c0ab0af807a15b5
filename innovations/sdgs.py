"""The 17 sustainable development goals, in the words of the national proposal form."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

SDGS = {
    1: _("No poverty"),
    2: _("Zero hunger"),
    3: _("Good health and well-being"),
    4: _("Quality education"),
    5: _("Gender equality"),
    6: _("Clean water and sanitation"),
    7: _("Affordable and clean energy"),
    8: _("Decent work and economic growth"),
    9: _("Industry, innovation and infrastructure"),
    10: _("Reduced inequalities"),
    11: _("Sustainable cities and communities"),
    12: _("Responsible consumption and production"),
    13: _("Climate action"),
    14: _("Life below water"),
    15: _("Life on land"),
    16: _("Peace, justice and strong institutions"),
    17: _("Partnerships for the goals"),
}


def sdg_labels(numbers: Iterable[int]) -> list[str]:
    """Name goals by their numbers, in order: "3. Good health and well-being"."""
    return [f"{number}. {SDGS[number]}" for number in sorted(set(numbers) & set(SDGS))]
