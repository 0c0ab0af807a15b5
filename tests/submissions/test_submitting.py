from datetime import timedelta

import pytest

from competitions.models import Requirement
from core.models import AuditEntry
from documents.models import IssuedDocument, NumberSequence
from notifications.models import Message
from submissions import receipts, services
from submissions.models import Answer, Proposal, ProposalState
from submissions.services import submitting
from tests.factories.accounts import (
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
)
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def send(proposal, actor, *, at=AT):
    return services.send_proposal(proposal=proposal, actor=actor, at=at)


def submit(proposal, actor, *, at=AT):
    return services.submit_proposal(proposal=proposal, actor=actor, at=at)


def test_author_sends_to_the_head_who_endorses_and_submits(city):
    proposal = city.proposal()

    sent = send(proposal, city.author)
    done = submit(proposal, city.head, at=AT + timedelta(minutes=5))

    assert sent.state == ProposalState.ENDORSING
    assert told("proposal.sent") == {city.head.pk}
    assert done.state == ProposalState.SUBMITTED
    assert (done.endorsed_by, done.submitted_by) == (city.head, city.head)
    assert done.submitted_at == AT + timedelta(minutes=5)
    assert told("proposal.submitted") == {city.author.pk, city.head.pk}
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [each for each in actions if each.startswith("proposal.")] == [
        "proposal.sent",
        "proposal.submitted",
    ]


def test_head_who_sends_endorses_at_once(city):
    done = send(city.proposal(), city.head)

    assert (done.state, done.endorsed_by) == (ProposalState.SUBMITTED, city.head)
    assert told("proposal.sent") == set()


def test_round_without_endorsement_takes_it_from_the_author(city):
    city.round.endorsement_required = False
    city.round.save(update_fields=["endorsement_required"])

    done = send(city.proposal(), city.author)

    assert (done.state, done.endorsed_by) == (ProposalState.SUBMITTED, None)


def test_admin_above_is_asked_too(city):
    unit = InstitutionFactory(government=city.government, parent=city.institution)
    proposal = city.proposal(institution=unit)

    send(proposal, city.author)

    assert told("proposal.sent") == {city.head.pk}


def test_send_refused_where_nobody_could_endorse(city):
    alone = InstitutionFactory(government=city.government)
    proposal = city.proposal(institution=alone)

    with pytest.raises(services.NobodyEndorses):
        send(proposal, city.author)

    assert Proposal.objects.get(pk=proposal.pk).state == ProposalState.DRAFT


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda p: Answer.objects.filter(proposal=p).first().delete(), "isian"),
        (lambda p: p.statementletter_set.first().delete(), "surat"),
        (lambda p: Proposal.objects.filter(pk=p.pk).update(header={}), "umur"),
    ],
    ids=["answer missing", "letter missing", "age unknown"],
)
def test_incomplete_proposal_is_refused_with_its_findings(city, spoil, code):
    proposal = city.proposal()
    spoil(proposal)

    with pytest.raises(services.ProposalIncomplete) as refusal:
        send(proposal, city.author)

    assert [each.requirement.code for each in refusal.value.findings] == [code]
    assert not IssuedDocument.objects.exists()
    assert not Message.objects.exists()


def test_too_long_answer_is_refused_only_at_submission(city):
    Requirement.objects.filter(code="isian").update(rule=Requirement.Rule.WORD_LIMITS)
    proposal = city.proposal()
    services.save_answer(
        proposal=proposal,
        section=city.section,
        text="kata " * 201,
        base_version=1,
        actor=city.author,
        at=AT,
    )

    with pytest.raises(services.ProposalIncomplete):
        submit(proposal, city.head)


def test_quota_counts_what_was_submitted_before(city):
    for _n in range(3):
        submit(city.proposal(), city.head)

    with pytest.raises(services.ProposalIncomplete) as refusal:
        submit(city.proposal(), city.head)

    assert [each.requirement.code for each in refusal.value.findings] == ["kuota"]


def test_quota_of_others_does_not_count(city):
    for _n in range(3):
        submit(city.proposal(), city.head)
    other = InstitutionFactory(government=city.government)
    admin = InstitutionAdminFactory(institution=other)

    done = submit(city.proposal(institution=other), admin)

    assert done.state == ProposalState.SUBMITTED


@pytest.mark.parametrize(
    ("shift", "passes"),
    [
        (timedelta(microseconds=-1), True),
        (timedelta(0), False),
        (timedelta(seconds=1), False),
    ],
)
def test_deadline_is_decided_by_the_moment_of_the_request(city, shift, passes):
    proposal = city.proposal()
    at = city.stage.closes_at + shift

    if passes:
        assert submit(proposal, city.head, at=at).submitted_at == at
    else:
        with pytest.raises(services.SubmissionClosed):
            submit(proposal, city.head, at=at)
        assert Proposal.objects.get(pk=proposal.pk).state == ProposalState.DRAFT


def test_submitting_twice_gives_one_submission(city):
    proposal = city.proposal()
    first = submit(proposal, city.head)

    with pytest.raises(services.ProposalNotSubmittable):
        submit(proposal, city.head)

    assert IssuedDocument.objects.get().number == first.receipt_number


