import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier, BoundedSemaphore

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry
from documents import numbering, services
from documents.models import (
    DocumentKind,
    IssuedDocument,
    NumberPattern,
    NumberSequence,
)
from documents.numbering import NumberParts
from documents.services import issue_document
from tests.factories.accounts import GovernmentFactory, UserFactory
from tests.factories.documents import MOMENT, TEMPLATE


class GaveUpError(Exception):
    """What went wrong after a number was taken."""


def take_and_give_up(government):
    take(government)
    raise GaveUpError


def take(government, kind="certificate", year=2022):
    sequence = numbering.lock_sequence(government=government, kind=kind, year=year)
    return numbering.next_of(sequence)


@pytest.mark.django_db
def test_numbers_count_from_one_for_each_government_kind_and_year():
    tegal, magelang = GovernmentFactory.create_batch(2)

    taken = [
        take(tegal),
        take(tegal),
        take(magelang),
        take(tegal, kind="receipt"),
        take(tegal, year=2023),
        take(tegal),
    ]

    assert taken == [1, 2, 1, 1, 1, 3]


@pytest.mark.django_db
def test_number_of_a_failed_transaction_is_given_again():
    tegal = GovernmentFactory()
    take(tegal)

    with pytest.raises(GaveUpError), transaction.atomic():
        take_and_give_up(tegal)

    assert take(tegal) == 2


@pytest.mark.django_db(transaction=True)
def test_number_outside_a_transaction_is_refused():
    tegal = GovernmentFactory()

    with pytest.raises(TransactionManagementError):
        take(tegal)


@pytest.mark.django_db(transaction=True)
def test_numbers_asked_by_many_threads_have_no_gap_and_no_double():
    tegal = GovernmentFactory()

    def ask(turn):
        try:
            with transaction.atomic():
                number = take(tegal)
                if turn % 5 == 0:  # a caller that fails after taking a number
                    raise GaveUpError
                return number
        except GaveUpError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(24) as threads:
        taken = [number for number in threads.map(ask, range(60)) if number]

    assert sorted(taken) == list(range(1, 49))
    assert NumberSequence.objects.get().last == 48


@pytest.mark.django_db(transaction=True)
def test_200_threads_get_200_numbers_without_a_gap():
    tegal = GovernmentFactory()
    links = BoundedSemaphore(30)  # as many connections as a pool would give
    together = Barrier(200)

    def ask(turn):
        together.wait(30)
        with links:
            try:
                return issue_document(
                    government=tegal,
                    kind="juror",
                    subject_key=f"juror:{turn}",
                    title="Piagam",
                    template=TEMPLATE,
                    values={},
                    issued_date=date(2022, 6, 10),
                    at=MOMENT,
                ).number
            finally:
                connection.close()

    with ThreadPoolExecutor(200) as threads:
        numbers = sorted(threads.map(ask, range(200)))

    assert numbers == [f"000.8/{seq:03}/KIPP-J/2022" for seq in range(1, 201)]
    assert NumberSequence.objects.get().last == 200


# How numbers are written --------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{seq}", "7"),
        ("{seq:03}/PGM/{year}", "007/PGM/2022"),
        ("{seq:06}", "000007"),
        ("000.8/{seq:02}/{unit}/{month_roman}/{year}", "000.8/07/OR/VI/2022"),
        ("{kind}-{year}-{month}-{seq:01}", "PGM-2022-06-7"),
        ("{seq} nomor & <b>", "7 nomor & <b>"),
    ],
)
def test_number_is_written_by_its_pattern(pattern, number):
    parts = NumberParts(seq=7, day=date(2022, 6, 10), kind="certificate", unit="OR")

    numbering.check_pattern(pattern, "OR")

    assert numbering.write_number(pattern, parts) == number


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "PGM/{year}",
        "{seq}/{seq}",
        "{seq}{",
        "{seq}}",
        "{{seq}}",
        "{seq",
        "{ seq }",
        "{}",
        "{0}",
        "{seq:3}",
        "{seq:00}",
        "{seq:07}",
        "{seq:003}",
        "{seq:>1000000000}",
        "{seq!r}",
        "{year:02}/{seq}",
        "{nomor}/{seq}",
        "{SEQ}",
        "{seq.__class__}",
        "{seq}{day.__class__.__mro__}",
        "{seq}{kind.__init__.__globals__[settings]}",
        "{seq}{self}",
        "{seq}{unit}",
        "{seq:06}" + "X" * 79,
    ],
)
def test_pattern_that_is_no_pattern_is_refused(pattern):
    with pytest.raises(numbering.PatternMistaken):
        numbering.check_pattern(pattern)


