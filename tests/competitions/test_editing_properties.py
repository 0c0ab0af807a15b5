"""Whatever is edited: a definition opens and can be scored, or says why not."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from competitions import building, checks, definitions, queries, services
from competitions.definitions.loading import load_text
from competitions.models import Round
from tests.competitions.editing import edited
from tests.factories import competitions as make
from tests.factories.accounts import SecretariatFactory

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 1, 5, 9, tzinfo=WIB)
KEYS = st.sampled_from([each.key for each in definitions.presets()])


def read(text):
    data, lines = load_text(text, file="uji")
    return definitions.from_data(
        data, key="uji", file="uji", lines=lines, with_references=False
    )


def gate(definition):
    """The definition as a file would give it; None if it says what is wrong."""
    refusal = None
    try:
        return definitions.from_data(
            definitions.as_data(definition),
            key="uji",
            file="uji",
            with_references=False,
        )
    except definitions.DefinitionError as error:
        refusal = error
    assert all(each.path and each.reason for each in refusal.mistakes)
    return None


@settings(max_examples=100, deadline=None)
@given(key=KEYS, data=st.data())
def test_what_is_understood_is_written_and_read_the_same(key, data):
    definition = definitions.preset(key)
    for _number in range(data.draw(st.integers(1, 8))):
        definition = data.draw(edited(definition))
    understood = gate(definition)
    if understood is None:
        return

    as_yaml, as_json = definitions.to_yaml(understood), definitions.to_json(understood)

    assert read(as_yaml) == understood
    assert read(as_json) == understood
    assert definitions.to_yaml(read(as_json)) == as_yaml


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    # Shrinking would make rounds by the hundred.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(key=KEYS, data=st.data())
def test_any_edits_leave_rules_that_open_and_score_or_say_why_not(key, data):
    with transaction.atomic():
        round, actor = prepared(key), SecretariatFactory()
        for _number in range(data.draw(st.integers(1, 5))):
            edit_once(round, actor, data)
        now = definitions.to_yaml(rules_of(round))
        assert definitions.to_yaml(read(now)) == now
        found = checks.contradictions(parts_of(round), NOW)
        assert all(each.sentence for each in found)
        if found:
            with pytest.raises(services.RoundNotOpenable):
                services.open_round(round=round, actor=actor, at=NOW)
        else:
            assert services.open_round(round=round, actor=actor, at=NOW).is_opened
            assert_scorable(parts_of(round))
        # The next example finds nothing of this one.
        transaction.set_rollback(True)


def edit_once(round, actor, data):
    """Change the rules somehow; what is refused leaves them as they were."""
    before = rules_of(round)
    wanted = data.draw(edited(before))
    refused = ""
    try:
        services.change_rules(
            round=round, change=lambda _rules: wanted, actor=actor, at=NOW
        )
    except services.RulesRefused as refusal:
        refused = refusal.message
    if refused:
        assert rules_of(round) == before


def prepared(key):
    preset = definitions.preset(key)
    return services.create_round(
        competition=make.CompetitionFactory(),
        year=2026,
        edition=1,
        name="Kompetisi 2026",
        theme="Pelayanan prima",
        organiser="Bagian Organisasi",
        definition=preset,
        stages=services.planned_stages(preset, date(2026, 2, 2), WIB),
        actor=SecretariatFactory(),
        at=NOW,
    )


def parts_of(round):
    return queries.round_parts(Round.objects.of_government().get(pk=round.pk))


def rules_of(round):
    return building.definition_of(parts_of(round))


def assert_scorable(parts):
    """The best sheet of every track comes to 100, whatever the scales."""
    for track in parts.tracks:
        final = Decimal(0)
        for scoring in parts.scoring:
            if scoring.stage.is_gate:
                continue
            criteria = scoring.criteria_for(track.code)
            best = sum(each.weight for each in criteria)
            assert best == 100, (scoring.stage, track)
            final += best * scoring.stage.share / 100
        assert final == 100
        assert any(section.is_for(track.code) for section in parts.sections)
    for level in parts.awards:
        assert level.is_by_rank == level.covers(level.rank_from)
