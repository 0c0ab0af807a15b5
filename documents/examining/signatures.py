"""The signatures in a PDF: who, certified by whom, when, and whether they hold."""

import logging
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto.x509 import Certificate, Name
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleTrustManager

from documents.examining.packed import PackedReader

logger = logging.getLogger(__name__)
# More than any committee signs.
MOST = 20
# Indonesian certificates carry one of both, as some signing programs ask for.
_USAGES = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_EXPIRED = {AdESIndeterminate.EXPIRED, AdESIndeterminate.OUT_OF_BOUNDS_NO_POE}
_REVOKED = {
    AdESFailure.REVOKED,
    AdESIndeterminate.REVOKED_NO_POE,
    AdESIndeterminate.REVOKED_CA_NO_POE,
}
_COVERAGES = {
    SignatureCoverageLevel.ENTIRE_FILE: "file",
    SignatureCoverageLevel.ENTIRE_REVISION: "revision",
}
_HARMLESS = {
    ModificationLevel.NONE,
    ModificationLevel.LTA_UPDATES,
    ModificationLevel.FORM_FILLING,
}
_UNREADABLE = (
    PdfError,
    SignatureValidationError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    NotImplementedError,
    RecursionError,
)


def read(content: bytes, roots: list[str], at: datetime) -> list[dict[str, Any]]:
    """Give one entry for each signature, in the order in which they were made.

    `roots` are files with the certificates that are trusted; `at` is the moment for
    which certificates are judged where no time stamp proves another one.
    """
    try:
        reader = PackedReader(BytesIO(content), strict=False)
        embedded = list(reader.embedded_regular_signatures)[:MOST]
    except _UNREADABLE:
        return []
    trusted = _certificates(roots)
    return [_entry(each, trusted, at) for each in embedded]


def _certificates(files: list[str]) -> list[Certificate]:
    """Those that can be read: a stray file in the folder spoils nothing."""
    found: list[Certificate] = []
    for file in files:
        try:
            found.extend(
                each for each in load_certs_from_pemder([file]) if each.subject.native
            )
        except (OSError, ValueError):
            logger.warning("No certificate in %s", file)
    return found


def _entry(
    embedded: EmbeddedPdfSignature, trusted: list[Certificate], at: datetime
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "field": str(embedded.field_name),
        "signer": "",
        "issuer": "",
        "at": None,
        "is_time_attested": False,
        "is_intact": False,
        "is_trusted": False,
        "doubt": "unreadable",
        "covers": "unclear",
        "is_changed_after": True,
    }
    try:
        entry["signer"] = _known_as(embedded.signer_cert.subject)
        entry["issuer"] = _issuer(embedded.signer_cert.issuer)
        status = _judge(embedded, trusted, at)
    except _UNREADABLE:
        return entry
    stamp = status.timestamp_validity
    moment, is_attested = status.signer_reported_dt, False
    if stamp is not None and stamp.intact and stamp.valid:
        moment, is_attested = stamp.timestamp, stamp.trusted
    entry |= {
        "at": moment.isoformat() if moment else None,
        "is_time_attested": is_attested,
        "is_intact": status.intact and status.valid,
        "is_trusted": status.trusted,
        "doubt": _doubt(status),
        "covers": _covers(status),
        "is_changed_after": status.modification_level not in _HARMLESS
        or _is_trailed(embedded, status),
    }
    return entry


def _judge(
    embedded: EmbeddedPdfSignature, trusted: list[Certificate], at: datetime
) -> PdfSignatureStatus:
    def judged(moment: datetime) -> PdfSignatureStatus:
        context = ValidationContext(
            trust_manager=SimpleTrustManager.build(trust_roots=trusted),
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        return validate_pdf_signature(embedded, context, key_usage_settings=_USAGES)

    status = judged(at)
    stamp = status.timestamp_validity
    if not status.trusted and stamp is not None and stamp.trusted:
        # A certificate that ran out later was good when somebody else saw it used.
        return judged(stamp.timestamp)
    return status


def _covers(status: PdfSignatureStatus) -> str:
    return _COVERAGES.get(status.coverage, "unclear") if status.coverage else "unclear"


def _is_trailed(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    """Whether bytes follow the last signature that belong to no update of the file."""
    is_last = embedded.signed_revision == embedded.reader.xrefs.total_revisions - 1
    return is_last and status.coverage != SignatureCoverageLevel.ENTIRE_FILE


def _doubt(status: PdfSignatureStatus) -> str:
    """Why a signature is not trusted, in one word; empty for one that is."""
    if not (status.intact and status.valid):
        return "altered"
    if status.trusted:
        return ""
    if status.revoked or status.trust_problem_indic in _REVOKED:
        return "revoked"
    if status.trust_problem_indic in _EXPIRED:
        return "expired"
    if status.trust_problem_indic == AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        return "unknown_issuer"
    return "other"


def _known_as(name: Name) -> str:
    parts = name.native
    for key in ("common_name", "organization_name"):
        if parts.get(key):
            return _line(parts[key])
    return str(name.human_friendly)[:120]


def _issuer(name: Name) -> str:
    """The body behind a certificate: "OSD LU Kelas 2, Lembaga Sandi Negara"."""
    parts = name.native
    named = [
        _line(parts[key])
        for key in ("common_name", "organization_name")
        if parts.get(key)
    ]
    return ", ".join(dict.fromkeys(named)) or str(name.human_friendly)[:120]


def _line(value: str | list[str]) -> str:
    text = value if isinstance(value, str) else " ".join(value)
    return " ".join(text.split())[:120]
