"""Pages of feedback: whose they are, from when on, what stands on them."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from awards import feedback, services
from awards.models import FeedbackNote, FeedbackPlan
from documents import rendering
from documents.models import IssuedDocument
from judging.models import Score
from tests.factories.accounts import AuthorFactory, InstitutionFactory
from tests.factories.feedback import LATER, judged_round, released_round
from tests.factories.judging import scoring_round
from tests.judging.pages import content_of, login_secretariat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

FIVE = [(90, 90), (80, 90), (78, 78), (80, 70), (60, 70)]


def page_of(client, round, place=0):
    """Ask for the feedback as somebody of the institution it is for."""
    proposal = round.proposal_set.order_by("pk")[place]
    client.force_login(AuthorFactory(institution=proposal.institution))
    return client.get(reverse("awards:feedback_detail", args=[proposal.code]))


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_author_reads_means_place_sentences_and_notes(client):
    round = released_round(*FIVE)
    User.objects.filter(juror__round=round).update(name="Juri Rahasia")

    response = page_of(client, round, 1)

    told = response.context["feedback"]
    assert told.place == "Rank 2 of 5"
    assert told.total == 86
    page = words_of(response)
    jurors = round.juror_set.values_list("pk", flat=True)
    for juror in jurors:
        assert f"kebaruan juri-{juror}" in page
    assert "Juri Rahasia" not in page
    assert "Baik" in page


def test_feedback_is_for_its_own_institution_alone(client):
    round = released_round(*FIVE)
    first, second = round.proposal_set.order_by("pk")[:2]
    for user in (
        AuthorFactory(institution=second.institution),
        AuthorFactory(institution=InstitutionFactory()),
        round.juror_set.first().user,
    ):
        client.force_login(user)
        for name in ("feedback_detail", "feedback_letter"):
            address = reverse(f"awards:{name}", args=[first.code])
            assert client.get(address).status_code == 404


@pytest.mark.parametrize("is_released", [True, False])
def test_nothing_is_read_before_release_and_publication(client, is_released):
    round = (
        released_round(*FIVE, publish_in=LATER) if is_released else judged_round(*FIVE)
    )

    assert page_of(client, round).status_code == 404


def test_letter_goes_to_who_was_not_chosen(client):
    round = released_round(*FIVE)
    letter = IssuedDocument.objects.get(
        kind="feedback", subject_key=f"feedback:{_proposal(round, 4).pk}"
    )
    page = page_of(client, round, 4)
    address = reverse("awards:feedback_letter", args=[_proposal(round, 4).code])
    assert address not in page.content.decode()  # not before it has a file
    assert client.get(address).status_code == 404
    rendering.render(document_id=letter.pk, at=timezone.now())

    assert address in page_of(client, round, 4).content.decode()
    assert content_of(client.get(address))[:5] == b"%PDF-"
    # Who holds an award gets a certificate.
    page_of(client, round, 0)
    address = reverse("awards:feedback_letter", args=[_proposal(round, 0).code])
    assert client.get(address).status_code == 404


def _proposal(round, place):
    return round.proposal_set.order_by("pk")[place]


@pytest.mark.parametrize("count", [1, 3])
def test_author_page_query_count(client, django_assert_num_queries, count):
    round = released_round(*[(80, 70)] * count)
    response = page_of(client, round)
    address = response.request["PATH_INFO"]

    with django_assert_num_queries(14):
        # session and user, memberships, row, scoring (3), all means, count, plan,
        # awards, letter, own means, notes, unread, role of juror
        client.get(address)


# The secretariat ----------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_secretariat_page_query_count(client, django_assert_num_queries, count):
    round = judged_round(*[(80, 70)] * count)
    login_secretariat(client, round)
    address = reverse("awards:feedback_list", args=[round.slug])
    client.get(address)

    with django_assert_num_queries(11):
        # user, memberships, round, own entries, plan, result, count, rows, notes,
        # decree, unread
        response = client.get(address)

    assert len(response.context["rows"]) == count


def test_secretariat_chooses_places_and_releases(client):
    round = judged_round(*FIVE)
    login_secretariat(client, round)
    address = reverse("awards:feedback_list", args=[round.slug])

    client.post(address, {"places": "band"})
    client.post(reverse("awards:feedback_release", args=[round.slug]))
    twice = client.post(
        reverse("awards:feedback_release", args=[round.slug]), follow=True
    )

    plan = FeedbackPlan.objects.get()
    assert (plan.places, plan.is_released) == ("band", True)
    assert "The feedback is released already." in words_of(twice)


def test_unknown_choice_of_places_is_refused(client):
    round = judged_round(*FIVE)
    login_secretariat(client, round)

    page = client.post(
        reverse("awards:feedback_list", args=[round.slug]), {"places": "semua"}
    )

    assert page.context["form"].errors.keys() == {"places"}
    assert not FeedbackPlan.objects.exists()


def test_page_before_the_seal_leads_to_the_ranking(client):
    round = scoring_round(jurors=1, proposals=1, phase="plenary")
    login_secretariat(client, round)

    page = client.get(reverse("awards:feedback_list", args=[round.slug]))

    assert reverse("judging:ranking", args=[round.slug]) in page.content.decode()


def decide(client, round, score, **fields):
    key = feedback.note_key(score.pk)
    address = reverse(
        "awards:feedback_notes", args=[round.slug, _proposal(round, 0).code]
    )
    values = {f"{key}-{name}": value for name, value in fields.items()}
    return client.post(address, {"note": key, **values})


def test_secretariat_withholds_a_note_and_its_author_no_longer_reads_it(client):
    round = released_round(*FIVE)
    score = Score.objects.filter(
        sheet__assignment__proposal=_proposal(round, 0)
    ).earliest("pk")
    assert score.note in words_of(page_of(client, round))
    login_secretariat(client, round)

    answer = decide(client, round, score, choice="withheld", reason="Menyebut nama.")

    assert answer.status_code == 302
    assert score.note not in words_of(page_of(client, round))
    assert "Menyebut nama." not in words_of(page_of(client, round))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"choice": "edited", "reason": "x"}, {"text"}),
        ({"choice": "edited", "text": "x"}, {"reason"}),
        ({"choice": "withheld"}, {"reason"}),
        ({"choice": "lain"}, {"choice"}),
        ({}, {"choice"}),
    ],
)
def test_decision_that_lacks_something_is_shown_again(client, fields, wrong):
    round = judged_round(*FIVE)
    login_secretariat(client, round)
    score = Score.objects.filter(
        sheet__assignment__proposal=_proposal(round, 0)
    ).earliest("pk")

    page = decide(client, round, score, **fields)

    assert page.context["form"].errors.keys() == wrong
    assert not FeedbackNote.objects.exists()


def test_note_of_another_proposal_is_not_decided_here(client):
    round = judged_round(*FIVE)
    login_secretariat(client, round)
    score = Score.objects.filter(
        sheet__assignment__proposal=_proposal(round, 1)
    ).earliest("pk")

    page = decide(client, round, score, choice="withheld", reason="x")

    assert page.status_code == 200
    assert not FeedbackNote.objects.exists()


def test_author_is_led_there_from_the_first_page(client):
    round = released_round(*FIVE)
    page_of(client, round, 4)

    page = client.get(reverse("dashboard"))

    address = reverse("awards:feedback_detail", args=[_proposal(round, 4).code])
    assert address in page.content.decode()


def test_letter_is_set_with_its_sentences(client):
    released_round(*FIVE)
    letter = IssuedDocument.objects.filter(kind="feedback").earliest("pk")

    page = render_to_string(letter.template, rendering.paper_context(letter))

    for sentence in letter.values["strengths"]:
        assert sentence.split(":")[0] in page
    assert (
        services.announce_feedback(
            plan_id=FeedbackPlan.objects.get().pk, at=timezone.now()
        )
        == 0
    )
