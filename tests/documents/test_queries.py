from datetime import timedelta

import pytest

from documents import queries
from documents.models import MAX_ATTEMPTS
from documents.queries import BatchProgress, batch_progress
from tests.factories.documents import MOMENT, BatchFactory, IssuedDocumentFactory


def rendered(batch, minutes):
    return IssuedDocumentFactory(
        batch=batch,
        rendered_at=MOMENT + timedelta(minutes=minutes),
        file="documents/2022/a.pdf",
        sha256="a" * 64,
    )


@pytest.mark.django_db
def test_progress_counts_what_is_done_failed_and_waiting(django_assert_num_queries):
    batch = BatchFactory()
    for minutes in (1, 2, 3):
        rendered(batch, minutes)
    IssuedDocumentFactory(batch=batch, attempts=MAX_ATTEMPTS, error="Galat")
    IssuedDocumentFactory.create_batch(4, batch=batch)
    IssuedDocumentFactory(batch=batch, state="revoked", ended_at=MOMENT)
    IssuedDocumentFactory()

    with django_assert_num_queries(2):  # counts, pace
        progress = batch_progress(batch, MOMENT + timedelta(minutes=4))

    assert (progress.total, progress.done, progress.failed) == (8, 3, 1)
    assert (progress.waiting, progress.is_running) == (4, True)
    assert (progress.seconds_left, progress.minutes_left) == (240, 4)
    assert not progress.is_stuck


@pytest.mark.django_db
def test_time_left_goes_by_those_made_last():
    batch = BatchFactory()
    rendered(batch, -600)  # before the worker was away for a night
    for turn in range(queries.PACE_OF):
        rendered(batch, turn / 60)
    IssuedDocumentFactory.create_batch(9, batch=batch)

    progress = batch_progress(batch, MOMENT + timedelta(minutes=1))

    assert (progress.seconds_left, progress.minutes_left) == (9, None)


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "is_stuck"), [(2, False), (4, True)])
def test_batch_that_stands_still_is_told(minutes, is_stuck):
    batch = BatchFactory(created_at=MOMENT)
    IssuedDocumentFactory(batch=batch)

    progress = batch_progress(batch, MOMENT + timedelta(minutes=minutes))

    assert progress.is_stuck == is_stuck


def test_time_left_is_unknown_before_there_is_a_pace():
    assert BatchProgress(10, 1, 0).seconds_left is None


@pytest.mark.django_db
def test_empty_batch_is_neither_running_nor_stuck():
    progress = batch_progress(BatchFactory(), MOMENT + timedelta(days=1))

    assert not progress.is_running
    assert not progress.is_stuck
