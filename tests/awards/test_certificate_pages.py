"""Pages of certificates: cards, the list before ordering, one's own, files."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards import services
from awards.models import CommitteeMember
from awards.phrases import CertificateKind
from documents import rendering
from documents.models import Batch, IssuedDocument
from submissions.models import Proposal
from tests.factories.accounts import AuthorFactory, SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.submissions import ProposalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

LATER = timedelta(days=2)


def signed_in(client, round):
    user = SecretariatFactory(government=round.competition.government)
    client.force_login(user)
    return user


def page_of(round, kind=CertificateKind.PARTICIPANT):
    return reverse("awards:certificate_issue", args=[round.slug, kind.slug])


def overview_of(round):
    return reverse("awards:certificate_overview", args=[round.slug])


def ticked(page):
    return [row.holder.key for row in page.context["rows"] if row.is_ticked]


@pytest.mark.parametrize("proposals", [1, 3])
def test_list_query_count(client, django_assert_num_queries, proposals):
    round = awarded_round(publish_in=LATER, proposals=proposals)
    signed_in(client, round)
    client.get(page_of(round))

    with django_assert_num_queries(16):
        page = client.get(page_of(round))

    assert len(page.context["rows"]) == proposals


@pytest.mark.parametrize("proposals", [1, 3])
def test_overview_query_count(client, django_assert_num_queries, proposals):
    round = awarded_round(publish_in=LATER, proposals=proposals)
    signed_in(client, round)
    client.get(overview_of(round))

    with django_assert_num_queries(20):
        page = client.get(overview_of(round))

    cards = {card.kind: card for card in page.context["cards"]}
    assert cards[CertificateKind.PARTICIPANT].total == proposals
    assert cards[CertificateKind.COMMITTEE].total == 0


def test_paper_of_who_is_not_on_the_list_any_more_is_named(client):
    round = awarded_round(publish_in=LATER, proposals=2)
    secretary = signed_in(client, round)
    services.issue_certificates(
        round=round,
        kind=CertificateKind.PARTICIPANT,
        actor=secretary,
        at=timezone.now(),
    )
    page = reverse("awards:certificate_issue", args=[round.slug, "peserta"])
    assert client.get(page).context["strays"] == []
    first = Proposal.objects.filter(round=round).order_by("pk").first()
    Proposal.objects.filter(pk=first.pk).update(state=Proposal.State.SUBMITTED)
    Proposal.objects.filter(pk=first.pk).update(state=Proposal.State.RETURNED)

    answer = client.get(page)

    (stray,) = answer.context["strays"]
    assert stray.subject_key == f"proposal:{first.pk}"
    revoke = reverse("documents:document_revoke", args=[stray.code])
    assert revoke in answer.content.decode()


def test_those_unticked_get_none_and_numbers_come_as_told(client):
    round = awarded_round(publish_in=LATER, proposals=3)
    signed_in(client, round)
    page = client.get(page_of(round))
    first, *others = ticked(page)
    told = [row.number for row in page.context["rows"]]

    response = client.post(page_of(round), {"holder": others, "day": "1 Jul 2022"})

    batch = Batch.objects.get(subject_key__endswith=":participant")
    assert response.url == batch.get_absolute_url()
    papers = batch.issueddocument_set.order_by("pk")
    # Printed with another year than the decree's, so only the sequence is as told.
    assert [paper.number.split("/")[1] for paper in papers] == [
        number.split("/")[1] for number in told[:2]
    ]
    after = client.get(page_of(round))
    assert first in ticked(after)
    assert [row.is_issued for row in after.context["rows"]].count(True) == 2


def test_a_second_press_issues_nothing_twice(client):
    round = awarded_round(publish_in=LATER, proposals=2)
    signed_in(client, round)
    data = {"holder": ticked(client.get(page_of(round))), "day": "1 Jul 2022"}

    client.post(page_of(round), data)
    response = client.post(page_of(round), data, follow=True)

    assert IssuedDocument.objects.count() == 2
    assert Batch.objects.count() == 1
    assert "already" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"day": "1 Jul 2022"}, "holder"),
        ({"day": "31 Feb 2022", "holder": ["x"]}, "day"),
        ({"day": "1 Jul 2022", "holder": ["award:1"]}, "holder"),
    ],
)
def test_what_is_missing_is_said(client, data, field):
    round = awarded_round(publish_in=LATER, proposals=1)
    signed_in(client, round)

    response = client.post(page_of(round), data)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not IssuedDocument.objects.exists()


def test_before_the_awards_nothing_can_be_ordered(client):
    round = awarded_round(proposals=1)
    signed_in(client, round)

    page = client.get(page_of(round, CertificateKind.WINNER))

    assert page.context["roll"].refusal
    assert "checked disabled" in " ".join(page.content.decode().split())


def test_committee_is_pasted_from_a_spreadsheet(client):
    round = awarded_round(publish_in=LATER, proposals=1)
    signed_in(client, round)
    url = reverse("awards:committee_add", args=[round.slug])
    page = page_of(round, CertificateKind.COMMITTEE)

    response = client.post(
        url, {"members": "Siti Aminah\tKetua\r\n\r\nBudi; Anggota - Humas\r\n"}
    )
    wrong = client.post(url, {"members": "Siti Aminah\n; Anggota"})

    assert response.url == page
    assert set(CommitteeMember.objects.values_list("name", "role")) == {
        ("Siti Aminah", "Ketua"),
        ("Budi", "Anggota - Humas"),
    }
    assert wrong.status_code == 422
    found = wrong.context["committee"].errors["members"]
    assert [line.partition(":")[0] for line in found] == ["Line 1", "Line 2"]
    member = CommitteeMember.objects.get(name="Budi")
    client.post(reverse("awards:committee_remove", args=[member.key]))
    assert not CommitteeMember.objects.filter(pk=member.pk).exists()


def test_holders_find_and_fetch_their_own(client):
    round = awarded_round(publish_in=LATER, proposals=2)
    actor = SecretariatFactory(government=round.competition.government)
    services.issue_certificates(
        round=round,
        kind=CertificateKind.PARTICIPANT,
        actor=actor,
        at=timezone.now(),
    )
    for paper in IssuedDocument.objects.all():
        rendering.render(document_id=paper.pk, at=timezone.now())
    first, second = Proposal.objects.filter(round=round).order_by("pk")
    client.force_login(AuthorFactory(institution=first.institution))
    own, other = (
        IssuedDocument.objects.get(subject_key=f"proposal:{each.pk}")
        for each in (first, second)
    )

    page = client.get(reverse("awards:own_certificates"))

    assert [paper.pk for paper in page.context["page"]] == [own.pk]
    file = client.get(reverse("awards:certificate_file", args=[own.code]))
    with own.file.open() as kept:
        assert b"".join(file.streaming_content) == kept.read()
    foreign = client.get(reverse("awards:certificate_file", args=[other.code]))
    assert foreign.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_own_certificates_query_count(client, django_assert_num_queries, count):
    round = awarded_round(publish_in=LATER, proposals=1)
    institution = Proposal.objects.get(round=round).institution
    ProposalFactory.create_batch(
        count - 1,
        round=round,
        institution=institution,
        state=Proposal.State.SCREENED_PASSED,
    )
    services.issue_certificates(
        round=round,
        kind=CertificateKind.PARTICIPANT,
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )
    client.force_login(AuthorFactory(institution=institution))
    page = reverse("awards:own_certificates")
    client.get(page)

    with django_assert_num_queries(11):
        response = client.get(page)

    assert len(response.context["page"]) == count
