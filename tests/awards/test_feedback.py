"""What authors are told: figures, sentences, places, notes, release, letters."""

from decimal import Decimal

import pytest
from django.utils import timezone, translation

from awards import feedback, notices, queries, services
from awards.models import FeedbackNote, FeedbackPlan
from core.models import AuditEntry
from documents.models import IssuedDocument
from judging.models import ResultRow, Score
from notifications.models import Message
from tests.factories.accounts import AuthorFactory, SecretariatFactory
from tests.factories.feedback import LATER, judged_round, released_round
from tests.factories.judging import ConflictFactory, scoring_round, sealed_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

# Novelty 40, significance 60. Totals: 90, 86, 78, 74, 66.
FIVE = [(90, 90), (80, 90), (78, 78), (80, 70), (60, 70)]


def told(round, place, plan=None, **details):
    """What the authors of the proposal at `place` of the round are told."""
    result = queries.result_to_award(round)
    field = feedback.field_of(round, result, plan or queries.plan_of(round))
    row = result.resultrow_set.get(proposal=round.proposal_set.order_by("pk")[place])
    awarded = row.pk in queries.awarded_rows(round)
    return feedback.feedback_of(row, field, is_awarded=awarded, **details)


def release(round, at=None):
    return services.release_feedback(
        round=round, actor=secretary(round), at=at or timezone.now()
    )


def announce(round):
    plan = FeedbackPlan.objects.get(round=round)
    return services.announce_feedback(plan_id=plan.pk, at=timezone.now())


def secretary(round):
    return SecretariatFactory(government=round.competition.government)


# Figures ------------------------------------------------------------------------------


def test_means_stand_beside_those_of_all():
    # Novelty: (90+80+78+80+60)/5 = 77.6; significance: (90+90+78+70+70)/5 = 79.6.
    (stage,) = told(judged_round(*FIVE), 3).stages

    assert [(each.mean, each.field) for each in stage.criteria] == [
        (80, Decimal("77.6")),
        (70, Decimal("79.6")),
    ]
    # Totals: (90+86+78+74+66)/5.
    assert (stage.total, stage.field, stage.sheet_count) == (74, Decimal("78.8"), 2)
    assert [each.anchor["label"] for each in stage.criteria] == ["Baik", "Cukup"]


def test_sentences_name_what_stands_out_and_what_has_room():
    found = told(judged_round(*FIVE), 3)

    assert found.strengths == [
        (
            "Kebaruan stands out: the jurors gave it 80.0, where all proposals "
            "together have a mean of 77.6."
        )
    ]
    assert found.advice == [
        (
            "Signifikansi has room to grow: the jurors gave it 70.0, where all "
            "proposals together have a mean of 79.6. The next step of the jurors' "
            "scale reads: “Tampak jelas dan terukur.”"
        )
    ]


def test_who_is_below_everywhere_is_told_what_comes_closest():
    # Novelty 60 is 17.6 below the others, significance 70 is 9.6 below.
    found = told(judged_round(*FIVE), 4)

    assert found.strengths == [
        (
            "Signifikansi comes closest to the other proposals: 70.0, where all "
            "together have a mean of 79.6."
        )
    ]
    assert [each.criterion.code for each in found.weak] == ["kebaruan"]


def test_who_is_above_everywhere_is_told_what_has_most_room():
    found = told(judged_round(*FIVE), 0)

    assert [each.criterion.code for each in found.strong] == [
        "kebaruan",
        "signifikansi",
    ]
    assert found.advice == []


@pytest.mark.parametrize(("count", "is_told"), [(4, False), (5, True)])
def test_mean_of_few_is_not_told(count, is_told):
    (stage,) = told(judged_round(*FIVE[:count]), 0).stages

    assert (stage.field is not None) is is_told
    assert [each.field is not None for each in stage.criteria] == [is_told] * 2


def test_few_proposals_are_told_of_themselves_alone():
    found = told(judged_round((80, 70)), 0)

    assert found.strengths == ["Kebaruan was judged highest, with a mean of 80.0."]
    assert found.advice[0].startswith(
        "Signifikansi has the most room left, with a mean of 70.0."
    )


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ("never", ["", "", "", "", ""]),
        # The first is shortlisted, the next two hold an award; the rest do not pass.
        ("shortlisted", ["Rank 1 of 5", "Rank 2 of 5", "Rank 3 of 5", "", ""]),
        (
            "band",
            [
                "Rank 1 of 5",
                "Rank 2 of 5",
                "Rank 3 of 5",
                "In the lower half",
                "In the lower half",
            ],
        ),
        ("all", [f"Rank {rank} of 5" for rank in range(1, 6)]),
    ],
)
def test_place_is_told_as_the_round_chose(places, expected):
    round = judged_round(*FIVE)
    plan = FeedbackPlan(round=round, places=places)

    assert [told(round, place, plan).place for place in range(5)] == expected


