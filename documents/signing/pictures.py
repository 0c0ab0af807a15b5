"""The signature block as a picture, for services that take no PDF."""

from io import BytesIO

import pypdfium2

# Dots for each point: sharp when printed (about 290 dpi).
_SCALE = 4


def png_of(block: bytes) -> bytes:
    """Draw the first page of a PDF."""
    with pypdfium2.PdfDocument(block) as drawn:
        picture = drawn[0].render(scale=_SCALE).to_pil()
    out = BytesIO()
    # Its own size is that of the block, for services that go by it.
    picture.save(out, "PNG", optimize=True, dpi=(_SCALE * 72, _SCALE * 72))
    return out.getvalue()
