from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        post_migrate.connect(_guard_tables, sender=self)


def _guard_tables(using: str, **kwargs: Any) -> None:
    from core import append_only

    append_only.guard_tables(using=using)
