"""Files that were signed elsewhere: kept as they are, or refused in plain words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.db import InternalError, connection, transaction
from django.utils import translation
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import SimpleSigner

from core.models import AuditEntry
from documents import pdf, queries, services
from documents.examining.__main__ import examine
from documents.models import SignedCopy
from documents.signing import reading, stamping
from documents.signing.provider import Place
from tests.documents import signers
from tests.documents.test_signing import sign

pytestmark = pytest.mark.django_db
NOON = datetime.now(UTC)


def signed(content, person=None, *, field="Sig1", place=None):
    """What a signing application makes of a file."""
    key = SimpleSigner.load_pkcs12_data(
        (person or signers.signer()).p12(), [], signers.PASSPHRASE.encode()
    )
    return stamping.append_signature(
        content,
        block=pdf.render_html("<style>@page { size: 60mm 20mm }</style>", variant=None),
        place=place or Place(0, 100, 100, 170, 57, 842),
        field=field,
        label=field,
        contact="",
        signer=key,
        time_stamper=None,
    )


def keep(portal, document, content):
    return services.keep_signed_upload(
        document=document, content=content, actor=portal.person, at=NOON
    )


@pytest.fixture
def paper(signing_portal):
    return signing_portal.paper()


def test_signed_file_is_kept_byte_by_byte(signing_portal, paper):
    content = signed(queries.bytes_of(paper))

    copy = keep(signing_portal, paper, content)

    assert queries.bytes_of(copy) == content
    assert (copy.sha256, copy.size) == (sha256(content).hexdigest(), len(content))
    assert (copy.way, copy.kept_by, copy.signers) == (
        "uploaded",
        signing_portal.person,
        ["H. Fulan, S.H."],
    )
    paper.refresh_from_db()
    assert sha256(queries.bytes_of(paper)).hexdigest() == paper.sha256
    entry = AuditEntry.objects.get(action="document.signed_copy_uploaded")
    assert (entry.actor, entry.target_id) == (signing_portal.person, str(paper.pk))


def test_signature_that_nobody_vouches_for_is_kept_and_said_so(signing_portal, paper):
    stranger = signers.signer("Orang Asing", by="CA Asing")

    copy = keep(signing_portal, paper, signed(queries.bytes_of(paper), stranger))

    (signature,) = copy.signatures
    assert (signature["is_intact"], signature["is_trusted"], signature["doubt"]) == (
        True,
        False,
        "unknown_issuer",
    )


def test_file_with_two_signatures_tells_both(signing_portal, paper):
    first = signed(queries.bytes_of(paper))
    second = signed(
        first,
        signers.signer("Sekretaris Daerah"),
        field="Sig2",
        place=Place(0, 300, 100, 170, 57, 842),
    )

    copy = keep(signing_portal, paper, second)

    assert copy.signers == ["H. Fulan, S.H.", "Sekretaris Daerah"]


def test_file_written_anew_by_the_signing_program_is_compared_by_its_pages(
    signing_portal, paper
):
    """Not every program appends: what the pages show decides."""
    rewritten = BytesIO()
    with pikepdf.open(BytesIO(queries.bytes_of(paper))) as same:
        same.save(rewritten, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    copy = keep(signing_portal, paper, signed(rewritten.getvalue()))

    assert copy.sequence == 1


def test_further_signature_goes_on_the_newest_copy(signing_portal, paper):
    first = signed(queries.bytes_of(paper))
    keep(signing_portal, paper, first)
    another = signed(queries.bytes_of(paper), signers.signer("Lain"))

    with pytest.raises(services.NotSignableError):
        keep(signing_portal, paper, another)
    copy = keep(signing_portal, paper, signed(first, field="Sig2"))

    assert copy.sequence == 2


def test_same_file_twice_is_kept_once(signing_portal, paper):
    content = signed(queries.bytes_of(paper))

    copies = {keep(signing_portal, paper, content) for _press in range(2)}

    assert len(copies) == SignedCopy.objects.count() == 1


# What is not the paper -------------------------------------------------------------


@pytest.fixture(scope="module")
def issued():
    """The bytes of some paper."""
    page = "<title>Piagam</title><h1>Piagam</h1><a href='https://a.example'>x</a>"
    return pdf.render_html(page)


def edited(change):
    """A file whose pages or catalogue were changed before it was signed."""

    def make(content):
        out = BytesIO()
        with pikepdf.open(BytesIO(content)) as document:
            change(document)
            document.save(out)
        return signed(out.getvalue())

    return make


def appended(change):
    """A file to which something was appended before it was signed."""

    def make(content):
        writer = IncrementalPdfFileWriter(BytesIO(content))
        change(writer)
        out = BytesIO()
        writer.write(out)
        return signed(out.getvalue())

    return make


def add_page(document):
    document.add_blank_page()


def write_over(document):
    document.pages[0].contents_add(b"0 0 100 100 re f")


def attach(document):
    document.attachments["rahasia.txt"] = b"isi"


def act(document):
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS="app.alert(1)"
    )


def note(document):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.FreeText,
        Rect=[10, 10, 200, 60],
        Contents="Juara II",
    )
    document.pages[0].Annots = document.make_indirect(
        pikepdf.Array([document.make_indirect(note)])
    )


def layer(document):
    document.Root.OCProperties = pikepdf.Dictionary(
        OCGs=pikepdf.Array([]), D=pikepdf.Dictionary()
    )


def append_title(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)


def append_label(writer):
    writer.root["/PageLabels"] = generic.DictionaryObject()
    writer.update_root()


def of_another(content):
    other = pdf.render_html("<title>x</title><h1>Piagam</h1>")
    return signed(other)


def locked(content):
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))
    return out.getvalue()


def covering(content):
    return signed(content, place=Place(0, 10, 10, 560, 800, 842))


def changed_after(content):
    writer = IncrementalPdfFileWriter(BytesIO(signed(content)))
    append_label(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (lambda content: content, "no electronic signature"),
        (lambda content: content[: len(content) // 2], "cannot be"),
        (lambda content: b"%PDF-1.7 tidak", "cannot be read"),
        (lambda content: b"\0" * 100, "cannot be read"),
        (locked, "locked"),
        (of_another, "another document"),
        (edited(add_page), "more or fewer pages"),
        (edited(write_over), "pages show something else"),
        (edited(attach), "Other files were attached"),
        (edited(act), "actions or layers"),
        (edited(layer), "actions or layers"),
        (edited(note), "Notes or drawings"),
        (appended(append_title), "pages show something else"),
        (appended(append_label), "More than a signature"),
        (covering, "covers too much"),
        (changed_after, "More than a signature"),
    ],
)
def test_what_is_not_the_paper_is_refused_in_plain_words(issued, forge, words):
    told = examine(forge(issued), issued, [], NOON)

    with (
        translation.override("en"),
        pytest.raises(services.SignedFileRefusedError) as raised,
    ):
        services.signing._refuse_foreign(reading.Reading.from_json(told))

    assert words in raised.value.message


def test_refused_file_leaves_nothing(signing_portal, paper):
    forged = edited(note)(queries.bytes_of(paper))

    with pytest.raises(services.SignedFileRefusedError):
        keep(signing_portal, paper, forged)

    assert not SignedCopy.objects.exists()
    assert paper.file.storage.listdir(f"documents/{paper.year}")[1] == [
        paper.file.name.rpartition("/")[2]
    ]


# What the database keeps -----------------------------------------------------------


def test_signed_copy_is_never_changed_or_deleted(signing_portal, paper):
    copy = keep(signing_portal, paper, signed(queries.bytes_of(paper)))

    for act in (
        lambda: SignedCopy.objects.update(sha256="0" * 64),
        lambda: SignedCopy.objects.filter(pk=copy.pk).delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_one_copy(signing_portal):
    """Two uploads of different files, and two presses of the button."""
    paper, pressed = signing_portal.paper(), signing_portal.paper()
    issued = queries.bytes_of(paper)
    files = [signed(issued), signed(issued, signers.signer("Lain"))]

    def upload(content):
        try:
            return keep(signing_portal, paper, content)
        except services.NotSignableError:
            return None
        finally:
            connection.close()

    def press(_time):
        try:
            return sign(pressed)
        except services.NotSignableError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(upload, files))
        done = list(pool.map(press, range(2)))

    assert [len(list(filter(None, made))) for made in (kept, done)] == [1, 1]
    assert SignedCopy.objects.count() == 2
    assert len(paper.file.storage.listdir(f"documents/{paper.year}")[1]) == 4


def test_paper_whose_file_is_damaged_is_not_signed(signing_portal):
    paper = signing_portal.paper()
    content = signed(queries.bytes_of(paper))
    Path(paper.file.path).unlink()

    with pytest.raises(services.NotSignableError):
        keep(signing_portal, paper, content)

    assert not SignedCopy.objects.exists()
