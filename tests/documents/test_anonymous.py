"""Files handed out without what tells whose they are."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from documents.anonymous import EXCEL, WORD, NotAnonymous, without_notes

NAME = "Dinas Rahasia"
PDF = "application/pdf"


def photo(kind="JPEG"):
    """A picture in which a camera, a program and a person have left the name."""
    out = BytesIO()
    picture = Image.new("RGB", (8, 8), (200, 30, 30))
    if kind == "PNG":
        notes = PngInfo()
        notes.add_text("Author", NAME)
        notes.add_itxt("XML:com.adobe.xmp", NAME, zip=False)
        picture.save(out, "PNG", pnginfo=notes)
        return out.getvalue()
    exif = Image.Exif()
    exif[0x013B] = NAME  # artist
    picture.save(out, "JPEG", exif=exif, comment=NAME.encode())
    return out.getvalue()


def named_pdf():
    """A PDF that names its author in every place that programs use for it."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        pdf.docinfo["/Author"] = NAME
        with pdf.open_metadata() as notes:
            notes["dc:creator"] = [NAME]
        pdf.Root.PieceInfo = pikepdf.Dictionary(Illustrator=NAME)
        remark = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            T=NAME,
            Contents="Periksa angka ini.",
            Rect=[0, 0, 9, 9],
        )
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Name=NAME,
            Reason=NAME,
            Contents=NAME,
            ByteRange=[0, 1, 2, 3],
        )
        page.obj.Annots = pdf.make_indirect([pdf.make_indirect(remark)])
        pdf.Root.Signed = pdf.make_indirect(signature)
        image = pikepdf.Stream(pdf, photo())
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = 8, 8, 8
        image.ColorSpace, image.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Foto=image))
        page.Contents = pikepdf.Stream(pdf, b"q 8 0 0 8 0 0 cm /Foto Do Q")
        pdf.save(
            out,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def named_xlsx():
    out = BytesIO()
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = NAME
    book.active["A1"] = "Capaian"
    book.active["A1"].comment = openpyxl.comments.Comment("Benar?", NAME)
    book.save(out)
    return out.getvalue()


def named_docx():
    """The parts of a Word file that programs write names into, none else."""
    out = BytesIO()
    body = f'<w:ins w:id="1" w:author="{NAME}" w:initials="DR"><w:t>Isi</w:t></w:ins>'
    with ZipFile(out, "w") as package:
        package.writestr("docProps/core.xml", f"<creator>{NAME}</creator>")
        package.writestr("docProps/app.xml", f"<Company>{NAME}</Company>")
        package.writestr("docProps/custom.xml", f"<p>{NAME}</p>")
        package.writestr("word/document.xml", f"<w:body>{body}</w:body>")
        package.writestr("word/people.xml", f"<w15:person w15:author='{NAME}'/>")
        package.writestr("word/media/image1.jpg", photo())
        package.writestr("word/media/image2.png", photo("PNG"))
    return out.getvalue()


def everything_in(content):
    """All bytes of a file, its compressed parts unfolded."""
    found = [content]
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as package:
            found += [package.read(name) for name in package.namelist()]
    if content.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(content)) as pdf:
            for item in pdf.objects:
                if isinstance(item, pikepdf.Stream):
                    found.append(item.read_raw_bytes())
                else:
                    found.append(repr(item).encode())
    return b"\n".join(found)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (named_pdf(), PDF),
        (named_xlsx(), EXCEL),
        (named_docx(), WORD),
        (photo(), "image/jpeg"),
        (photo("PNG"), "image/png"),
    ],
    ids=["pdf", "xlsx", "docx", "jpeg", "png"],
)
def test_name_stands_nowhere_in_the_file(content, kind):
    assert NAME.encode() in everything_in(content)

    cleaned = without_notes(content, kind)

    assert NAME.encode() not in everything_in(cleaned)
    assert NAME.encode("utf-16-be") not in everything_in(cleaned)


def test_pdf_keeps_its_pages_and_what_is_written_in_remarks():
    with pikepdf.open(BytesIO(without_notes(named_pdf(), PDF))) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.pages[0].Annots[0].Contents) == "Periksa angka ini."
        picture = pdf.pages[0].Resources.XObject.Foto
        assert pikepdf.PdfImage(picture).as_pil_image().size == (8, 8)


def test_tables_and_texts_keep_their_content():
    book = openpyxl.load_workbook(BytesIO(without_notes(named_xlsx(), EXCEL)))
    assert book.active["A1"].value == "Capaian"
    assert book.active["A1"].comment.text == "Benar?"
    with ZipFile(BytesIO(without_notes(named_docx(), WORD))) as package:
        assert b"<w:t>Isi</w:t>" in package.read("word/document.xml")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_stay_the_same_to_the_last_point(kind):
    content = photo(kind)
    cleaned = without_notes(content, f"image/{kind.lower()}")

    before, after = (Image.open(BytesIO(each)) for each in (content, cleaned))
    assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 not one", PDF),
        (b"PK\x03\x04broken", WORD),
        (b"\xff\xd8\xff\xe1\x00", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nIHDR", "image/png"),
        (b"anything", "video/mp4"),
    ],
)
def test_what_cannot_be_read_is_not_called_anonymous(content, kind):
    with pytest.raises(NotAnonymous):
        without_notes(content, kind)
