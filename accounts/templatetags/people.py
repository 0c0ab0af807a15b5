"""Filters on people, for pages that may show their numbers in full."""

from django import template

from accounts import employee_numbers

register = template.Library()


@register.filter
def employee_number(number: str | None) -> str:
    """Write an NIP in groups of 8-6-1-3; on public pages use mask_employee_number."""
    return employee_numbers.printed(number)
