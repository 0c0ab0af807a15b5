"""What the tests of the pages have in common."""

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.submissions import tiny_pdf

AUTOSAVE = {"X-Requested-With": "autosave", "Accept": "application/json"}
UPLOAD = {"X-Requested-With": "upload", "Accept": "application/json"}
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def url(name, *args):
    return reverse(f"submissions:{name}", args=args)


def section_url(proposal, code="kebaruan"):
    return url("section_edit", proposal.code, code)


def content_of(answer):
    return b"".join(answer.streaming_content)


def kept_bytes(stored):
    with default_storage.open(stored.file.name) as file:
        return file.read()


def upload(name="bukti.pdf", content=None):
    return SimpleUploadedFile(name, tiny_pdf("x") if content is None else content)


def close(city):
    """End the submission stage of the city's round long ago."""
    city.round.stage_set.filter(pk=city.stage.pk).update(
        opens_at="2020-01-01T00:00Z", closes_at="2020-02-01T00:00Z"
    )
