"""Signing by a certified service: version 2 of BSrE's "Esign Client Service".

Written after its guide 2.2.1 and public programs that call it (docs/decisions/0027).
The service holds the key. It is sent the paper, the signer's NIK and the passphrase of
this one act, and gives the signed file back; nothing of it is kept.
"""

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any, ClassVar

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from documents.models import SignedCopy
from documents.signing import pictures
from documents.signing.provider import (
    CertificateUnusable,
    PaperRefused,
    PassphraseWrong,
    Place,
    ProviderAway,
    Secret,
    SigningFailed,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Seconds to reach the service, and to wait for each signature.
TIMEOUT = (5, 25)
MOST_BYTES = 25 * 1024 * 1024
# The state of somebody whose certificate can be used.
_ACTIVE = "ISSUE"
# What the service says is told apart by its words: its numbers differ by version.
_PASSPHRASE = re.compile(r"pass\s?phrase", re.IGNORECASE)
_CERTIFICATE = re.compile(
    r"expired|renew|revoke|suspend|no.?certificate|kedaluwarsa|kadaluarsa|dicabut", re.I
)
_STRANGER = re.compile(
    r"not.?registered|belum terdaftar|tidak terdaftar|tidak ditemukan", re.I
)
_DIGITS = re.compile(r"\d{6,}")


class ServiceProvider:
    """Has papers signed over HTTP by who holds the certified keys."""

    name: ClassVar[str] = "service"
    label: ClassVar["StrOrPromise"] = gettext_lazy(
        "Certified electronic signature (BSrE)"
    )
    way: ClassVar[SignedCopy.Way] = SignedCopy.Way.SERVICE
    asks_nik: ClassVar[bool] = True

    @sensitive_variables("secret")
    def check(self, *, key: str, secret: Secret) -> None:
        answer = _ask("/api/v2/user/check/status", {"nik": secret.nik})
        told = _told(answer)
        if answer.ok and told.get("status") == _ACTIVE:
            return
        raise _refusal(told, secret, CertificateUnusable)

    @sensitive_variables("secret", "order")
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
        order = {
            "nik": secret.nik,
            "passphrase": secret.passphrase,
            "signatureProperties": [
                {
                    "imageBase64": _packed(pictures.png_of(block)),
                    "tampilan": "VISIBLE",
                    "page": place.page + 1,
                    # Counted from the upper left corner of the page, in points.
                    "originX": round(place.left, 1),
                    "originY": round(place.from_top, 1),
                    "width": round(place.width, 1),
                    "height": round(place.height, 1),
                    "contactInfo": contact or "null",
                    "location": "null",
                    "reason": "null",
                }
            ],
            "file": [_packed(content)],
        }
        answer = _ask("/api/v2/sign/pdf", order)
        told = _told(answer)
        signed = _signed(told) if answer.ok else b""
        if signed.startswith(b"%PDF-"):
            return signed
        raise _refusal(told, secret, PaperRefused)


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _signed(told: dict[str, Any]) -> bytes:
    """The one file of an answer, or nothing."""
    found = told.get("file")
    if not isinstance(found, list) or len(found) != 1:
        return b""
    try:
        return base64.b64decode(str(found[0]), validate=True)
    except binascii.Error:
        return b""


@sensitive_variables()
def _ask(path: str, order: dict[str, Any]) -> requests.Response:
    """Call the service.

    Raises ProviderAway without telling what was sent: `requests` keeps it beside its
    errors.
    """
    try:
        answer = requests.post(
            f"{settings.SIGNING_SERVICE_URL.rstrip('/')}{path}",
            auth=(settings.SIGNING_SERVICE_USER, settings.SIGNING_SERVICE_PASSWORD),
            timeout=TIMEOUT,
            allow_redirects=False,
            json=order,
        )
    except requests.RequestException:
        answer = None
    if answer is None or answer.status_code >= 500 or len(answer.content) > MOST_BYTES:
        raise ProviderAway(
            _(
                "The signing service does not answer. The document stays unsigned; try "
                "again in a few minutes."
            )
        )
    if answer.status_code in {401, 403}:
        raise ProviderAway(
            _(
                "The signing service does not know this portal. Ask the system admin "
                "to check the access to it."
            )
        )
    return answer


def _told(answer: requests.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


@sensitive_variables("secret")
def _refusal(
    told: dict[str, Any], secret: Secret, otherwise: type[SigningFailed]
) -> SigningFailed:
    """What an answer in JSON means to the person who wants to sign."""
    words = str(told.get("error") or told.get("message") or told.get("status") or "")
    if _PASSPHRASE.search(words):
        return PassphraseWrong()
    if _STRANGER.search(words):
        return CertificateUnusable(
            _("The signing service knows nobody with this NIK. Check its 16 digits.")
        )
    if _CERTIFICATE.search(words):
        return CertificateUnusable(
            _(
                "The signer's certificate has expired or was revoked. Have it renewed "
                "by the certification service."
            )
        )
    # Long numbers may be the signer's own, and the passphrase is nobody's to read.
    said = _DIGITS.sub("…", words.replace(secret.passphrase, "…"))[:200]
    if not said:
        return otherwise(_("The signing service refused without saying why."))
    return otherwise(_("The signing service refused: %(words)s") % {"words": said})
