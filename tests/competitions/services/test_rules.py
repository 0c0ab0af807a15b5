"""Changing rules through the one service that does, and taking them over."""

import threading
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from competitions import building, checks, definitions, queries, services
from competitions.models import Criterion, Section
from core import audit
from core.models import AuditEntry
from tests.factories import competitions as make
from tests.factories.accounts import SecretariatFactory

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 1, 5, 9, tzinfo=WIB)


@pytest.fixture
def round():
    return make.small_round(opened_at=None, name="KIPP 2026", year=2026)


def rules_of(round):
    round.refresh_from_db()
    return building.definition_of(queries.round_parts(round))


def change(round, actor, change, **options):
    return services.change_rules(
        round=round, change=change, actor=actor, at=NOW, **options
    )


def with_section(definition, which, **changes):
    sections = tuple(
        replace(each, **changes) if each.code == which else each
        for each in definition.form.sections
    )
    return replace(definition, form=replace(definition.form, sections=sections))


def without_section(definition, code):
    kept = tuple(each for each in definition.form.sections if each.code != code)
    return replace(definition, form=replace(definition.form, sections=kept))


def test_change_rules_changes_the_row_and_records_it(round, actor):
    before = Section.objects.get(form__round=round, code="kebaruan")

    change(round, actor, lambda d: with_section(d, "kebaruan", word_limit=350))

    after = Section.objects.get(form__round=round, code="kebaruan")
    assert (after.pk, after.word_limit) == (before.pk, 350)
    entry = AuditEntry.objects.get(action="round.rules_changed")
    assert entry.changes == {"form.sections.kebaruan.words": [200, 350]}
    assert entry.scope == round.competition.government.code


def test_change_rules_without_a_change_records_nothing(round, actor):
    change(round, actor, lambda d: d)

    assert not AuditEntry.objects.exists()


def test_change_rules_keeps_the_order_it_is_given(round, actor):
    change(
        round,
        actor,
        lambda d: replace(d, categories=tuple(reversed(d.categories))),
    )

    assert [each.code for each in rules_of(round).categories] == [
        "pendidikan",
        "kesehatan",
    ]
    changes = AuditEntry.objects.get().changes
    assert changes == {
        "categories.order": [["kesehatan", "pendidikan"], ["pendidikan", "kesehatan"]]
    }


def test_change_rules_drops_what_looked_at_a_section_taken_away(round, actor):
    change(round, actor, lambda d: without_section(d, "kebaruan"))

    criterion = Criterion.objects.get(scoring_stage__round=round, code="kebaruan")
    assert not criterion.sections.exists()
    found = checks.contradictions(queries.round_parts(round), NOW)
    assert (
        checks.Contradiction(
            checks.Step.SCORING,
            "The criterion Kebaruan belongs to no section.",
            "criterion-proposal-kebaruan",
        )
        in found
    )


def test_change_rules_never_widens_a_part_to_every_track(round, actor):
    change(round, actor, lambda d: with_section(d, "kebaruan", tracks=("replikasi",)))

    change(round, actor, lambda d: replace(d, tracks=d.tracks[:1]))

    section = Section.objects.get(form__round=round, code="kebaruan")
    assert section.tracks == ["replikasi"]
    sentences = [
        each.sentence for each in checks.contradictions(queries.round_parts(round), NOW)
    ]
    dangling = "“Kebaruan” is for the track replikasi, which does not exist."
    assert any(sentence.startswith(dangling) for sentence in sentences)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"word_limit": 0}, "form.sections[2].words: must be a whole number"),
        ({"title": "  "}, "form.sections[2].title: must be a text"),
        ({"code": "dua kata"}, "form.sections[2].code: may hold only letters"),
        ({"code": "signifikansi"}, "form.sections: signifikansi stands there twice"),
    ],
)
def test_change_rules_refuses_values_that_mean_nothing(round, actor, changes, message):
    with pytest.raises(services.RulesRefused) as refusal:
        change(round, actor, lambda d: with_section(d, "kebaruan", **changes))

    assert message in refusal.value.message
    assert not AuditEntry.objects.exists()


