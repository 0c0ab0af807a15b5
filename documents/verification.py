"""What the portal answers about a code: valid, revoked, replaced or unknown."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.dates import format_date
from documents import codes
from documents.models import IssuedDocument


@dataclass(frozen=True)
class Verdict:
    """An answer in words. Variants as of components/verdict.html: ok, bad, mute."""

    variant: str
    title: str
    text: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    document: IssuedDocument | None = None
    replacement_code: str = ""

    @property
    def is_known(self) -> bool:
        return self.document is not None

    @property
    def is_valid(self) -> bool:
        return self.document is not None and self.document.is_valid

    @property
    def issuer(self) -> str:
        """The body that answers for the paper, as printed on it."""
        return _issuer(self.document) if self.document else ""


def verify(code: str) -> Verdict:
    """Answer for a normalised code; costs one query.

    It tells what the paper says and no more, and whether a file was made of it yet
    makes no difference.
    """
    document = (
        IssuedDocument.objects.filter(code=code, is_public=True)
        .select_related("government", "replaced_by")
        .first()
    )
    if document is None:
        return _unknown()
    if document.is_valid:
        return _valid(document)
    return _replaced(document) if document.is_replaced else _revoked(document)


def _unknown() -> Verdict:
    return Verdict(
        variant="mute",
        title=_("This code is not known"),
        text=_(
            "That does not mean that the paper is false. Compare the code with the "
            "paper and try again."
        ),
    )


def _valid(document: IssuedDocument) -> Verdict:
    title = (
        _("This certificate is valid")
        if document.kind == IssuedDocument.Kind.CERTIFICATE
        else _("This document is valid")
    )
    text = _("Issued by %(issuer)s and in force.") % {"issuer": _issuer(document)}
    return Verdict("ok", title, text, _facts(document), document)


def _revoked(document: IssuedDocument) -> Verdict:
    title = (
        _("This certificate was revoked")
        if document.kind == IssuedDocument.Kind.CERTIFICATE
        else _("This document was revoked")
    )
    text = _("Do not use it. It was revoked on %(date)s.") % {"date": _end(document)}
    rows = [*_facts(document), (_("Why it was revoked"), document.end_reason)]
    return Verdict("bad", title, text, rows, document)


def _replaced(document: IssuedDocument) -> Verdict:
    title = (
        _("This certificate was replaced")
        if document.kind == IssuedDocument.Kind.CERTIFICATE
        else _("This document was replaced")
    )
    text = _("Use the newer one. This one was replaced on %(date)s.") % {
        "date": _end(document)
    }
    rows = [*_facts(document), (_("Why it was replaced"), document.end_reason)]
    newer = document.replaced_by
    code = newer.code if newer and newer.is_public else ""
    return Verdict("bad", title, text, rows, document, code)


def _facts(document: IssuedDocument) -> list[tuple[str, str]]:
    shown = [
        (str(label), str(value)) for label, value in document.value("public") or []
    ]
    return [
        (_("Number"), document.number),
        (_("Document"), document.title),
        *shown,
        (_("Date of issue"), format_date(document.issued_date)),
        (_("Issued by"), _issuer(document)),
        (_("Verification code"), codes.grouped(document.code)),
    ]


def _issuer(document: IssuedDocument) -> str:
    return document.value("issuer") or document.government.name


def _end(document: IssuedDocument) -> str:
    assert document.ended_at is not None  # documents_issueddocument_ended_at_unless…
    return format_date(document.ended_at)
