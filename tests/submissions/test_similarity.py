"""Titles and texts like others: who is told of which, and at what cost."""

from datetime import timedelta
from random import Random
from time import perf_counter

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innovations.models import Innovation
from submissions import services, similarity
from submissions.models import Gist, Proposal, ProposalState
from tests.factories.accounts import InstitutionFactory
from tests.factories.catalogue import EntryFactory
from tests.factories.sending import GistFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.browsing import url
from tests.submissions.conftest import AT, make_city

pytestmark = pytest.mark.django_db
TITLE = "Pulang Bawa Akta: akta kelahiran sebelum pulang"
ALIKE = "Pulang bawa akta, akta kelahiran sebelum pulang"
TEXT = "Ibu yang melahirkan pulang dengan akta kelahiran, kartu keluarga dan KIA. " * 4


def like(city, title=ALIKE, **more):
    return similarity.like_own(
        title=title,
        government=city.government,
        user=city.author,
        at=timezone.now(),
        **more,
    )


def test_author_is_told_of_own_drafts_and_of_what_is_public(city):
    own = city.proposal(title=TITLE)
    public = EntryFactory(title="Pulang Bawa Akta")

    found = like(city)

    assert [(each.title, each.is_public) for each in found] == [
        (TITLE, False),
        ("Pulang Bawa Akta", True),
    ]
    assert found[0].url == own.get_absolute_url()
    assert found[1].url == public.get_absolute_url()
    assert found[0].percent > found[1].percent >= 35


def test_name_before_the_colon_is_enough_and_one_word_is_not(city):
    city.proposal(title=TITLE)
    long = "Pulang Bawa Akta: dokumen lengkap bagi semua bayi di kota ini"

    assert [each.title for each in like(city, title="pulang bawa akta")] == [TITLE]
    assert [each.title for each in like(city, title=long)] == [TITLE]
    assert like(city, title="Akta") == []


def test_author_is_told_nothing_of_others(city):
    rival = InstitutionFactory(government=city.government)
    for state in (ProposalState.DRAFT, ProposalState.SUBMITTED):
        hidden = ProposalFactory(
            round=city.round, institution=rival, title=TITLE, state=state
        )
        GistFactory(proposal=hidden, text=similarity.gist_of(TEXT))
    EntryFactory(title=TITLE, published_at=timezone.now() + timedelta(hours=1))

    assert like(city, text=TEXT) == []


def test_other_titles_are_not_alike(city):
    city.proposal(title="Mesin pembaca meter air tanpa petugas")

    assert like(city) == []
    assert like(city, title=" ") == []


def test_proposal_itself_and_its_innovation_are_no_news(city):
    proposal = city.proposal(title=TITLE)

    assert like(city, title=TITLE, without=proposal) == []


def test_same_text_under_another_title_is_found(city):
    before = city.proposal(title="Akta Terbit Seketika", state=ProposalState.SUBMITTED)
    GistFactory(proposal=before, text=similarity.gist_of(TEXT))

    found = like(city, title="Lahir Langsung Tercatat", text=TEXT.replace("Ibu", "Ia"))

    assert [(each.title, each.by_text) for each in found] == [
        ("Akta Terbit Seketika", True)
    ]


def test_public_copy_of_an_own_innovation_is_named_once(city):
    own = city.proposal(title=TITLE)
    EntryFactory(innovation=own.innovation, title=TITLE)

    assert [each.is_public for each in like(city)] == [False]


def test_secretariat_is_told_of_all_that_its_government_received(client, city):
    rival = InstitutionFactory(government=city.government)
    entered = ProposalFactory(
        round=city.round, institution=rival, title=TITLE, state=ProposalState.SUBMITTED
    )
    ProposalFactory(round=city.round, institution=rival, title=TITLE)  # a draft
    foreign = make_city()
    foreign.proposal(title=TITLE, state=ProposalState.SUBMITTED)
    checked = city.proposal(title=ALIKE, state=ProposalState.SUBMITTED)

    found = similarity.like_submitted(proposal=checked, text=TEXT)
    client.force_login(city.secretary)
    address = url("screening_edit", checked.code)
    page = client.get(address)
    later = client.get(address, headers={"HX-Request": "true"})
    asked = client.get(address, {"serupa": "1"})

    assert [each.url for each in found] == [entered.get_absolute_url()]
    assert page.context["similar"] is None  # comes once the page stands
    for answer in (later, asked):
        assert [each.title for each in answer.context["similar"]] == [TITLE]
    assert "<html" not in later.content.decode()


