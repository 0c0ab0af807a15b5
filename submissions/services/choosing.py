"""What a person chose last for the table of proposals."""

from collections.abc import Sequence

from accounts.models import User
from submissions.models import ExportChoice


def remember_columns(*, columns: Sequence[str], actor: User) -> None:
    """Keep the columns, to be ticked the next time."""
    ExportChoice.objects.update_or_create(
        user=actor, defaults={"columns": list(columns)}
    )
