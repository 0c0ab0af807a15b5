from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in an institution or a government."""

    AUTHOR = "author", _("Author")
    INSTITUTION_ADMIN = "institution_admin", _("Institution admin")
    SECRETARIAT = "secretariat", _("Secretariat")
    LEADER = "leader", _("Leader")


def names_of(roles: Iterable[str]) -> str:
    """Name roles in one line, each once."""
    return ", ".join(dict.fromkeys(str(Role(role).label) for role in roles))
