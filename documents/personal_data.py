"""What this app keeps of a person, for the copy of their data."""

from django.utils.translation import gettext as _

from accounts.models import User
from core.personal_data import Portion, section
from documents.models import Batch, SignedCopy

COVERS = frozenset({"documents.Batch.created_by", "documents.SignedCopy.kept_by"})


def collect(user: User) -> Portion:
    """The batches of papers the person has ordered, and the signed files they kept."""
    return Portion(
        [
            section(
                "berkas-cetak",
                (
                    {_("Ordered at"): batch.created_at}
                    for batch in Batch.objects.filter(created_by=user).order_by("pk")
                ),
            ),
            section(
                "berkas-bertanda-tangan",
                (
                    {_("Kept at"): copy.kept_at, _("Fingerprint"): copy.sha256}
                    for copy in SignedCopy.objects.filter(kept_by=user).order_by("pk")
                ),
            ),
        ]
    )
