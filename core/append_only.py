"""Tables that only grow: what protects their rows, and what empties none of them.

Triggers of models guard rows; TRUNCATE touches none, so that each table with a guard
of its rows gets one for the whole. It is put there after every migration, from the
models themselves: no new table of history can be forgotten.
"""

from collections.abc import Iterator
from typing import Any, cast

import pgtrigger
from django.db import connections, models

GUARD = "core_never_emptied"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {GUARD}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are kept: they are not removed together.', TG_TABLE_NAME;
END $$
"""


def protected_models() -> list[type[models.Model]]:
    """Give the models of which a trigger refuses to change or delete some row."""
    return _sorted({model for model, _trigger in _protections()})


def append_only_models() -> list[type[models.Model]]:
    """Give those whose rows never change, and are not deleted before their time.

    They are told by the name of the trigger.
    """
    fixed, kept = set(), set()
    for model, trigger in _protections():
        if trigger.name == "append_only":
            fixed.add(model)
        if "DELETE" in str(trigger.operation):
            kept.add(model)
    return _sorted(fixed & kept)


def _protections() -> Iterator[tuple[type[models.Model], Any]]:
    for model, trigger in pgtrigger.registered():
        if isinstance(trigger, pgtrigger.Protect):
            yield cast(type[models.Model], model), trigger


def _sorted(found: set[type[models.Model]]) -> list[type[models.Model]]:
    return sorted(found, key=lambda model: model._meta.db_table)


def guard_tables(*, using: str) -> None:
    """Let the database refuse to empty what it protects, where it does not yet."""
    with connections[using].cursor() as cursor:
        for table in _unguarded(cursor):
            cursor.execute(_FUNCTION)
            cursor.execute(
                f"CREATE TRIGGER {GUARD} BEFORE TRUNCATE ON {table}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {GUARD}()"
            )


def _unguarded(cursor: Any) -> list[str]:
    """Name the protected tables there are that have no guard."""
    cursor.execute(
        "SELECT quote_ident(relname) FROM pg_class WHERE relname = ANY(%s)"
        " AND relnamespace = current_schema()::regnamespace AND NOT EXISTS ("
        " SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname = %s)"
        " ORDER BY relname",
        [[model._meta.db_table for model in protected_models()], GUARD],
    )
    return [name for (name,) in cursor.fetchall()]
