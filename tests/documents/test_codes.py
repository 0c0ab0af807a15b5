import pytest

from documents import codes


def test_new_code_has_80_random_bits_and_no_lookalikes():
    drawn = {codes.new_code() for _ in range(500)}

    assert len(drawn) == 500
    assert {len(code) for code in drawn} == {16}
    assert len(codes.ALPHABET) ** codes.LENGTH >= 2**80
    assert not set("".join(drawn)) & set("ILOU")


def test_code_is_grouped_for_reading():
    assert codes.grouped("7K3M9QXT4B2C8DEF") == "7K3M-9QXT-4B2C-8DEF"


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M9QXT4B2C0D1F",
        "7k3m-9qxt-4b2c-0d1f",
        " 7K3M 9QXT 4B2C 0D1F ",
        "7K3M–9QXT–4B2C–OD1F",
        "7K3M9QXT4B2CODLF",
        "7k3m9qxt4b2codif",
    ],
)
def test_code_is_read_however_it_is_typed(typed):
    assert codes.normalise(typed) == "7K3M9QXT4B2C0D1F"


def test_shorter_codes_are_read_by_their_own_length():
    assert len(codes.new_code(8)) == 8
    assert codes.normalise("7k3m-oqxl", length=8) == "7K3M0QX1"
    assert codes.normalise("7K3M-9QXT-4B2C-0D1F", length=8) == ""


@pytest.mark.parametrize(
    "typed",
    ["", "001/PGM/2022", "7K3M9QXT4B2C0D1", "7K3M9QXT4B2C0D1FF", "7K3M9QXT4B2CUD1F"],
)
def test_what_is_no_code_comes_back_empty(typed):
    assert codes.normalise(typed) == ""
