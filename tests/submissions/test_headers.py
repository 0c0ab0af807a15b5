from datetime import date

import pytest

from competitions.models import HeaderField
from submissions.headers import HeaderPart, is_filled, sdgs, started_date

Kind = HeaderField.Kind


def field(kind, **values):
    return HeaderField(kind=kind, code=f"x-{kind}", label="Isian", **values)


@pytest.mark.parametrize(
    ("kind", "value", "filled", "words"),
    [
        (Kind.DATE, "2021-03-02", True, "2 Maret 2021"),
        (Kind.DATE, "", False, ""),
        (Kind.DATE, "kemarin", False, ""),
        (Kind.DATE, None, False, ""),
        (Kind.TEXT, "Bagus", True, "Bagus"),
        (Kind.TEXT, "", False, ""),
        (Kind.LINK, "https://a.example", True, "https://a.example"),
        (Kind.SDGS, [], False, ""),
        (Kind.YES_NO, {}, False, ""),
        (Kind.YES_NO, None, False, ""),
        (Kind.YES_NO, {"yes": "ya"}, False, ""),
    ],
)
def test_value_filled_and_in_words(kind, value, filled, words):
    part = HeaderPart(field(kind), value)

    assert part.is_filled == filled
    assert part.in_words == words


def test_yes_asks_for_the_follow_up():
    asked = field(Kind.YES_NO, follow_up="Sejak kapan?")

    assert not is_filled(asked, {"yes": True, "detail": ""})
    assert is_filled(asked, {"yes": True, "detail": "2020"})
    assert is_filled(asked, {"yes": False, "detail": ""})


def test_missing_only_where_required():
    assert HeaderPart(field(Kind.TEXT, is_required=True), "").is_missing
    assert not HeaderPart(field(Kind.TEXT, is_required=False), "").is_missing


def test_started_date_of_the_named_field_or_of_the_first():
    first = HeaderField(kind=Kind.DATE, code="rapat", label="Rapat")
    second = HeaderField(kind=Kind.DATE, code="mulai", label="Mulai")
    parts = [HeaderPart(first, "2019-01-01"), HeaderPart(second, "2020-02-02")]

    assert started_date(parts) == date(2019, 1, 1)
    assert started_date(parts, "mulai") == date(2020, 2, 2)
    assert started_date(parts, "lain") is None


def test_sdgs_of_all_such_fields():
    parts = [
        HeaderPart(field(Kind.SDGS), [16, 3]),
        HeaderPart(field(Kind.SDGS), [3]),
        HeaderPart(field(Kind.TEXT), "4"),
        HeaderPart(field(Kind.SDGS), None),
    ]

    assert sdgs(parts) == [3, 16]