def test_bands_of_eight():
    round = judged_round(*[(90 - n, 70) for n in range(8)])
    round.scoringstage_set.update(shortlist_size=None)
    plan = FeedbackPlan(round=round, places="band")

    # Nobody passes (at most 0.4 * 90 + 0.6 * 70 = 78 does: three do, and hold awards).
    places = [told(round, place, plan).place for place in range(8)]
    assert places[3:] == ["In the upper half", *["In the lower half"] * 4]


def test_without_a_shortlist_only_who_holds_an_award_is_told_the_rank():
    def drop(round):
        round.scoringstage_set.update(shortlist_size=None, pass_mark=None)

    round = judged_round(*FIVE, prepare=drop)

    assert [told(round, place).place for place in range(5)] == [
        "Rank 1 of 5",
        "Rank 2 of 5",
        "Rank 3 of 5",
        "",
        "",
    ]


# Notes --------------------------------------------------------------------------------


def test_notes_are_in_an_order_of_each_criterion_that_tells_no_juror():
    rounds = [judged_round(*[(80, 70)] * 4, jurors=4) for _n in range(2)]
    orders = set()
    for round in rounds:
        jurors = sorted(round.juror_set.values_list("pk", flat=True))
        for place in range(4):
            (stage,) = told(round, place).stages
            again = told(round, place).stages[0]
            for each, same in zip(stage.criteria, again.criteria, strict=True):
                assert each.notes == same.notes  # the same each time it is read
                order = [int(note.rpartition("-")[2]) for note in each.notes]
                assert sorted(order) == jurors
                orders.add(tuple(jurors.index(juror) for juror in order))

    # Of sixteen lists of four, all alike or all by juror would give the order away.
    assert len(orders) > 4


def test_key_of_a_note_does_not_follow_from_its_number(settings):
    first = feedback.note_key(1)
    settings.SECRET_KEY = "another"

    assert feedback.note_key(1) != first


def decide(round, score, choice, text="", reason=""):
    return services.decide_note(
        round=round,
        score=score,
        choice=choice,
        text=text,
        reason=reason,
        actor=secretary(round),
        at=timezone.now(),
    )


def notes_of(round, place=0):
    (stage,) = told(round, place).stages
    return [set(each.notes) for each in stage.criteria]


def test_note_is_withheld_put_otherwise_and_passed_on_again():
    round = judged_round((80, 70), jurors=1)
    first, second = Score.objects.order_by("criterion__order")
    written = first.note

    decide(round, first, "withheld", reason="Menyebut nama.")
    decide(round, second, "edited", text="Perjelas datanya.", reason="Terlalu tajam.")

    assert notes_of(round) == [set(), {"Perjelas datanya."}]
    first.refresh_from_db()
    assert first.note == written
    entry = AuditEntry.objects.filter(action="feedback_note.decided").earliest("pk")
    assert (entry.reason, entry.changes) == (
        "Menyebut nama.",
        {"choice": "withheld", "criterion": "kebaruan"},
    )

    decide(round, first, "as_written")

    assert notes_of(round)[0] == {written}


@pytest.mark.parametrize(
    ("choice", "text", "reason"),
    [("edited", " ", "x"), ("edited", "x", " "), ("withheld", "", "")],
)
def test_decision_needs_words_and_reason(choice, text, reason):
    round = judged_round((80, 70), jurors=1)

    with pytest.raises(services.NoteNotDecided):
        decide(round, Score.objects.earliest("pk"), choice, text, reason)

    assert not FeedbackNote.objects.exists()


def test_abstained_draft_and_conflicted_sheets_are_not_passed_on():
    round = judged_round((80, 70), jurors=2)
    row = ResultRow.objects.get()
    juror = round.juror_set.earliest("pk")
    ConflictFactory(juror=juror, proposal=row.proposal)

    assert [len(each) for each in notes_of(round)] == [1, 1]