def test_change_rules_leaves_nothing_when_it_fails_half_way(round, actor, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    before = rules_of(round)
    monkeypatch.setattr(audit, "record", fail)

    with pytest.raises(RuntimeError):
        change(round, actor, lambda d: with_section(d, "kebaruan", word_limit=1))

    assert rules_of(round) == before


def test_tie_break_places_may_be_swapped(round, actor):
    change(round, actor, lambda d: replace(d, tie_break=tuple(reversed(d.tie_break))))

    assert rules_of(round).tie_break == ("proposal.kebaruan", "proposal.signifikansi")


def test_predicate_that_an_award_goes_by_stays(actor):
    preset = definitions.preset("zona-integritas-kota-pekalongan")
    round = create(preset, actor)

    def drop(definition):
        first, *others = definition.scoring
        return replace(
            definition,
            scoring=(replace(first, predicates=first.predicates[:1]), *others),
        )

    with pytest.raises(services.RulesRefused) as refusal:
        change(round, actor, drop)
    change(round, actor, lambda d: replace(drop(d), awards=d.awards[:1]))

    assert "the predicate wbbm" in refusal.value.message
    assert [each.code for each in rules_of(round).scoring[0].predicates] == ["wbk"]


def test_component_moves_in_the_tree_and_keeps_its_row(actor):
    round = create(definitions.preset("zona-integritas-kota-pekalongan"), actor)
    before = Criterion.objects.get(
        scoring_stage__round=round, code="survei-antikorupsi"
    )

    def lift(definition):
        first, *others = definition.scoring
        lever, result = first.criteria
        clean, service = result.criteria
        survey, performance = clean.criteria
        result = replace(
            result,
            criteria=(
                survey,
                replace(clean, weight=Decimal(5), criteria=(performance,)),
                service,
            ),
        )
        first = replace(first, criteria=(lever, result))
        return replace(definition, scoring=(first, *others))

    change(round, actor, lift)

    after = Criterion.objects.get(pk=before.pk)
    assert after.parent.code == "hasil"
    assert Criterion.objects.filter(scoring_stage__round=round).count() == 25


def create(definition, actor, **fields):
    data = {
        "competition": make.CompetitionFactory(short_name="KIPP Kota Tegal"),
        "year": 2026,
        "edition": 9,
        "name": "KIPP Kota Tegal 2026",
        "theme": "Pelayanan prima",
        "organiser": "Bagian Organisasi",
        "definition": definition,
        "stages": services.planned_stages(definition, date(2026, 2, 2), WIB),
        "actor": actor,
        "at": NOW,
    }
    return services.create_round(**(data | fields))


def test_copy_keeps_everything_and_moves_the_dates(actor):
    source = create(definitions.preset("kipp-kota-tegal"), actor)
    services.update_round(
        round=source,
        year=2026,
        edition=9,
        name=source.name,
        theme=source.theme,
        organiser=source.organiser,
        guideline="Petunjuk kami sendiri",
        endorsement_required=False,
        actor=actor,
        at=NOW,
    )

    copied = services.copy_round(
        source=source, year=2027, edition=10, actor=actor, at=NOW
    )

    assert (copied.name, copied.year, copied.edition) == (
        "KIPP Kota Tegal 2027",
        2027,
        10,
    )
    assert (copied.theme, copied.organiser) == (source.theme, source.organiser)
    assert copied.opened_at is None
    source_rules = definitions.to_yaml(rules_of(source))
    assert definitions.to_yaml(rules_of(copied)) == source_rules
    assert "Petunjuk kami sendiri" in source_rules
    old = source.stage_set.get(kind="submission").closes_at
    new = copied.stage_set.get(kind="submission").closes_at
    assert (new - old).days == 52 * 7
    assert checks.contradictions(queries.round_parts(copied), NOW) == []


def test_copy_begins_on_the_day_it_is_given(actor):
    source = create(definitions.preset("kipp-kota-tegal"), actor)

    copied = services.copy_round(
        source=source,
        year=2027,
        edition=10,
        first_day=date(2027, 2, 3),
        theme="Tema baru",
        actor=actor,
        at=NOW,
    )

    kickoff = copied.stage_set.get(kind="kickoff")
    assert kickoff.opens_at == datetime(2027, 2, 8, 8, tzinfo=WIB)
    assert copied.theme == "Tema baru"


@pytest.mark.django_db(transaction=True)
def test_two_people_on_two_pages_never_undo_each_other():
    round = make.small_round(opened_at=None)
    actors = [SecretariatFactory(), SecretariatFactory()]
    ready = threading.Barrier(2)

    def edit(actor, code):
        try:
            ready.wait()
            change(round, actor, lambda d: with_section(d, code, word_limit=321))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=edit, args=args)
        for args in zip(actors, ["kebaruan", "signifikansi"], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    limits = [section.word_limit for section in rules_of(round).form.sections]
    assert limits == [200, 321, 321]
