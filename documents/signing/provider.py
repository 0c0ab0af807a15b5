"""What signs: the interface of providers, and what they may answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from django.utils.translation import gettext as _

from core.errors import DomainError
from documents.models import SignedCopy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SigningFailed(DomainError):
    """A paper could not be signed; the message says why and what helps."""

    # Whether the next paper of a batch would fail in the same way.
    stops_all = True


class PassphraseWrong(SigningFailed):
    """Nothing more is tried: a service locks who is wrong several times."""

    def __init__(self) -> None:
        super().__init__(
            _("The passphrase is wrong. Type it again; nothing was signed with it.")
        )


class CertificateUnusable(SigningFailed):
    """The certificate of the signer has expired, was revoked, or is not there."""


class ProviderAway(SigningFailed):
    """The service does not answer, or does not answer in time."""


class PaperRefused(SigningFailed):
    """This one paper could not be signed; the next may."""

    stops_all = False


@dataclass(frozen=True, repr=False)
class Secret:
    """What a signer types for one act. No `repr`: no traceback and no log tells it."""

    passphrase: str
    nik: str = ""


@dataclass(frozen=True)
class Signer:
    """The official in whose name is signed, as the block shows them, ready to print."""

    name: str
    position: str
    rank_grade: str = ""
    employee_number: str = ""


@dataclass(frozen=True)
class Place:
    """Where the signature block stands: page from 0, the rest in points from below.

    `page_height` is that of the page, for who counts from above.
    """

    page: int
    left: float
    bottom: float
    width: float
    height: float
    page_height: float

    @property
    def from_top(self) -> float:
        """From the upper edge of the page to that of the block, in points."""
        return self.page_height - self.bottom - self.height

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (
            self.left,
            self.bottom,
            self.left + self.width,
            self.bottom + self.height,
        )


class SigningProvider(Protocol):
    """Signs a PDF within one call; keeps nothing of what it is given."""

    name: ClassVar[str]
    label: ClassVar["StrOrPromise"]
    way: ClassVar[SignedCopy.Way]
    asks_nik: ClassVar[bool]

    def check(self, *, key: str, secret: Secret) -> None:
        """Find out whether the signer can sign at all. Raises SigningFailed if not."""

    def sign(
        self,
        content: bytes,
        *,
        block: bytes,
        place: Place,
        field: str,
        contact: str,
        key: str,
        secret: Secret,
    ) -> bytes:
        """Append one signature with its block (a PDF of one page) and give the file.

        Raises SigningFailed.
        """
