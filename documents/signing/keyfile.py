"""Signing with a key file (PKCS#12) that lies on the portal's machine.

PAdES B-B, or B-T where a time-stamp server is set. A certificate of one's own proves
that nothing was changed; it is none that the law calls certified.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from core.dates import format_date
from documents.models import SignedCopy
from documents.signing.provider import (
    CertificateUnusable,
    PaperRefused,
    PassphraseWrong,
    Place,
    ProviderAway,
    Secret,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko.sign.timestamps import TimeStamper

SECONDS = 10


class KeyFileProvider:
    """Signs with one of the files in the folder of a government."""

    name: ClassVar[str] = "keyfile"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Key file of the portal")
    way: ClassVar[SignedCopy.Way] = SignedCopy.Way.KEY
    asks_nik: ClassVar[bool] = False

    def stems(self, government_code: str) -> list[str]:
        """The names of the key files of a government."""
        return sorted(path.stem for path in _folder(government_code).glob("*.p12"))

    @sensitive_variables("secret")
    def check(self, *, key: str, secret: Secret) -> None:
        government, _slash, stem = key.partition("/")
        _load(_file(government, stem), secret)

    @sensitive_variables("secret", "signer")
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
        # Some 40 MB that only signing needs.
        from documents.signing import stamping

        government, _slash, stem = key.partition("/")
        signer = _load(_file(government, stem), secret)
        try:
            return stamping.append_signature(
                content,
                block=block,
                place=place,
                field=field,
                label=_label(stamping.holder_of(signer)),
                contact=contact,
                signer=signer,
                time_stamper=_time_stamper(),
            )
        except stamping.TimeStampMissing:
            raise ProviderAway(
                _(
                    "The time-stamp server does not answer, so nothing was signed. Try "
                    "again in a few minutes."
                )
            ) from None
        except stamping.Unsignable as error:
            raise PaperRefused(
                _("This document cannot be signed: its file is damaged.")
            ) from error


def _label(name: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # it goes into the paper
        return _("Electronic signature of %(name)s") % {"name": name}


def _folder(government_code: str) -> Path:
    return Path(settings.SIGNING_KEYS_DIR or "/nonexistent") / government_code


def _file(government_code: str, stem: str) -> Path:
    """Find the file of a chosen key among those that are offered, and nowhere else."""
    for path in _folder(government_code).glob("*.p12"):
        if path.stem == stem:
            return path
    raise CertificateUnusable(_("This key file is not there any more. Choose another."))


@sensitive_variables("secret", "found")
def _load(path: Path, secret: Secret) -> "SimpleSigner":
    from documents.signing import stamping

    try:
        found = pkcs12.load_pkcs12(path.read_bytes(), secret.passphrase.encode())
    except ValueError:
        raise PassphraseWrong from None
    if found.cert is None or found.key is None:
        raise CertificateUnusable(
            _("This key file holds no key with its certificate. Choose another.")
        )
    _refuse_outdated(found.cert.certificate)
    others = [each.certificate for each in found.additional_certs]
    return stamping.signer_of(found.key, found.cert.certificate, others)


def _refuse_outdated(certificate: x509.Certificate) -> None:
    now = datetime.now(UTC)
    if now > certificate.not_valid_after_utc:
        raise CertificateUnusable(
            _(
                "The certificate of this key file expired on %(date)s. Have a new one "
                "made."
            )
            % {"date": format_date(certificate.not_valid_after_utc)}
        )
    if now < certificate.not_valid_before_utc:
        raise CertificateUnusable(
            _("The certificate of this key file is not valid before %(date)s.")
            % {"date": format_date(certificate.not_valid_before_utc)}
        )


def _time_stamper() -> "TimeStamper | None":
    if not settings.SIGNING_TIME_STAMP_URL:
        return None
    from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper

    return HTTPTimeStamper(settings.SIGNING_TIME_STAMP_URL, timeout=SECONDS)
