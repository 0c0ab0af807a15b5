"""Emblems of governments: checked, drawn anew, and kept for ever under their digest.

Papers name the emblem they were issued with, so none is ever changed or deleted.
"""

import hashlib
import re
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.errors import DomainError

MAX_BYTES = 1024 * 1024
_MAX_PIXELS = 16_000_000
_LEAST_SIDE = 100
_SIDE = 600  # enough for 20 mm on paper at 600 dots an inch
_DIGEST = re.compile(r"[0-9a-f]{64}")


class EmblemRefused(DomainError):
    """The file is no PNG that can be printed."""


def redrawn(content: bytes) -> bytes:
    """Draw a PNG anew, at most 600 pixels a side: nothing but the picture stays.

    Raises EmblemRefused.
    """
    if len(content) > MAX_BYTES:
        raise EmblemRefused(_("The picture is larger than 1 MB. Make it smaller."))
    try:
        # WeasyPrint has Pillow draw pictures that are cut off; verifying still tells.
        Image.open(BytesIO(content), formats=["PNG"]).verify()
        with Image.open(BytesIO(content), formats=["PNG"]) as image:
            width, height = image.size
            if width * height > _MAX_PIXELS:
                raise EmblemRefused(_("The picture has too many pixels."))
            if min(width, height) < _LEAST_SIDE:
                raise EmblemRefused(
                    _("The picture is too small to be printed: 100 pixels at least.")
                )
            image.load()
            bare = image.convert("RGBA")
    except EmblemRefused:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        IndexError,
    ) as error:
        raise EmblemRefused(
            _("This is no PNG picture that can be opened. Save it again as PNG.")
        ) from error
    bare.info = {}
    bare.thumbnail((_SIDE, _SIDE))
    out = BytesIO()
    bare.save(out, "PNG", optimize=True)
    return out.getvalue()


def store(picture: bytes) -> str:
    """Keep a redrawn picture and give its digest; the same one is kept once."""
    digest = hashlib.sha256(picture).hexdigest()
    if not default_storage.exists(_name(digest)):
        default_storage.save(_name(digest), ContentFile(picture))
    return digest


def read(digest: str) -> bytes:
    """Read the picture. Raises FileNotFoundError if there is none."""
    if not _DIGEST.fullmatch(digest):
        raise FileNotFoundError(digest)
    with default_storage.open(_name(digest)) as file:
        return bytes(file.read())


def _name(digest: str) -> str:
    return f"emblems/{digest}.png"
