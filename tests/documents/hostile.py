"""Files that should not get in, or only without what makes them harmful."""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

CONTENT_TYPES = """<?xml version="1.0"?><Types><Override PartName="/{main}"
ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>"""


def pdf(change=None, **save) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    out = BytesIO()
    document.save(out, **save)
    return out.getvalue()


def _open_action(document) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS="app.alert(1)"
    )


def _named_script(document) -> None:
    script = document.make_indirect(
        pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    )
    names = pikepdf.Dictionary(Names=pikepdf.Array(["a", script]))
    document.Root.Names = pikepdf.Dictionary(JavaScript=names)


def _nested_script(document) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        AA=pikepdf.Dictionary(E=pikepdf.Dictionary(Next=action)),
    )
    document.pages[0].Annots = pikepdf.Array([link])


def _launch(document) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def _attachment(document) -> None:
    document.attachments["virus.exe"] = pikepdf.AttachedFileSpec(document, b"MZ")


def _form(document) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA="<xdp/>", Fields=pikepdf.Array())


def _no_page(document) -> None:
    del document.pages[0]


def flate_bomb_pdf() -> bytes:
    """An object stream of kilobytes that unfolds to 70 MiB."""
    raw = zlib.compress(b"0" * (70 * 1024 * 1024), 1)
    length = str(len(raw)).encode()
    return (
        b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length "
        + length
        + b">>stream\n"
        + raw
        + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF"
    )


def package(main: str, kind: str, **extra: bytes) -> bytes:
    """A Word or Excel file as far as anybody looks."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", CONTENT_TYPES.format(main=main, kind=kind)
        )
        archive.writestr(main, "<x/>")
        for name, content in extra.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**extra: bytes) -> bytes:
    return package("word/document.xml", "wordprocessingml.document", **extra)


def xlsx(**extra: bytes) -> bytes:
    return package("xl/workbook.xml", "spreadsheetml.sheet", **extra)


def picture(kind: str, *, size=(60, 40), mode="RGB", **save) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 120).save(out, kind, **save)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG with camera, owner, place and a turned orientation."""
    exif = Image.Exif()
    exif[0x0110] = "Kamera Rahasia"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update(
        {1: "S", 2: (IFDRational(6), IFDRational(52), IFDRational(0))}
    )
    return picture("JPEG", exif=exif, comment=b"pribadi")


def pixel_bomb() -> bytes:
    """A PNG of a few KB that unfolds to 49 megapixels."""
    out = BytesIO()
    Image.new("1", (7_000, 7_000)).save(out, "PNG")
    return out.getvalue()


HARMFUL = {
    "empty": (b"", "a.pdf"),
    "too large": (b"%PDF-" + b"x" * 3_000_000, "a.pdf"),
    "text": (b"halo", "a.pdf"),
    "HTML as PDF": (b"<html><script>alert(1)</script></html>", "a.pdf"),
    "HTML before PDF": (b"<script>alert(1)</script>" + pdf(), "a.pdf"),
    "SVG as PNG": (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "a.png",
    ),
    "GIF": (b"GIF89a" + b"\x00" * 40, "a.gif"),
    "program": (b"MZ" + b"\x00" * 200, "bukti.pdf"),
    "old Word": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "a.doc"),
    "cut PDF": (pdf()[:120], "a.pdf"),
    "PDF header only": (b"%PDF-1.7\n" + b"\x00" * 200, "a.pdf"),
    "locked PDF": (
        pdf(encryption=pikepdf.Encryption(owner="x", user="rahasia")),
        "a.pdf",
    ),
    "restricted PDF": (
        pdf(encryption=pikepdf.Encryption(owner="x", user="")),
        "a.pdf",
    ),
    "PDF with script": (pdf(_open_action), "a.pdf"),
    "PDF with named script": (pdf(_named_script), "a.pdf"),
    "PDF with nested script": (pdf(_nested_script), "a.pdf"),
    "PDF that starts a program": (pdf(_launch), "a.pdf"),
    "PDF with attachment": (pdf(_attachment), "a.pdf"),
    "PDF with XFA form": (pdf(_form), "a.pdf"),
    "PDF without page": (pdf(_no_page), "a.pdf"),
    "PDF bomb": (flate_bomb_pdf(), "a.pdf"),
    "cut JPEG": (picture("JPEG")[:200], "a.jpg"),
    "JPEG magic only": (b"\xff\xd8\xff" + b"\x00" * 100, "a.jpg"),
    "PNG magic only": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "a.png"),
    "pixel bomb": (pixel_bomb(), "a.png"),
    "plain zip": (package("isi.txt", "lain"), "a.zip"),
    "zip as DOCX": (package("isi.txt", "lain"), "a.docx"),
    "cut DOCX": (docx()[:80], "a.docx"),
    "DOCX with macros": (docx(**{"word/vbaProject.bin": b"x"}), "a.docx"),
    "XLSX with macros": (xlsx(**{"xl/vbaProject.bin": b"x"}), "a.xlsx"),
    "XLSX with ActiveX": (xlsx(**{"xl/activeX/activeX1.bin": b"x"}), "a.xlsx"),
    "DOCX with a program": (docx(**{"word/media/buka.exe": b"MZ"}), "a.docx"),
    "zip bomb": (xlsx(**{"xl/besar.xml": b"0" * (101 * 1024 * 1024)}), "a.xlsx"),
}
