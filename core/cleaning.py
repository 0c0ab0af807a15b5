"""Typed text made harmless: what it says stays, what only tricks the eye goes."""

import re
import unicodedata

# Control characters but tab and line feed, and what turns the direction of writing.
_HARMFUL = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n|\r|\u2028|\u2029")
_PATH = re.compile(r"[\\/]+")
# Marks that nobody sees in a name, and what Windows takes for a device.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u2060]")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def without_tricks(text: str) -> str:
    """Take out null bytes and the like; line ends become `\\n`."""
    return _HARMFUL.sub("", _LINE_ENDS.sub("\n", text))


def clean_prose(text: str) -> str:
    """Clean text of several lines: line ends become `\\n`, null bytes and such go."""
    return without_tricks(text).rstrip()


def clean_line(text: str) -> str:
    """Clean text of one line; runs of white space become one blank."""
    return " ".join(clean_prose(text).split())


def clean_file_name(name: str, extension: str, *, limit: int = 150) -> str:
    """Give an upload a name that is safe to show and to save under.

    Folders and leading dots go; the ending becomes `extension` (with its dot), which
    the content decided.
    """
    last = _PATH.split(clean_line(unicodedata.normalize("NFC", name)))[-1]
    stem = _UNSEEN.sub("", re.sub(r'[<>:"|?*]', "", last)).strip(". ")
    if stem.lower().endswith(extension.lower()):
        stem = stem[: -len(extension)]
    elif extension == ".jpg" and stem.lower().endswith(".jpeg"):
        stem = stem[: -len(".jpeg")]
    stem = stem.rstrip(". ") or "berkas"
    if _DEVICE.fullmatch(stem):
        stem = f"_{stem}"
    return stem[: limit - len(extension)] + extension
