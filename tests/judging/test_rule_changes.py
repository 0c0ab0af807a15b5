"""New rules once the jury scores: a second person, ranks before and after."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from competitions import audience, services
from competitions.models import Criterion, Round, RuleChange
from competitions.rule_lists import RuleList, with_weights
from judging import queries, standings
from judging.models import Score, ScoreSheet
from notifications.models import Message
from tests.factories.accounts import MembershipFactory, SecretariatFactory
from tests.factories.judging import (
    ScoreSheetFactory,
    scoring_round,
    seal,
    sealed_round,
    staged_round,
    write_sheet,
)
from tests.factories.rule_changes import apply, review

pytestmark = pytest.mark.django_db
NOW = timezone.now()
# Values of kebaruan and signifikansi, sheet by sheet: by 40 and 60 the third proposal
# leads, by 90 and 10 the first.
VALUES = [(90, 60), (74, 72), (60, 85)]
FIRST = {"kebaruan": Decimal(90), "signifikansi": Decimal(10)}


@pytest.fixture
def round():
    """Two jurors have finished all sheets of three proposals."""
    made = scoring_round(jurors=2, proposals=3)
    fill(made)
    return Round.objects.of_government().get(pk=made.pk)


def fill(round):
    order = list(round.proposal_set.order_by("pk"))
    sheets = ScoreSheet.objects.filter(assignment__juror__round=round)
    for sheet in sheets.select_related("assignment").order_by("pk"):
        place = order.index(sheet.assignment.proposal)
        write_sheet(sheet, *VALUES[place])


@pytest.fixture
def people(round):
    """Two of the secretariat."""
    government = round.competition.government
    return [
        SecretariatFactory(government=government, name=name) for name in ("Ani", "Budi")
    ]


def weights(wanted=FIRST):
    return lambda rules: with_weights(rules, stage="proposal", weights=wanted)


def stage(**changes):
    def change(rules):
        first, *others = rules.scoring
        return replace(rules, scoring=(replace(first, **changes), *others))

    return change


def prepare(round, actor, change):
    services.change_rules(round=round, change=change, actor=actor, at=NOW)


def weights_of(round):
    rows = Criterion.objects.filter(scoring_stage__round=round).order_by("order")
    return list(rows.values_list("weight", flat=True))


def naive(round, rules):
    """Rank and total of each proposal by a recomputation of one's own."""
    totals = {}
    for proposal in round.proposal_set.all():
        sums = [
            sum(
                Fraction(score.value) * Fraction(rules[score.criterion.code]) / 100
                for score in sheet.score_set.select_related("criterion")
            )
            for sheet in ScoreSheet.objects.filter(assignment__proposal=proposal)
        ]
        totals[proposal.code] = sum(sums) / len(sums)
    return {
        code: (1 + sum(other > total for other in totals.values()), total)
        for code, total in totals.items()
    }


def test_ranks_before_and_after_are_those_of_a_naive_recomputation(round, people):
    prepare(round, people[0], weights())

    ranks = review(round, NOW).ranks

    for side, rules in (
        ("before", {"kebaruan": 40, "signifikansi": 60}),
        ("after", FIRST),
    ):
        found = {each.code: getattr(each, side) for each in ranks.moves}
        assert {
            code: (place.rank, Fraction(place.total)) for code, place in found.items()
        } == naive(round, rules)
    assert [each.is_moved for each in ranks.moves] == [True, True, False]
    assert [each.distance for each in ranks.moves] == [2, 2, 0]


def test_second_person_puts_new_weights_in_force(round, people):
    first, second = people
    prepare(round, first, weights())

    change = apply(round, first, NOW)

    assert change.is_awaiting
    assert weights_of(round) == [40, 60]
    assert [each.recipient for each in Message.objects.all()] == [second]
    services.confirm_change(
        change=change, seen=review(round, NOW).digest, actor=second, at=NOW
    )
    change.refresh_from_db()
    assert (change.is_applied, change.requested_by, change.decided_by) == (
        True,
        first,
        second,
    )
    assert weights_of(round) == [90, 10]
    leader, _same, last = round.proposal_set.order_by("pk")
    assert {code for code, _before, _after in change.ranks} == {leader.code, last.code}
    finals = standings.current(round, queries.scoring_of(round)).outcome.finals
    assert finals[0].proposal == leader.code


def test_nobody_is_their_own_second_person(round, people):
    prepare(round, people[0], weights())
    change = apply(round, people[0], NOW)

    with pytest.raises(services.ChangeRefused) as refusal:
        services.confirm_change(
            change=change, seen=review(round, NOW).digest, actor=people[0], at=NOW
        )

    assert "A colleague must decide" in refusal.value.message
    assert weights_of(round) == [40, 60]


def test_second_person_who_refuses_says_why(round, people):
    first, second = people
    prepare(round, first, weights())
    change = apply(round, first, NOW)

    with pytest.raises(services.ChangeRefused):
        services.refuse_change(change=change, reason=" ", actor=second, at=NOW)
    services.refuse_change(change=change, reason="Terlambat", actor=second, at=NOW)

    change.refresh_from_db()
    assert (change.is_pending, change.refusal, change.refused_by) == (
        True,
        "Terlambat",
        second,
    )
    assert Message.objects.filter(recipient=first).exists()
    prepare(
        round, first, weights({"kebaruan": Decimal(50), "signifikansi": Decimal(50)})
    )


