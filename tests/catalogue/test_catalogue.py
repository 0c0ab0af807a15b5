"""The published copy: what goes in, what never leaks, how it is found."""

from datetime import date, timedelta

import pgtrigger
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from awards.models import Award
from catalogue import services
from catalogue.models import Entry
from catalogue.motifs import motif_of
from core.models import AuditEntry
from submissions.models import Answer
from tests.factories.accounts import InstitutionFactory, SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.catalogue import EntryFactory
from tests.factories.innovations import InnovationFactory
from tests.factories.submissions import fill_proposal

pytestmark = pytest.mark.django_db

AGO, LATER = timedelta(hours=-1), timedelta(days=2)
LIST = "/inovasi/"


def published_round(**fields):
    """A round whose proposals are filled in before their winners are published."""
    round = awarded_round(**fields)
    for proposal in round.proposal_set.all():
        fill_proposal(proposal)
    return round


def publish(round, published_at=None):
    return services.publish_entries(
        round=round,
        published_at=published_at or timezone.now() + AGO,
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )


# What goes in -----------------------------------------------------------


def test_entry_is_a_copy_of_the_winner():
    round = published_round(proposals=1)
    proposal = round.proposal_set.get()

    (entry,) = publish(round)

    assert (entry.title, entry.slug) == (proposal.title, proposal.innovation.slug)
    assert entry.summary == proposal.answer_set.get(section__code="ringkasan").text
    assert (entry.award_name, entry.year) == ("Juara I", round.year)
    assert entry.institution_name == proposal.institution.name
    assert (entry.category_code, entry.sdgs) == ("kesehatan", [3, 16])
    assert entry.started_date == date(2020, 3, 2)
    assert AuditEntry.objects.filter(action="entries.published").count() == 1


def test_decree_publishes_the_winners_with_its_moment():
    round = awarded_round(publish_in=LATER, proposals=2)

    entries = Entry.objects.filter(round_slug=round.slug)

    assert entries.count() == 2
    assert {entry.published_at for entry in entries} == {round.decree.publish_at}
    assert Entry.objects.published_at(timezone.now()).count() == 0


def test_edit_of_the_proposal_never_leaks():
    round = published_round(proposals=1)
    publish(round)
    with pgtrigger.ignore("submissions.Answer:while_editable"):
        Answer.objects.filter(section__code="ringkasan").update(text="Rahasia baru.")

    assert publish(round) == []

    assert "Rahasia" not in Entry.objects.get().summary


def test_what_is_not_public_yet_is_copied_anew():
    round = published_round(proposals=1)
    publish(round, timezone.now() + LATER)
    with pgtrigger.ignore("submissions.Answer:while_editable"):
        Answer.objects.filter(section__code="ringkasan").update(text="Lebih baik.")

    publish(round, timezone.now() + 2 * LATER)

    entry = Entry.objects.get()
    assert entry.summary == "Lebih baik."
    assert entry.published_at > timezone.now() + LATER


def test_highest_award_is_shown():
    round = awarded_round(proposals=1)
    award = Award.objects.get()
    favourite = round.awardlevel_set.create(
        code="favorit", name="Favorit", rank_from=1, rank_to=1, order=9
    )
    Award.objects.create(
        key="favorit",
        row=award.row,
        level=favourite,
        given_at=timezone.now(),
        given_by=award.given_by,
    )

    (entry,) = publish(round)

    assert entry.award_name == "Juara I"


def test_same_innovation_of_two_years_has_two_addresses():
    innovation = InnovationFactory()
    EntryFactory(innovation=innovation, round_slug="lama", year=2020)
    round = awarded_round(proposals=1)
    with pgtrigger.ignore("submissions.Proposal:content_fixed"):
        round.proposal_set.update(innovation=innovation)

    (entry,) = publish(round)

    assert entry.slug == f"{innovation.slug}-{round.year}"


def test_innovation_is_published_once_per_round():
    entry = EntryFactory()

    with pytest.raises(IntegrityError, match="once_per_round"), transaction.atomic():
        EntryFactory(innovation=entry.innovation, slug="lain")


