"""Draws a file small: reads its bytes from stdin, writes a JPEG to stdout.

A program of its own, started by `previews`: what it reads was made by strangers, so it
has little memory and time, and takes nothing down with it. It knows no Django.
"""

import os
import resource
import sys
from io import BytesIO

SIDE = 320
MEMORY = 1024 * 1024 * 1024
SECONDS = 10


def main(kind: str) -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()

    from PIL import Image

    if kind == "application/pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(content) as document:
            page = document[0]
            width, height = page.get_size()
            scale = min(2.0, 2 * SIDE / max(width, height, 1))
            picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    else:
        picture = Image.open(BytesIO(content), formats=["JPEG", "PNG"])
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    picture.thumbnail((SIDE, SIDE))
    if picture.mode in {"RGBA", "LA", "P"}:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    picture.convert("RGB").save(sys.stdout.buffer, "JPEG", quality=72)


if __name__ == "__main__":
    main(sys.argv[1])
