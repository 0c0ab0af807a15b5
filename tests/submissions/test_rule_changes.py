"""What new rules mean to drafts and to what was submitted, told before they hold."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from competitions import services as rounds
from competitions.models import FormTemplate, RuleChange
from competitions.rule_lists import RuleList
from submissions import services
from submissions.models import Answer, Proposal
from tests.factories.accounts import InstitutionFactory
from tests.factories.rule_changes import apply, review
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
DRAFTS = 20


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def prepare(city, change):
    rounds.change_rules(round=city.round, change=change, actor=city.secretary, at=AT)


def section(code, **changes):
    def change(rules):
        listed = RuleList("bagian")
        return listed.change(rules, code, replace(listed.find(rules, code), **changes))

    return change


def told(city, place=""):
    """The sentences that stand at a place of the review."""
    return [
        each.sentence
        for each in review(city.round, AT).consequences
        if each.place == place
    ]


def draft(city, text="Satu dua tiga."):
    made = city.proposal(institution=InstitutionFactory(government=city.government))
    made.answer_set.update(text=text)
    return made


def texts():
    return sorted(Answer.objects.values_list("proposal", "section__code", "text"))


def test_three_edits_of_the_form_are_one_version_for_twenty_drafts(city):
    drafts = [draft(city, f"Teks nomor {number}.") for number in range(DRAFTS)]
    before = texts()
    prepare(city, section("kebaruan", title="Kebaruan dan keunikan"))
    prepare(city, section("signifikansi", word_limit=700))
    prepare(
        city,
        lambda rules: RuleList("bagian").add(
            rules, replace(rules.form.sections[0], code="hambatan", title="Hambatan")
        ),
    )

    assert told(city) == [
        "The form gets version 2, whatever the number of its changes.",
        (
            "20 drafts come to the new version by themselves. Nothing that was "
            "written is lost, and their authors see what is new."
        ),
    ]
    assert told(city, "bagian/hambatan") == [
        "20 drafts have to answer it before they can be sent."
    ]
    apply(city.round, city.secretary, AT)

    assert list(
        FormTemplate.objects.order_by("version").values_list("version", flat=True)
    ) == [1, 2]
    for each in drafts:
        fresh = Proposal.objects.for_page().get(pk=each.pk)
        assert services.brought_up_to_date(fresh, AT)
        assert fresh.form.version == 1  # as it was read
    assert texts() == before
    assert set(Proposal.objects.values_list("form__version", flat=True)) == {2}


def test_shorter_limit_counts_the_answers_that_are_longer_now(city):
    draft(city, "satu dua tiga")
    draft(city, "satu dua tiga empat lima enam")
    draft(city, "  ")

    prepare(city, section("kebaruan", word_limit=5))

    assert told(city, "bagian/kebaruan") == [
        (
            "1 answer is longer than 5 words now. Its authors must shorten it before "
            "they can send it."
        )
    ]


def test_removed_section_says_how_many_have_written_there(city):
    draft(city)
    draft(city, "")

    prepare(city, lambda rules: RuleList("bagian").remove(rules, "kebaruan"))

    assert told(city, "bagian/kebaruan") == [
        (
            "1 draft has an answer to it. The text stays readable for its authors, "
            "and is not sent."
        )
    ]


def test_new_requirement_counts_what_was_submitted_and_fails_it(city):
    old = city.proposal()
    services.submit_proposal(proposal=old, actor=city.head, at=AT)

    def longer(rules):
        listed = RuleList("syarat")
        age = next(each for each in rules.requirements if each.rule == "minimum_age")
        return listed.change(rules, age.code, replace(age, params={"months": 240}))

    prepare(city, longer)

    code = next(
        each.code
        for each in city.round.requirement_set.all()
        if each.rule == "minimum_age"
    )
    assert told(city, f"syarat/{code}") == [
        (
            "1 submitted proposal would not meet it now. It stays submitted; the check "
            "decides on it."
        )
    ]


def test_other_words_of_a_requirement_concern_nobody(city):
    services.submit_proposal(proposal=city.proposal(), actor=city.head, at=AT)
    first = city.round.requirement_set.order_by("order").first()

    prepare(
        city,
        lambda rules: RuleList("syarat").change(
            rules,
            first.code,
            replace(RuleList("syarat").find(rules, first.code), advice="Lain."),
        ),
    )

    assert told(city, f"syarat/{first.code}") == []


def test_track_that_was_chosen_stays(city):
    track = city.proposal().track

    prepare(city, lambda rules: RuleList("kelompok").remove(rules, track.code))

    found = review(city.round, AT)
    assert f"“{track.name}” stays: 1 proposal has chosen it." in found.forbidden
    with pytest.raises(rounds.ChangeRefused):
        apply(city.round, city.secretary, AT)
    assert RuleChange.objects.get().is_pending


@pytest.mark.django_db(transaction=True)
def test_author_who_saves_while_rules_change_loses_nothing(city):
    """Ten saves against one change of the form; the last text stands."""
    proposal = city.proposal()
    prepare(city, section("kebaruan", word_limit=500))
    seen = review(city.round, AT).digest
    start = threading.Barrier(2)
    answer = Answer.objects.get(proposal=proposal, section__code="kebaruan")
    failures = []

    def write():
        try:
            start.wait(timeout=20)
            version = answer.version
            for number in range(10):
                version = services.save_answer(
                    proposal=proposal,
                    section=answer.section,
                    text=f"Simpanan {number}",
                    base_version=version,
                    actor=city.author,
                    at=AT + timedelta(seconds=number),
                ).version
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def change():
        try:
            start.wait(timeout=20)
            apply(city.round, city.secretary, AT, seen=seen)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for act in (write, change)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)

    assert failures == []
    assert FormTemplate.objects.count() == 2
    services.brought_up_to_date(Proposal.objects.for_page().get(pk=proposal.pk), AT)
    written = Answer.objects.get(proposal=proposal, section__code="kebaruan")
    assert (written.text, written.section.form.version) == ("Simpanan 9", 2)
