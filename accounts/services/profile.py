"""What people change of their own data."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit
from core.text import mask_employee_number

FIELDS = ("name", "employee_number", "phone", "language")


def update_profile(
    *,
    user: User,
    name: str,
    employee_number: str,
    phone: str,
    language: str,
    actor: User,
    at: datetime,
) -> User:
    """Change a person's own data; `employee_number` in its compact form.

    The trail holds name and language as they were and are, numbers only by their last
    digits: what is in the trail can never be deleted.
    """
    new = {
        "name": name,
        "employee_number": employee_number,
        "phone": phone,
        "language": language,
    }
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        changes: dict[str, Any] = {}
        for field, value in new.items():
            before = getattr(user, field)
            if before != value:
                changes[field] = [_shown(field, before), _shown(field, value)]
                setattr(user, field, value)
        if changes:
            user.save(update_fields=list(changes))
            audit.record(
                "user.changed", actor=actor, target=user, at=at, changes=changes
            )
    return user


def _shown(field: str, value: str) -> str:
    return (
        mask_employee_number(value) if field in ("employee_number", "phone") else value
    )
