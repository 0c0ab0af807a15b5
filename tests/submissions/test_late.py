"""What arrives after the closing: kept, marked, counted only by a decision."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.models import Membership
from competitions.models import Announcement, StageException
from core.models import AuditEntry
from documents.models import IssuedDocument
from notifications.models import Message
from submissions import services
from submissions.dossier import HEADER_STEP
from submissions.models import Answer, LateAdmission, LateText, Proposal, ProposalState
from tests.factories.accounts import MembershipFactory
from tests.factories.sending import LateAdmissionFactory, LateTextFactory
from tests.submissions.browsing import AUTOSAVE, section_url, url
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
REASON = "Listrik padam di kecamatan itu sejak pukul 20.00."


def after(city, seconds=1):
    return city.stage.closes_at + timedelta(seconds=seconds)


def keep(city, proposal, text="Kalimat terlambat", seconds=1, actor=None, **more):
    return services.keep_late(
        proposal=proposal,
        part=more.pop("part", "kebaruan"),
        text=text,
        actor=actor or city.author,
        at=after(city, seconds),
        **more,
    )


def press(city, proposal, seconds=60, actor=None):
    return keep(
        city,
        proposal,
        text="",
        seconds=seconds,
        actor=actor or city.head,
        part=LateText.SENDING,
    )


def admit(city, proposal, seconds=3600):
    return services.admit_late(
        proposal=proposal,
        reason=REASON,
        actor=city.secretary,
        at=after(city, seconds),
    )


def test_late_text_is_kept_beside_the_standing_one_in_one_row(city):
    proposal = city.proposal()
    before = Answer.objects.get(section=city.section).text

    for seconds, text in ((0, "Satu"), (2, "Satu dua"), (4, "Satu dua tiga")):
        keep(city, proposal, text, seconds)

    late = LateText.objects.get()
    assert (late.text, late.saved_by) == ("Satu dua tiga", city.author)
    assert (late.first_at, late.saved_at) == (after(city, 0), after(city, 4))
    history = late.events.order_by("pgh_id").values_list("text", flat=True)
    assert list(history) == ["Satu", "Satu dua", "Satu dua tiga"]
    assert Answer.objects.get(section=city.section).text == before
    assert AuditEntry.objects.filter(action="proposal.came_late").count() == 1


def test_nothing_is_late_before_the_closing_or_once_submitted_or_unchanged(city):
    proposal = city.proposal()
    same = Answer.objects.get(section=city.section).text
    submitted = city.proposal()
    services.submit_proposal(proposal=submitted, actor=city.head, at=AT)

    assert keep(city, proposal, seconds=-1) is None
    assert keep(city, proposal, text=same) is None
    assert keep(city, submitted) is None
    assert not LateText.objects.exists()


def test_late_proposal_counts_with_its_late_texts_by_a_public_decision(city):
    proposal = city.proposal()
    keep(city, proposal, "Sebelum ditekan", seconds=30)
    press(city, proposal, seconds=60)
    keep(city, proposal, "Sesudah ditekan", 90, part="signifikansi")

    done = admit(city, proposal)

    assert (done.state, done.submitted_by) == (ProposalState.SUBMITTED, city.head)
    assert Answer.objects.get(section=city.section).text == "Sebelum ditekan"
    assert not Answer.objects.filter(text="Sesudah ditekan").exists()
    decision = LateAdmission.objects.get()
    assert (decision.reason, decision.arrived_at) == (REASON, after(city, 60))
    notice = Announcement.objects.get()
    assert REASON in notice.body
    assert proposal.title not in notice.title + notice.body
    assert IssuedDocument.objects.get().value("late_reason") == REASON
    entry = AuditEntry.objects.get(action="proposal.late_admitted")
    assert entry.reason == REASON
    assert Message.objects.filter(kind="proposal.late_admitted").count() == 2


def test_late_general_data_are_taken_over_too(city):
    proposal = city.proposal()
    draft = services.HeaderDraft(
        title="Judul yang terlambat",
        track=proposal.track,
        category=proposal.category,
        values={"video": "https://video.contoh.example/baru"},
    )
    keep(city, proposal, "", part=HEADER_STEP, values=services.late_values(draft))
    press(city, proposal)

    done = admit(city, proposal)

    assert done.title == "Judul yang terlambat"
    assert done.header["video"] == "https://video.contoh.example/baru"
    assert done.header["tanggal-mulai"]


def test_who_may_not_submit_has_not_sent_it(city):
    proposal = city.proposal()
    press(city, proposal, actor=city.author)

    with pytest.raises(services.LateNotAdmissible):
        admit(city, proposal)

    assert not LateAdmission.objects.exists()


def test_nothing_late_counts_once_the_jury_has_begun(city):
    proposal = city.proposal()
    press(city, proposal)

    with pytest.raises(services.LateNotAdmissible):
        admit(city, proposal, seconds=3600 * 24 * 365)


def test_incomplete_late_proposal_leaves_nothing_behind(city):
    proposal = city.proposal()
    keep(city, proposal, "Terlambat")
    press(city, proposal)
    Answer.objects.filter(section__code="signifikansi").delete()

    with pytest.raises(services.ProposalIncomplete):
        admit(city, proposal)

    assert not LateAdmission.objects.exists()
    assert not Announcement.objects.exists()
    assert LateText.objects.waiting().count() == 2
    assert not Answer.objects.filter(text="Terlambat").exists()


def test_author_takes_the_late_text_over_once_the_round_is_open_again(city):
    proposal = city.proposal()
    keep(city, proposal, "Susulan")
    with pytest.raises(services.SubmissionClosed):
        services.take_late(
            proposal=proposal, part="kebaruan", actor=city.author, at=after(city)
        )
    StageException.objects.create(
        stage=city.stage,
        institution=city.institution,
        key="lebih-lama",
        closes_at=after(city, 7200),
        reason=REASON,
        granted_by=city.secretary,
        granted_at=after(city, 10),
    )

    services.take_late(
        proposal=proposal, part="kebaruan", actor=city.author, at=after(city, 60)
    )

    assert Answer.objects.get(section=city.section).text == "Susulan"
    assert not LateText.objects.waiting().exists()
    with pytest.raises(services.NothingLate):
        services.take_late(
            proposal=proposal, part="kebaruan", actor=city.author, at=after(city, 61)
        )


def test_one_waiting_row_for_each_place_and_person():
    late = LateTextFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        LateTextFactory(proposal=late.proposal, saved_by=late.saved_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        LateTextFactory(part="lain", taken_at=AT)


def test_decision_says_why_and_never_changes():
    with pytest.raises(IntegrityError), transaction.atomic():
        LateAdmissionFactory(reason="")
    decision = LateAdmissionFactory()
    with pytest.raises(InternalError), transaction.atomic():
        LateAdmission.objects.filter(pk=decision.pk).update(reason="Lain")


@pytest.fixture
def closed(live_city):
    stage = live_city.stage
    stage.closes_at = stage.opens_at + timedelta(seconds=1)
    stage.save()
    return live_city


def test_autosave_after_closing_says_so_calmly_and_keeps_the_text(client, closed):
    proposal = closed.proposal()
    client.force_login(closed.author)
    path = section_url(proposal)

    answer = client.post(path, {"version": "1", "text": "Telat"}, headers=AUTOSAVE)
    page = client.post(path, {"version": "1", "text": "Telat sekali"})
    shown = client.get(path)

    assert (answer.status_code, answer.json()["state"]) == (200, "late")
    assert page.url == path
    assert LateText.objects.get().text == "Telat sekali"
    assert "Telat sekali" in shown.content.decode()
    header = {"version": "0", "title": "Judul telat", "track": proposal.track_id}
    kept = client.post(url("header_edit", proposal.code), header, headers=AUTOSAVE)
    assert kept.json()["state"] == "late"
    assert LateText.objects.get(part="data").values["title"] == "Judul telat"


def test_press_after_closing_is_kept_and_loses_nothing(client, closed):
    proposal = closed.proposal()
    client.force_login(closed.head)

    answer = client.post(url("proposal_send", proposal.code), {"statement": "on"})

    assert answer.url == proposal.get_absolute_url()
    assert LateText.objects.get().is_sending
    assert Proposal.objects.get().state == ProposalState.DRAFT


def test_secretariat_sees_the_list_and_decides(client, closed):
    proposal = closed.proposal()
    LateTextFactory(proposal=proposal, saved_by=closed.author)
    LateTextFactory(proposal=proposal, part=LateText.SENDING, saved_by=closed.head)
    client.force_login(closed.secretary)

    listed = client.get(url("late_list", closed.round.slug))
    page = client.get(url("late_admit", proposal.code))
    empty = client.post(url("late_admit", proposal.code), {"reason": " "})
    decided = client.post(url("late_admit", proposal.code), {"reason": REASON})

    assert [each.pk for each in listed.context["page"]] == [proposal.pk]
    assert page.context["can_admit"]
    assert (empty.status_code, decided.status_code) == (422, 302)
    assert Proposal.objects.get().is_submitted
    receipt = client.get(url("receipt_detail", proposal.code))
    assert REASON in receipt.content.decode()


def test_who_works_for_an_institution_too_decides_nothing_late(client, closed):
    proposal = closed.proposal()
    LateTextFactory(proposal=proposal, part=LateText.SENDING, saved_by=closed.head)
    other = MembershipFactory(
        user=closed.secretary,
        role=Membership.Role.AUTHOR,
        institution__government=closed.government,
    )
    assert other.institution != closed.institution
    client.force_login(closed.secretary)

    answer = client.post(url("late_admit", proposal.code), {"reason": REASON})

    assert answer.status_code == 403


@pytest.mark.parametrize("row_count", [1, 3])
def test_late_list_query_count(
    client, closed, django_assert_max_num_queries, row_count
):
    for _n in range(row_count):
        LateTextFactory(proposal=closed.proposal(), saved_by=closed.author)
    client.force_login(closed.secretary)
    client.get(url("late_list", closed.round.slug))

    with django_assert_max_num_queries(13):
        page = client.get(url("late_list", closed.round.slug))

    assert len(page.context["page"]) == row_count
