"""What the portal answers about a code: valid, revoked, replaced or unknown."""

from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.dates import format_date
from documents import codes
from documents.models import CERTIFICATE_KINDS, IssuedDocument, SignedCopy
from documents.signing import wording
from documents.signing.reading import Signature


@dataclass(frozen=True)
class Verdict:
    """An answer in words. Variants as in css/lean.css: ok, bad, mute."""

    variant: str
    title: str
    text: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    document: IssuedDocument | None = None
    replacement_code: str = ""
    signatures: list[wording.Told] = field(default_factory=list)
    is_altered: bool = False  # said of a file that bears the document's code

    @property
    def is_known(self) -> bool:
        return self.document is not None

    @property
    def is_valid(self) -> bool:
        return self.document is not None and self.document.is_valid

    @property
    def state_label(self) -> str:
        """The state of the document itself, whatever a file of it is."""
        return self.document.get_state_display() if self.document else ""

    @property
    def issuer(self) -> str:
        """The body that answers for the paper, as printed on it."""
        return _issuer(self.document) if self.document else ""


def verify(code: str) -> Verdict:
    """Answer for a normalised code; costs one query.

    It tells what the paper says and no more, and whether a file was made of it yet
    makes no difference.
    """
    document = public_documents().filter(code=code).first()
    return answer(document) if document else _unknown()


def public_documents() -> QuerySet[IssuedDocument]:
    """The papers that answer to everybody, with what is `signed` on their files."""
    newest = SignedCopy.objects.filter(document=OuterRef("pk")).order_by("-sequence")
    return (
        IssuedDocument.objects.filter(is_public=True)
        .select_related("government", "replaced_by")
        .annotate(signed=Subquery(newest.values("signatures")[:1]))
    )


def answer(document: IssuedDocument) -> Verdict:
    """Answer for one of `public_documents`."""
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
        if document.kind in CERTIFICATE_KINDS
        else _("This document is valid")
    )
    text = _("Issued by %(issuer)s and in force.") % {"issuer": _issuer(document)}
    return Verdict(
        "ok",
        title,
        text,
        facts(document),
        document,
        signatures=signatures_of(document),
    )


def _revoked(document: IssuedDocument) -> Verdict:
    title = (
        _("This certificate was revoked")
        if document.kind in CERTIFICATE_KINDS
        else _("This document was revoked")
    )
    text = _("Do not use it. It was revoked on %(date)s.") % {"date": _end(document)}
    rows = [*facts(document), (_("Why it was revoked"), document.end_reason)]
    return Verdict(
        "bad", title, text, rows, document, signatures=signatures_of(document)
    )


def _replaced(document: IssuedDocument) -> Verdict:
    title = (
        _("This certificate was replaced")
        if document.kind in CERTIFICATE_KINDS
        else _("This document was replaced")
    )
    text = _("Use the newer one. This one was replaced on %(date)s.") % {
        "date": _end(document)
    }
    rows = [*facts(document), (_("Why it was replaced"), document.end_reason)]
    newer = document.replaced_by
    code = newer.code if newer and newer.is_public else ""
    return Verdict("bad", title, text, rows, document, code, signatures_of(document))


def signatures_of(document: IssuedDocument) -> list[wording.Told]:
    """The signatures on the newest file of one of `public_documents`, in words."""
    signed = getattr(document, "signed", None) or []
    return [wording.tell(Signature.from_json(told)) for told in signed]


def facts(document: IssuedDocument) -> list[tuple[str, str]]:
    """What the paper says of itself, line by line, and nothing else."""
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
