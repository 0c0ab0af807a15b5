"""What every test stands on.

Database and broker are started by `kipp_portal.settings_test`: pytest-django reads
settings before it reads this file. Workers of pytest-xdist inherit the addresses.
"""

import os

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from accounts import mails
from core import append_only
from tests.prepared import prepared_database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_keepdb
):
    """Let the database of the tests begin as a copy of one that is migrated."""
    if not django_db_keepdb:  # one that is kept is brought up to date as ever
        connection.settings_dict["TEST"] |= {
            "TEMPLATE": prepared_database(os.environ["DATABASE_URL"]),
            "MIGRATE": False,
        }


@pytest.fixture(autouse=True)
def _no_traces(settings, tmp_path):
    """Keep files and cached values of one test from the next one and from the demo."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAIL_SINK_DIR = tmp_path / "mail"
    cache.clear()


@pytest.fixture(autouse=True)
def _mails_at_once(monkeypatch):
    """Send mails about signing in before the answer, not beside it."""
    monkeypatch.setattr(mails, "send_later", mails.send)


@pytest.fixture(autouse=True, scope="session")
def _tables_may_be_emptied():
    """Let a test that commits empty the tables behind it, those guarded too."""
    empty = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(operations, statements):
        tables = [each._meta.db_table for each in append_only.protected_models()]
        with connection.cursor() as cursor:
            for switch in ("DISABLE", "ENABLE"):
                if switch == "ENABLE":
                    empty(operations, statements)
                for table in tables:
                    cursor.execute(
                        f"ALTER TABLE {table} {switch} TRIGGER {append_only.GUARD}"
                    )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield
