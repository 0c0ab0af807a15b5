"""Placeholders: a fixed list, replaced word for word, in one pass."""

import pytest
from django.utils import translation

from awards import phrases
from awards.phrases import BUILT_IN, PARTS, PLACEHOLDERS, CertificateKind, Run


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("kind", CertificateKind.values)
def test_built_in_texts_have_no_mistake_and_every_part_fits(kind):
    for texts in BUILT_IN[kind].values():
        for part in PARTS:
            text = texts.get(part.name, "")
            assert phrases.mistakes(kind, text) == []
            assert len(text) <= part.max_length
            assert not part.is_required or text


@pytest.mark.parametrize(
    "text",
    [
        "{inovasi.proposal}",
        "{inovasi!r}",
        "{inovasi:>200}",
        "{0}",
        "{}",
        "{__class__}",
        "{settings}",
        "{{ inovasi }}",
        "{% load x %}",
        "{INOVASI}",
        "{ inovasi }",
    ],
)
def test_whatever_is_no_placeholder_is_refused(text):
    assert phrases.mistakes(CertificateKind.WINNER, text)


def test_a_mistake_is_named_with_its_line():
    found = phrases.mistakes(CertificateKind.JUROR, "sebagai\n{inovasi} {peran}\nya}")

    assert found[0].startswith("Line 2: {inovasi} is no placeholder here.")
    assert found[1].startswith("Line 3: a brace stands alone.")
    assert len(found) == 2


def test_values_are_not_read_again():
    lines = phrases.filled(
        CertificateKind.WINNER,
        "atas {inovasi} sebagai {penghargaan}",
        {"innovation": "{keputusan} {nomor}", "award": "Juara I", "decree": "rahasia"},
        "id",
    )

    assert lines == [
        (
            Run("atas "),
            Run("{keputusan} {nomor}", is_strong=True),
            Run(" sebagai "),
            Run("Juara I"),
            Run(""),
        )
    ]


def test_lines_without_a_word_are_left_out():
    found = phrases.filled(
        CertificateKind.JUROR, "{instansi}\n{peran}", {"role": "A"}, "id"
    )

    assert [line[1].text for line in found] == ["A"]


def test_english_takes_the_english_value():
    values = {"role": "Juri", "role_en": "Juror"}

    assert phrases.plain(CertificateKind.JUROR, "{peran}", values, "en") == "Juror"
    assert phrases.plain(CertificateKind.JUROR, "{peran}", values, "id") == "Juri"


def test_every_placeholder_has_a_name_of_small_letters():
    names = {each.name for kind in PLACEHOLDERS.values() for each in kind}

    assert all(name.isascii() and name.isalpha() and name.islower() for name in names)
