from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from documents import numbering
from documents.models import NumberSequence
from tests.factories.accounts import GovernmentFactory


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


def test_number_is_written_by_its_pattern():
    number = numbering.write_number(
        "{seq:03}/PGM/{year}", seq=7, kind="certificate", year=2022
    )

    assert number == "007/PGM/2022"
