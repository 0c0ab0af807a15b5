"""Notes at the parts of a returned proposal, until they are ticked off."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from core.models import AuditEntry
from notifications.models import Message
from submissions import services
from submissions.models import ProposalState, SectionNote
from tests.factories.sending import SectionNoteFactory
from tests.submissions.browsing import section_url, url
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
NOTE = "Sebutkan dasar hukumnya."


def returned(city, **parts):
    proposal = city.proposal()
    services.send_proposal(proposal=proposal, actor=city.author, at=AT)
    return services.return_with_notes(
        proposal=proposal, parts=parts, actor=city.head, at=AT + timedelta(hours=1)
    )


def test_return_with_notes_writes_one_for_each_part_that_has_a_text(city):
    proposal = returned(city, kebaruan=f" {NOTE} ", data=" ", surat="Cap belum ada.")

    notes = SectionNote.objects.order_by("part").values_list("part", "text")
    assert list(notes) == [("kebaruan", NOTE), ("surat", "Cap belum ada.")]
    assert (proposal.state, proposal.return_note) == (ProposalState.RETURNED, "")
    entry = AuditEntry.objects.get(action="proposal.returned")
    assert entry.changes == {"parts": ["kebaruan", "surat"]}
    assert Message.objects.filter(kind="proposal.returned").count() == 2


def test_return_that_says_nothing_is_refused(city):
    with pytest.raises(services.NoteMissing):
        returned(city, kebaruan=" \n")


def test_note_is_ticked_off_once_and_taken_back(city):
    proposal = returned(city, kebaruan=NOTE)
    note = SectionNote.objects.get()

    for is_done in (True, True, False):
        note = services.settle_note(
            note=note, is_done=is_done, actor=city.author, at=AT
        )

    assert not note.is_resolved
    assert AuditEntry.objects.filter(action="proposal.note_settled").count() == 2
    services.settle_note(note=note, is_done=True, actor=city.author, at=AT)
    assert not SectionNote.objects.filter(proposal=proposal).open().exists()


def test_note_stands_once_the_proposal_was_sent_on(city):
    proposal = returned(city, kebaruan=NOTE)
    services.send_proposal(proposal=proposal, actor=city.author, at=AT)

    with pytest.raises(services.NoteStandsStill):
        services.settle_note(
            note=SectionNote.objects.get(), is_done=True, actor=city.author, at=AT
        )


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"resolved_at": AT}], ids=["empty", "by nobody"]
)
def test_note_says_something_and_is_resolved_by_somebody(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        SectionNoteFactory(**wrong)


def test_text_of_a_note_never_changes():
    note = SectionNoteFactory()

    with pytest.raises(InternalError), transaction.atomic():
        SectionNote.objects.filter(pk=note.pk).update(text="Lain")


def test_head_writes_notes_and_author_finds_them_at_their_places(client, live_city):
    city = live_city
    proposal = city.proposal()
    client.force_login(city.author)
    client.post(url("proposal_send", proposal.code), {"statement": "on"})
    client.force_login(city.head)
    page = client.get(url("proposal_endorse", proposal.code))
    assert 'name="at_kebaruan"' in page.content.decode()
    nothing = client.post(url("proposal_return", proposal.code), {"note": " "})
    client.post(
        url("proposal_return", proposal.code),
        {"at_kebaruan": NOTE, "at_surat": "Cap belum ada.", "at_asing": "Bukan bagian"},
    )

    client.force_login(city.author)
    tasks = client.get(proposal.get_absolute_url())
    section = client.get(section_url(proposal))
    letters = client.get(url("letter_list", proposal.code))

    assert nothing.status_code == 422
    assert [each["url"] for each in tasks.context["notes"]] == [
        f"{section_url(proposal)}#catatan",
        f"{url('letter_list', proposal.code)}#catatan",
    ]
    assert NOTE in section.content.decode()
    assert "Cap belum ada." in letters.content.decode()
    assert NOTE not in client.get(url("header_edit", proposal.code)).content.decode()

    note = SectionNote.objects.get(part="kebaruan")
    done = client.post(url("note_settle", note.key))
    fragment = client.post(
        url("note_settle", note.key), {"undo": "1"}, headers={"HX-Request": "true"}
    )

    assert done.url == f"{section_url(proposal)}#catatan"
    assert fragment.status_code == 200
    assert "<html" not in fragment.content.decode()
    assert not SectionNote.objects.get(pk=note.pk).is_resolved
