"""Numbers as Indonesian readers write them, and as English ones where asked."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import get_language

Number = int | float | Decimal | str


_INDONESIAN = str.maketrans(",.", ".,")


def _as_decimal(value: Number | None) -> Decimal | None:
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def is_english() -> bool:
    """Tell whether the active language is English; all others read Indonesian."""
    return (get_language() or "id").startswith("en")


def decimal(value: Number | None, digits: int = 2) -> str:
    """Write `value` with `digits` decimals, rounding halves up: 1204.5 is "1.204,50".

    What is no number is written as nothing.
    """
    number = _as_decimal(value)
    if number is None:
        return ""
    step = Decimal(1).scaleb(-digits)
    text = f"{number.quantize(step, ROUND_HALF_UP):,f}"
    if text.strip("-0.,") == "":
        text = text.lstrip("-")
    if is_english():
        return text
    return text.translate(_INDONESIAN)


def percent(value: Number | None, digits: int = 0) -> str:
    """Write a share that is already in percent: 84 is "84%"."""
    text = decimal(value, digits)
    return f"{text}%" if text else ""


def share(part: Number | None, whole: Number | None) -> Decimal:
    """Give `part` of `whole` in percent; of nothing it is 0."""
    number, total = _as_decimal(part), _as_decimal(whole)
    if not number or not total:
        return Decimal(0)
    return number / total * 100


def rupiah(value: Number | None) -> str:
    """Write an amount of money without cents: "Rp60.000"."""
    number = _as_decimal(value)
    if number is None:
        return ""
    sign = "-" if number < 0 else ""
    return f"{sign}Rp{decimal(abs(number), 0)}"


def file_size(byte_count: Number | None) -> str:
    """Write a file size as people say it: "640 KB", "3,0 MB"."""
    number = _as_decimal(byte_count)
    if number is None:
        return ""
    if number < 1024:
        return f"{decimal(number, 0)} B"
    for unit, digits in (("KB", 0), ("MB", 1)):
        number /= 1024
        if round(number, digits) < 1024:
            return f"{decimal(number, digits)} {unit}"
    return f"{decimal(number / 1024, 1)} GB"
