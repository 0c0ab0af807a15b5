"""What this app keeps of a person, for the copy of their data.

Proofs belong to the institution too: who no longer works there gets their names and
no more.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Institution, User
from core.personal_data import FilePart, Portion, section
from innovations.models import AchievementFile

COVERS = frozenset({"innovations.AchievementFile.uploaded_by"})


def collect(user: User) -> Portion:
    """The proofs of achievements the person has uploaded."""
    return Portion([section("bukti-prestasi", _proofs(user))], [*_files(user)])


def _proofs(user: User) -> Iterator[dict[str, Any]]:
    for stored in AchievementFile.objects.filter(uploaded_by=user).order_by("pk"):
        yield {
            _("Name"): stored.name,
            _("Bytes"): stored.size,
            _("Uploaded at"): stored.uploaded_at,
        }


def _files(user: User) -> Iterator[FilePart]:
    own = AchievementFile.objects.filter(
        uploaded_by=user,
        achievement__innovation__institution__in=Institution.objects.managed_by(user),
    )
    for stored in own.order_by("pk"):
        yield FilePart(
            f"berkas/prestasi/{stored.name}",
            partial(stored.file.storage.open, str(stored.file.name), "rb"),
        )
