from datetime import timedelta

import pytest

from core.models import AuditEntry
from innovations.models import Innovation
from submissions import services
from submissions.models import Answer, Proposal, ProposalState
from submissions.services import drafting
from tests.factories.accounts import GovernmentFactory, InstitutionFactory
from tests.factories.innovations import InnovationFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def create(city, **fields):
    values = {
        "round": city.round,
        "institution": city.institution,
        "title": "Pulang Bawa Akta",
        "track": city.round.track_set.get(code="umum"),
        "actor": city.author,
        "at": AT,
    }
    return services.create_proposal(**(values | fields))


def save(city, proposal, text, base, *, actor=None, at=AT):
    return services.save_answer(
        proposal=proposal,
        section=city.section,
        text=text,
        base_version=base,
        actor=actor or city.author,
        at=at,
    )


def test_create_registers_the_innovation_under_a_new_code(city):
    first, second = create(city), create(city)

    assert first.state == ProposalState.DRAFT
    assert first.code.startswith("KIPP-")
    assert first.code != second.code
    assert set(first.code[5:]) <= set(drafting.CODE_ALPHABET)
    assert first.innovation.institution == city.institution
    assert first.innovation.slug != second.innovation.slug
    assert (
        list(
            AuditEntry.objects.order_by("pk").values_list(
                "action", "actor", "at", "scope"
            )
        )
        == [("proposal.created", city.author.pk, AT, city.government.code)] * 2
    )


@pytest.mark.parametrize("moment", ["before", "closing", "after"])
def test_create_refused_outside_the_stage(city, moment):
    at = {
        "before": city.stage.opens_at - MINUTE,
        "closing": city.stage.closes_at,
        "after": city.stage.closes_at + MINUTE,
    }[moment]

    with pytest.raises(services.SubmissionClosed):
        create(city, at=at)

    assert not Proposal.objects.exists()
    assert not Innovation.objects.exists()


def test_create_refused_before_the_round_is_opened(city):
    city.round.opened_at = None
    city.round.save(update_fields=["opened_at"])

    with pytest.raises(services.SubmissionClosed):
        create(city)


def test_create_refused_for_an_institution_of_another_government(city):
    elsewhere = InstitutionFactory(government=GovernmentFactory())

    with pytest.raises(services.InstitutionElsewhere):
        create(city, institution=elsewhere)


def test_create_for_a_known_innovation_once_per_round(city):
    innovation = InnovationFactory(institution=city.institution)

    proposal = create(city, innovation=innovation)

    assert proposal.innovation == innovation
    with pytest.raises(services.InnovationEntered):
        create(city, innovation=innovation)


