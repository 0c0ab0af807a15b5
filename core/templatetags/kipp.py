"""Template tags of the whole portal: words, numbers, dates, icons, forms, charts.

Logic of components stands here or in the pure modules beside; the markup of a
component is in templates/components/.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import charts, dates, form_parts, lists, numbers, text

register = template.Library()

SPRITE = "vendor/bootstrap-icons/1.13.2/icons.svg"
VARIANT_ICONS = {
    "ok": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-circle-fill",
    "info": "circle-half",
    "accent": "award-fill",
    "mute": "circle",
}
NOTICE_ICONS = VARIANT_ICONS | {
    "info": "info-circle-fill",
    "bad": "exclamation-octagon-fill",
    "mute": "info-circle-fill",
}


# Icons and states -----------------------------------------------------------------


@register.simple_tag
def icon_sprite() -> str:
    """Give the address of the icon sprite, for `<use href="…#name">` in long tables."""
    return static(SPRITE)


@register.simple_tag
def icon(name: str, css_class: str = "", label: str = "") -> SafeString:
    """Draw an icon; decorative unless it has a label."""
    return _draw_icon(name, css_class, str(label))


# A page has dozens of icons, and few kinds of them.
@lru_cache(maxsize=1024)
def _draw_icon(name: str, css_class: str, label: str) -> SafeString:
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>',
        f"icon {css_class}".strip(),
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"'),
        static(SPRITE),
        name,
    )


@register.simple_tag
def tag(label: str, variant: str = "mute", icon_name: str = "") -> SafeString:
    """Draw a status tag: icon and word. Variants: ok warn bad info accent mute."""
    return format_html(
        '<span class="tag tag--{}">{}{}</span>',
        variant,
        icon(icon_name or VARIANT_ICONS[variant]),
        label,
    )


@register.simple_tag(takes_context=True)
def aria_current(context: Context, url: str) -> SafeString | str:
    """Mark a link that leads to this page, or to the section this page is in."""
    path = getattr(getattr(context, "request", None), "path", "")
    if path == url:
        return mark_safe(' aria-current="page"')
    if url and url != "/" and path.startswith(url):
        return mark_safe(' aria-current="true"')
    return ""


# Dates and times ------------------------------------------------------------------


def _blank_or(
    write: Callable[..., str], value: date | datetime | None, *args: Any
) -> str:
    return write(value, *args) if value else ""


@register.filter
def date_id(value: date | datetime | None, style: str = "long") -> str:
    """Write a date: long, short, weekday, day_month, month_year, iso."""
    return _blank_or(dates.format_date, value, style)


@register.filter
def datetime_id(value: datetime | None, style: str = "long") -> str:
    """Write a date with its time and zone: long, medium, seconds, short, iso."""
    return _blank_or(dates.format_datetime, value, style)


@register.filter
def time_id(value: datetime | None, style: str = "zone") -> str:
    """Write a time of day: zone, bare, seconds."""
    return _blank_or(dates.format_time, value, style)


@register.simple_tag
def datetime_in(value: datetime | None, zone: str | tzinfo, style: str = "long") -> str:
    """Write a moment in a given zone, such as "Asia/Makassar"."""
    where = ZoneInfo(zone) if isinstance(zone, str) else zone
    return _blank_or(dates.format_datetime, value, style, where)


@register.simple_tag
def time_tag(value: date | datetime | None, style: str = "long") -> SafeString | str:
    """Write a date or a moment as a <time> element."""
    if not value:
        return ""
    write: Callable[..., str] = (
        dates.format_datetime if isinstance(value, datetime) else dates.format_date
    )
    return format_html(
        '<time datetime="{}">{}</time>', write(value, "iso"), write(value, style)
    )


@register.simple_tag
def date_range(
    start: date | datetime | None,
    end: date | datetime | None,
    with_year: bool = False,
) -> str:
    """Write a span of days: "1 – 14 April", "18 April – 13 Mei"."""
    return dates.format_range(start, end, with_year=with_year)


@register.simple_tag
def time_left(until: datetime, now: datetime | None = None) -> dates.TimeLeft:
    """Split what is left until a moment into days, hours, minutes and is_over."""
    return dates.time_left(until, now or timezone.now())


# Numbers and words ----------------------------------------------------------------


@register.filter
def decimal_id(value: numbers.Number | None, digits: int = 2) -> str:
    """Write a number with a fixed count of decimals: 1.204,50."""
    return numbers.decimal(value, digits)


@register.filter
def percent_id(value: numbers.Number | None, digits: int = 0) -> str:
    """Write a number that is in percent already: 84%."""
    return numbers.percent(value, digits)


@register.filter
def percent_of(part: numbers.Number | None, whole: numbers.Number | None) -> str:
    """Write `part` of `whole` as a percentage: 26|percent_of:31 is 84%."""
    return numbers.percent(numbers.share(part, whole))


@register.filter
def filesize_id(byte_count: numbers.Number | None) -> str:
    """Write a file size: 640 KB, 3,0 MB."""
    return numbers.file_size(byte_count)


@register.filter
def rupiah(value: numbers.Number | None) -> str:
    """Write an amount of money: Rp60.000."""
    return numbers.rupiah(value)


@register.filter
def terbilang(number: int) -> str:
    """Write a whole number in Indonesian words."""
    return text.terbilang(number)


@register.filter
def word_count(value: str | None) -> int:
    """Count words as the limits of answers do."""
    return text.word_count(value)


@register.filter
def mask_employee_number(number: str | None) -> str:
    """Hide an NIP or NRP but for its last three characters."""
    return text.mask_employee_number(number)


@register.filter
def paragraphs(value: str | None) -> SafeString:
    """Turn plain text into escaped paragraphs, keeping single line breaks."""
    return format_html_join(
        "\n",
        "<p>{}</p>",
        (
            (mark_safe("<br>".join(escape(line) for line in block)),)  # noqa: S308  escaped
            for block in text.split_paragraphs(value)
        ),
    )


# Forms, lists ---------------------------------------------------------------------


@register.simple_tag
def field_parts(field: BoundField) -> form_parts.FieldParts:
    """Take a form field apart for components/field.html."""
    return form_parts.field_parts(field)


@register.simple_tag
def field_control(field: BoundField) -> SafeString:
    """Render the control of a form field alone."""
    return form_parts.render_control(field)


@register.simple_tag
def error_lines(*found: object) -> list[form_parts.ErrorLine]:
    """List the errors of forms and formsets for the error summary."""
    return form_parts.error_lines(found)


@register.simple_tag(takes_context=True)
def page_links(context: Context, page: Page[Any], param: str) -> lists.PageLinks:
    """Give the links of a pager, keeping the rest of the address."""
    return lists.page_links(page, _query(context), param)


@register.simple_tag(takes_context=True)
def sort_state(
    context: Context, key: str, current: str | None, param: str
) -> lists.SortState:
    """Give the link and the ARIA state of a sortable column."""
    return lists.sort_state(key, current, _query(context), param)


def _query(context: Context) -> QueryDict:
    request = getattr(context, "request", None)
    return request.GET if request else QueryDict()


# Blocks with content --------------------------------------------------------------


@register.simple_block_tag
def notice(
    content: str,
    variant: str = "info",
    title: str = "",
    icon_name: str = "",
    role: str = "",
    id: str = "",
) -> str:
    """Frame a message about the page. Variants: info ok warn bad."""
    return render_to_string(
        "components/notice.html",
        {
            "variant": variant,
            "title": title,
            "icon_name": icon_name or NOTICE_ICONS[variant],
            "role": role,
            "id": id,
            "body": content,
        },
    )


@register.simple_block_tag(takes_context=True)
def dialog(
    context: Context,
    content: str,
    id: str,
    title: str,
    action: str,
    confirm: str,
    word: str = "",
    name: str = "",
    value: str = "",
) -> str:
    """Ask to confirm what cannot be undone; the content stands inside the form.

    `word` must be typed before the button works; the server gets it as
    `confirmation` and checks it again.
    """
    token = context.get("csrf_token") or get_token(context.request)  # type: ignore[attr-defined]
    return render_to_string(
        "components/dialog.html",
        {
            "id": id,
            "title": title,
            "action": action,
            "confirm": confirm,
            "word": word,
            "name": name,
            "value": value,
            "body": content,
            "token": token,
        },
    )


@register.simple_tag
def rendered(template_name: str, **values: Any) -> SafeString:
    """Render a component once, to be shown in several places with `as`."""
    return render_to_string(template_name, values)


# Charts ---------------------------------------------------------------------------


@register.simple_tag
def bar_chart(rows: Iterable[tuple[str, float]]) -> charts.BarChart:
    """Lay out columns from (label, value) rows."""
    return charts.bar_chart(rows)


@register.simple_tag
def range_chart(
    rows: Iterable[tuple[str, float, float, float]],
) -> charts.RangeChart:
    """Lay out (label, lowest, mean, highest) rows."""
    return charts.range_chart(rows)


@register.simple_tag
def calendar_chart(
    rows: Iterable[tuple[str, date | datetime, date | datetime]],
) -> charts.CalendarChart:
    """Lay out (label, first day, last day) rows on months."""
    return charts.calendar_chart(rows)


@register.simple_tag
def seeds(filled: int, total: int, columns: int = 8) -> charts.Seeds:
    """Lay out the kawung figure of participation."""
    return charts.seeds(filled, total, columns)