# Release ------------------------------------------------------------------------------


def test_release_tells_all_and_writes_to_who_was_not_chosen():
    round = judged_round(*FIVE)
    people = {
        proposal.pk: AuthorFactory(institution=proposal.institution)
        for proposal in round.proposal_set.all()
    }
    release(round)

    assert announce(round) == 5
    assert announce(round) == 0

    plan = FeedbackPlan.objects.get()
    assert plan.announced_at
    assert {
        each.recipient for each in Message.objects.filter(kind="awards.feedback_ready")
    } == set(people.values())
    letters = IssuedDocument.objects.filter(kind="feedback").order_by("number")
    losers = round.proposal_set.order_by("pk")[3:]
    assert {each.subject_key for each in letters} == {
        f"feedback:{each.pk}" for each in losers
    }
    assert not any(each.is_public for each in letters)


def test_nothing_is_sent_before_the_winners_are_public():
    round = judged_round(*FIVE, publish_in=LATER)
    release(round)

    assert announce(round) == 0
    assert not Message.objects.filter(kind="awards.feedback_ready").exists()
    assert not IssuedDocument.objects.filter(kind="feedback").exists()


def test_withdrawn_and_unjudged_proposals_get_nothing():
    def step_back(round):
        # The last is judged by nobody: its juror found a conflict.
        proposal = round.proposal_set.order_by("pk").last()
        for juror in round.juror_set.all():
            ConflictFactory(juror=juror, proposal=proposal)

    round = judged_round(*FIVE, prepare=step_back)
    proposals = round.proposal_set.order_by("pk")
    withdrawn = proposals[3]
    withdrawn.state = "withdrawn"
    withdrawn.save()
    for proposal in proposals:
        AuthorFactory(institution=proposal.institution)
    release(round)

    assert announce(round) == 3
    assert not IssuedDocument.objects.filter(kind="feedback").exists()
    readable = [
        proposal.code
        for proposal in proposals
        if queries.readable_feedback(
            proposal.institution.membership_set.get().user, timezone.now()
        ).exists()
    ]
    assert readable == [each.code for each in proposals[:3]]


def test_release_is_refused_without_seal_decree_signatory_and_twice():
    for round in (scoring_round(jurors=1, proposals=1), sealed_round(proposals=1)):
        with pytest.raises(services.FeedbackNotReleased):
            release(round)
    round = judged_round((80, 70))
    government = round.competition.government
    signatory = government.signatory_set.get()
    signatory.is_default = False
    signatory.save()
    with pytest.raises(services.FeedbackNotReleased, match="signatory"):
        release(round)
    signatory.is_default = True
    signatory.save()
    release(round)

    with pytest.raises(services.FeedbackNotReleased, match="already"):
        release(round)
    with pytest.raises(services.FeedbackNotPlanned):
        services.plan_feedback(
            round=round, places="all", actor=secretary(round), at=timezone.now()
        )


def test_release_that_fails_leaves_nothing(monkeypatch):
    round = judged_round((80, 70))
    monkeypatch.setattr("awards.services.feedback.audit.record", lambda *a, **k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        release(round)

    assert not FeedbackPlan.objects.exists()


def test_announcing_that_fails_half_way_goes_on_where_it_stood(monkeypatch):
    round = released_round(*FIVE, publish_in=LATER)
    round.decree.publish_at = timezone.now()
    round.decree.save()
    tell, calls = notices.feedback_ready, []

    def fail_once(row, **details):
        calls.append(row.code)
        if len(calls) == 5:
            raise RuntimeError
        tell(row, **details)

    monkeypatch.setattr(notices, "feedback_ready", fail_once)
    with pytest.raises(RuntimeError):
        announce(round)
    assert IssuedDocument.objects.filter(kind="feedback").count() == 1

    assert announce(round) == 5

    assert IssuedDocument.objects.filter(kind="feedback").count() == 2


def test_letter_says_nothing_of_rank_or_notes():
    round = released_round(*FIVE)
    letter = IssuedDocument.objects.filter(kind="feedback").earliest("pk")

    with translation.override("id"):
        found = told(round, 3, with_notes=False)
        assert letter.values["strengths"] == found.strengths
    assert letter.values["advice"]
    assert "juri-" not in str(letter.values)
    assert "rank" not in str(letter.values).lower().replace("rank_grade", "").replace(
        "signatory_rank", ""
    )