def test_what_waits_is_not_edited_until_it_is_taken_back(round, people):
    prepare(round, people[0], weights())
    change = apply(round, people[0], NOW)

    with pytest.raises(services.RulesRefused):
        prepare(round, people[1], stage(pass_mark=Decimal(60)))
    services.take_back_change(change=change, actor=people[0], at=NOW)
    prepare(round, people[1], stage(pass_mark=Decimal(60)))

    assert RuleChange.objects.get().is_pending


def test_there_must_be_a_second_person(round):
    only = SecretariatFactory(government=round.competition.government)
    prepare(round, only, weights())

    with pytest.raises(services.ChangeRefused) as refusal:
        apply(round, only, NOW)

    assert "nobody who may" in refusal.value.message


def test_colleague_who_competes_is_no_second_person(round):
    government = round.competition.government
    first, other = SecretariatFactory.create_batch(2, government=government)
    entry = round.proposal_set.first()
    MembershipFactory(user=other, institution=entry.institution, government=None)

    assert audience.second_persons(round, first) == []


def test_words_for_authors_need_no_second_person(round, people):
    prepare(round, people[0], lambda rules: replace(rules, guideline="Baru."))

    assert apply(round, people[0], NOW).is_applied


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda rules: RuleList("kriteria", "proposal").remove(rules, "kebaruan"),
            "The criterion Kebaruan stays: 6 sheets have a score",
        ),
        (
            lambda rules: RuleList("kriteria", "proposal").add(
                rules, replace(rules.scoring[0].criteria[0], code="baru", name="Baru")
            ),
            "6 finished sheets",
        ),
        (stage(scale=(Decimal(0), Decimal(80))), "4 scores do not fit"),
        (stage(scale_step=Decimal(7)), "do not fit"),
        (stage(kind="field_gate", share=Decimal(0), criteria=()), "stays"),
        (lambda rules: replace(rules, scoring=()), "were handed out"),
    ],
)
def test_what_sheets_rest_on_cannot_change(round, people, change, sentence):
    prepare(round, people[0], change)

    found = review(round, NOW).forbidden

    assert any(
        sentence.replace("was", "were") in each or sentence in each for each in found
    )
    with pytest.raises((services.ChangeRefused, services.RulesRefused)):
        apply(round, people[0], NOW)
    assert Score.objects.count() == 12


def test_sealed_result_ends_every_change():
    round = sealed_round(jurors=1, proposals=1)
    actor = SecretariatFactory(government=round.competition.government)

    with pytest.raises(services.RulesRefused) as refusal:
        prepare(round, actor, weights())

    assert "by a new result" in refusal.value.message
    assert not RuleChange.objects.exists()


def test_result_sealed_while_a_change_waits_stays_as_it_is(round, people):
    prepare(round, people[0], weights())
    change = apply(round, people[0], NOW)
    seen = review(round, NOW).digest
    seal(round)

    with pytest.raises(services.ChangeRefused) as refusal:
        services.confirm_change(change=change, seen=seen, actor=people[1], at=NOW)

    assert "by a new result" in refusal.value.message
    assert weights_of(round) == [40, 60]


def test_who_was_called_to_the_next_stage_is_not_sent_home():
    round = staged_round(jurors=1, proposals=3, phase="presentation")
    fill_desk(round)
    call_best(round)
    people = SecretariatFactory.create_batch(2, government=round.competition.government)

    prepare(round, people[0], weights())
    assert "assigned already" in review(round, NOW).forbidden[0]
    change = RuleChange.objects.get()
    services.discard_change(change=change, actor=people[0], at=NOW)
    small = {"kebaruan": Decimal(41), "signifikansi": Decimal(59)}
    prepare(round, people[0], weights(small))

    assert review(round, NOW).forbidden == []


def fill_desk(round):
    order = list(round.proposal_set.order_by("pk"))
    # The second and third lead by 40 and 60, the first and second by 90 and 10.
    values = [(90, 60), (70, 74), (60, 85)]
    for sheet in ScoreSheet.objects.filter(assignment__juror__round=round):
        write_sheet(sheet, *values[order.index(sheet.assignment.proposal)])


def call_best(round):
    talk = round.scoringstage_set.get(code="presentasi")
    juror = round.juror_set.first()
    for proposal in round.proposal_set.order_by("pk")[1:]:
        ScoreSheetFactory(
            assignment__juror=juror,
            assignment__proposal=proposal,
            assignment__scoring_stage=talk,
        )


def test_ranks_are_hidden_as_long_as_scores_are():
    round = scoring_round(jurors=2, proposals=2)
    sheet = ScoreSheet.objects.order_by("pk").first()
    write_sheet(sheet, 90, 60)
    actor = SecretariatFactory(government=round.competition.government)
    prepare(round, actor, weights())

    ranks = review(round, NOW).ranks

    assert ranks.moves == ()
    assert "nobody sees ranks yet" in ranks.hidden
