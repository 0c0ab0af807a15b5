"""The pages of an open round: what is prepared, reviewed, decided."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions import building, queries, services
from competitions.models import RuleChange
from tests.factories import competitions as make
from tests.factories.accounts import (
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
)
from tests.factories.rule_changes import apply
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
SECTION = {
    "title": "Dampak",
    "question": "Apa dampaknya?",
    "help_text": "",
    "example": "",
    "word_limit": "300",
    "is_required": "on",
    "evidence_types": ["pdf"],
    "evidence_max_files": "3",
    "evidence_max_bytes": "2",
    "evidence_help": "",
}


def url(name, *args):
    return reverse(f"competitions:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def round(city):
    return make.small_round(government=city, phase="submission")


@pytest.fixture
def page(round):
    return url("rule_change_detail", round.slug)


def in_force(round):
    return building.definition_of(queries.round_parts(round))


def prepare(round, actor, **changes):
    services.change_rules(
        round=round,
        change=lambda rules: replace(rules, form=replace(rules.form, **changes)),
        actor=actor,
        at=timezone.now(),
    )


def decide(client, round, act, **data):
    shown = client.get(url("rule_change_detail", round.slug)).context["review"]
    data.setdefault("seen", shown.digest if shown else "")
    return client.post(url(f"rule_change_{act}", round.slug), data, follow=True)


def test_edits_of_several_pages_are_reviewed_and_put_in_force(
    client, secretariat, round, page
):
    before = in_force(round)
    client.post(url("entry_create", round.slug, "bagian"), SECTION)
    client.post(
        url("form_edit", round.slug), {"name": "Formulir 2", "statement": "Benar."}
    )
    client.post(url("entry_delete", round.slug, "syarat", "surat"), {"hapus": "1"})
    client.post(
        url("criterion_edit", round.slug),
        {
            "scoring_stage": "proposal",
            "proposal-kebaruan": "50",
            "proposal-signifikansi": "50",
        },
    )

    assert in_force(round) == before
    listed = client.get(url("form_edit", round.slug))
    assert "changes are prepared, and not in force yet." in text_of(listed)
    assert "Dampak" in text_of(listed)

    shown = text_of(client.get(page))
    for part in (
        "Dampak",
        "Formulir 2",
        "<del>40%</del>",
        "<ins>50%</ins>",
        "The form gets version 2",
        "Put in force",
    ):
        assert part in shown, part
    done = decide(client, round, "apply", reason="Juknis diubah")

    assert "The new rules are in force." in text_of(done)
    now = in_force(round)
    assert [each.code for each in now.form.sections][-1] == "dampak"
    assert [each.weight for each in now.scoring[0].criteria] == [50, 50]
    assert "No change is prepared" in text_of(done)
    assert "Juknis diubah" in text_of(done)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason": " "}, "Write the reason"),
        ({"seen": "x", "reason": "Y"}, "Look once"),
    ],
)
def test_apply_refuses_what_is_incomplete(client, secretariat, round, data, sentence):
    prepare(round, secretariat, statement="Benar.")

    answer = decide(client, round, "apply", **data)

    assert sentence in text_of(answer)
    assert RuleChange.objects.get().is_pending


def test_two_clicks_on_apply_make_one_version(client, secretariat, round):
    prepare(round, secretariat, statement="Benar.")
    decide(client, round, "apply", reason="Juknis")

    again = decide(client, round, "apply", reason="Juknis")

    assert "Nothing is being prepared any more." in text_of(again)
    assert round.formtemplate_set.count() == 2


def test_second_person_decides_on_the_same_page(client, secretariat, city):
    round = make.small_round(government=city, phase="scoring")
    services.change_rules(
        round=round,
        change=lambda rules: replace(rules, awards=rules.awards[:2]),
        actor=secretariat,
        at=timezone.now(),
    )
    alone = client.get(url("rule_change_detail", round.slug))
    assert "there is nobody who may" in text_of(alone)
    other = SecretariatFactory(government=city)

    asked = decide(client, round, "apply", reason="Anggaran")
    assert "A colleague in the secretariat decides" in text_of(asked)
    own = decide(client, round, "confirm")
    assert "A colleague must decide" in text_of(own)
    client.force_login(other)
    refused = decide(client, round, "refuse", reason="Sudah diumumkan")
    assert "can be edited again" in text_of(refused)
    assert "Sudah diumumkan" in text_of(refused)
    client.force_login(secretariat)
    decide(client, round, "apply", reason="Anggaran")
    decide(client, round, "withdraw")
    decide(client, round, "apply", reason="Anggaran")
    client.force_login(other)
    done = decide(client, round, "confirm")

    assert "The new rules are in force." in text_of(done)
    assert len(in_force(round).awards) == 2
    assert f"{secretariat}, agreed by {other}" in text_of(done)


def test_prepared_rules_are_thrown_away(client, secretariat, round):
    prepare(round, secretariat, statement="Benar.")

    done = decide(client, round, "discard")

    assert "were thrown away" in text_of(done)
    assert not RuleChange.objects.open().exists()


def test_who_competes_sees_nothing_of_it(client, round, city):
    member = SecretariatFactory(government=city)
    prepare(round, member, statement="Rahasia benar.")
    institution = InstitutionFactory(government=city)
    competing = SecretariatFactory(government=city)
    MembershipFactory(
        user=competing, institution=institution, government=None, role="author"
    )
    ProposalFactory(round=round, institution=institution)
    client.force_login(competing)

    review = client.get(url("rule_change_detail", round.slug))
    form = client.get(url("form_edit", round.slug))
    acts = [
        client.post(url(f"rule_change_{act}", round.slug), {"reason": "x"})
        for act in ("apply", "confirm", "refuse", "withdraw", "discard")
    ]

    assert review.status_code == 403
    assert [each.status_code for each in acts] == [403] * 5
    assert "Rahasia benar." not in text_of(form)
    assert "prepared" not in text_of(form)


def test_round_that_is_not_open_has_no_such_page(client, secretariat, city):
    preparing = make.small_round(government=city, opened_at=None)

    answer = client.get(url("rule_change_detail", preparing.slug))

    assert answer.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_review_query_count(
    client, secretariat, round, page, count, django_assert_num_queries
):
    ProposalFactory.create_batch(count, round=round)
    for number in range(count):
        prepare(round, secretariat, name=f"Formulir {number}")
        at = timezone.now() + timedelta(seconds=number)
        if number < count - 1:
            apply(round, secretariat, at)
    client.get(page)

    # user and memberships, round and its 13 parts, the change, what it concerns,
    # earlier changes, panels, unread messages
    with django_assert_num_queries(24):
        client.get(page)
