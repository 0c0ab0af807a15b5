"""The words in braces that a statement letter is filled in with.

A letter is written once for a round; each proposal gets it with its own facts. Besides
these words any field of the form may stand in it: `{isian.sumber-replikasi}`.
Source: rule FRM-05 in docs/rules.md.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from competitions.models import HeaderField

FIELD_PREFIX = "isian."
_PATTERN = re.compile(r"\{([^{}]*)\}")

PLACEHOLDERS: Mapping[str, object] = {
    "judul": _("title of the proposal"),
    "instansi": _("name of the institution"),
    "induk": _("name of the institution above it, or its own"),
    "alamat": _("address of the institution"),
    "pemerintah": _("name of the government"),
    "kelompok": _("track of the proposal"),
    "kategori": _("category of the proposal"),
    "kompetisi": _("name of the round"),
    "tahun": _("year of the round"),
    "mulai": _("day the innovation began: the first date of the form"),
    "inovator": _("table of the people: the first list of people of the form"),
    "bentuk": _("individual or team, by the number of people"),
    "nama": _("name of who signs"),
    "nip": _("NIP or NRP of who signs"),
    "jabatan": _("position of who signs"),
    "tempat": _("place of the government"),
    "tanggal": _("day on which the letter is made"),
}
# What a placeholder needs the form to ask for.
NEEDED_KINDS: Mapping[str, HeaderField.Kind] = {
    "mulai": HeaderField.Kind.DATE,
    "inovator": HeaderField.Kind.PERSONS,
    "bentuk": HeaderField.Kind.PERSONS,
}


def placeholders_in(text: str) -> list[str]:
    """The words in braces, each once, in their order."""
    return list(dict.fromkeys(_PATTERN.findall(text)))


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Put `values` in the place of the words in braces; unknown ones stay."""
    return _PATTERN.sub(lambda found: values.get(found[1], found[0]), text)
