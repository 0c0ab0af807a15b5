from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from submissions.models import (
    EDITABLE_STATES,
    PROPOSAL_MOVES,
    Answer,
    Evidence,
    Proposal,
    ProposalState,
    Reminder,
    ReminderRun,
    ScreeningItem,
)
from tests.factories.submissions import (
    AnswerFactory,
    EvidenceFactory,
    ProposalFactory,
    ReminderFactory,
    ScreeningFactory,
    ScreeningItemFactory,
    StatementLetterFactory,
)
from tests.submissions.conftest import AT

FORBIDDEN = [
    (old, new)
    for old in ProposalState
    for new in ProposalState
    if old != new and new not in PROPOSAL_MOVES.get(old, set())
]


def set_state_by_sql(proposal: Proposal, state: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE submissions_proposal SET state = %s, submitted_at = now(), "
            "submitted_by_id = created_by_id, receipt_number = 'TT-1', digest = 'x' "
            "WHERE id = %s",
            [state, proposal.pk],
        )


@pytest.mark.django_db
def test_state_moves_refused_by_the_database_even_by_sql():
    rows = {state: ProposalFactory(state=state) for state in ProposalState}

    for old, new in FORBIDDEN:
        with pytest.raises(DatabaseError, match="Invalid transition"):
            set_state_by_sql(rows[old], new)

    assert len(FORBIDDEN) == 9 * 8 - sum(map(len, PROPOSAL_MOVES.values()))


