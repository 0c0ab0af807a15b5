"""Nothing on a certificate runs into anything else, however long names are."""

from io import BytesIO
from itertools import combinations, product

import pikepdf
import pypdfium2
import pytest

from awards import fitting
from awards.looks import COLOURS, Layout, Motif, Palette
from awards.phrases import CertificateKind
from tests.awards import certificates

MM = 72 / 25.4
# Where a layout has its batik, from which words stay away.
FRAMES = {
    Layout.FRAME: (20, 20, 277, 190),
    Layout.BAND: (54, 8, 290, 202),
    Layout.PLAIN: (20, 20, 277, 190),
}
ALL = list(product(CertificateKind.values, Layout.values, (1, 2, 3)))


@pytest.mark.parametrize("sample", ["panjang", "pendek"])
@pytest.mark.parametrize("language", ["id", "both"])
def test_every_kind_layout_and_number_of_signatories_has_room(sample, language):
    for kind, layout, signers in ALL:
        sheet = fitting.fit(
            certificates.values(
                kind,
                sample=sample,
                layout=layout,
                signers=signers,
                language=language,
                logos=["a" * 64, "b" * 64],
            ),
            "000.8/001/KIPP/2022",
        )

        case = f"{kind} {layout} {signers} {sheet.scale}"
        assert not sheet.is_cramped, case
        assert sheet.scale >= (0.5 if language == "both" else 0.58), case
        for block in sheet.blocks:
            assert block.line_count == len(block.lines), case


# Every kind, layout and number at least once, the narrow ones with the longest names.
@pytest.mark.parametrize(
    ("kind", "layout", "signers", "sample", "language"),
    [
        ("certificate", "frame", 1, "pendek", "id"),
        ("certificate", "frame", 1, "panjang", "id"),
        ("certificate", "frame", 3, "panjang", "both"),
        ("certificate", "band", 3, "panjang", "id"),
        ("finalist", "band", 1, "pendek", "id"),
        ("finalist", "plain", 2, "panjang", "id"),
        ("participant", "plain", 1, "panjang", "both"),
        ("participant", "frame", 2, "pendek", "en"),
        ("juror", "frame", 3, "panjang", "id"),
        ("juror", "band", 2, "panjang", "both"),
        ("committee", "plain", 3, "panjang", "id"),
        ("committee", "band", 1, "panjang", "en"),
        ("presence", "frame", 2, "panjang", "id"),
        ("presence", "plain", 3, "pendek", "both"),
    ],
)
def test_words_and_codes_keep_apart_on_the_page(
    kind, layout, signers, sample, language
):
    found = certificates.values(
        kind, sample=sample, layout=layout, signers=signers, language=language
    )

    boxes, words = read(certificates.drawn(found))

    left, top, right, bottom = FRAMES[layout]
    for box, text in boxes:
        assert left <= box[0] <= box[2] <= right, text
        assert top <= box[1] <= box[3] <= bottom, text
    for (one, text), (other, more) in combinations(boxes, 2):
        assert not overlap(one, other), (text, more)
    for part in (found["holder"], found["signers"][-1]["name"]):
        assert part in words


def read(content):
    """All lines of words and the QR code with their places in mm, and the words."""
    with pypdfium2.PdfDocument(content) as document:
        assert len(document) == 1
        page = document[0]
        height = page.get_height()

        def place(box):
            left, bottom, right, top = box
            return (
                left / MM,
                (height - top) / MM,
                right / MM,
                (height - bottom) / MM,
            )

        text = page.get_textpage()
        boxes = []
        for number in range(text.count_rects()):
            box = text.get_rect(number)
            boxes.append((place(box), text.get_text_bounded(*box)))
        codes = [each for each in page.get_objects(max_depth=1) if each.type == 2]
        (code,) = (place(each.get_bounds()) for each in codes)
        assert 20 <= code[2] - code[0] <= 27  # it can be scanned
        words = " ".join(text.get_text_bounded().split())
        text.close()
        page.close()
    return [*boxes, (code, "QR")], words


def overlap(one, other, slack=0.3):
    return (
        one[0] < other[2] - slack
        and other[0] < one[2] - slack
        and one[1] < other[3] - slack
        and other[1] < one[3] - slack
    )


@pytest.mark.parametrize(
    ("layout", "motif"),
    [*product(["frame"], Motif.values), ("band", "truntum"), ("plain", "kawung")],
)
def test_every_look_is_archival_tagged_and_light(layout, motif):
    content = certificates.drawn(
        certificates.values("certificate", layout=layout, motif=motif, palette="arang")
    )

    assert len(content) <= 250 * 1024
    with pikepdf.open(BytesIO(content)) as paper:
        assert paper.Root.MarkInfo.Marked
        assert str(paper.Root.Lang) == "id"
        metadata = paper.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        for font in paper.pages[0].Resources.Font.values():
            (descendant,) = font.DescendantFonts
            assert "/FontFile2" in descendant.FontDescriptor or (
                "/FontFile3" in descendant.FontDescriptor
            )


def test_an_english_certificate_says_so_to_readers():
    with pikepdf.open(
        BytesIO(certificates.drawn(certificates.values("juror", language="en")))
    ) as paper:
        assert str(paper.Root.Lang) == "en"


@pytest.mark.parametrize("palette", Palette.values)
def test_words_are_dark_enough_to_read(palette):
    colours = COLOURS[palette]

    for colour in (colours.title, colours.accent_text):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_word_longer_than_a_line_is_broken():
    found = certificates.values("committee", sample="pendek")
    found["holder"] = "A" * 150

    sheet = fitting.fit(found, "1")

    (recipient,) = (each for each in sheet.blocks if each.name == "recipient")
    assert "".join(run.text for line in recipient.lines for run in line) == "A" * 150
    assert not sheet.is_cramped


def test_markup_in_a_name_stays_text():
    found = certificates.values("juror", sample="pendek")
    found["holder"] = "<b>&amp;</b> {nomor} </style><img src=file:///etc/passwd>"

    _boxes, words = read(certificates.drawn(found))

    assert "<b>&amp;</b> {nomor} </style><img src=file:///etc/passwd>" in words
