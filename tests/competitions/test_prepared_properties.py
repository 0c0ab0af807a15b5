"""Whatever is prepared: it is shown as it would be, and two edits come together."""

from dataclasses import fields

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Government
from competitions import building, definitions, merging, services
from competitions.forms import change_rows
from competitions.models import Competition, Round, RuleChange
from competitions.queries import RoundParts
from competitions.rule_changes import review_of, rules_prepared
from tests.competitions.editing import edited
from tests.competitions.test_editing_properties import (
    KEYS,
    NOW,
    assert_scorable,
    gate,
    parts_of,
    prepared,
)
from tests.factories.accounts import SecretariatFactory

OTHERS = {"round", "form"}


def nothing():
    """The parts of a round that has no rules yet."""
    competition = Competition(government=Government(time_zone="Asia/Jakarta"))
    round = Round(pk=1, slug="uji", name="Uji", competition=competition)
    lists = [each.name for each in fields(RoundParts) if each.name not in OTHERS]
    empty = {name: [] for name in lists}
    return RoundParts(round=round, form=None, **empty)


def draw_rules(data, definition):
    for _number in range(data.draw(st.integers(1, 4))):
        definition = data.draw(edited(definition))
    return gate(definition)


@settings(max_examples=60, deadline=None)
@given(key=KEYS, data=st.data())
def test_drafted_rows_describe_the_definition_they_come_from(key, data):
    wanted = draw_rules(data, definitions.preset(key))
    if wanted is None or building.missing_predicate(wanted):
        return
    wanted = services.rules._tidied(wanted)

    drafted = building.definition_of(building.drafted_parts(nothing(), wanted))

    assert merging.plain(drafted) == merging.plain(wanted)


@settings(max_examples=100, deadline=None)
@given(key=KEYS, data=st.data())
def test_merging_keeps_what_only_one_side_changed(key, data):
    base = definitions.preset(key)
    changed = draw_rules(data, base)
    if changed is None:
        return
    old, new = merging.plain(base), merging.plain(changed)

    assert merging.merged(old, old, new) == new
    assert merging.merged(old, new, old) == new
    assert merging.merged(old, new, new) == new


@settings(max_examples=60, deadline=None)
@given(key=KEYS, data=st.data())
def test_edits_of_different_parts_come_together(key, data):
    base = merging.plain(definitions.preset(key))
    live, proposed = dict(base), dict(base)
    live["categories"] = [*base["categories"], {"code": "baru", "name": "Baru"}]
    form = base["form"]
    kept = data.draw(st.permutations(form["sections"]))
    proposed["form"] = form | {"sections": list(kept)}

    together = merging.merged(base, live, proposed)

    assert together["categories"] == live["categories"]
    assert together["form"]["sections"] == list(kept)


@pytest.mark.django_db
@settings(
    max_examples=8,
    deadline=None,
    # Shrinking would make rounds by the hundred.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(key=KEYS, data=st.data())
def test_any_edits_of_an_open_round_hold_together_or_say_why_not(key, data):
    with transaction.atomic():
        round, actor = prepared(key), SecretariatFactory()
        round = services.open_round(round=round, actor=actor, at=NOW)
        for _number in range(data.draw(st.integers(1, 4))):
            edit_once(round, actor, data)
        rules = rules_prepared(Round.objects.of_government().get(pk=round.pk))
        review = review_of(rules, NOW)
        if rules.change:
            assert bool(change_rows(rules)) == bool(review.differences)
        if rules.change and review.differences:
            if review.forbidden:
                assert all(review.forbidden)
            else:
                services.apply_change(
                    change=RuleChange.objects.get(),
                    seen=review.digest,
                    reason="Uji",
                    actor=actor,
                    at=NOW,
                )
        assert_scorable(parts_of(round))
        # The next example finds nothing of this one.
        transaction.set_rollback(True)


def edit_once(round, actor, data):
    """Prepare some change; what is refused leaves what was prepared."""
    before = rules_prepared(round).definition
    wanted = data.draw(edited(before))
    try:
        services.change_rules(
            round=round, change=lambda _rules: wanted, actor=actor, at=NOW
        )
    except services.RulesRefused:
        assert rules_prepared(round).definition == before
