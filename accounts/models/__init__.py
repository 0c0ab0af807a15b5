"""People, the bodies they belong to, and the roles that tie them."""

from accounts.models.bodies import FormerName, Government, Institution, Signatory
from accounts.models.imports import InstitutionImport
from accounts.models.invitations import Handover, Invitation
from accounts.models.memberships import Membership
from accounts.models.people import User
from accounts.models.privacy import (
    AccessEntry,
    DataExport,
    DataRequest,
    RetentionRun,
)
from accounts.models.sign_in import KeptForm, SignInLimit

__all__ = [
    "AccessEntry",
    "DataExport",
    "DataRequest",
    "FormerName",
    "Government",
    "Handover",
    "Institution",
    "InstitutionImport",
    "Invitation",
    "KeptForm",
    "Membership",
    "RetentionRun",
    "SignInLimit",
    "Signatory",
    "User",
]
