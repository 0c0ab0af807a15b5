"""Rules of an opened round: prepared, looked at, put in force together."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone

from competitions import building, queries, services
from competitions.forms import change_rows
from competitions.models import FormTemplate, Round, RuleChange, Section
from competitions.rule_changes import rules_prepared
from core import audit
from core.models import AuditEntry
from tests.factories import competitions as make
from tests.factories.accounts import SecretariatFactory
from tests.factories.rule_changes import apply, review

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def round(city):
    return make.small_round(government=city, phase="submission")


@pytest.fixture
def actor(city):
    return SecretariatFactory(government=city)


def prepare(round, actor, change):
    return services.change_rules(round=round, change=change, actor=actor, at=NOW)


def section(code, **changes):
    def change(rules):
        sections = tuple(
            replace(each, **changes) if each.code == code else each
            for each in rules.form.sections
        )
        return replace(rules, form=replace(rules.form, sections=sections))

    return change


def statement(text):
    return lambda rules: replace(rules, form=replace(rules.form, statement=text))


def in_force(round):
    round = Round.objects.of_government().get(pk=round.pk)
    return building.definition_of(queries.round_parts(round))


def test_nobody_meets_what_is_only_prepared(round, actor):
    before = in_force(round)

    prepare(round, actor, section("kebaruan", word_limit=350))

    assert in_force(round) == before
    assert rules_prepared(round).definition.form.sections[1].word_limit == 350
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == (
        "rule_change.prepared",
        {"form.sections.kebaruan.words": [200, 350]},
    )


def test_several_edits_are_put_in_force_as_one_version(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))
    prepare(round, actor, section("ringkasan", title="Inti"))
    prepare(round, actor, statement("Ini benar."))

    change = apply(round, actor, NOW)

    assert change.is_applied
    assert change.differences == {
        "form.sections.kebaruan.words": [200, 350],
        "form.sections.ringkasan.title": ["Ringkasan", "Inti"],
        "form.statement": [FormTemplate.objects.get(version=1).statement, "Ini benar."],
    }
    versions = FormTemplate.objects.filter(round=round).order_by("version")
    assert [each.version for each in versions] == [1, 2]
    assert [
        list(each.section_set.order_by("order").values_list("title", "word_limit"))
        for each in versions
    ] == [
        [("Ringkasan", 200), ("Kebaruan", 200), ("Signifikansi", 600)],
        [("Inti", 200), ("Kebaruan", 350), ("Signifikansi", 600)],
    ]
    entry = AuditEntry.objects.get(action="round.rules_changed")
    assert (entry.reason, entry.actor) == ("Juknis diubah", actor)


def test_next_change_begins_from_what_is_in_force_then(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))
    apply(round, actor, NOW)

    prepare(round, actor, section("kebaruan", word_limit=400))

    assert review(round, NOW).differences == {
        "form.sections.kebaruan.words": [350, 400]
    }
    assert RuleChange.objects.count() == 2


def test_what_was_not_seen_is_not_decided(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))
    seen = review(round, NOW).digest
    prepare(round, actor, section("ringkasan", word_limit=10))

    with pytest.raises(services.ChangeRefused) as refusal:
        apply(round, actor, NOW, seen=seen)

    assert "Look once more" in refusal.value.message
    assert in_force(round).form.sections[1].word_limit == 200


def test_change_needs_a_reason(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))

    with pytest.raises(services.ChangeRefused):
        apply(round, actor, NOW, reason="  ")

    assert RuleChange.objects.get().is_pending


def test_what_was_put_in_force_is_not_put_in_force_twice(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))
    seen = review(round, NOW).digest
    change = apply(round, actor, NOW)

    with pytest.raises(services.ChangeRefused) as refusal:
        services.apply_change(
            change=change, seen=seen, reason="Lagi", actor=actor, at=NOW
        )

    assert "in force already" in refusal.value.message
    assert FormTemplate.objects.filter(round=round).count() == 2


def test_edit_that_takes_itself_back_leaves_nothing_to_decide(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))
    prepare(round, actor, section("kebaruan", word_limit=200))

    assert review(round, NOW).is_empty
    assert change_rows(rules_prepared(round)) == []
    with pytest.raises(services.ChangeRefused):
        apply(round, actor, NOW)


def test_discarded_change_leaves_the_rules(round, actor):
    before = in_force(round)
    prepare(round, actor, section("kebaruan", word_limit=350))

    services.discard_change(change=RuleChange.objects.get(), actor=actor, at=NOW)

    assert in_force(round) == before
    assert rules_prepared(round).change is None
    assert AuditEntry.objects.filter(action="rule_change.discarded").exists()


def test_new_contradiction_is_named_and_refuses(round, actor):
    def heavier(rules):
        stage = rules.scoring[0]
        first, *others = stage.criteria
        criteria = (replace(first, weight=first.weight + 5), *others)
        return replace(rules, scoring=(replace(stage, criteria=criteria),))

    prepare(round, actor, heavier)

    named = [each.sentence for each in review(round, NOW).contradictions]
    assert len(named) == 1
    assert "105" in named[0]
    with pytest.raises(services.ChangeRefused) as refusal:
        apply(round, actor, NOW)
    assert refusal.value.message == named[0]


def test_what_contradicted_before_is_not_held_against_the_change(round, actor):
    round.theme = ""  # the checks want one
    round.save(update_fields=["theme"])
    prepare(round, actor, section("kebaruan", word_limit=350))

    assert apply(round, actor, NOW).is_applied


def test_rules_that_changed_in_force_meanwhile_are_kept(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))
    services.update_round(
        round=round,
        year=round.year,
        edition=round.edition,
        name=round.name,
        theme=round.theme,
        organiser=round.organiser,
        guideline="Petunjuk baru.",
        endorsement_required=not round.endorsement_required,
        actor=actor,
        at=NOW,
    )

    apply(round, actor, NOW)

    now = in_force(round)
    assert now.guideline == "Petunjuk baru."
    assert now.endorsement_required != round.endorsement_required
    assert now.form.sections[1].word_limit == 350


def test_calendar_stays_with_those_who_keep_it(round, actor):
    prepare(round, actor, section("kebaruan", word_limit=350))
    stage = round.stage_set.get(kind="plenary")
    stage.closes_at += timedelta(hours=3)
    stage.save()

    assert review(round, NOW).differences == {
        "form.sections.kebaruan.words": [200, 350]
    }
    apply(round, actor, NOW)

    assert round.stage_set.get(kind="plenary").closes_at == stage.closes_at


def test_predicate_an_award_needs_is_asked_for_at_once(round, actor):
    def award(rules):
        first, *others = rules.awards
        first = replace(first, kind="predicate", ranks=None, predicate="wbk")
        return replace(rules, awards=(first, *others))

    with pytest.raises(services.RulesRefused):
        prepare(round, actor, award)

    assert not RuleChange.objects.exists()


def test_failure_half_way_leaves_nothing(round, actor, monkeypatch):
    prepare(round, actor, section("kebaruan", word_limit=350))
    before = in_force(round)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        apply(round, actor, NOW)

    assert in_force(round) == before
    assert RuleChange.objects.get().is_pending


# What the database keeps --------------------------------------------------------------


def row(round, actor, **fields):
    values = {"round": round, "base": {}, "proposed": {}, "opened_by": actor}
    return RuleChange.objects.create(**(values | {"opened_at": NOW} | fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "applied", "reason": "x"}, "decided_when_closed"),
        ({"decided": True}, "decided_when_closed"),
        ({"state": "awaiting", "requested": True}, "has_reason"),
        ({"state": "awaiting", "reason": "x"}, "asked_while_it_waits"),
        ({"requested": True}, "asked_while_it_waits"),
        (
            {"state": "applied", "reason": "x", "decided": True, "requested": True},
            "second_is_another",
        ),
    ],
)
def test_constraint_of_a_change(round, actor, fields, constraint):
    values = {key: fields[key] for key in ("state", "reason") if key in fields}
    if fields.get("decided"):
        values |= {"decided_by": actor, "decided_at": NOW}
    if fields.get("requested"):
        values |= {"requested_by": actor, "requested_at": NOW}

    with pytest.raises(IntegrityError, match=constraint):
        row(round, actor, **values)


def test_one_change_at_a_time(round, actor):
    row(round, actor)

    with pytest.raises(IntegrityError, match="one_open_a_round"):
        row(round, actor)


def test_closed_change_stands_for_good(round, actor):
    change = row(round, actor, state="discarded", decided_by=actor, decided_at=NOW)

    for attempt in (
        lambda: RuleChange.objects.update(state="pending", decided_by=None),
        lambda: RuleChange.objects.update(reason="Lain"),
        lambda: RuleChange.objects.filter(pk=change.pk).delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            attempt()


# Two at once --------------------------------------------------------------------------


def at_once(*acts):
    """Run all at the same moment; give what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    found = [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=20)
            found[place] = act()
        except (services.ChangeRefused, services.RulesRefused) as refusal:
            found[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    return found


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_change_apply_and_undo_nothing(round, actor):
    """Two first edits, then two who apply, then one who applies against one who edits.

    One set-up for the three: each empties all tables afterwards.
    """
    other = SecretariatFactory(government=round.competition.government)

    at_once(
        lambda: prepare(round, actor, section("kebaruan", word_limit=350)),
        lambda: prepare(round, other, section("ringkasan", word_limit=150)),
    )
    assert [
        each.word_limit for each in rules_prepared(round).definition.form.sections
    ] == [
        150,
        350,
        600,
    ]

    seen = review(round, NOW).digest
    outcomes = at_once(
        lambda: apply(round, actor, NOW, seen=seen),
        lambda: apply(round, other, NOW, seen=seen),
    )
    assert [isinstance(each, RuleChange) for each in outcomes].count(True) == 1
    assert RuleChange.objects.filter(state="applied").count() == 1
    assert FormTemplate.objects.filter(round=round).count() == 2

    prepare(round, actor, section("kebaruan", word_limit=400))
    seen = review(round, NOW).digest
    at_once(
        lambda: apply(round, actor, NOW, seen=seen),
        lambda: prepare(round, other, section("signifikansi", word_limit=500)),
    )
    # Whoever came second, neither edit is lost: it holds, or is still prepared.
    limits = [
        each.word_limit for each in rules_prepared(round).definition.form.sections
    ]
    assert limits == [150, 400, 500]
    assert Section.objects.filter(form__round=round, form__version=1).count() == 3
