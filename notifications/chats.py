"""Numbers for WhatsApp, and links that open a chat with a text: pure functions."""

import re
from urllib.parse import quote

_HOME = "62"  # Indonesia, where numbers are written with a leading 0


def chat_number(phone: str) -> str:
    """A telephone number as wa.me wants it, digits with the country first; or "".

    Only mobile numbers of Indonesia and whole foreign ones can hold a chat.
    """
    first = re.split(r"[/,;]", phone)[0]
    digits = re.sub(r"\D", "", first)
    if first.strip().startswith("+"):
        number = digits
    elif digits.startswith("0"):
        number = _HOME + digits[1:]
    elif digits.startswith(("8", _HOME)):
        number = digits if digits.startswith(_HOME) else _HOME + digits
    else:
        return ""
    is_landline = number.startswith(_HOME) and not number.startswith(f"{_HOME}8")
    return number if 10 <= len(number) <= 15 and not is_landline else ""


def text_link(text: str) -> str:
    """The address that opens WhatsApp with `text`; whom it is for is chosen there."""
    return f"https://wa.me/?text={quote(text, safe='')}"


def chat_link(phone: str, text: str) -> str:
    """The address that opens the chat with `text` written; "" without a number."""
    number = chat_number(phone)
    return f"https://wa.me/{number}?text={quote(text, safe='')}" if number else ""
