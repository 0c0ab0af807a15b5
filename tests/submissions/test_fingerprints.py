import subprocess
from hashlib import sha256

import pytest

from submissions.dossier import load_dossier
from submissions.fingerprints import (
    PartDigest,
    content_of,
    digests_in,
    fingerprint,
    in_groups,
    manifest,
)
from submissions.models import Answer, Evidence, Proposal
from tests.factories.submissions import EvidenceFactory


def parts_of(proposal):
    fresh = Proposal.objects.for_page().get(pk=proposal.pk)
    return content_of(load_dossier(fresh))


def digest(proposal):
    return fingerprint(parts_of(proposal))


def test_fingerprint_is_the_sha256_of_the_list():
    parts = [PartDigest("a.txt", "A", "0" * 64), PartDigest("b/é.txt", "B", "1" * 64)]

    assert manifest(parts) == f"{'0' * 64}  a.txt\n{'1' * 64}  b/é.txt\n"
    assert fingerprint(parts) == sha256(manifest(parts).encode()).hexdigest()
    assert digests_in(manifest(parts)) == {"a.txt": "0" * 64, "b/é.txt": "1" * 64}


@pytest.mark.django_db
def test_anybody_can_check_the_list_with_a_common_tool(city, tmp_path):
    proposal = city.proposal()
    for _twice in range(2):  # two files of one name
        EvidenceFactory(proposal=proposal, section=city.section, name="bukti.pdf")
    parts = parts_of(proposal)
    files = {each.key: each for each in Evidence.objects.filter(proposal=proposal)}
    letters = {each.key: each for each in proposal.statementletter_set.all()}
    for part in parts:
        place = tmp_path / part.name
        place.parent.mkdir(parents=True, exist_ok=True)
        stored = (files | letters).get(part.file_key)
        if stored is None:
            place.write_bytes(part.content)
        else:
            with stored.file.open() as opened:
                place.write_bytes(opened.read())
    (tmp_path / "daftar.txt").write_text(manifest(parts))

    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "daftar.txt"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout
    assert len(checked.stdout.splitlines()) == len(parts) == 7


@pytest.mark.django_db
def test_fingerprint_changes_with_every_part(city):
    proposal = city.proposal()
    evidence = EvidenceFactory(proposal=proposal, section=city.section)
    seen = {digest(proposal)}

    for change in (
        lambda: Proposal.objects.filter(pk=proposal.pk).update(title="Judul lain"),
        lambda: Proposal.objects.filter(pk=proposal.pk).update(header={"a": "b"}),
        lambda: Answer.objects.filter(section=city.section).update(text="Teks lain."),
        lambda: Answer.objects.filter(section=city.section).update(
            html="<p><strong>Teks lain.</strong></p>"
        ),
        lambda: Evidence.objects.filter(pk=evidence.pk).update(sha256="0" * 64),
        lambda: evidence.delete(),
    ):
        change()
        seen.add(digest(proposal))

    assert len(seen) == 7


@pytest.mark.django_db
def test_fingerprint_stays_without_a_change(city):
    proposal = city.proposal()

    assert digest(proposal) == digest(proposal)


def test_digest_in_groups_of_eight():
    assert in_groups("0123456789abcdef") == "01234567 89abcdef"
