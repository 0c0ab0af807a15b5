"""Taking an award back: each thing that follows from it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards import consequences, prizes, queries, services
from awards.models import Award, Forwarding
from catalogue.models import Entry
from documents import rendering
from documents.models import IssuedDocument
from innovations.models import Achievement
from notifications.models import Message
from submissions.models import Proposal, ProposalState
from tests.factories.accounts import SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.forwarding import admin_of, agree, ask, higher_round, winner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AGO, LATER = timedelta(hours=-1), timedelta(days=2)
REASON = "Data tidak benar."


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def first_of(round):
    return Award.objects.of_round(round).for_list().first()


def revoke(award):
    return services.revoke_award(
        award=award,
        reason=REASON,
        actor=secretary(award.row.result.round),
        at=timezone.now(),
    )


def labels_of(award):
    found = consequences.of_revoking(award, timezone.now())
    return [each.label for each in found]


def test_certificate_is_revoked_and_verification_says_why(client):
    round = awarded_round(publish_in=AGO, proposals=1)
    services.issue_certificates(round=round, actor=secretary(round), at=timezone.now())
    paper = IssuedDocument.objects.get(subject_key=first_of(round).subject_key)

    revoke(first_of(round))

    page = client.get(reverse("documents:verify_code", args=[paper.code]))
    paper.refresh_from_db()
    assert paper.is_revoked
    assert REASON in page.content.decode()


def test_announcement_is_replaced_by_one_that_names_it():
    round = awarded_round(publish_in=AGO, proposals=2)
    old = services.issue_announcement(
        round=round, number="", actor=secretary(round), at=timezone.now()
    )
    award = first_of(round)

    revoke(award)

    old.refresh_from_db()
    new = queries.announcement_of(round)
    assert (old.is_replaced, old.end_reason) == (True, REASON)
    assert old.replaced_by == new
    assert [row["title"] for row in new.value("revoked")] == [award.row.title]
    assert award.row.title not in str(new.value("groups"))


def test_announcement_that_nobody_could_sign_any_more_is_revoked():
    round = awarded_round(publish_in=AGO, proposals=1)
    old = services.issue_announcement(
        round=round, number="", actor=secretary(round), at=timezone.now()
    )
    round.competition.government.signatory_set.all().delete()

    revoke(first_of(round))

    old.refresh_from_db()
    assert old.is_revoked
    assert queries.announcement_of(round) is None


def test_public_page_marks_it_with_the_reason(client):
    round = awarded_round(publish_in=AGO, proposals=2)
    award = first_of(round)

    revoke(award)

    page = client.get(reverse("awards:winner_list", args=[round.slug]))
    assert [each.pk for each in page.context["revoked"]] == [award.pk]
    assert REASON in page.content.decode()


def test_catalogue_and_register_lose_it():
    round = awarded_round(publish_in=AGO, proposals=1)
    award = first_of(round)
    innovation = award.row.proposal.innovation
    assert Achievement.objects.filter(innovation=innovation).exists()

    revoke(award)

    assert Entry.objects.get(innovation=innovation).award_name == ""
    assert not Achievement.objects.filter(innovation=innovation).exists()


def test_prize_list_pays_it_no_more_and_still_names_it():
    round = awarded_round(publish_in=AGO, proposals=2)
    round.awardlevel_set.update(prize="Rp10.000.000")
    revoke(first_of(round))

    found = prizes.list_of(Award.objects.of_round(round).for_list())

    assert found.total == 10_000_000
    assert [bool(row.amount) for row in found.rows] == [False, True]
    assert REASON in found.rows[0].remark


def test_forwarding_stops_and_its_draft_is_withdrawn():
    award = winner()
    asked, draft = ask(award), agree(ask(award, higher_round(award)))

    revoke(award)

    states = Forwarding.objects.values_list("state", "stop_reason")
    assert list(states) == [("stopped", REASON)] * 2
    asked.refresh_from_db()
    draft.proposal.refresh_from_db()
    assert draft.proposal.is_withdrawn
    with pytest.raises(services.NotForwarded, match="revoked"):
        ask(award)


def test_what_was_submitted_above_stays_and_its_secretariat_is_told():
    award = winner()
    sent = agree(ask(award, higher_round(award)))
    Proposal.objects.filter(pk=sent.proposal.pk).update(
        state=ProposalState.SUBMITTED,
        submitted_at=timezone.now(),
        submitted_by=sent.answered_by,
        receipt_number="1",
        digest="0" * 64,
    )
    taker, admin = secretary(sent.round), admin_of(award)

    revoke(award)

    sent.proposal.refresh_from_db()
    assert sent.proposal.is_submitted
    assert Message.objects.get(recipient=taker).kind == "awards.origin_stopped"
    assert Message.objects.get(recipient=admin).kind == "awards.award_revoked"


def test_nobody_moves_up_in_its_place():
    round = awarded_round(publish_in=AGO, proposals=4)
    award = first_of(round)
    before = set(Award.objects.of_round(round).values_list("pk", "level", "row"))
    hint = consequences.next_in_line(award)

    revoke(award)
    services.give_awards(round=round, actor=secretary(round), at=timezone.now())

    after = set(Award.objects.of_round(round).values_list("pk", "level", "row"))
    assert after == before
    assert hint.rank == 4


def test_before_publication_nobody_is_told():
    round = awarded_round(publish_in=LATER, proposals=1)
    award = first_of(round)
    admin = admin_of(award)

    revoke(award)

    assert not Message.objects.filter(recipient=admin).exists()


def test_failure_half_way_leaves_all_as_it_was(monkeypatch):
    award = winner()
    ask(award)
    monkeypatch.setattr(
        "awards.services.revoking.note_award",
        lambda *args, **kwargs: (_ for _ in ()).throw(OSError),
    )

    with pytest.raises(OSError):
        revoke(award)

    award.refresh_from_db()
    assert not award.is_revoked
    assert Forwarding.objects.get().is_asked
    assert Entry.objects.get(innovation=award.row.proposal.innovation).award_name


def test_page_before_the_act_shows_all_that_changes(client):
    award = winner()
    round = award.row.result.round
    round.awardlevel_set.update(prize="Rp10.000.000")
    services.issue_announcement(
        round=round, number="", actor=secretary(round), at=timezone.now()
    )
    paper = queries.announcement_of(round)
    rendering.render(document_id=paper.pk, at=timezone.now())
    ask(award, higher_round(award))
    client.force_login(secretary(round))

    page = client.get(reverse("awards:award_revoke", args=[award.key]))

    assert labels_of(first_of(round)) == [
        "Certificate",
        "Page of the winners",
        "Announcement",
        "Decree",
        "List of prizes",
        "Register of innovations",
        "Catalogue",
        "Forwarding",
        "The institution",
    ]
    text = page.content.decode()
    assert paper.number in text
    assert "Rp10" in text
    assert not Award.objects.get(pk=award.pk).is_revoked


def test_page_of_a_revoked_award_offers_nothing(client):
    award = revoke(winner())
    client.force_login(secretary(award.row.result.round))

    page = client.get(reverse("awards:award_revoke", args=[award.key]))

    assert page.context["consequences"] == []
    assert 'name="confirmation"' not in page.content.decode()