@pytest.mark.parametrize(
    "state",
    [
        ProposalState.SUBMITTED,
        ProposalState.SCREENED_PASSED,
        ProposalState.SCREENED_FAILED,
        ProposalState.WITHDRAWN,
        ProposalState.DISQUALIFIED,
    ],
    ids=str,
)
def test_submit_refused_in_state(city, state):
    proposal = ProposalFactory(
        round=city.round, institution=city.institution, state=state
    )

    with pytest.raises(services.ProposalNotSubmittable):
        submit(proposal, city.head)


def test_receipts_are_numbered_without_gap(city):
    numbers = [submit(city.proposal(), city.head).receipt_number for _n in range(2)]
    broken = city.proposal()
    broken.statementletter_set.first().delete()
    with pytest.raises(services.ProposalIncomplete):
        submit(broken, city.head)
    numbers.append(submit(city.proposal(), city.head).receipt_number)

    assert numbers == ["TT-2022-001", "TT-2022-002", "TT-2022-003"]


def test_receipt_says_what_was_received(city):
    done = submit(city.proposal(title="Pulang Bawa Akta"), city.head)

    receipt = receipts.receipt_of(done)

    assert receipt.number == done.receipt_number
    assert receipt.subject_key == f"proposal:{done.pk}:1"
    assert receipt.values["innovation_title"] == "Pulang Bawa Akta"
    assert receipt.values["digest"] == done.digest
    assert len(done.digest) == 64
    assert [part["words"] for part in receipt.values["sections"]] == [9, 9, 9]


def test_register_follows_what_was_submitted(city):
    proposal = city.proposal(title="Judul yang dikirim")

    submit(proposal, city.head)

    innovation = Proposal.objects.get(pk=proposal.pk).innovation
    assert innovation.title == "Judul yang dikirim"
    assert str(innovation.started_date) == "2020-03-02"
    assert innovation.sdgs == [3, 16]


@pytest.mark.parametrize("step", ["describe_innovation", "audit", "notices"])
def test_submit_leaves_nothing_when_it_fails_half_way(city, monkeypatch, step):
    proposal = city.proposal()

    def fail(*args, **kwargs):
        raise RuntimeError

    target = {
        "describe_innovation": (submitting, "describe_innovation"),
        "audit": (submitting.audit, "record"),
        "notices": (submitting.notices, "proposal_submitted"),
    }[step]
    monkeypatch.setattr(*target, fail)

    with pytest.raises(RuntimeError):
        submit(proposal, city.head)

    stored = Proposal.objects.get(pk=proposal.pk)
    assert (stored.state, stored.receipt_number, stored.digest) == ("draft", "", "")
    assert not IssuedDocument.objects.exists()
    assert not NumberSequence.objects.exists()
    assert not Message.objects.exists()


def test_submission_stands_while_the_broker_is_away(
    city, monkeypatch, django_capture_on_commit_callbacks
):
    from documents import tasks

    def away(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(tasks.render_document, "delay", away)

    with django_capture_on_commit_callbacks(execute=True):
        done = submit(city.proposal(), city.head)

    assert Proposal.objects.get(pk=done.pk).state == ProposalState.SUBMITTED
    assert not IssuedDocument.objects.get().is_rendered


def test_return_gives_the_proposal_back_with_a_note(city):
    proposal = city.proposal()
    send(proposal, city.author)

    back = services.return_with_notes(
        proposal=proposal, note="Tambahkan angka.", actor=city.head, at=AT
    )

    assert (back.state, back.return_note) == (
        ProposalState.RETURNED,
        "Tambahkan angka.",
    )
    assert told("proposal.returned") == {city.author.pk, city.head.pk}
    again = send(proposal, city.author, at=AT + timedelta(hours=1))
    assert (again.state, again.return_note) == (ProposalState.ENDORSING, "")


def test_return_needs_a_note(city):
    proposal = city.proposal()
    send(proposal, city.author)

    with pytest.raises(services.NoteMissing):
        services.return_with_notes(proposal=proposal, note=" ", actor=city.head, at=AT)


def test_return_refused_unless_it_waits_for_endorsement(city):
    with pytest.raises(services.ProposalNotEndorsing):
        services.return_with_notes(
            proposal=city.proposal(), note="Lain kali", actor=city.head, at=AT
        )


def test_withdraw_a_submitted_proposal_while_the_round_is_open(city):
    proposal = submit(city.proposal(), city.head)

    gone = services.withdraw_proposal(
        proposal=proposal, reason="Ganti inovasi", actor=city.head, at=AT
    )

    assert gone.state == ProposalState.WITHDRAWN
    assert AuditEntry.objects.order_by("pk").last().reason == "Ganti inovasi"


def test_withdraw_refused_after_closing_without_reason_or_once_checked(city):
    submitted = submit(city.proposal(), city.head)
    checked = ProposalFactory(round=city.round, state=ProposalState.SCREENED_PASSED)

    def withdraw(proposal, *, reason="Ganti", at=AT):
        services.withdraw_proposal(
            proposal=proposal, reason=reason, actor=city.head, at=at
        )

    with pytest.raises(services.SubmissionClosed):
        withdraw(submitted, at=city.stage.closes_at)
    with pytest.raises(services.NoteMissing):
        withdraw(submitted, reason=" ")
    with pytest.raises(services.ProposalNotWithdrawable):
        withdraw(checked)


def test_colleague_with_an_ended_role_is_not_told(city):
    left = MembershipFactory(institution=city.institution)
    left.to_date = left.from_date
    left.save(update_fields=["to_date"])

    submit(city.proposal(), city.head)

    assert left.user_id not in told("proposal.submitted")