@given(st.text(alphabet="{}seqyaru:0123._[]()!-/ ", max_size=40))
def test_whatever_passes_the_check_writes_different_numbers(pattern):
    try:
        numbering.check_pattern(pattern, "OR")
    except numbering.PatternMistaken:
        return
    numbers = {
        numbering.write_number(
            pattern, NumberParts(seq, date(2022, 12, 31), "minutes", "OR")
        )
        for seq in (1, 2, 11, 999, 1000)
    }

    assert len(numbers) == 5
    assert all(len(each) <= numbering.MAX_LENGTH for each in numbers)
    assert not any(set(each) & set("{}") for each in numbers)


def test_every_kind_has_a_pattern_and_a_sign_of_its_own():
    kinds = set(DocumentKind.values)

    assert set(numbering.DEFAULT_PATTERNS) == set(numbering.SIGNS) == kinds
    assert len(set(numbering.DEFAULT_PATTERNS.values())) == len(kinds)
    assert len(set(numbering.SIGNS.values())) == len(kinds)
    for pattern in numbering.DEFAULT_PATTERNS.values():
        numbering.check_pattern(pattern)


def test_patterns_of_callers_are_those_that_the_settings_page_shows():
    root = Path(settings.BASE_DIR)
    written = {
        found
        for app in ("awards", "competitions", "judging", "submissions")
        for path in (root / app).rglob("*.py")
        for found in re.findall(r'NUMBER_PATTERN = "([^"]+)"', path.read_text())
    }

    assert written
    assert written <= set(numbering.DEFAULT_PATTERNS.values())


# What a government sets ---------------------------------------------------------------


@pytest.mark.django_db
def test_pattern_of_the_government_goes_before_that_of_the_caller():
    tegal, other = GovernmentFactory.create_batch(2)
    set_pattern(tegal, "{seq:04}/{unit}/{year}", "OR")

    assert issue(tegal, "award:1").number == "0001/OR/2022"
    assert issue(other, "award:2").number == "001/PGM/2022"
    assert issue(tegal, "award:3", kind="juror").number == "001/PGM/2022"


@pytest.mark.django_db
def test_counting_goes_on_when_the_pattern_changes():
    tegal = GovernmentFactory()
    issue(tegal, "award:1")
    set_pattern(tegal, "B/{seq}")

    second = issue(tegal, "award:2")
    services.drop_pattern(
        government=tegal, kind="certificate", actor=UserFactory(), at=MOMENT
    )

    assert (second.number, issue(tegal, "award:3").number) == ("B/2", "003/PGM/2022")


@pytest.mark.django_db
def test_setting_a_pattern_is_noted_and_done_once_per_kind():
    tegal = GovernmentFactory(code="33.76")

    set_pattern(tegal, "A/{seq}")
    set_pattern(tegal, "B/{seq}")

    assert NumberPattern.objects.get().pattern == "B/{seq}"
    entry = AuditEntry.objects.filter(action="number_pattern.set").last()
    assert (entry.scope, entry.changes["pattern"]) == ("33.76", "B/{seq}")


@pytest.mark.django_db
def test_mistaken_pattern_is_not_stored():
    with pytest.raises(services.PatternMistaken):
        set_pattern(GovernmentFactory(), "PGM/{year}")

    assert not NumberPattern.objects.exists()


