"""Appends a PAdES signature with its visible block to a PDF.

Imported where something is signed and nowhere else: it takes some 40 MB.
"""

from collections.abc import Callable
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.pdf_utils import content as pdf_content
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp.static import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.signing.provider import Place


class Unsignable(Exception):
    """A file to which no signature can be appended."""


class TimeStampMissing(Exception):
    """The time-stamp server did not answer."""


class _Writer(IncrementalPdfFileWriter):
    """Appends the signature alone: title, keywords and archive marks stay as issued."""

    def _update_meta(self) -> None:
        """Leave the metadata, which name the paper's code, untouched."""


class _Block(pdf_content.ImportedPdfPage):
    """The first page of a PDF in memory as the appearance of a signature."""

    def __init__(self, drawn: bytes) -> None:
        super().__init__("")  # type: ignore[no-untyped-call]
        self.drawn = drawn

    def render(self) -> bytes:
        form = self._ensure_writer.import_page_as_xobject(
            PdfFileReader(BytesIO(self.drawn))
        )
        self.resources.xobject[pdf_name("/Block")] = form
        left, bottom, right, top = (float(side) for side in form.get_object()["/BBox"])
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return b"/Block Do"


def signer_of(
    key: PrivateKeyTypes, certificate: x509.Certificate, others: list[x509.Certificate]
) -> signers.SimpleSigner:
    """Give what signs with an opened key; `others` go along to its issuer."""
    chain = SimpleCertificateStore()
    chain.register_multiple(map(translate_pyca_cryptography_cert_to_asn1, others))
    return signers.SimpleSigner(
        signing_cert=translate_pyca_cryptography_cert_to_asn1(certificate),
        signing_key=translate_pyca_cryptography_key_to_asn1(key),
        cert_registry=chain,
    )


def holder_of(signer: signers.SimpleSigner) -> str:
    """Who signs, as the certificate names them."""
    certificate = signer.signing_cert
    names = certificate.subject.native if certificate else {}
    return str(names.get("common_name", ""))


def append_signature(
    content: bytes,
    *,
    block: bytes,
    place: Place,
    field: str,
    label: str,
    contact: str,
    signer: signers.SimpleSigner,
    time_stamper: TimeStamper | None,
) -> bytes:
    """Give the file with one more signature; all its bytes stay as they were.

    `label` is what the field is called where the block is not seen; `contact` is where
    the paper can be verified, as signature panels show it.
    Raises Unsignable and TimeStampMissing.
    """
    style = StaticStampStyle(
        border_width=0,
        background=_Block(block),
        background_opacity=1.0,
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MIN,
            y_align=layout.AxisAlignment.ALIGN_MAX,
            margins=layout.Margins.uniform(0),
        ),
    )
    left, bottom, right, top = (round(side) for side in place.box)
    try:
        signing = signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name=field,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                contact_info=contact or None,
            ),
            signer,
            timestamper=time_stamper,
            stamp_style=style,
            new_field_spec=fields.SigFieldSpec(
                field,
                on_page=place.page,
                box=(left, bottom, right, top),
                readable_field_name=label,
            ),
        )
        done: Callable[[], bytes] = signing.sign_pdf(
            _Writer(BytesIO(content), strict=False)
        ).getvalue
    except TimestampRequestError as error:
        raise TimeStampMissing from error
    except (PdfError, SigningError) as error:
        raise Unsignable from error
    return done()