def test_create_leaves_nothing_when_it_fails_half_way(city, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(drafting.audit, "record", fail)

    with pytest.raises(RuntimeError):
        create(city)

    assert not Proposal.objects.exists()
    assert not Innovation.objects.exists()


def test_save_answer_raises_the_version(city):
    proposal = create(city)

    first = save(city, proposal, "Satu", 0)
    second = save(city, proposal, "Dua", 1, at=AT + MINUTE)

    assert (first.version, second.version) == (1, 2)
    stored = Answer.objects.get(proposal=proposal)
    assert (stored.text, stored.saved_at) == ("Dua", AT + MINUTE)
    assert Proposal.objects.get(pk=proposal.pk).last_saved_at == AT + MINUTE
    assert list(stored.events.order_by("pgh_id").values_list("text", "version")) == [
        ("Satu", 1),
        ("Dua", 2),
    ]


def test_same_text_from_a_second_tab_is_no_conflict(city):
    proposal = create(city)
    save(city, proposal, "Sama", 0)

    again = save(city, proposal, "Sama", 0)

    assert again.version == 1


def test_stale_save_overwrites_nothing_and_keeps_both_texts(city):
    proposal = create(city)
    save(city, proposal, "Punya rekan", 0, actor=city.head)

    with pytest.raises(services.AnswerConflict) as conflict:
        save(city, proposal, "Punya saya", 0, at=AT + MINUTE)

    stored = Answer.objects.get(proposal=proposal)
    assert (stored.text, stored.version) == ("Punya rekan", 1)
    assert conflict.value.current == stored
    assert conflict.value.current.saved_by == city.head
    assert conflict.value.kept.text == "Punya saya"
    kept = stored.events.get(pgh_label="conflict")
    assert (kept.text, kept.saved_by_id) == ("Punya saya", city.author.pk)


def test_stale_text_sent_again_is_kept_once(city):
    proposal = create(city)
    save(city, proposal, "Punya rekan", 0, actor=city.head)

    for _attempt in range(3):
        with pytest.raises(services.AnswerConflict):
            save(city, proposal, "Punya saya", 0)

    stored = Answer.objects.get(proposal=proposal)
    assert stored.events.filter(pgh_label="conflict").count() == 1


def test_author_overrules_by_naming_the_newest_version(city):
    proposal = create(city)
    save(city, proposal, "Punya rekan", 0, actor=city.head)

    answer = save(city, proposal, "Punya saya", 1)

    assert (answer.text, answer.version) == ("Punya saya", 2)


def test_draft_may_be_longer_than_its_limit(city):
    proposal = create(city)

    answer = save(city, proposal, "kata " * 900, 0)

    assert answer.version == 1


@pytest.mark.parametrize(
    "state",
    [ProposalState.ENDORSING, ProposalState.SUBMITTED, ProposalState.WITHDRAWN],
    ids=str,
)
def test_save_refused_once_sent(city, state):
    proposal = ProposalFactory(round=city.round, state=state)

    with pytest.raises(services.ProposalNotEditable):
        save(city, proposal, "Terlambat", 0)

    assert not Answer.objects.exists()


def test_save_is_possible_in_the_last_moment_and_refused_in_the_next(city):
    proposal = create(city)
    closes = city.stage.closes_at

    answer = save(city, proposal, "Masih", 0, at=closes - timedelta(microseconds=1))
    with pytest.raises(services.SubmissionClosed):
        save(city, proposal, "Terlambat", 1, at=closes)

    assert Answer.objects.get(pk=answer.pk).text == "Masih"


def draft(city, proposal, **fields):
    values = {
        "title": proposal.title,
        "track": proposal.track,
        "category": proposal.category,
        "values": {},
    }
    return services.HeaderDraft(**(values | fields))


def save_header(city, proposal, base, *, actor=None, at=AT, **fields):
    return services.save_header(
        proposal=proposal,
        draft=draft(city, proposal, **fields),
        base_version=base,
        actor=actor or city.author,
        at=at,
    )


def test_save_header_adds_to_what_is_there(city):
    proposal = create(city)

    save_header(city, proposal, 0, values={"sdgs": [3]})
    saved = save_header(city, proposal, 1, title="Akta Pulang", values={"video": "x"})

    stored = Proposal.objects.get(pk=proposal.pk)
    assert stored.header == {"sdgs": [3], "video": "x"}
    assert (stored.title, stored.header_version) == ("Akta Pulang", 2)
    assert saved.header_saved_by == city.author


def test_save_header_without_a_change_keeps_the_version(city):
    proposal = create(city)
    save_header(city, proposal, 0, values={"sdgs": [3]})

    again = save_header(city, proposal, 0, values={"sdgs": [3]})

    assert again.header_version == 1


def test_stale_header_overwrites_nothing_and_is_kept(city):
    proposal = create(city)
    save_header(city, proposal, 0, title="Judul rekan", actor=city.head)

    with pytest.raises(services.HeaderConflict) as conflict:
        save_header(city, proposal, 0, title="Judul saya")

    stored = Proposal.objects.get(pk=proposal.pk)
    assert (stored.title, stored.header_version) == ("Judul rekan", 1)
    assert conflict.value.current.title == "Judul rekan"
    assert conflict.value.current.header_saved_by == city.head
    kept = stored.events.get(pgh_label="conflict")
    assert (kept.title, kept.header_saved_by_id) == ("Judul saya", city.author.pk)


def test_save_header_refused_after_closing(city):
    proposal = create(city)

    with pytest.raises(services.SubmissionClosed):
        save_header(city, proposal, 0, title="Lain", at=city.stage.closes_at)

    assert Proposal.objects.get(pk=proposal.pk).title == "Pulang Bawa Akta"
