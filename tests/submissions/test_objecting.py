"""Objections to the result of the check, and their answers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from competitions.models import Announcement, Round, Stage
from core.models import AuditEntry
from documents.uploads import EVIDENCE_TYPES, check_upload
from notifications.models import Message
from submissions import services
from submissions.models import Objection, ObjectionFile, Proposal, ProposalState
from submissions.objections import window_of
from submissions.services import Verdict
from tests.factories.accounts import MembershipFactory, SecretariatFactory
from tests.factories.competitions import StageFactory
from tests.factories.screening import decide, publish
from tests.factories.submissions import ObjectionFactory, ProposalFactory, tiny_pdf
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
REFUSED = Verdict(is_met=False, reason_code="UMUR_KURANG", note="Baru enam bulan.")
TEXT = "Buktinya ada pada lampiran kedua."


def fail(city, at=AT) -> Proposal:
    """A proposal whose failure was published at `at`; objections run for 3 days."""
    Round.objects.update(objection_days=3)
    city.round.refresh_from_db()
    proposal = ProposalFactory(
        round=city.round,
        institution=city.institution,
        title="Antre Cepat",
        state=ProposalState.SUBMITTED,
    )
    decide(proposal, city.secretary, at=at, umur=REFUSED)
    publish(city.round, actor=city.secretary, at=at)
    Message.objects.all().delete()
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def failed(city):
    return fail(city)


def upload(text="Bukti"):
    return check_upload(
        SimpleUploadedFile("bukti.pdf", tiny_pdf(text)),
        max_bytes=1_000_000,
        types=EVIDENCE_TYPES,
    )


def file_(city, proposal, at=AT, files=()):
    return services.file_objection(
        proposal=proposal, text=TEXT, files=files, actor=city.author, at=at
    )


def answer(city, objection, *, upheld, actor=None):
    return services.answer_objection(
        objection=objection,
        upheld=upheld,
        answer="Sudah dibaca ulang.",
        actor=actor or city.secretary,
        at=AT + timedelta(hours=2),
    )


def test_accepted_objection_lets_the_proposal_pass_and_says_so_in_public(city, failed):
    other = SecretariatFactory(government=city.government)
    competing = SecretariatFactory(government=city.government)
    MembershipFactory(
        user=competing, institution=city.institution, role=Membership.Role.AUTHOR
    )
    objection = file_(city, failed, files=[upload(), upload()])

    assert ObjectionFile.objects.count() == 1  # the same twice
    asked = Message.objects.filter(kind="objection.filed")
    assert {each.recipient for each in asked} == {city.secretary, other}
    closed = answer(city, objection, upheld=True)

    failed.refresh_from_db()
    assert (closed.is_upheld, failed.has_passed) == (True, True)
    addendum = Announcement.objects.order_by("pk").last()
    assert failed.title in addendum.body
    told = Message.objects.filter(kind="objection.closed")
    assert {each.recipient for each in told} >= {city.author, city.head}
    assert "Sudah dibaca ulang." in told[0].body_text
    actions = AuditEntry.objects.filter(action__startswith="objection.")
    assert {each.action for each in actions} == {
        "objection.filed",
        "objection.answered",
    }
    with pytest.raises(services.ObjectionNotOpen):
        answer(city, objection, upheld=False)


def test_objection_that_is_not_accepted_changes_nothing_and_is_final(city, failed):
    announced = Announcement.objects.count()
    closed = answer(city, file_(city, failed), upheld=False)

    failed.refresh_from_db()
    assert (closed.state, failed.has_failed) == ("rejected", True)
    assert Announcement.objects.count() == announced
    with pytest.raises(services.ObjectionNotPossible):
        file_(city, failed)


def test_days_run_to_the_end_of_the_last_one_there(city, failed):
    window = window_of(failed)

    # Published on 20 March, 10.00 WIB; 23 March ends at 17.00 UTC.
    assert window.closes_at == datetime(2022, 3, 23, 17, tzinfo=UTC)
    with pytest.raises(services.ObjectionNotPossible):
        file_(city, failed, at=window.closes_at)
    assert file_(city, failed, at=window.closes_at - timedelta(seconds=1)).pk


def test_without_days_the_calendar_decides(city, failed):
    Round.objects.update(objection_days=None)
    proposal = Proposal.objects.for_page().get()
    assert window_of(proposal) is None
    with pytest.raises(services.ObjectionNotPossible):
        file_(city, proposal)
    StageFactory(
        round=city.round,
        kind=Stage.Kind.OBJECTION,
        order=90,
        opens_at=AT - timedelta(days=1),
        closes_at=AT + timedelta(days=1),
    )

    window = window_of(proposal)

    assert window.opens_at == AT  # not before the result is public
    assert window.is_over(AT + timedelta(days=1))


@pytest.mark.parametrize("state", ["submitted", "screened_passed", "disqualified"])
def test_only_a_published_failure_is_objected_to(city, failed, state):
    proposal = ProposalFactory(round=city.round, state=state)

    with pytest.raises(services.ObjectionNotPossible):
        file_(city, proposal)


@pytest.mark.parametrize(
    ("rule", "upheld", "waits"),
    [("none", False, False), ("failed", True, False), ("failed", False, True)],
)
def test_second_person_confirms_the_answer_where_two_are_asked(
    city, failed, rule, upheld, waits
):
    Round.objects.update(screening_four_eyes=rule)
    second = SecretariatFactory(government=city.government)

    objection = answer(city, file_(city, failed), upheld=upheld)

    assert objection.is_answered == waits
    if not waits:
        return
    assert not Message.objects.filter(kind="objection.closed").exists()
    with pytest.raises(services.ObjectionNotOpen):
        services.confirm_objection(objection=objection, actor=city.secretary, at=AT)
    services.send_back_objection(
        objection=objection, reason="Lampiran belum dibuka.", actor=second, at=AT
    )
    again = answer(city, Objection.objects.get(), upheld=False)
    assert again.sent_back_note == ""
    done = services.confirm_objection(objection=again, actor=second, at=AT)
    assert (done.state, done.confirmed_by) == ("rejected", second)
    assert Message.objects.filter(kind="objection.closed").exists()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"text": ""}, "says_something"),
        ({"state": "answered"}, "answer_says_why"),
        ({"closed_at": AT}, "closed_at_when_closed"),
        (
            {
                "state": "upheld",
                "upheld": False,
                "answer": "Ya.",
                "answered_at": AT,
                "closed_at": AT,
            },
            "closed_as_answered",
        ),
    ],
)
def test_objection_is_whole(fields, constraint):
    proposal = ProposalFactory(state=ProposalState.SCREENED_FAILED)
    if fields.get("state") == "upheld":
        fields = fields | {"answered_by": proposal.created_by}

    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        ObjectionFactory(proposal=proposal, **fields)


def test_objection_stands_as_it_was_filed(city, failed):
    objection = file_(city, failed, files=[upload()])
    stored = ObjectionFile.objects.get()
    for change in (
        lambda: Objection.objects.update(text="Lain."),
        lambda: Objection.objects.create(
            proposal=failed, text=TEXT, filed_by=city.author, filed_at=AT
        ),
        lambda: ObjectionFile.objects.create(
            objection=objection,
            sha256=stored.sha256,
            key="x",
            size=1,
            uploaded_by=city.author,
            uploaded_at=AT,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    answer(city, objection, upheld=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.update(state="filed", closed_at=None)


def test_nobody_confirms_their_own_answer(city, failed):
    objection = answer(city, file_(city, failed), upheld=False)

    with (
        pytest.raises(DatabaseError, match="confirmed_by_another"),
        transaction.atomic(),
    ):
        Objection.objects.filter(pk=objection.pk).update(
            confirmed_by=objection.answered_by
        )


def test_author_files_and_secretariat_answers_on_their_pages(client, live_city):
    city = live_city
    failed = fail(city, at=timezone.now())
    filing = reverse("submissions:objection_detail", args=[failed.code])
    answering = reverse("submissions:objection_answer", args=[failed.code])
    client.force_login(city.author)

    assert filing in client.get(failed.get_absolute_url()).content.decode()
    assert client.post(filing, {"text": " "}).status_code == 422
    bad = SimpleUploadedFile("bukti.pdf", b"<script>alert(1)</script>")
    assert client.post(filing, {"text": TEXT, "files": bad}).status_code == 422
    good = SimpleUploadedFile("bukti.pdf", tiny_pdf())
    assert client.post(filing, {"text": TEXT, "files": good}).status_code == 302
    assert TEXT in client.get(filing).content.decode()
    assert client.post(filing, {"text": TEXT}).status_code == 200  # twice is once
    assert Objection.objects.count() == 1
    client.force_login(city.secretary)
    queue = client.get(reverse("submissions:objection_list", args=[city.round.slug]))
    assert answering in queue.content.decode()
    assert client.post(answering, {"answer": ""}).status_code == 422
    done = {"outcome": "diterima", "answer": "Benar."}
    assert client.post(answering, done).status_code == 302
    assert client.get(answering).status_code == 200
    client.force_login(city.author)
    assert "Benar." in client.get(filing).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_objection_list_query_count(client, live_city, rows, django_assert_num_queries):
    for _n in range(rows):
        ObjectionFactory(
            proposal=ProposalFactory(
                round=live_city.round, state=ProposalState.SCREENED_FAILED
            )
        )
    client.force_login(live_city.secretary)
    path = reverse("submissions:objection_list", args=[live_city.round.slug])
    client.get(path)

    with django_assert_num_queries(8):
        page = client.get(path)

    assert len(page.context["page"]) == rows
