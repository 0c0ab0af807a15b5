"""How a government writes the numbers of its papers."""

from datetime import datetime

from django.db import transaction

from accounts.models import Government, User
from core import audit
from documents import numbering
from documents.models import NumberPattern


def set_pattern(
    *,
    government: Government,
    kind: str,
    pattern: str,
    unit: str,
    actor: User,
    at: datetime,
) -> NumberPattern:
    """Have numbers of `kind` written by `pattern` from now on; counting goes on.

    Raises PatternMistaken, which says what to mend.
    Source: rule DOC-04 in docs/rules.md.
    """
    numbering.check_pattern(pattern, unit)
    with transaction.atomic():
        own, _is_new = NumberPattern.objects.update_or_create(
            government=government,
            kind=kind,
            defaults={"pattern": pattern, "unit": unit},
        )
        audit.record(
            "number_pattern.set",
            actor=actor,
            target=own,
            at=at,
            scope=government.code,
            changes={"kind": kind, "pattern": pattern, "unit": unit},
        )
    return own


def drop_pattern(
    *, government: Government, kind: str, actor: User, at: datetime
) -> None:
    """Go back to the pattern that the portal has from the start."""
    with transaction.atomic():
        own = NumberPattern.objects.select_for_update().filter(
            government=government, kind=kind
        )
        for pattern in own:
            audit.record(
                "number_pattern.dropped",
                actor=actor,
                target=pattern,
                at=at,
                scope=government.code,
                changes={"kind": kind},
            )
            pattern.delete()
