from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions import date_text
from competitions.date_text import END_OF_DAY, UnreadableDate
from core import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 Feb 2023", date(2023, 2, 1)),
        ("1 Februari 2023", date(2023, 2, 1)),
        ("01 februari 2023", date(2023, 2, 1)),
        ("1 Pebruari 2023", date(2023, 2, 1)),
        ("1Feb2023", date(2023, 2, 1)),
        ("1-Feb-2023", date(2023, 2, 1)),
        ("1 feb 23", date(2023, 2, 1)),
        ("Rabu, 1 Februari 2023", date(2023, 2, 1)),
        ("jum'at 31 maret 2023", date(2023, 3, 31)),
        ("1/2/2023", date(2023, 2, 1)),
        ("01-02-2023", date(2023, 2, 1)),
        ("1.2.2023", date(2023, 2, 1)),
        ("1 2 2023", date(2023, 2, 1)),
        ("1/2/23", date(2023, 2, 1)),
        ("2023-02-01", date(2023, 2, 1)),
        ("2023/2/1", date(2023, 2, 1)),
        ("  17   Agustus 2022. ", date(2022, 8, 17)),
        ("17 Agt 2022", date(2022, 8, 17)),
        ("17 Ags 2022", date(2022, 8, 17)),
        ("10 Nopember 2022", date(2022, 11, 10)),
        ("February 1, 2023", date(2023, 2, 1)),
        ("1 March 2023", date(2023, 3, 1)),
        ("31 Des 2022", date(2022, 12, 31)),
        ("29 Feb 2024", date(2024, 2, 29)),
        ("31–1–2022", date(2022, 1, 31)),
    ],
)
def test_parse_date_reads(text, expected):
    assert date_text.parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "besok",
        "1 Feb",
        "Feb 2023",
        "31 Feb 2023",
        "29 Feb 2023",
        "13/25/2023",
        "2023-13-01",
        "0 Jan 2023",
        "1 Foo 2023",
        "1 Feb 2023 atau 2 Feb 2023",
    ],
)
def test_parse_date_refuses(text):
    with pytest.raises(UnreadableDate) as refusal:
        date_text.parse_date(text)

    assert refusal.value.message


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_parse_date_reads_what_the_portal_writes(day):
    for style in ("long", "short", "weekday", "iso"):
        assert date_text.parse_date(dates.format_date(day, style)) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16.00", time(16)),
        ("16:00", time(16)),
        ("16", time(16)),
        ("9.05", time(9, 5)),
        ("pukul 16.00 WIB", time(16)),
        ("jam 08.30", time(8, 30)),
        ("16.00.00", time(16)),
        ("00.00", time(0)),
        ("23.59", END_OF_DAY),
        ("24.00", END_OF_DAY),
    ],
)
def test_parse_time_reads(text, expected):
    assert date_text.parse_time(text, "Asia/Jakarta") == expected


@pytest.mark.parametrize("text", ["", "25.00", "16.60", "sore", "16.00 WITA", "4 pm"])
def test_parse_time_refuses(text):
    with pytest.raises(UnreadableDate):
        date_text.parse_time(text, "Asia/Jakarta")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31 Jan 2022", (date(2022, 1, 31), None)),
        ("31 Jan 2022, 08.00", (date(2022, 1, 31), time(8))),
        ("31 Jan 2022 pukul 8", (date(2022, 1, 31), time(8))),
        ("31/1/2022 08:00 WIB", (date(2022, 1, 31), time(8))),
        ("1.02.23", (date(2023, 2, 1), None)),
        ("Senin, 31 Januari 2022 pukul 09.00 WIB", (date(2022, 1, 31), time(9))),
    ],
)
def test_parse_date_and_time_reads(text, expected):
    assert date_text.parse_date_and_time(text, "Asia/Jakarta") == expected