@pytest.mark.django_db
def test_one_pattern_per_government_and_kind():
    tegal = GovernmentFactory()
    NumberPattern.objects.create(government=tegal, kind="receipt", pattern="{seq}")

    with pytest.raises(IntegrityError):
        NumberPattern.objects.create(government=tegal, kind="receipt", pattern="{seq}")


# Typed numbers ------------------------------------------------------------------------


@pytest.mark.django_db
def test_typed_number_that_is_taken_is_told_plainly():
    tegal = GovernmentFactory()
    issue(tegal, "award:1", number="B/187/PP.00.05/2022")

    with pytest.raises(services.NumberTaken) as refusal:
        issue(tegal, "award:2", number="B/187/PP.00.05/2022")

    assert "B/187/PP.00.05/2022" in refusal.value.message
    assert IssuedDocument.objects.count() == 1


@pytest.mark.django_db
def test_number_of_a_revoked_paper_is_not_given_again():
    tegal = GovernmentFactory()
    typed, given = issue(tegal, "award:1", number="7/KIPP"), issue(tegal, "award:2")
    for paper in (typed, given):
        services.revoke_document(
            document=paper, actor=UserFactory(), reason="Data palsu.", at=MOMENT
        )

    with pytest.raises(services.NumberTaken):
        issue(tegal, "award:3", number="7/KIPP")

    numbers = {paper.number for paper in IssuedDocument.objects.all()}
    assert issue(tegal, "award:2").number not in numbers


@pytest.mark.django_db
def test_new_year_begins_by_the_date_on_the_paper():
    tegal = GovernmentFactory()
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2022, 12, 31)]

    numbers = [
        issue(tegal, f"award:{place}", issued_date=day).number
        for place, day in enumerate(days)
    ]

    assert [re.findall(r"\d+", number)[-2:] for number in numbers] == [
        ["001", "2022"],
        ["001", "2023"],
        ["002", "2022"],
    ]


@pytest.mark.django_db
def test_typed_number_is_free_in_another_year_kind_and_government():
    tegal = GovernmentFactory()
    issue(tegal, "award:1", number="187")

    issue(tegal, "award:2", number="187", issued_date=date(2023, 1, 2))
    issue(tegal, "award:3", number="187", kind="juror")
    issue(GovernmentFactory(), "award:4", number="187")

    assert IssuedDocument.objects.filter(number="187").count() == 4


@pytest.mark.django_db
def test_numbers_typed_in_an_order_are_passed_by_in_it():
    orders = [
        services.Order("award:1", "Piagam", {}),
        services.Order("award:2", "Piagam", {}, number="001/PGM/2022"),
        services.Order("award:3", "Piagam", {}, number="003/PGM/2022"),
        services.Order("award:4", "Piagam", {}),
    ]

    papers = issue_all(GovernmentFactory(), orders)

    assert [each.number for each in papers] == [
        "002/PGM/2022",
        "001/PGM/2022",
        "003/PGM/2022",
        "004/PGM/2022",
    ]


@pytest.mark.django_db
def test_number_typed_twice_in_an_order_is_refused():
    orders = [
        services.Order(f"award:{turn}", "Piagam", {}, number="187") for turn in (1, 2)
    ]

    with pytest.raises(services.NumberTaken):
        issue_all(GovernmentFactory(), orders)

    assert not IssuedDocument.objects.exists()
    assert not NumberSequence.objects.exists()


def set_pattern(government, pattern, unit=""):
    return services.set_pattern(
        government=government,
        kind="certificate",
        pattern=pattern,
        unit=unit,
        actor=UserFactory(),
        at=MOMENT,
    )


def issue_all(government, orders, **changes):
    details = {
        "kind": "certificate",
        "template": TEMPLATE,
        "issued_date": date(2022, 6, 10),
        "at": MOMENT,
        "number_pattern": "{seq:03}/PGM/{year}",
    }
    return services.issue_documents(
        government=government, orders=orders, **(details | changes)
    )


def issue(government, subject_key, number="", **changes):
    order = services.Order(subject_key, "Piagam", {}, number=number)
    return issue_all(government, [order], **changes)[0]
