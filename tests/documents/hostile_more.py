"""More files that should not get in as they are: each with what is to become of it.

`REFUSED` are refused plainly. `HARMLESS` are taken without what makes them harmful: the
marks named beside each stand in the upload and must not stand in what is stored.
"""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from tests.documents.hostile import (
    CONTENT_TYPES,
    docx,
    pdf,
    photo_with_place,
    picture,
    xlsx,
)

SCRIPT = b"<html><script>alert(document.domain)</script></html>"
RELS = "word/_rels/document.xml.rels"
OOXML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


# PDF ---------------------------------------------------------------------------------


def _action(**values):
    def change(document):
        document.Root.OpenAction = Dictionary(**values)

    return change


def _uri(address):
    def change(document):
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[0, 0, 9, 9],
            A=Dictionary(S=Name.URI, URI=address),
        )
        document.pages[0].Annots = Array([link])

    return change


def _page_action(document):
    document.pages[0].AA = Dictionary(
        O=Dictionary(S=Name.URI, URI="http://lacak.example/")
    )


def _file_annotation(document):
    spec = pikepdf.AttachedFileSpec(document, b"MZ", filename="a.exe")
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=spec.obj)
    document.pages[0].Annots = Array([note])


def _outside_stream(document):
    stream = Stream(document, b"")
    stream.stream_dict["/F"] = "/etc/passwd"
    document.pages[0].Contents = document.make_indirect(stream)


def _reference(document):
    form = Stream(document, b"")
    form.stream_dict["/Ref"] = Dictionary(F="lain.pdf", Page=0)
    document.pages[0].obj["/Resources"] = Dictionary(XObject=Dictionary(A=form))


def _rich_media(document):
    document.pages[0].Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, RichMedia=Dictionary())]
    )


def _submits(document):
    button = Dictionary(
        Type=Name.Annot,
        FT=Name.Btn,
        A=Dictionary(S=Name.SubmitForm, F="http://jahat.example/"),
    )
    document.Root.AcroForm = Dictionary(Fields=Array([button]))


def _deep(document):
    item = Array([])
    for _n in range(90):
        item = Array([item])
    document.Root.Dalam = item


def _many_pages(document):
    for _n in range(400):
        document.add_blank_page(page_size=(20, 20))


def _bomb(document):
    inner = zlib.compress(b"\0" * (150 * 1024 * 1024), 9)
    for _n in range(2):
        stream = Stream(document, b"")
        stream.write(inner, filter=Name.FlateDecode)
        document.pages[0].obj[f"/Bom{_n}"] = document.make_indirect(stream)


def _hidden_name() -> bytes:
    """The name JavaScript written with an escape, as scanners of bytes overlook it."""
    return pdf(_action(S=Name.JavaScript, JS="app.alert(1)")).replace(
        b"/JavaScript", b"/J#61vaScript"
    )


def ten_thousand_pages() -> bytes:
    """One page object, named ten thousand times."""
    kids = b"3 0 R " * 10_000
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[" + kids + b"]/Count 10000>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
        b"endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF"
    )


def circle_of_pages() -> bytes:
    """Pages that hold themselves."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


def deep_brackets() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/A " + b"[" * 50_000 + b"]" * 50_000 + b">>"
        b"endobj\ntrailer<</Root 1 0 R/Size 2>>\n%%EOF"
    )


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def commented_pdf() -> bytes:
    """HTML in a comment between the objects, for a browser that sniffs."""
    whole = pdf()
    return whole.replace(b"\n", b"\n%" + SCRIPT + b"\n", 1)


# Pictures ----------------------------------------------------------------------------


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack("!I", len(content)) + body + struct.pack("!I", zlib.crc32(body))


def huge_png(width=60_000, height=60_000) -> bytes:
    """A header of 3.6 gigapixels with nothing behind it."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + _chunk(b"IEND", b"")
    )


def text_bomb_png() -> bytes:
    """A text chunk that unfolds to 60 MiB."""
    whole = picture("PNG")
    bomb = _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 60 * 1024 * 1024, 9))
    return whole[:33] + bomb + whole[33:]


def moving_png() -> bytes:
    """An APNG: what is shown first is not all there is."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def profiled_jpeg() -> bytes:
    return picture("JPEG", icc_profile=b"<script>profil()</script>" * 10)


# Office ------------------------------------------------------------------------------


def rels(*relations: str) -> bytes:
    inner = "".join(relations)
    name = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{name}">{inner}</Relationships>'.encode()


def outside(kind: str, target: str) -> bytes:
    return rels(
        f'<Relationship Id="r1" Type="{OOXML}/{kind}" Target="{target}" '
        'TargetMode="External"/>'
    )


def word(text: str, name="word/document.xml") -> bytes:
    """A Word file whose main part says `text`."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            CONTENT_TYPES.format(main=name, kind="wordprocessingml.document"),
        )
        archive.writestr(name, text)
    return out.getvalue()


def macro_enabled() -> bytes:
    return zipped(
        **{
            "[Content_Types].xml": b'<Types><Override PartName="/word/document.xml" '
            b'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
            b"</Types>",
            "word/document.xml": b"<x/>",
        }
    )


