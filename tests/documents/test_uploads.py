from io import BytesIO
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from documents.uploads import (
    EVIDENCE_TYPES,
    LETTER_TYPES,
    UploadRefused,
    check_upload,
)
from documents.uploads.checking import PDF
from tests.documents import hostile

LIMIT = 2 * 1024 * 1024


def check(content, name, types=EVIDENCE_TYPES):
    upload = SimpleUploadedFile(name, content)
    return check_upload(upload, max_bytes=LIMIT, types=types)


@pytest.mark.parametrize("kind", hostile.HARMFUL)
def test_harmful_file_is_refused_in_a_plain_sentence(kind):
    content, name = hostile.HARMFUL[kind]
    begun = monotonic()

    with pytest.raises(UploadRefused) as refusal:
        check(content, name)

    assert refusal.value.message.endswith(".")
    assert "Error" not in refusal.value.message
    assert monotonic() - begun < 5


@pytest.mark.parametrize(
    ("content", "name", "kept", "content_type"),
    [
        (hostile.pdf(), "Laporan 2021.pdf", "Laporan 2021.pdf", "application/pdf"),
        (hostile.picture("PNG"), "grafik.png", "grafik.png", "image/png"),
        (hostile.picture("PNG", mode="RGBA"), "g.png", "g.png", "image/png"),
        (hostile.picture("PNG", mode="P"), "g.png", "g.png", "image/png"),
        (hostile.picture("JPEG"), "foto.JPEG", "foto.jpg", "image/jpeg"),
        (hostile.picture("JPEG", mode="CMYK"), "foto.jpg", "foto.jpg", "image/jpeg"),
        (hostile.picture("JPEG"), "salah.png", "salah.png.jpg", "image/jpeg"),
        (hostile.pdf(), "../../x/surat.pdf", "surat.pdf", "application/pdf"),
        (hostile.docx(), "a.docx", "a.docx", EVIDENCE_TYPES[4].content_type),
        (hostile.xlsx(), "a.xlsx", "a.xlsx", EVIDENCE_TYPES[3].content_type),
    ],
)
def test_harmless_file_is_taken_under_a_safe_name(content, name, kept, content_type):
    checked = check(content, name)

    assert (checked.name, checked.content_type) == (kept, content_type)
    assert checked.size == len(checked.content)


def test_pdf_keeps_its_bytes():
    content = hostile.pdf()

    assert check(content, "a.pdf").content == content


def test_photo_loses_place_and_camera_but_stands_upright():
    content = hostile.photo_with_place()
    assert b"Kamera Rahasia" in content

    checked = check(content, "foto.jpg")

    assert b"Kamera Rahasia" not in checked.content
    assert b"pribadi" not in checked.content
    with Image.open(BytesIO(checked.content)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (40, 60)


def test_png_loses_its_texts():
    content = BytesIO()
    texts = PngInfo()
    texts.add_text("Author", "Nama Rahasia")
    Image.new("RGB", (10, 10)).save(content, "PNG", pnginfo=texts)

    assert b"Nama Rahasia" in content.getvalue()
    assert b"Nama Rahasia" not in check(content.getvalue(), "a.png").content


def test_large_photo_is_made_smaller():
    checked = check(hostile.picture("JPEG", size=(6000, 1000)), "a.jpg")

    with Image.open(BytesIO(checked.content)) as image:
        assert max(image.size) <= 4000


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(("kind", "name"), [("PNG", "g.png"), ("JPEG", "f.jpg")])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_picture_cut_off_is_refused_also_after_papers_were_made(
    monkeypatch, kind, name, part, lenient
):
    # WeasyPrint sets it for the whole process.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    out = BytesIO()
    Image.effect_noise((300, 300), 80).convert("RGB").save(out, kind)
    whole = out.getvalue()

    with pytest.raises(UploadRefused):
        check(whole[: int(len(whole) * part)], name)

    assert check(whole, name).size


def test_same_picture_twice_has_one_hash():
    content = hostile.picture("JPEG")

    assert check(content, "a.jpg").sha256 == check(content, "b.jpg").sha256


@pytest.mark.parametrize("content", [hostile.docx(), hostile.xlsx()])
def test_letter_takes_only_pdf_and_pictures(content):
    with pytest.raises(UploadRefused):
        check(content, "surat.docx", LETTER_TYPES)


def test_size_limit_is_inclusive():
    content = hostile.pdf()
    upload = SimpleUploadedFile("a.pdf", content)

    assert check_upload(upload, max_bytes=len(content), types=LETTER_TYPES)
    with pytest.raises(UploadRefused):
        check_upload(upload, max_bytes=len(content) - 1, types=LETTER_TYPES)


def test_where_one_kind_is_taken_no_other_is_named():
    upload = SimpleUploadedFile("foto.pdf", b"\xff\xd8\xff and so on")

    with translation.override("en"), pytest.raises(UploadRefused) as refused:
        check_upload(upload, max_bytes=1000, types=(PDF,))

    assert "Save it as PDF, then" in refused.value.message
