"""Images: opened, decoded, and written anew without what a camera hides in them."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from documents.uploads.refusal import Safe, UploadRefused

# A small file can unfold into gigabytes: sizes are read before anything is decoded.
MAX_PIXELS = 40_000_000
MAX_SIDE = 4_000
JPEG_QUALITY = 88
PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})


class _Whole(BytesIO):
    """A picture's bytes; to read on after the last is an error, not an end.

    WeasyPrint has Pillow draw pictures that are cut off, for the whole process.
    """

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        if size and not found:
            raise OSError("cut off")
        return found


def clean_image(content: bytes) -> Safe:
    """Write a JPEG or PNG anew: the picture stays, place, camera and the rest go.

    Very large pictures are made smaller. Raises UploadRefused if it is no picture, is
    cut off, or unfolds beyond measure.
    """
    try:
        # Tells of a PNG that it is whole; a JPEG shows only when it is read.
        Image.open(BytesIO(content), formats=["JPEG", "PNG"]).verify()
        with Image.open(_Whole(content), formats=["JPEG", "PNG"]) as image:
            _check_size(image)
            kind = image.format or "PNG"
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            image.load()
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            return Safe(_write(upright, kind))
    except UploadRefused:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        IndexError,
    ) as error:
        raise UploadRefused(
            _("This picture cannot be opened. Save it again as JPEG or PNG.")
        ) from error


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UploadRefused(
            _("This picture has too many pixels. Make it smaller, then upload it.")
        )


def _write(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    keeps_mode = kind == "PNG" and image.mode in PNG_MODES
    bare = image.copy() if keeps_mode else image.convert("RGB")
    # Comments, places, cameras, profiles: Pillow would write them again.
    bare.info = {
        name: value
        for name, value in bare.info.items()
        if keeps_mode and name == "transparency"
    }
    bare.save(out, kind, optimize=True, quality=JPEG_QUALITY)
    return out.getvalue()
