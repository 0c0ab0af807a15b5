import pytest

from core.cleaning import clean_file_name, clean_line, clean_prose


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("satu\r\ndua\rtiga", "satu\ndua\ntiga"),
        ("a\x00b\x07c", "abc"),
        ("tab\tdan\nbaris", "tab\tdan\nbaris"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2066kiri\u2069", "kiri"),
        ("akhir  \n\n ", "akhir"),
        ("é, “kutip”, 90 %", "é, “kutip”, 90 %"),
        ("👩‍👩‍👧 keluarga", "👩‍👩‍👧 keluarga"),
    ],
)
def test_clean_prose(typed, kept):
    assert clean_prose(typed) == kept


def test_clean_line_joins_lines_and_blanks():
    assert clean_line("  Pulang \n\t Bawa\x00  Akta ") == "Pulang Bawa Akta"


@pytest.mark.parametrize(
    ("called", "extension", "kept"),
    [
        ("laporan.pdf", ".pdf", "laporan.pdf"),
        ("LAPORAN.PDF", ".pdf", "LAPORAN.pdf"),
        ("foto.jpeg", ".jpg", "foto.jpg"),
        ("../../etc/passwd", ".pdf", "passwd.pdf"),
        ("C:\\Users\\opd\\bukti.pdf", ".pdf", "bukti.pdf"),
        ("surat.exe", ".pdf", "surat.exe.pdf"),
        (".htaccess", ".png", "htaccess.png"),
        ('a<script>"b.png', ".png", "ascriptb.png"),
        ("tagihan\u202efdp.exe", ".pdf", "tagihanfdp.exe.pdf"),
        ("", ".pdf", "berkas.pdf"),
        ("x" * 300, ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_clean_file_name(called, extension, kept):
    assert clean_file_name(called, extension) == kept
