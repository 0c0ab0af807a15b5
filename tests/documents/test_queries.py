from datetime import timedelta

import pytest

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

    with django_assert_num_queries(1):
        progress = batch_progress(batch)

    assert (progress.total, progress.done, progress.failed) == (8, 3, 1)
    assert (progress.waiting, progress.is_running) == (4, True)
    assert progress.minutes_left == 4


def test_time_left_is_unknown_before_there_is_a_pace():
    assert BatchProgress(10, 1, 0, MOMENT, MOMENT).minutes_left is None


@pytest.mark.django_db
def test_empty_batch_is_not_running():
    assert not batch_progress(BatchFactory()).is_running
