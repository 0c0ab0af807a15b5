"""Pages of the rescue board."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from monitoring.models import Nudge
from notifications.models import Message
from submissions.models import ProposalState
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    LeaderFactory,
    MembershipFactory,
    SecretariatFactory,
)
from tests.factories.competitions import small_round
from tests.factories.messages import ChatConsentFactory
from tests.factories.monitoring import NudgeFactory
from tests.factories.submissions import AnswerFactory, ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def round():
    return small_round(phase="submission")


@pytest.fixture
def city(round):
    return round.competition.government


@pytest.fixture
def secretary(city, client):
    person = SecretariatFactory(government=city)
    client.force_login(person)
    return person


def address(name, round, *args):
    return reverse(f"monitoring:{name}", args=[round.slug, *args])


def draft(round, **fields):
    """A draft with one section written, by an institution with an author."""
    proposal = ProposalFactory(round=round, **fields)
    section = proposal.form.section_set.order_by("order").first()
    AnswerFactory(proposal=proposal, section=section)
    AuthorFactory(institution=proposal.institution)
    return proposal


@pytest.mark.parametrize("row_count", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [("rescue_board", 23), ("rescue_hours", 24), ("rescue_absent", 12)],
)
def test_query_counts(
    client,
    round,
    city,
    secretary,
    django_assert_max_num_queries,
    page,
    queries,
    row_count,
):
    for _n in range(row_count):
        proposal = draft(round)
        NudgeFactory(round=round, institution=proposal.institution, proposal=proposal)
        mute = InstitutionFactory(government=city)
        AuthorFactory(institution=mute)
        NudgeFactory(round=round, institution=mute)
    stage = round.stage_set.get(kind="submission")
    if page == "rescue_hours":
        stage.closes_at = timezone.now() + timedelta(hours=5)
        stage.save()

    with django_assert_max_num_queries(queries):
        response = client.get(address(page, round))

    assert len(response.context["rows"]) == row_count


def test_filters_and_orders(client, round, city, secretary):
    school = InstitutionFactory(government=city, kind="sekolah", name="SMP Satu")
    full = draft(round, title="Antre Daring", institution=school)
    for section in full.form.section_set.order_by("order")[1:]:
        AnswerFactory(proposal=full, section=section)
    empty = ProposalFactory(
        round=round,
        title="Bank Sampah",
        last_saved_at=timezone.now() - timedelta(days=5),
    )

    def titles(query):
        response = client.get(f"{address('rescue_board', round)}?{query}")
        return [row.proposal.title for row in response.context["rows"]]

    for query in ("cari=smp+antre", "jenis=sekolah", "isi=lengkap"):
        assert titles(query) == [full.title], query
    for query in ("cari=sampah", "isi=kosong", "diam=3", "jenis=opd"):
        assert titles(query) == [empty.title], query
    assert titles("isi=separuh") == titles("diam=14") == []
    assert titles("urut=isi") == titles("urut=disentuh") == [empty.title, full.title]
    assert titles("urut=-isi") == [full.title, empty.title]
    # Nonsense in the address narrows nothing.
    assert len(titles("isi=x&diam=y&jenis=z&urut=w&halaman=99")) == 2


def test_press_reminds_and_the_second_says_who_did(client, round, secretary):
    proposal = draft(round)
    url = address("rescue_proposal_remind", round, proposal.code)
    board = address("rescue_board", round)

    first = client.post(url, {"kembali": f"{board}?isi=awal"}, follow=True)
    second = client.post(url, {"kembali": "https://jahat.example/"}, follow=True)

    assert first.redirect_chain == [(f"{board}?isi=awal", 302)]
    assert second.redirect_chain[0][0] == address(
        "rescue_proposal", round, proposal.code
    )
    assert "was reminded of this today" in second.content.decode()
    assert secretary.name in second.content.decode()
    message = Message.objects.get()
    stage = round.stage_set.get(kind="submission")
    assert message.expires_at == stage.closes_at  # not sent when it is of no use


def test_contact_is_noted(client, round, secretary):
    proposal = draft(round)
    url = address("rescue_proposal_note", round, proposal.code)

    refused = client.post(url, {"channel": "portal"})
    client.post(url, {"channel": "telepon", "note": "Bu Kepala, dikirim besok"})

    assert refused.status_code == 422
    nudge = Nudge.objects.get()
    assert (nudge.channel, nudge.noted_by, nudge.told) == ("telepon", secretary, 0)
    page = client.get(address("rescue_proposal", round, proposal.code))
    assert "Bu Kepala, dikirim besok" in page.content.decode()


def test_chat_opens_with_the_text(client, round, secretary):
    proposal = draft(round, title="Antre & Daring")
    author = proposal.institution.membership_set.get().user
    author.phone = "0812 3456 7890"
    author.save()

    page = client.get(address("rescue_proposal", round, proposal.code))

    (person,) = page.context["people"]
    assert person.chat_url.startswith("https://wa.me/6281234567890?text=")
    assert "Antre%20%26%20Daring" in person.chat_url
    assert page.context["text"].count(proposal.code) == 1


def test_all_of_the_filtered_are_reminded_after_a_question(client, round, secretary):
    told, *others = (draft(round, title=f"Antre {n}") for n in range(3))
    draft(round, title="Lain")
    NudgeFactory(
        round=round,
        institution=told.institution,
        proposal=told,
        day=timezone.localdate(timezone.now(), round.zone),
    )
    url = f"{address('rescue_all_drafts', round)}?cari=antre"

    page = client.get(url)
    client.post(url)

    assert page.context["count"] == 2
    new = Nudge.objects.exclude(proposal=told)
    assert {each.proposal for each in new} == set(others)
    assert client.get(url).context["count"] == 0


def test_absent_are_reminded_together(client, round, city, secretary):
    AuthorFactory(institution=InstitutionFactory(government=city))
    InstitutionFactory(government=city)  # nobody there to read

    page = client.post(address("rescue_all_absent", round), follow=True)

    assert Nudge.objects.get().proposal is None
    assert "nobody in the portal" in page.content.decode()


def test_board_after_closing_shows_what_was_left(client, city, secretary):
    round = small_round(phase="after", government=city)
    proposal = draft(round)

    for name in ("rescue_board", "rescue_absent", "rescue_hours", "rescue_trend"):
        assert client.get(address(name, round)).status_code == 200
    page = client.get(address("rescue_board", round))
    assert [row.left for row in page.context["rows"]] == ["Closed"]
    answer = client.post(
        address("rescue_proposal_remind", round, proposal.code), follow=True
    )
    assert "takes no proposals" in answer.content.decode()


def test_renewed_part_holds_the_rows_alone(client, round, secretary):
    draft(round)

    part = client.get(
        address("rescue_hours", round), headers={"HX-Request": "true"}
    ).content.decode()

    assert "<h1" not in part
    whole = client.get(address("rescue_hours", round)).content.decode()
    assert 'hx-trigger="every 60s"' in whole
    paused = client.get(f"{address('rescue_hours', round)}?segar=tidak")
    assert "every 60s" not in paused.content.decode()


def test_who_competes_is_shut_out_and_leaders_see_figures_only(
    client, round, city, secretary
):
    proposal = draft(round, title="Rahasia", state=ProposalState.DRAFT)
    MembershipFactory(user=secretary, institution=proposal.institution)
    assert client.get(address("rescue_board", round)).status_code == 403

    client.force_login(LeaderFactory(government=city))
    page = client.get(address("leader_round", round)).content.decode()

    assert "Against last time" in page
    assert "Rahasia" not in page
    assert client.get(address("rescue_board", round)).status_code == 404


@pytest.mark.parametrize("proved_at", [None, timezone.now()])
def test_number_that_a_person_gave_comes_before_the_telephone(
    client, round, secretary, proved_at
):
    proposal = draft(round)
    author = proposal.institution.membership_set.get(role="author").user
    author.phone = "0812 0000 0001"
    author.save(update_fields=["phone"])
    ended = ChatConsentFactory(user=author, ended_at=timezone.now(), proved_at=None)
    ChatConsentFactory(user=author, number="6281300000002", proved_at=proved_at)

    text = client.get(address("rescue_proposal", round, proposal.code)).content.decode()

    assert "https://wa.me/6281300000002?text=" in text
    assert "6281200000001" not in text
    assert ended.number not in text


def test_text_can_be_taken_to_whatsapp_where_nobody_has_a_number(
    client, round, secretary
):
    proposal = draft(round)

    page = client.get(address("rescue_proposal", round, proposal.code))

    assert page.context["text_url"].startswith("https://wa.me/?text=Dear%20colleagues")
    assert page.context["text_url"] in page.content.decode()