def test_submission_notes_how_the_proposal_begins(city):
    services.submit_proposal(proposal=city.proposal(), actor=city.head, at=AT)

    assert Gist.objects.get().text.startswith("waktu tunggu turun")


def test_hint_appears_while_the_title_is_typed_and_on_the_check(client, live_city):
    city = live_city
    city.proposal(title=TITLE)
    draft = city.proposal(title=ALIKE)
    client.force_login(city.author)
    path = url("proposal_create", city.round.slug)

    hint = client.get(path, {"title": ALIKE}, headers={"HX-Request": "true"})
    none = client.get(path, {"title": ""}, headers={"HX-Request": "true"})
    checked = url("proposal_check", draft.code)
    check = client.get(checked)
    later = client.get(checked, headers={"HX-Request": "true", "HX-Target": "serupa"})
    asked = client.get(checked, {"serupa": "1"})  # the link, without scripts

    assert TITLE in hint.content.decode()
    assert "<html" not in hint.content.decode()
    assert none.content.strip() == b""
    assert check.context["likeness"] is None  # comes once the page stands
    for page in (later, asked):
        assert [each.title for each in page.context["likeness"]] == [TITLE]
    assert "<html" not in later.content.decode()
    sent = client.post(url("proposal_send", draft.code), {"statement": "on"})
    assert sent.status_code == 302  # a hint refuses nothing


VOWELS, CONSONANTS = "aeiou", "bcdghjklmnprstwy"
ROWS = 5000


def _texts(number, length):
    """So many texts of words that are rare or common, as in a language."""
    chance = Random(2022)
    syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    words = ["".join(chance.choices(syllables, k=n % 3 + 2)) for n in range(1500)]
    weights = [1 / (place + 3) for place in range(len(words))]
    return [" ".join(chance.choices(words, weights, k=length)) for _n in range(number)]


def test_five_thousand_proposals_take_no_time(city, django_assert_num_queries):
    rival = InstitutionFactory(government=city.government)
    one = ProposalFactory(
        round=city.round, institution=rival, state=ProposalState.SUBMITTED
    )
    shared = {
        field.attname: getattr(one, field.attname)
        for field in Proposal._meta.concrete_fields
        if field.attname not in ("id", "code", "title", "innovation_id")
    }
    titles, texts = _texts(ROWS, 6), _texts(ROWS, 60)
    with pgtrigger.ignore():  # no history of these
        # A round holds an innovation once: these stand for those of all years.
        innovations = Innovation.objects.bulk_create(
            Innovation(institution=rival, title=str(n), slug=f"b-{n}", created_at=AT)
            for n in range(ROWS)
        )
        proposals = Proposal.objects.bulk_create(
            Proposal(
                **shared
                | {
                    "code": f"KIPP-B{n:05}",
                    "title": titles[n],
                    "innovation": innovation,
                    "receipt_number": f"TT-{n}",
                }
            )
            for n, innovation in enumerate(innovations)
        )
    Gist.objects.bulk_create(
        Gist(proposal=each, text=similarity.gist_of(text))
        for each, text in zip(proposals, texts, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE submissions_proposal, submissions_gist")
    checked = city.proposal(title=titles[17], state=ProposalState.SUBMITTED)

    def look():
        return similarity.like_submitted(proposal=checked, text=texts[42])

    with django_assert_num_queries(2):
        found = look()
    times = []
    for _n in range(5):
        begun = perf_counter()
        look()
        times.append(perf_counter() - begun)
    with CaptureQueriesContext(connection) as asked:
        look()
    with connection.cursor() as cursor:
        plans = []
        # Whether an index can serve; whether it pays depends on what is in the table.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans += [line for (line,) in cursor.fetchall()]

    assert [each.title for each in found[:2]] == [titles[17], titles[42]]
    assert not [line for line in plans if "Seq Scan on submissions_" in line]
    assert min(times) < 0.5
