from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from accounts import employee_numbers
from accounts.employee_numbers import EmployeeNumberRefused, normalise, printed
from accounts.forms.fields import EmployeeNumberField
from core.text import mask_employee_number

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("198001012005011001", "198001012005011001"),
        ("19800101 200501 1 001", "198001012005011001"),
        (" 19800101.200501.1.001 ", "198001012005011001"),
        ("19800101-200501-1-001", "198001012005011001"),
        ("19800101\u2013200501\u00a01\u2009001", "198001012005011001"),
        ("NIP. 19800101 200501 1 001", "198001012005011001"),
        ("nip:198001012005011001", "198001012005011001"),
        ("NIP198001012005011001", "198001012005011001"),
        ("199204032023212034", "199204032023212034"),  # NI PPPK, code 21
        ("NI PPPK 19920403 202321 2 034", "199204032023212034"),
        ("200802292024021999", "200802292024021999"),  # 16 in that month, leap day
        ("196406302024071001", "196406302024071001"),  # 60 on the last day before
        ("196406302025061001", "196406302025061001"),  # 60 but for the last day
        ("202606", "202606"),
        ("78051234", "78051234"),  # police
        ("NRP 78051234", "78051234"),
        ("11940034221071", "11940034221071"),  # army
        ("512345", "512345"),  # air force
        ("12345/P", "12345/P"),  # navy
        ("12345/p", "12345/P"),
        ("", ""),
        (None, ""),
        ("-", ""),
        ("NIP -", ""),
        ("Tidak ada", ""),
        ("none", ""),
    ],
)
def test_accepted(typed, kept):
    assert normalise(typed, today=TODAY) == kept


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("19800231 200501 1 001", "1980-02-31"),
        ("20230101 204501 1 001", "2045"),
        ("20270101 200501 1 001", "2027-01-01"),  # born tomorrow
        ("19800101 200500 1 001", "00"),
        ("19800101 202607 1 001", "2026-07"),  # next month
        ("19800101 202721 1 001", "2027"),  # NI PPPK of next year
        ("20090201 202412 1 001", "15"),  # too young by a month
        ("19630101 202402 1 001", "61"),
        ("19800101 000001 1 001", "0000"),
        ("19800101 197001 1 001", "-10"),
        ("19800101 200501 3 001", "3"),
        ("19800101 200501 0 001", "0"),
        ("19800101 200501 1 000", "001"),
        ("3376010101800001", "NIK"),
        ("3376 0101 0180 0001", "NIK"),
        ("132123456", "18"),  # of the form before 2009
        ("1980010120050110", "NIK"),
        ("19800101200501100", "17"),
        ("1980010120050110011", "19"),
        ("1234", "4"),
        ("00000000", "NRP"),
        ("ABC", "NIP"),
        ("198001012005O11001", "NIP"),  # the letter O
        ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "NIP"),  # other digits
        ("=1+1", "NIP"),
    ],
)
def test_refused_with_the_part_that_is_wrong(typed, part):
    with pytest.raises(EmployeeNumberRefused) as refusal:
        normalise(typed, today=TODAY)

    assert part in refusal.value.message


@given(st.text(max_size=40))
def test_any_text_is_refused_or_kept_in_one_form(text):
    try:
        kept = normalise(text, today=TODAY)
    except EmployeeNumberRefused as refusal:
        assert refusal.message  # noqa: PT017  either outcome is right
    else:
        assert normalise(kept, today=TODAY) == kept
        assert normalise(printed(kept), today=TODAY) == kept


@st.composite
def numbers(draw):
    born = draw(st.dates(date(1950, 1, 1), date(2005, 12, 31)))
    year = draw(st.integers(born.year + 17, min(born.year + 59, 2025)))
    month = draw(st.one_of(st.integers(1, 12), st.integers(13, 99)))
    serial = draw(st.integers(1, 999))
    sex = draw(st.sampled_from("12"))
    return f"{born:%Y%m%d}{year}{month:02}{sex}{serial:03}"


@given(numbers())
def test_every_well_formed_number_is_accepted_and_printed_in_groups(number):
    assert normalise(number, today=TODAY) == number
    assert [len(part) for part in printed(number).split(" ")] == [8, 6, 1, 3]
    assert normalise(printed(number), today=TODAY) == number


@given(numbers(), st.data())
def test_what_is_shown_to_the_public_holds_no_date_of_birth(number, data):
    shown = mask_employee_number(data.draw(st.sampled_from([number, printed(number)])))

    assert shown == "*" * 15 + number[-3:]


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_identity_card_number_is_never_accepted(number):
    with pytest.raises(EmployeeNumberRefused):
        normalise(number, today=TODAY)


@pytest.mark.parametrize(
    ("number", "name", "shown"),
    [
        ("198001012005011001", "NIP", "19800101 200501 1 001"),
        ("78051234", "NRP", "78051234"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_printed_form(number, name, shown):
    assert (employee_numbers.name_of(number), printed(number)) == (name, shown)


class NumberForm(forms.Form):
    number = EmployeeNumberField()


def test_field_keeps_the_compact_form_and_shows_the_printed_one():
    form = NumberForm({"number": "19800101.200501.1.001"})
    assert form.is_valid()
    assert form.cleaned_data == {"number": "198001012005011001"}

    shown = NumberForm(initial={"number": "198001012005011001"}).as_p()
    assert 'value="19800101 200501 1 001"' in shown


def test_field_says_what_is_wrong_beside_what_was_typed():
    form = NumberForm({"number": "3376010101800001"})

    assert "NIK" in form.errors["number"][0]
    assert 'value="3376010101800001"' in str(form["number"])


def test_field_may_stay_empty():
    form = NumberForm({"number": ""})

    assert form.is_valid()
    assert form.cleaned_data == {"number": ""}
