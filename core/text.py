"""Pure functions on text."""

import re

from num2words import num2words

# The white space of JavaScript's \s, spelled out: static/js/portal.js must count alike.
_WHITE_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_WORD = re.compile(f"[^{_WHITE_SPACE}]+")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|code|del|em|i|ins|mark|s|small|span|strong|sub|sup|u)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_HARD_SPACE = re.compile(r"&nbsp;|&#160;|&#xa0;", re.IGNORECASE)
# What takes no room alone is no word: soft hyphens, zero-width signs and directions.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f]")


def word_count(text: str | None) -> int:
    """Count the words of plain text or simple HTML, as limits of answers mean it.

    A word is what is seen between white space; tags do not count.
    """
    plain = _INLINE_TAG.sub("", text or "")
    plain = _UNSEEN.sub("", _HARD_SPACE.sub(" ", _TAG.sub(" ", plain)))
    return len(_WORD.findall(plain))


def has_words(text: str | None) -> bool:
    """Whether `word_count` finds any; of most texts their beginning tells."""
    beginning = (text or "")[:200]
    is_plain = "<" not in beginning and "&" not in beginning
    if is_plain and _WORD.search(_UNSEEN.sub("", beginning)):
        return True
    return word_count(text) > 0


def split_paragraphs(text: str | None) -> list[list[str]]:
    """Split plain text into paragraphs at blank lines, each a list of its lines."""
    normal = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not normal:
        return []
    return [block.strip("\n").split("\n") for block in re.split(r"\n\s*\n", normal)]


def mask_employee_number(number: str | None) -> str:
    """Hide an NIP or NRP but for its last three characters.

    The number holds the date of birth, so public pages never show it in full.
    """
    kept = 3
    compact = re.sub(r"[\s.]", "", number or "")
    return "*" * (len(compact) - kept) + compact[-kept:] if len(compact) > kept else ""


def terbilang(number: int) -> str:
    """Write a whole number in Indonesian words: 21 becomes "dua puluh satu"."""
    return str(num2words(number, lang="id"))