@pytest.mark.parametrize(
    ("code", "motif"),
    [
        ("kesehatan", "kawung"),
        ("tata-kelola", "ceplok"),
        ("ketahanan-bencana", "truntum"),
        ("pendidikan", "gringsing"),
        ("", "kawung"),
    ],
)
def test_motif_of_a_field(code, motif):
    assert motif_of(code) == motif


# How it is found -----------------------------------------------------------


def found(client, **query):
    page = client.get(LIST, query).context["page"]
    return [entry.title for entry in page.object_list]


@pytest.fixture
def entries():
    health = InstitutionFactory(name="Dinas Kesehatan", short_name="Dinkes")
    return [
        EntryFactory(
            innovation=InnovationFactory(title="Pulang Bawa Akta"),
            summary="Akta kelahiran terbit sebelum ibu pulang dari rumah sakit.",
            category_code="tata-kelola",
            category_name="Tata kelola",
            year=2021,
        ),
        EntryFactory(
            innovation=InnovationFactory(title="Gizi Terpantau", institution=health),
            summary="Balita ditimbang di rumah, data dibaca kader.",
        ),
    ]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("akta", ["Pulang Bawa Akta"]),
        ("kelahiran", ["Pulang Bawa Akta"]),
        ("lahir", ["Pulang Bawa Akta"]),  # by its stem
        ("balita kader", ["Gizi Terpantau"]),
        ("Dinas Kesehatan", ["Gizi Terpantau"]),
        ("terpanatu", ["Gizi Terpantau"]),  # typed wrong
        ("tidak ada", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search(client, entries, words, titles):
    assert found(client, q=words) == titles


def test_filters_and_order(client, entries):
    assert found(client) == ["Gizi Terpantau", "Pulang Bawa Akta"]
    assert found(client, urut="nama") == ["Gizi Terpantau", "Pulang Bawa Akta"]
    assert found(client, tahun="2021") == ["Pulang Bawa Akta"]
    assert found(client, bidang="kesehatan") == ["Gizi Terpantau"]
    assert found(client, instansi="Dinas Kesehatan") == ["Gizi Terpantau"]
    assert found(client, bidang="salah", tahun="x") == [
        "Gizi Terpantau",
        "Pulang Bawa Akta",
    ]


def test_what_is_not_public_is_nowhere(client):
    hidden = EntryFactory(published_at=timezone.now() + LATER)

    assert found(client) == []
    assert found(client, q=hidden.title) == []
    assert client.get(hidden.get_absolute_url()).status_code == 404
    other = EntryFactory(round_slug="lain")
    page = client.get(other.get_absolute_url())
    assert hidden.title not in page.content.decode()


@pytest.mark.parametrize("row_count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, row_count):
    EntryFactory.create_batch(row_count)
    client.get(LIST)

    with django_assert_num_queries(2):  # count, rows; choices are in the cache
        assert len(found(client)) == row_count


def test_list_has_pages_of_24(client):
    EntryFactory.create_batch(25)

    assert len(found(client)) == 24
    assert len(found(client, halaman=2)) == 1


def test_htmx_gets_the_rows_alone(client, entries):
    page = client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "Gizi Terpantau" in page
    assert "<html" not in page
    assert "HX-Request" in client.get(LIST).headers["Vary"]


def test_detail_query_count(client, django_assert_num_queries, entries):
    entry = entries[0]
    client.get(entry.get_absolute_url())

    with django_assert_num_queries(2):  # entry, similar
        client.get(entry.get_absolute_url())


def test_pages_may_be_cached_and_asked_again(client, entries):
    for url in (LIST, entries[0].get_absolute_url()):
        first = client.get(url)
        again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

        assert first.headers["Cache-Control"] == "public, max-age=60"
        assert again.status_code == 304


def test_text_of_people_is_escaped(client):
    entry = EntryFactory(summary="<script>alert(1)</script> & akta")

    page = client.get(entry.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert reverse("catalogue:entry_list") in page
