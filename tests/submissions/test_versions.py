"""A changed form loses no word of the drafts, and each shows what is new."""

from dataclasses import replace
from threading import Thread

import pytest
from django.db import connection, connections
from django.urls import reverse

from submissions import fingerprints, news, services
from submissions.dossier import load_dossier
from submissions.models import Answer, Proposal, ProposalState
from tests.factories.accounts import InstitutionFactory
from tests.factories.rule_changes import change_at_once
from tests.factories.submissions import EvidenceFactory
from tests.submissions.conftest import AT

DRAFTS = 20


def url(name, *args):
    return reverse(f"submissions:{name}", args=args)


def new_form(city, *, at=AT):
    """Ringkasan goes, kebaruan takes more words, hambatan comes, the letter stays."""

    def change(definition):
        kept = [
            replace(each, word_limit=350) if each.code == "kebaruan" else each
            for each in definition.form.sections
            if each.code != "ringkasan"
        ]
        kept.append(replace(kept[-1], code="hambatan", title="Hambatan"))
        return replace(definition, form=replace(definition.form, sections=tuple(kept)))

    change_at_once(city.round, change, city.secretary, at, reason="Pedoman baru.")


def fresh(proposal):
    return Proposal.objects.for_page().get(pk=proposal.pk)


def texts(proposal):
    return sorted(
        Answer.objects.filter(proposal=proposal).values_list("section__code", "text")
    )


@pytest.mark.django_db
def test_no_word_of_twenty_drafts_is_lost(city):
    drafts = []
    for number in range(DRAFTS):
        draft = city.proposal(
            institution=InstitutionFactory(government=city.government)
        )
        draft.answer_set.update(text=f"Teks nomor {number}.")
        EvidenceFactory(proposal=draft, section=city.section)
        drafts.append(draft)
    before = {draft.pk: texts(draft) for draft in drafts}

    new_form(city)

    for draft in drafts:
        assert services.brought_up_to_date(fresh(draft), AT)
        dossier = load_dossier(fresh(draft))
        assert texts(draft) == before[draft.pk]
        assert [(part.section.code, part.is_answered) for part in dossier.sections] == [
            ("kebaruan", True),
            ("signifikansi", True),
            ("hambatan", False),
        ]
        assert dossier.section("kebaruan").section.word_limit == 350
        assert len(dossier.section("kebaruan").files) == 1
        assert [part.section.code for part in dossier.earlier] == ["ringkasan"]
        assert all(part.letter for part in dossier.letters)
        assert not services.brought_up_to_date(fresh(draft), AT)


@pytest.mark.django_db
def test_draft_shows_what_is_new_until_it_is_saved(city):
    draft = city.proposal()
    Answer.objects.update(saved_at=AT)
    new_form(city)
    services.brought_up_to_date(fresh(draft), AT)

    dossier = load_dossier(fresh(draft))
    assert [(each.label, each.kind) for each in news.news_of(dossier)] == [
        ("Kebaruan", "changed"),
        ("Hambatan", "new"),
        ("Ringkasan", "gone"),
    ]

    part = dossier.section("kebaruan")
    services.save_answer(
        proposal=fresh(draft),
        section=part.section,
        text="Teks baru.",
        base_version=part.version,
        actor=city.author,
        at=AT.replace(hour=5),
    )
    assert [each.label for each in news.news_of(load_dossier(fresh(draft)))] == [
        "Hambatan",
        "Ringkasan",
    ]


@pytest.mark.django_db
def test_pages_open_on_the_new_form_and_keep_the_old_part(client, live_city):
    city = live_city
    draft = city.proposal()
    Answer.objects.filter(section__code="ringkasan").update(text="Kata yang lama.")
    new_form(city, at=city.stage.opens_at)
    client.force_login(city.author)

    page = client.get(draft.get_absolute_url()).content.decode()
    check = client.get(url("proposal_check", draft.code)).content.decode()

    assert "Hambatan" in page
    assert "Kata yang lama." in check
    assert client.get(url("section_edit", draft.code, "ringkasan")).status_code == 404


@pytest.mark.django_db
def test_page_opened_before_the_change_still_saves(city):
    draft = fresh(city.proposal())
    old = city.section
    gone = draft.form.section_set.get(code="ringkasan")
    new_form(city)

    for section, text in ((old, "Masih disimpan."), (gone, "Juga disimpan.")):
        services.save_answer(
            proposal=draft,
            section=section,
            text=text,
            base_version=1,
            actor=city.author,
            at=AT,
        )

    dossier = load_dossier(fresh(draft))
    assert dossier.section("kebaruan").text == "Masih disimpan."
    assert dossier.earlier[0].text == "Juga disimpan."


@pytest.mark.django_db
def test_submitted_proposal_keeps_its_version(city):
    proposal = services.send_proposal(proposal=city.proposal(), actor=city.head, at=AT)
    new_form(city)

    assert not services.brought_up_to_date(fresh(proposal), AT)
    again = fresh(proposal)
    assert again.state == ProposalState.SUBMITTED
    assert again.form.version == 1
    content = fingerprints.content_of(load_dossier(again))
    assert fingerprints.fingerprint(content) == proposal.digest


@pytest.mark.django_db(transaction=True)
def test_two_threads_write_while_the_form_changes(city):
    drafts = [
        city.proposal(institution=InstitutionFactory(government=city.government))
        for _n in range(4)
    ]
    sections = {each.code: each for each in drafts[0].form.section_set.all()}
    wrong = []

    def write(code: str) -> None:
        try:
            for turn in range(1, 6):
                for draft in drafts:
                    services.save_answer(
                        proposal=fresh(draft),
                        section=sections[code],
                        text=f"{code} {turn}",
                        base_version=turn,
                        actor=city.author,
                        at=AT,
                    )
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    writers = [Thread(target=write, args=(code,)) for code in ("kebaruan", "ringkasan")]
    for writer in writers:
        writer.start()
    new_form(city)
    for writer in writers:
        writer.join()

    assert not wrong
    for draft in drafts:
        services.brought_up_to_date(fresh(draft), AT)
        dossier = load_dossier(fresh(draft))
        assert dossier.section("kebaruan").text == "kebaruan 5"
        assert dossier.earlier[0].text == "ringkasan 5"
    assert connection.vendor == "postgresql"