@pytest.mark.django_db
@pytest.mark.parametrize("new", sorted(PROPOSAL_MOVES[ProposalState.SUBMITTED]))
def test_state_moves_of_the_table_pass(new):
    proposal = ProposalFactory(state=ProposalState.SUBMITTED)

    set_state_by_sql(proposal, new)

    assert Proposal.objects.get(pk=proposal.pk).state == new


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state", sorted(set(ProposalState) - set(EDITABLE_STATES)), ids=str
)
def test_content_stands_still_once_sent(state):
    proposal = ProposalFactory(state=state)
    answer = AnswerFactory(proposal=proposal)
    evidence = EvidenceFactory(proposal=proposal)
    letter = StatementLetterFactory(proposal=proposal)

    for change in (
        lambda: Proposal.objects.filter(pk=proposal.pk).update(title="Lain"),
        lambda: Proposal.objects.filter(pk=proposal.pk).update(header={"x": 1}),
        lambda: Answer.objects.filter(pk=answer.pk).update(text="Lain"),
        lambda: Answer.objects.filter(pk=answer.pk).delete(),
        lambda: Evidence.objects.filter(pk=evidence.pk).delete(),
        lambda: letter.delete(),
        lambda: Answer.objects.create(
            proposal=proposal,
            section=evidence.section,
            saved_by=proposal.created_by,
            saved_at=AT,
        ),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize("state", EDITABLE_STATES, ids=str)
def test_content_changes_while_editable(state):
    proposal = ProposalFactory(state=state)
    answer = AnswerFactory(proposal=proposal)

    Proposal.objects.filter(pk=proposal.pk).update(title="Judul baru")
    Answer.objects.filter(pk=answer.pk).update(text="Teks baru")

    assert Answer.objects.get(pk=answer.pk).text == "Teks baru"


@pytest.mark.django_db
def test_history_keeps_every_text_and_cannot_be_rewritten():
    answer = AnswerFactory(text="Satu")
    answer.text = "Dua"
    answer.save(update_fields=["text"])

    texts = list(answer.events.order_by("pgh_id").values_list("text", flat=True))

    assert texts == ["Satu", "Dua"]
    with pytest.raises(DatabaseError), transaction.atomic():
        answer.events.update(text="Tiga")
    with pytest.raises(DatabaseError), transaction.atomic():
        answer.events.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "missing",
    [
        {"submitted_at": None},
        {"submitted_by": None},
        {"receipt_number": ""},
        {"digest": ""},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_entered_proposal_has_a_whole_receipt(missing):
    with pytest.raises(IntegrityError, match="entered_has_receipt"):
        ProposalFactory(state=ProposalState.SUBMITTED, **missing)


@pytest.mark.django_db
def test_innovation_enters_a_round_once_unless_withdrawn():
    first = ProposalFactory(state=ProposalState.WITHDRAWN)
    second = ProposalFactory(round=first.round, innovation=first.innovation)

    assert second.pk
    with pytest.raises(IntegrityError, match="once_per_round"), transaction.atomic():
        ProposalFactory(round=first.round, innovation=first.innovation)


@pytest.mark.django_db
def test_receipt_number_is_given_once_in_a_round():
    first = ProposalFactory(state=ProposalState.SUBMITTED, receipt_number="TT-1")

    with pytest.raises(IntegrityError, match="receipt_number_once"):
        ProposalFactory(
            round=first.round, state=ProposalState.SUBMITTED, receipt_number="TT-1"
        )


@pytest.mark.django_db
def test_answer_once_per_section():
    answer = AnswerFactory()

    with pytest.raises(IntegrityError, match="answer_once"):
        AnswerFactory(proposal=answer.proposal, section=answer.section)


@pytest.mark.django_db
def test_answer_version_begins_at_one():
    with pytest.raises(IntegrityError, match="version_from_one"):
        AnswerFactory(version=0)


@pytest.mark.django_db
def test_letter_once_per_kind():
    letter = StatementLetterFactory()

    with pytest.raises(IntegrityError, match="statementletter_once"):
        StatementLetterFactory(proposal=letter.proposal, kind=letter.kind)


@pytest.mark.django_db
def test_same_file_once_per_section():
    evidence = EvidenceFactory()

    with pytest.raises(IntegrityError, match="file_once_per_section"):
        EvidenceFactory(
            proposal=evidence.proposal,
            section=evidence.section,
            sha256=evidence.sha256,
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{}, {"reason_code": "UMUR_KURANG"}, {"note": "Belum satu tahun."}],
    ids=["nothing", "no note", "no reason"],
)
def test_refused_requirement_says_why(fields):
    with pytest.raises(IntegrityError, match="not_met_says_why"):
        ScreeningItemFactory(verdict=ScreeningItem.Verdict.NOT_MET, **fields)


@pytest.mark.django_db
def test_screening_holds_each_requirement_once():
    item = ScreeningItemFactory(screening=ScreeningFactory())

    with pytest.raises(IntegrityError, match="screeningitem_once"):
        ScreeningItemFactory(screening=item.screening, requirement=item.requirement)


@pytest.mark.django_db
def test_reminder_once_per_person_row_and_closing():
    reminder = ReminderFactory()
    same = {
        "plan": reminder.plan,
        "user": reminder.user,
    }
    closing = reminder.counted_from

    ReminderFactory(**same, counted_from=closing + timedelta(days=1))

    with pytest.raises(IntegrityError, match="reminder_once"), transaction.atomic():
        ReminderFactory(**same, counted_from=closing)


@pytest.mark.django_db
def test_row_of_a_plan_goes_out_once_for_each_closing():
    reminder = ReminderFactory()
    same = {"plan": reminder.plan, "ran_at": reminder.noted_at, "told": 1}
    closing = reminder.counted_from
    ReminderRun.objects.create(**same, counted_from=closing)

    ReminderRun.objects.create(**same, counted_from=closing + timedelta(days=1))

    with pytest.raises(IntegrityError, match="reminderrun_once"), transaction.atomic():
        ReminderRun.objects.create(**same, counted_from=closing)


@pytest.mark.django_db
def test_reminder_is_never_changed():
    reminder = ReminderFactory()

    with pytest.raises(DatabaseError, match="append_only"):
        Reminder.objects.filter(pk=reminder.pk).update(was_told=False)
