"""What people do with accounts, governments, institutions and roles."""

from accounts.services.bodies import (
    CodeTaken,
    ParentElsewhere,
    create_government,
    create_institution,
)
from accounts.services.imports import ImportReport, RowReport, import_institutions
from accounts.services.people import (
    EmailTaken,
    MembershipNotEnded,
    MembershipNotGranted,
    create_user,
    end_membership,
    ensure_user,
    grant_membership,
)

__all__ = [
    "CodeTaken",
    "EmailTaken",
    "ImportReport",
    "MembershipNotEnded",
    "MembershipNotGranted",
    "ParentElsewhere",
    "RowReport",
    "create_government",
    "create_institution",
    "create_user",
    "end_membership",
    "ensure_user",
    "grant_membership",
    "import_institutions",
]