def twice_named() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        kinds = CONTENT_TYPES.format(
            main="word/document.xml", kind="wordprocessingml.document"
        )
        archive.writestr("[Content_Types].xml", kinds)
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("Word/Document.xml", "<lain/>")
    return out.getvalue()


def locked_zip() -> bytes:
    """A Word file whose parts say that they are locked."""
    whole = bytearray(docx())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = whole.find(mark)
        while start >= 0:
            whole[start + at] |= 1
            start = whole.find(mark, start + 4)
    return bytes(whole)


PDFS_REFUSED = {
    "PDF with an escaped name": _hidden_name(),
    "PDF that opens an address by itself": pdf(
        _action(S=Name.URI, URI="http://lacak.example/")
    ),
    "PDF that opens another file": pdf(_action(S=Name.GoToR, F="\\\\jahat\\a")),
    "PDF that goes into an attachment": pdf(_action(S=Name.GoToE)),
    "PDF with a page that acts": pdf(_page_action),
    "PDF with a javascript link": pdf(_uri("java\nscript:alert(1)")),
    "PDF with a data link": pdf(_uri("data:text/html,<script>1</script>")),
    "PDF with a file link": pdf(_uri("file:///C:/Windows/System32/cmd.exe")),
    "PDF with a note that carries a file": pdf(_file_annotation),
    "PDF whose page is another file": pdf(_outside_stream),
    "PDF that shows another file": pdf(_reference),
    "PDF with rich media": pdf(_rich_media),
    "PDF that sends a form": pdf(_submits),
    "PDF that plays a film": pdf(_action(S=Name.Rendition, JS="x()")),
    "PDF that imports data": pdf(_action(S=Name.ImportData, F="a.fdf")),
    "PDF with 401 pages": pdf(_many_pages),
    "PDF with 10,000 pages": ten_thousand_pages(),
    "PDF of pages within pages": circle_of_pages(),
    "PDF nested 90 deep": pdf(_deep),
    "PDF with 50,000 brackets": deep_brackets(),
    "PDF of streams that unfold to 300 MB": pdf(_bomb),
    "SVG as PDF": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "XHTML as PDF": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    "MHT as PDF": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
    "shell script as PDF": b"#!/bin/sh\nrm -rf /\n",
    "PostScript as PDF": b"%!PS-Adobe-3.0\n(/etc/passwd) run",
    "PDF after 2,000 blanks": b" " * 2000 + pdf(),
    "PDF after a mark of UTF-8": b"\xef\xbb\xbf" + pdf(),
    "null bytes as PDF": b"\0" * 5000,
    "GIF with a script": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "BMP": b"BM" + b"\0" * 100,
    "WebP": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "TIFF": b"II*\x00" + b"\0" * 100,
}
PICTURES_REFUSED = {
    "PNG of 3.6 gigapixels": huge_png(),
    "PNG of 5,000,000 × 10": huge_png(5_000_000, 10),
    "PNG cut in its data": picture("PNG", size=(300, 300))[:120],
    "JPEG of a header only": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "HTML behind a mark of JPEG": b"\xff\xd8\xff" + SCRIPT,
    "HTML behind a mark of PNG": b"\x89PNG\r\n\x1a\n" + SCRIPT,
}
OFFICE_REFUSED = {
    "DOCX whose type has macros": macro_enabled(),
    "DOCX with a template from elsewhere": docx(
        **{RELS: outside("attachedTemplate", "http://jahat.example/a.dotm")}
    ),
    "DOCX with a picture from elsewhere": docx(
        **{RELS: outside("image", "http://lacak.example/x.png")}
    ),
    "DOCX with a frame from elsewhere": docx(
        **{RELS: outside("frame", "file:///etc/passwd")}
    ),
    "DOCX with a link to a program": docx(
        **{RELS: outside("hyperlink", "file://///jahat/a.exe")}
    ),
    "DOCX with a javascript link": docx(
        **{RELS: outside("hyperlink", "javascript:alert(1)")}
    ),
    "DOCX with HTML inside": docx(**{"word/afchunk.mht": SCRIPT}),
    "DOCX that takes a part as HTML": docx(
        **{RELS: rels(f'<Relationship Id="a" Type="{OOXML}/aFChunk" Target="/a.txt"/>')}
    ),
    "DOCX with DDE in a field": word(
        "<w:p><w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe</w:instrText></w:p>"
    ),
    "DOCX with DDE over two runs": word(
        "<w:instrText>DDEA</w:instrText><w:instrText>UTO cmd</w:instrText>"
    ),
    "DOCX with a field that includes": word('<w:fldSimple w:instr="INCLUDETEXT x"/>'),
    "DOCX with OLE": docx(**{"word/embeddings/oleObject1.bin": OLE}),
    "DOCX with a packed file": docx(**{"word/embeddings/a.bin": OLE}),
    "DOCX with a scripted drawing": docx(
        **{"word/media/a.svg": b"<svg onload='alert(1)'/>"}
    ),
    "DOCX with entities": word('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "DOCX with entities in UTF-16": docx(
        **{"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}
    ),
    "DOCX that climbs out": docx(**{"../../etc/cron.d/a": b"x"}),
    "DOCX from the root": docx(**{"/etc/passwd": b"x"}),
    "DOCX with a path of Windows": docx(**{"word\\..\\..\\a": b"x"}),
    "DOCX with two parts of a name": twice_named(),
    "DOCX that is locked": locked_zip(),
    "DOCX with a shortcut": docx(**{"word/media/a.lnk": b"L"}),
    "XLSX with another workbook": xlsx(
        **{"xl/externalLinks/externalLink1.xml": b"<x/>"}
    ),
    "XLSX with a database": xlsx(**{"xl/connections.xml": b"<x/>"}),
    "XLSX with a question to the web": xlsx(**{"xl/queryTables/q1.xml": b"<x/>"}),
    "XLSX with DDE": xlsx(
        **{"xl/worksheets/sheet1.xml": b"<c><f>cmd|'/c calc'!A0</f></c>"}
    ),
    "XLSX that asks the web": xlsx(
        **{
            "xl/worksheets/sheet1.xml": b'<f>_xlfn.WEBSERVICE("http://lacak.example")</f>'
        }
    ),
    "XLSX with macros of 1992": xlsx(**{"xl/macrosheets/sheet1.xml": b"<x/>"}),
    "XLSX with OLE": OLE + b"\0" * 600,
    "XLSX of 6,000 parts": xlsx(**{f"xl/{n}.xml": b"" for n in range(6000)}),
    "ODT": zipped(mimetype=b"application/vnd.oasis.opendocument.text"),
    "APK": zipped(**{"AndroidManifest.xml": b"x", "classes.dex": b"x"}),
    "JAR": zipped(**{"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}),
}
REFUSED = {
    **{name: (content, "bukti.pdf") for name, content in PDFS_REFUSED.items()},
    **{name: (content, "bukti.png") for name, content in PICTURES_REFUSED.items()},
    **{name: (content, "bukti.docx") for name, content in OFFICE_REFUSED.items()},
}

# What is taken without its harm: content, name, marks that must be gone.
HARMLESS = {
    "PDF before HTML": (pdf() + SCRIPT, "a.pdf", [b"<script"]),
    "PDF before a ZIP": (pdf() + zipped(a=b"x"), "a.pdf", [b"PK\x03\x04"]),
    "PDF before PHP": (pdf() + b"<?php system($_GET[0]);", "a.pdf", [b"<?php"]),
    "PDF before a program": (pdf() + b"MZ" + b"\x90" * 50, "a.pdf", [b"\x90" * 50]),
    "PDF with HTML in a comment": (commented_pdf(), "a.pdf", [b"<script"]),
    "PDF called HTML": (pdf(), "bukti.html", []),
    "photo with a place": (photo_with_place(), "a.jpg", [b"Rahasia", b"Exif"]),
    "JPEG before HTML": (picture("JPEG") + SCRIPT, "a.jpg", [b"<script"]),
    "JPEG before a ZIP": (picture("JPEG") + zipped(a=b"x"), "a.jpg", [b"PK\x03\x04"]),
    "JPEG with a comment": (
        picture("JPEG", comment=b"<script>x</script>"),
        "a.jpg",
        [b"<script"],
    ),
    "JPEG with a profile": (profiled_jpeg(), "a.jpg", [b"<script"]),
    "PNG before PHP": (picture("PNG") + b"<?php x();", "a.png", [b"<?php"]),
    "PNG before a ZIP": (picture("PNG") + zipped(a=b"x"), "a.png", [b"PK\x03\x04"]),
    "moving PNG": (moving_png(), "a.png", [b"acTL", b"fdAT"]),
    "PNG with a text of 60 MB": (text_bomb_png(), "a.png", [b"zTXt"]),
    "JPEG called SVG": (picture("JPEG"), "gambar.svg", []),
    "DOCX before HTML": (docx() + SCRIPT, "a.docx", [b"<script"]),
    "XLSX with a comment of the ZIP": (
        xlsx()[:-2] + struct.pack("<H", len(SCRIPT)) + SCRIPT,
        "a.xlsx",
        [b"<script"],
    ),
}
NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\a.pdf": "a.pdf",
    "/etc/passwd": "passwd.pdf",
    "bukti\u202efdp.exe": "buktifdp.exe.pdf",
    "bukti\u200f.pdf": "bukti.pdf",
    "CON.pdf": "_CON.pdf",
    "nul": "_nul.pdf",
    "bukti.pdf...  ": "bukti.pdf",
    "bukti.pdf.exe": "bukti.pdf.exe.pdf",
    "<img src=x onerror=alert(1)>.pdf": "img src=x onerror=alert(1).pdf",
    'a";filename="b.html': "a;filename=b.html.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie x=1.pdf",
    ".htaccess": "htaccess.pdf",
    "x" * 300 + ".pdf": "x" * 146 + ".pdf",
}
