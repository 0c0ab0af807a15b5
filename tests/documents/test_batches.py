"""Papers ordered together: issued in a few statements, made by several workers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils import timezone

from core import rush
from core.models import AuditEntry
from documents import periodic, rendering, services, tasks
from documents.models import MAX_ATTEMPTS, IssuedDocument, NumberSequence
from tests.factories.accounts import GovernmentFactory, UserFactory
from tests.factories.documents import (
    MOMENT,
    TEMPLATE,
    BatchFactory,
    IssuedDocumentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """Note the papers that are drawn, quickly; one named "buruk" fails."""
    found = []

    def draw(document):
        found.append(document.number)
        if document.values["holder"] == "buruk":
            raise ValueError("no frame")
        return f"%PDF-1.7 {document.code}".encode()

    monkeypatch.setattr(rendering, "render_document", draw)
    return found


@pytest.fixture
def started(monkeypatch):
    """Catch what is handed to the worker."""
    calls = []
    for name in ("render_batch", "render_document"):
        monkeypatch.setattr(
            getattr(tasks, name),
            "delay",
            lambda pk, name=name: calls.append((name, pk)),
        )
    return calls


def order(batch, count, **changes):
    orders = [
        services.Order(f"{batch.pk}:{turn}", "Piagam", {"holder": f"Dinas {turn}"})
        for turn in range(count)
    ]
    details = {
        "kind": "certificate",
        "orders": orders,
        "template": TEMPLATE,
        "issued_date": date(2022, 6, 10),
        "at": MOMENT,
        "batch": batch,
    }
    return services.issue_documents(government=batch.government, **(details | changes))


# Issuing ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [5, 400])
def test_batch_is_issued_in_as_many_statements_however_large(
    django_assert_num_queries, count
):
    batch = BatchFactory()

    # savepoint and its end; sequence looked for, started, locked; papers there are;
    # numbers taken, sequence kept; papers, entries
    with django_assert_num_queries(10):
        papers = order(batch, count)

    assert [each.number for each in papers] == [
        f"000.8/{seq:03}/KIPP/2022" for seq in range(1, count + 1)
    ]
    assert len({each.code for each in papers}) == count
    assert NumberSequence.objects.get().last == count
    entries = AuditEntry.objects.filter(action="document.issued")
    assert entries.count() == count
    assert {each.actor for each in entries} == {batch.created_by}


def test_batch_ordered_again_gives_the_papers_there_are():
    batch = BatchFactory()
    first = order(batch, 3)
    services.revoke_document(
        document=first[1], actor=UserFactory(), reason="Salah nama.", at=MOMENT
    )

    again = order(batch, 3)

    assert [again[0], again[2]] == [first[0], first[2]]
    assert (again[1].version, again[1].number) == (2, "000.8/004/KIPP/2022")
    assert IssuedDocument.objects.count() == 4


def test_large_batch_starts_lanes_and_a_small_one_its_papers(
    started, django_capture_on_commit_callbacks
):
    large, small = BatchFactory.create_batch(2)

    with django_capture_on_commit_callbacks(execute=True):
        order(large, 10)
        papers = order(small, 2)

    assert started == [("render_batch", large.pk)] * tasks.LANES + [
        ("render_document", each.pk) for each in papers
    ]


def test_failure_after_ordering_leaves_nothing(monkeypatch):
    batch = BatchFactory()
    monkeypatch.setattr(services.issuing, "start_rendering", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        order(batch, 3)

    assert not IssuedDocument.objects.exists()
    assert not NumberSequence.objects.exists()
    assert not AuditEntry.objects.exists()


# Making -------------------------------------------------------------------------------


def test_lane_makes_what_is_left_and_ends(drawn, started):
    batch = BatchFactory()
    papers = order(batch, 5)
    other = IssuedDocumentFactory(batch=BatchFactory())

    tasks.render_batch(batch.pk)

    assert drawn == [each.number for each in papers]
    assert batch.issueddocument_set.ready().count() == 5
    assert started == []
    other.refresh_from_db()
    assert not other.is_rendered


def test_lane_lets_others_pass_after_a_while(drawn, started, monkeypatch):
    batch = BatchFactory()
    order(batch, 5)
    clock = iter(range(100))
    monkeypatch.setattr(tasks, "monotonic", lambda: next(clock))
    monkeypatch.setattr(tasks, "SLICE", 3)

    tasks.render_batch.run(batch.pk)

    assert len(drawn) == 2
    assert started == []  # until the transaction of this test ends


def test_paper_that_fails_keeps_no_other_waiting(drawn):
    batch = BatchFactory()
    bad, *good = order(
        batch,
        3,
        orders=[
            services.Order(f"award:{holder}", "Piagam", {"holder": holder})
            for holder in ("buruk", "baik", "elok")
        ],
    )

    tasks.render_batch(batch.pk)

    assert drawn == [bad.number, *(each.number for each in good)] + [bad.number] * 2
    bad.refresh_from_db()
    assert bad.attempts == MAX_ATTEMPTS
    assert bad.error == "ValueError: no frame"
    assert batch.issueddocument_set.ready().count() == 2


def test_lane_stands_aside_while_people_wait(drawn):
    batch = BatchFactory(created_at=timezone.now())
    order(batch, 3)
    rush.note(timedelta(seconds=1))

    tasks.render_batch(batch.pk)
    waited = list(drawn)
    cache.delete(rush.KEY)
    tasks.render_batch(batch.pk)

    assert (waited, len(drawn)) == ([], 3)
    assert set(batch.issueddocument_set.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_lanes_share_a_batch_and_make_no_paper_twice(drawn):
    batch = BatchFactory()
    order(batch, 40)

    def work(_lane):
        try:
            tasks.render_batch(batch.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))

    assert sorted(drawn) == sorted(set(drawn))
    assert batch.issueddocument_set.ready().count() == 40


def test_lane_comes_back_when_the_database_does(monkeypatch):
    batch = BatchFactory()

    def away(**options):
        raise OperationalError("the database system is starting up")

    monkeypatch.setattr(rendering, "render_next", away)

    answer = tasks.render_batch.apply((batch.pk,), throw=False)

    assert answer.state in {"RETRY", "FAILURE"}
    assert tasks.render_batch.max_retries * 3 >= 30  # seconds


def test_sweep_starts_lanes_for_batches_and_papers_alone(started):
    batch = BatchFactory()
    IssuedDocumentFactory.create_batch(3, batch=batch)
    alone = IssuedDocumentFactory()
    IssuedDocumentFactory(batch=BatchFactory(), attempts=MAX_ATTEMPTS)

    periodic.sweep_documents()

    assert (
        started
        == [("render_document", alone.pk)] + [("render_batch", batch.pk)] * tasks.LANES
    )


def test_retry_of_all_failed_is_one_update_and_noted_for_each(
    started, django_capture_on_commit_callbacks
):
    batch = BatchFactory(government=GovernmentFactory(code="33.76"))
    IssuedDocumentFactory.create_batch(
        9,
        batch=batch,
        government=batch.government,
        attempts=MAX_ATTEMPTS,
        error="Galat",
    )

    with django_capture_on_commit_callbacks(execute=True):
        count = services.retry_documents(
            documents=batch.issueddocument_set.all(), actor=UserFactory(), at=MOMENT
        )

    assert count == 9
    assert set(batch.issueddocument_set.values_list("attempts", "error")) == {(0, "")}
    assert started == [("render_batch", batch.pk)] * tasks.LANES
    entries = AuditEntry.objects.filter(action="document.retried", scope="33.76")
    assert entries.count() == 9
