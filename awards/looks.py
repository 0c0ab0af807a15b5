"""How certificates may look: layouts, motifs, and colours with enough contrast."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Layout(TextChoices):
    FRAME = "frame", _("Batik frame")
    BAND = "band", _("Band at the side")
    PLAIN = "plain", _("Plain, for paper that is printed already")


class Motif(TextChoices):
    KAWUNG = "kawung", _("Kawung")
    CEPLOK = "ceplok", _("Ceplok")
    TRUNTUM = "truntum", _("Truntum")
    GRINGSING = "gringsing", _("Gringsing")


class Palette(TextChoices):
    NILA = "nila", _("Indigo and gold")
    SOGAN = "sogan", _("Sogan brown")
    LUMUT = "lumut", _("Moss green")
    MANGGIS = "manggis", _("Mangosteen red")
    ARANG = "arang", _("Charcoal")


class Language(TextChoices):
    INDONESIAN = "id", _("Indonesian")
    ENGLISH = "en", _("English")
    BOTH = "both", _("Indonesian with English below")


@dataclass(frozen=True)
class Colours:
    """The colours of one palette, as CSS hex codes.

    `title` and `accent_text` are read on white: at least 4.5 to 1 (WCAG 1.4.3).
    """

    title: str
    accent_text: str
    ground: str
    petal: str
    petal_bright: str
    line: str
    line_bright: str
    gold: str


COLOURS: dict[str, Colours] = {
    Palette.NILA: Colours(
        "#143065", "#8e5d1e", "#143065", "#1d4087", "#2953a5", "#5a80cc", "#6b93dd",
        "#d6954a",
    ),
    Palette.SOGAN: Colours(
        "#4a2b12", "#94561a", "#4a2b12", "#633c1c", "#7d5028", "#b68a58", "#cfa572",
        "#e0a94f",
    ),
    Palette.LUMUT: Colours(
        "#123f33", "#7d5c12", "#123f33", "#1b5646", "#26705c", "#5fa48d", "#7cbba6",
        "#d8a94a",
    ),
    Palette.MANGGIS: Colours(
        "#5a1430", "#8e5d1e", "#5a1430", "#751f41", "#8f2f55", "#c4718f", "#d68ca6",
        "#dba350",
    ),
    Palette.ARANG: Colours(
        "#20262f", "#6f5522", "#20262f", "#323b48", "#465262", "#8792a3", "#a0abba",
        "#c9a35a",
    ),
}  # fmt: skip
