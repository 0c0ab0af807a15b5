"""What is only appended is neither changed nor removed through our own connection."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from pghistory.models import Event

from core import append_only

pytestmark = pytest.mark.django_db

TABLES = {model._meta.db_table: model for model in append_only.append_only_models()}


def refuses(sql):
    """Whether the database refuses `sql`, which touches the one row there is."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "pgtrigger: Cannot" in str(error) or "are kept" in str(error)
    return False


def columns_of(model):
    return [field.column for field in model._meta.concrete_fields]


def add_row(model):
    """Put a row there, with nothing in it but what the database gives by itself."""
    table, key = model._meta.db_table, model._meta.pk.column
    # What may go after years was written just now.
    dated = "(at) VALUES (now())" if "at" in columns_of(model) else "DEFAULT VALUES"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'c'",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for column in columns_of(model):
            if column != key:
                cursor.execute(
                    f'ALTER TABLE {table} ALTER COLUMN "{column}" DROP NOT NULL'
                )
        # Its history wants a whole row.
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"INSERT INTO {table} {dated}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_trail_and_histories_are_append_only():
    histories = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Event) and not model._meta.proxy and model._meta.managed
    }

    assert len(histories) > 5
    assert TABLES.keys() >= {"core_auditentry", *histories}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_row_of_what_is_append_only_changes_or_goes(table):
    model = TABLES[table]
    add_row(model)

    taken = [
        sql
        for sql in [
            *(
                f'UPDATE {table} SET "{column}" = "{column}"'
                for column in columns_of(model)
            ),
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ]
        if not refuses(sql)
    ]

    assert taken == []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "model", append_only.protected_models(), ids=lambda model: model._meta.db_table
)
def test_no_protected_table_is_emptied(model):
    assert refuses(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_emptying_people_does_not_reach_the_trail():
    assert refuses("TRUNCATE accounts_user CASCADE")


def test_table_without_a_guard_gets_one_after_a_migration():
    table = "core_auditentry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {append_only.GUARD} ON {table}")
    assert not refuses(f"TRUNCATE {table}")

    append_only.guard_tables(using="default")
    append_only.guard_tables(using="default")

    assert refuses(f"TRUNCATE {table}")


def test_our_code_sets_no_guard_aside():
    """`pgtrigger.ignore` and its like would let rows be changed."""
    ours = {
        config.path
        for config in apps.get_app_configs()
        if ".venv" not in config.path and "site-packages" not in config.path
    }
    words = ("pgtrigger.ignore", "session_replication_role", "DISABLE TRIGGER")
    # Gave noted reminders the row of the plan that had asked for them, once.
    moved_rows = "submissions/migrations/0014_reminders_of_plans.py"

    found = [
        str(path)
        for folder in ours
        for path in Path(folder).rglob("*.py")
        if any(word in path.read_text() for word in words)
        and not path.as_posix().endswith(moved_rows)
    ]

    assert found == []
