import pytest

from submissions.dossier import load_dossier
from submissions.fingerprints import content_of, fingerprint, in_groups
from submissions.models import Answer, Evidence, Proposal
from tests.factories.submissions import EvidenceFactory


def digest(proposal):
    fresh = Proposal.objects.for_page().get(pk=proposal.pk)
    return fingerprint(content_of(load_dossier(fresh)))


def test_fingerprint_is_sha256_of_canonical_json():
    assert fingerprint({"b": "é", "a": [1]}) == fingerprint({"a": [1], "b": "é"})
    # printf '{"a":[1],"b":"é"}' | sha256sum
    assert fingerprint({"b": "é", "a": [1]}) == (
        "04f34bc0940adae4d1055943965f4f1a5617be528e5e463451aa03f0ecff81f3"
    )


@pytest.mark.django_db
def test_fingerprint_changes_with_every_part(city):
    proposal = city.proposal()
    evidence = EvidenceFactory(proposal=proposal, section=city.section)
    seen = {digest(proposal)}

    for change in (
        lambda: Proposal.objects.filter(pk=proposal.pk).update(title="Judul lain"),
        lambda: Proposal.objects.filter(pk=proposal.pk).update(header={"a": "b"}),
        lambda: Answer.objects.filter(section=city.section).update(text="Teks lain."),
        lambda: Evidence.objects.filter(pk=evidence.pk).update(sha256="0" * 64),
        lambda: evidence.delete(),
    ):
        change()
        seen.add(digest(proposal))

    assert len(seen) == 6


@pytest.mark.django_db
def test_fingerprint_stays_without_a_change(city):
    proposal = city.proposal()

    assert digest(proposal) == digest(proposal)


def test_digest_in_groups_of_eight():
    assert in_groups("0123456789abcdef") == "01234567 89abcdef"
