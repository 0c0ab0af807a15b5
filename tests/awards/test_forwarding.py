"""Sending winners on: asked, agreed to, arrived, stopped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pgtrigger
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from awards import packs, services
from awards.models import AcceptedGovernment, Award, Forwarding
from core.models import AuditEntry
from innovations.models import Achievement
from innovations.services import AchievementData
from notifications.models import Message
from submissions import services as submissions_services
from submissions.models import Proposal, ProposalState
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    SecretariatFactory,
)
from tests.factories.awards import awarded_round
from tests.factories.forwarding import admin_of, agree, ask, higher_round, winner
from tests.factories.judging import sealed_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

NOW = timezone.now
SOON = timedelta(hours=1)


def told(user):
    return set(Message.objects.filter(recipient=user).values_list("kind", flat=True))


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def submitted(forwarding):
    """As if the institution had completed and submitted its draft."""
    Proposal.objects.filter(pk=forwarding.proposal.pk).update(
        state=ProposalState.SUBMITTED,
        submitted_at=NOW(),
        submitted_by=forwarding.answered_by,
        receipt_number="1",
        digest="0" * 64,
    )
    forwarding.proposal.refresh_from_db()
    return forwarding


# Asking -------------------------------------------------------------------------------


def test_institution_is_asked_and_nothing_is_begun():
    award = winner()
    admin, author = (
        admin_of(award),
        AuthorFactory(institution=award.row.proposal.institution),
    )
    round = higher_round(award)

    forwarding = ask(award, round)

    assert forwarding.is_asked
    assert not round.proposal_set.exists()
    assert told(admin) == {"awards.forwarding_asked"}
    assert told(author) == set()
    entry = AuditEntry.objects.get(action="forwarding.asked")
    assert entry.scope == award.row.result.government.code


def test_asked_twice_it_is_one():
    award = winner()
    round = higher_round(award)

    assert ask(award, round) == ask(award, round)
    assert Forwarding.objects.count() == 1


def test_round_that_does_not_take_it():
    award = winner()
    closed, strange = (
        higher_round(award, phase="scoring"),
        higher_round(award, accepts=False),
    )
    unopened = higher_round(award)
    unopened.opened_at = None
    unopened.save(update_fields=["opened_at"])

    for round in (closed, strange, unopened):
        with pytest.raises(services.NotForwarded):
            ask(award, round)
    with pytest.raises(services.NotForwarded, match="track"):
        ask(award, higher_round(award), track=closed.track_set.first())


def test_nothing_is_asked_before_the_winners_are_public():
    round = awarded_round(publish_in=SOON, proposals=1)

    with pytest.raises(services.NotForwarded, match="public"):
        ask(Award.objects.of_round(round).for_list().get())


# Agreeing -----------------------------------------------------------------------------


def test_agreeing_begins_a_draft_with_history_and_files():
    award = winner()
    round = higher_round(award)
    sender = secretary(award.row.result.round)

    forwarding = agree(ask(award, round))

    draft, source = forwarding.proposal, award.row.proposal
    assert (draft.round, draft.institution, draft.innovation) == (
        round,
        source.institution,
        source.innovation,
    )
    assert draft.is_draft
    assert draft.takeover.source == source
    assert list(
        draft.answer_set.order_by("section__order").values_list("text", flat=True)
    ) == ["Isi ringkasan.", "Isi kebaruan.", "Isi signifikansi."]
    assert draft.evidence_set.get().sha256 == source.evidence_set.get().sha256
    assert told(sender) == {"awards.forwarding_answered"}


def test_agreed_twice_there_is_one_draft():
    forwarding = ask(award := winner(), higher_round(award))

    assert agree(forwarding).proposal == agree(forwarding).proposal
    assert Proposal.objects.filter(round=forwarding.round).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_agree_at_once():
    forwarding = ask(award := winner(), higher_round(award))
    people = [admin_of(award), admin_of(award)]

    def press(person):
        try:
            agree(forwarding, actor=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, people))

    assert Proposal.objects.filter(round=forwarding.round).count() == 1


def test_what_entered_the_round_already_is_refused_and_nothing_is_begun():
    award = winner()
    round = higher_round(award)
    forwarding, other = ask(award, round), ask(award)
    agree(forwarding)
    again = Forwarding.objects.create(
        key="lagi",
        award=award,
        destination="Lain",
        asked_by=other.asked_by,
        asked_at=NOW(),
    )
    Forwarding.objects.filter(pk=forwarding.pk).update(
        state="stopped",
        stopped_at=NOW(),
        stopped_by=other.asked_by,
        stop_reason="Keliru.",
    )

    with pytest.raises(services.ForwardingNotAnswered, match="already"):
        agree(ask(award, round))
    assert Proposal.objects.filter(round=round).count() == 1
    assert agree(again).proposal is None  # outside of the portal there is none


def test_declined_with_a_reason():
    forwarding = ask(award := winner(), higher_round(award))

    services.decline_forwarding(
        forwarding=forwarding, reason="Belum siap.", actor=admin_of(award), at=NOW()
    )

    forwarding.refresh_from_db()
    assert (forwarding.state, forwarding.answer_note) == ("declined", "Belum siap.")
    with pytest.raises(services.ForwardingNotAnswered):
        agree(forwarding)


def test_too_late_to_agree():
    forwarding = ask(award := winner(), higher_round(award))
    stage = forwarding.round.stage_set.get(kind="submission")

    with pytest.raises(services.ForwardingNotAnswered):
        agree(forwarding, at=stage.closes_at)
    forwarding.refresh_from_db()
    assert forwarding.is_asked


# Who sees what ------------------------------------------------------------------------


def test_draft_is_unknown_to_those_it_is_written_for_until_submitted(client):
    forwarding = agree(ask(award := winner(), higher_round(award)))
    taker = secretary(forwarding.round)
    sender = secretary(award.row.result.round)
    visible = Proposal.objects.visible_to
    page = reverse("awards:incoming_list", args=[forwarding.round.slug])
    client.force_login(taker)

    before = (
        visible(taker).count(),
        award.row.title in client.get(page).content.decode(),
    )
    logged = AuditEntry.objects.filter(
        scope=forwarding.round.competition.government.code
    )
    unknown = not logged.exclude(action="round.senders_chosen").exists()
    submitted(forwarding)
    after = visible(taker).count(), award.row.title in client.get(page).content.decode()

    assert (before, after) == ((0, False), (1, True))
    assert unknown
    # Who sent it reads the first proposal, never the one of the other round.
    assert set(visible(sender)) == {award.row.proposal}


def test_rescue_board_names_no_draft_of_another_government(client):
    forwarding = agree(ask(award := winner(), higher_round(award)))
    client.force_login(secretary(forwarding.round))

    board = client.get(reverse("monitoring:rescue_board", args=[forwarding.round.slug]))
    page = client.get(
        reverse(
            "monitoring:rescue_proposal",
            args=[forwarding.round.slug, forwarding.proposal.code],
        )
    )

    assert board.status_code == 200
    assert award.row.title not in board.content.decode()
    assert page.status_code == 404


def test_institution_keeps_writing_its_draft(client):
    forwarding = agree(ask(award := winner(), higher_round(award)))
    author = AuthorFactory(institution=award.row.proposal.institution)
    client.force_login(author)

    page = client.get(forwarding.proposal.get_absolute_url())

    assert page.status_code == 200
    section = forwarding.proposal.form.section_set.get(code="kebaruan")
    answer = submissions_services.save_answer(
        proposal=Proposal.objects.for_page().get(pk=forwarding.proposal.pk),
        section=section,
        text="Baru.",
        base_version=1,
        actor=author,
        at=NOW(),
    )
    assert answer.version == 2


def test_author_reads_and_head_answers(client):
    forwarding = ask(award := winner(), higher_round(award))
    address = reverse("awards:forwarding_detail", args=[forwarding.key])
    client.force_login(AuthorFactory(institution=award.row.proposal.institution))
    assert client.get(address).status_code == 200
    agreed = {"answer": "setuju", "statement": "on"}
    assert client.post(address, agreed).status_code == 403
    client.force_login(admin_of(award))
    assert client.post(address, {"answer": "setuju"}).status_code == 200
    assert client.post(address, {"answer": "tolak"}).status_code == 200
    client.force_login(InstitutionAdminFactory())
    assert client.post(address, agreed).status_code == 404
    forwarding.refresh_from_db()
    assert forwarding.is_asked

    client.force_login(admin_of(award))
    assert client.post(address, agreed).status_code == 302
    forwarding.refresh_from_db()
    assert forwarding.is_agreed


# Stopping -----------------------------------------------------------------------------


def stop(forwarding):
    return services.stop_forwarding(
        forwarding=forwarding,
        reason="Keliru.",
        actor=secretary(forwarding.award.row.result.round),
        at=NOW(),
    )


def test_stopping_withdraws_the_draft_and_tells_the_institution_alone():
    forwarding = agree(ask(award := winner(), higher_round(award)))
    admin, taker = admin_of(award), secretary(forwarding.round)

    stop(forwarding)

    forwarding.proposal.refresh_from_db()
    assert forwarding.proposal.is_withdrawn
    assert told(admin) == {"awards.forwarding_stopped"}
    assert told(taker) == set()


def test_stopping_what_has_arrived_leaves_it_and_tells_who_runs_the_round(client):
    forwarding = submitted(agree(ask(award := winner(), higher_round(award))))
    taker = secretary(forwarding.round)

    stop(forwarding)

    forwarding.proposal.refresh_from_db()
    assert forwarding.proposal.is_submitted
    assert told(taker) == {"awards.origin_stopped"}
    client.force_login(taker)
    page = client.get(reverse("awards:incoming_list", args=[forwarding.round.slug]))
    assert "Keliru." in page.content.decode()


def test_stopped_once():
    forwarding = ask(award := winner(), higher_round(award))
    stop(forwarding)

    with pytest.raises(services.ForwardingNotStopped):
        stop(forwarding)
    with pytest.raises(services.ForwardingNotAnswered):
        agree(forwarding)


# Results ------------------------------------------------------------------------------


def test_award_of_the_higher_round_becomes_an_achievement_of_the_innovation():
    award = winner()
    innovation = award.row.proposal.innovation
    higher = sealed_round(jurors=1, proposals=1)
    with pgtrigger.ignore("submissions.Proposal:content_fixed"):
        higher.proposal_set.update(innovation=innovation)
    actor = secretary(higher)
    services.give_awards(round=higher, actor=actor, at=NOW())

    services.record_decree(
        round=higher,
        number="1",
        decree_date=NOW().date(),
        publish_at=NOW(),
        actor=actor,
        at=NOW(),
    )

    won = Achievement.objects.filter(innovation=innovation).values_list(
        "competition", "level"
    )

    assert set(won) == {
        (award.row.result.round.name, "Juara I"),
        (higher.name, "Juara I"),
    }


def test_result_from_outside_is_noted_once_and_counts():
    forwarding = agree(ask(award := winner()))
    data = AchievementData("Top 45", "SINOVIK", 2022)
    details = {"data": data, "actor": secretary(award.row.result.round), "at": NOW()}

    achievement = services.note_result(forwarding=forwarding, **details)

    assert achievement in Achievement.objects.counting()
    assert achievement.innovation == award.row.proposal.innovation
    with pytest.raises(services.ResultNotNoted, match="already"):
        services.note_result(forwarding=forwarding, **details)


def test_no_result_by_hand_for_a_round_of_the_portal():
    forwarding = agree(ask(award := winner(), higher_round(award)))

    with pytest.raises(services.ResultNotNoted):
        services.note_result(
            forwarding=forwarding,
            data=AchievementData("Top 45", "SINOVIK", 2022),
            actor=secretary(award.row.result.round),
            at=NOW(),
        )


# The pack -----------------------------------------------------------------------------


def test_pack_holds_texts_paper_files_and_a_checklist(client):
    forwarding = ask(award := winner())
    client.force_login(secretary(award.row.result.round))
    address = reverse("awards:forwarding_pack", args=[forwarding.key])
    early = client.get(address).status_code
    agree(forwarding)

    response = client.get(address)

    assert early == 404
    with ZipFile(BytesIO(response.getvalue())) as pack:
        names = pack.namelist()
        checklist = pack.read(packs.CHECKLIST).decode()
        code = award.row.code
        assert pack.read(f"{code} proposal.pdf").startswith(b"%PDF")
        assert pack.read("teks/01 Ringkasan.txt").decode() == "Isi ringkasan."
    assert "data dukung/signifikansi/bukti.pdf" in names
    assert not [name for name in names if name.startswith("/") or ".." in name]
    assert "[x] Ringkasan: " in checklist
    assert "[ ] Sumber Daya: " in checklist


# What the database keeps --------------------------------------------------------------


def test_governments_are_accepted_once_and_can_be_left_out_again():
    award = winner()
    round = higher_round(award)
    actor = secretary(round)
    own = round.competition.government

    services.accept_governments(
        round=round,
        governments=[own, award.row.result.government],
        actor=actor,
        at=NOW(),
    )
    assert [each.government for each in AcceptedGovernment.objects.all()] == [
        award.row.result.government
    ]
    services.accept_governments(round=round, governments=[], actor=actor, at=NOW())
    assert not AcceptedGovernment.objects.exists()
    with pytest.raises(services.NotForwarded):
        ask(award, round)


@pytest.mark.parametrize("row_count", [1, 3])
def test_list_query_count(client, django_assert_max_num_queries, row_count):
    round = awarded_round(publish_in=-SOON, proposals=row_count)
    for award in Award.objects.of_round(round).for_list():
        ask(award)
    client.force_login(secretary(round))
    address = reverse("awards:forwarding_list", args=[round.slug])
    client.get(address)

    with django_assert_max_num_queries(10):
        client.get(address)


def test_dashboard_leads_the_head_to_the_question_and_then_to_the_draft(client):
    forwarding = ask(award := winner(), higher_round(award))
    client.force_login(admin_of(award))
    dashboard = reverse("dashboard")

    before = client.get(dashboard).content.decode()
    agree(forwarding)
    after = client.get(dashboard).content.decode()

    question = reverse("awards:forwarding_detail", args=[forwarding.key])
    assert question in before
    assert question not in after
    forwarding.refresh_from_db()
    assert forwarding.proposal.code not in before
    assert forwarding.proposal.get_absolute_url() in after


def test_awards_page_tells_how_many_are_sent_on_and_who_has_not_answered(client):
    award = winner()
    round = award.row.result.round
    client.force_login(secretary(round))
    page = reverse("awards:award_list", args=[round.slug])
    before = client.get(page).context["after"]
    ask(award, higher_round(award))
    agree(ask(award))

    after = client.get(page).context["after"]

    assert (before.sent_on, before.unanswered) == (0, 0)
    assert (after.sent_on, after.unanswered) == (1, 1)
    assert not after.is_feedback_released
