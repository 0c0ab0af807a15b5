"""Signatures in plain words, for pages that everybody reads."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.dates import format_datetime
from documents.signing.reading import Signature


@dataclass(frozen=True)
class Told:
    """One signature as it is told. Variants as of the status tag: ok, warn, bad."""

    variant: str
    title: str
    signer: str
    issuer: str
    time: str
    remark: str


def tell(signature: Signature) -> Told:
    """Say who signed, whether it holds, and whether anybody vouches for the signer."""
    variant, title, remark = _judgement(signature)
    return Told(
        variant=variant,
        title=title,
        signer=signature.signer or _("Not readable"),
        issuer=signature.issuer or _("Not readable"),
        time=_time(signature),
        remark=remark,
    )


def _judgement(signature: Signature) -> tuple[str, str, str]:
    if signature.doubt == "unreadable":
        return "warn", _("Cannot be checked"), _("The signature cannot be read.")
    if not signature.holds:
        return (
            "bad",
            _("Does not hold"),
            _("The content was changed after it was signed."),
        )
    unchanged = _("The content is unchanged since it was signed.")
    if signature.is_trusted:
        remark = _("Its certificate comes from an issuer that this portal trusts.")
        return "ok", _("Valid signature"), f"{unchanged} {remark}"
    return "warn", _("Unchanged, signer not proven"), f"{unchanged} {_doubt(signature)}"


def _doubt(signature: Signature) -> str:
    return {
        "expired": _(
            "The certificate has expired, and no time stamp proves that the "
            "signature is older."
        ),
        "revoked": _("The certificate was revoked by its issuer."),
        "unknown_issuer": _(
            "This portal does not know the issuer of the certificate: it cannot vouch "
            "for who signed."
        ),
    }.get(signature.doubt, _("The certificate could not be checked."))


def _time(signature: Signature) -> str:
    if signature.at is None:
        return _("Not stated")
    when = format_datetime(signature.at)
    if signature.is_time_attested:
        return _("%(when)s, proven by a time stamp") % {"when": when}
    return _("%(when)s, by the clock of the signer") % {"when": when}
