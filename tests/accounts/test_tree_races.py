"""Two change the tree at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection

from accounts import institution_table, services
from accounts.models import Institution, Membership
from core.errors import DomainError
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
)

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)
DAY = date(2022, 1, 31)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """Run all jobs at the same moment; give what each returned or was refused with."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def merge(old, new):
    return services.merge_institutions(
        predecessors=[old],
        successor=new,
        first_day=DAY,
        memberships=Membership.objects.filter(institution=old),
        reason="Baru",
        actor=None,
        at=AT,
    )


def refusals(results):
    return sum(isinstance(each, DomainError) for each in results)


@pytest.fixture
def city():
    return GovernmentFactory()


def make(city, *codes):
    return [InstitutionFactory(government=city, code=code) for code in codes]


def test_of_two_mergers_of_the_same_one_holds(city):
    old, first, second = make(city, "LAMA", "SATU", "DUA")
    author = AuthorFactory(institution=old)

    results = at_once(lambda: merge(old, first), lambda: merge(old, second))

    assert refusals(results) == 1
    old.refresh_from_db()
    assert old.path == f"{old.successor.code}/<LAMA/"
    going_on = author.membership_set.get(to_date=None)
    assert going_on.institution == old.successor


def test_two_that_would_succeed_each_other(city):
    one, two = make(city, "A", "B")

    results = at_once(lambda: merge(one, two), lambda: merge(two, one))

    assert refusals(results) == 1
    assert sorted(Institution.objects.values_list("path", flat=True)) in (
        ["A/", "A/<B/"],
        ["B/", "B/<A/"],
    )


def test_two_that_would_stand_below_each_other(city):
    one, two = make(city, "A", "B")

    def move(found, parent):
        return services.edit_institution(
            institution=found, fields={}, parent=parent, actor=None, at=AT
        )

    results = at_once(lambda: move(one, two), lambda: move(two, one))

    assert refusals(results) == 1


def test_merger_against_import(city):
    old, new = make(city, "LAMA", "BARU")
    content = b"kode,jenis,nama,nama_singkat,kode_induk\nANAK,uptd,Anak,Anak,LAMA"
    draft = services.check_import(
        government=city,
        file_name="d.csv",
        table=institution_table.read_table("d.csv", content),
        actor=SecretariatFactory(government=city),
        at=AT,
    )

    results = at_once(
        lambda: merge(old, new),
        lambda: services.apply_import(draft=draft, actor=draft.made_by, at=AT),
    )

    # Either the child came first and moved with its parent, or it was held back.
    paths = dict(Institution.objects.values_list("code", "path"))
    assert paths["LAMA"] == "BARU/<LAMA/"
    if refusals(results):
        assert isinstance(results[1], services.ImportOutdated)
        assert "ANAK" not in paths
    else:
        assert paths["ANAK"] == "BARU/ANAK/"


def test_one_press_pressed_twice_takes_the_table_once(city):
    content = b"kode,jenis,nama,nama_singkat\nBARU,opd,Dinas,Dinas"
    draft = services.check_import(
        government=city,
        file_name="d.csv",
        table=institution_table.read_table("d.csv", content),
        actor=SecretariatFactory(government=city),
        at=AT,
    )

    def press():
        return services.apply_import(draft=draft, actor=draft.made_by, at=AT)

    results = at_once(press, press, press)

    assert refusals(results) == 2
    assert Institution.objects.count() == 1


def test_two_enter_the_same_code(city):
    def enter():
        return services.create_institution(
            government=city,
            kind="opd",
            code="BARU",
            name="Dinas",
            short_name="Dinas",
            actor=None,
            at=AT,
        )

    results = at_once(enter, enter)

    assert refusals(results) == 1
    assert Institution.objects.count() == 1
