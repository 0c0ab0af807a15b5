"""Pages of awards: access, the steps, what is hidden before publication."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from awards import services
from awards.models import Award, Decree
from documents import rendering
from documents.models import IssuedDocument
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    MembershipFactory,
    SecretariatFactory,
)
from tests.factories.awards import awarded_round
from tests.factories.judging import scoring_round, sealed_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

AGO, LATER = timedelta(hours=-1), timedelta(days=2)


def login(client, round):
    user = SecretariatFactory(government=round.competition.government)
    client.force_login(user)
    return user


def url(name, round):
    return reverse(f"awards:{name}", args=[round.slug])


def certified_round(publish_in):
    round = awarded_round(publish_in=publish_in, proposals=1)
    services.issue_certificates(
        round=round,
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )
    for document in IssuedDocument.objects.filter(rendered_at=None):
        rendering.render(document_id=document.pk, at=timezone.now())
    return round


@pytest.mark.parametrize("row_count", [1, 3])
def test_award_list_query_count(client, django_assert_num_queries, row_count):
    round = awarded_round(publish_in=AGO, proposals=row_count)
    login(client, round)
    client.get(url("award_list", round))

    with django_assert_num_queries(13):
        # user, memberships, round, awards, certificates, decree, batch, result, levels,
        # feedback, winners sent on, unread, role of juror
        response = client.get(url("award_list", round))

    assert len(response.context["rows"]) == row_count


def test_steps_from_the_pages(client):
    round = sealed_round(jurors=1, proposals=1)
    government = round.competition.government
    government.signatory_set.create(name="A", position="Wali Kota", is_default=True)
    login(client, round)

    client.post(url("award_give", round))
    client.post(
        url("decree_edit", round),
        {
            "number": "000.8/112/2022",
            "decree_date": "10 Jun 2022",
            "publish_date": "12/6/2022",
            "publish_time": "09.00",
        },
    )
    order = reverse("awards:certificate_issue", args=[round.slug, "pemenang"])
    keys = [row.holder.key for row in client.get(order).context["rows"]]
    response = client.post(order, {"holder": keys})

    decree = Decree.objects.get()
    assert timezone.localtime(decree.publish_at).isoformat() == (
        "2022-06-12T09:00:00+07:00"
    )
    assert "/sekretariat/berkas-cetak/" in response.url
    page = client.get(url("award_list", round))
    assert (page.context["certified_count"], page.context["is_public"]) == (1, True)


def test_decree_form_says_what_is_wrong(client):
    round = awarded_round()
    login(client, round)

    page = client.post(
        url("decree_edit", round),
        {
            "number": "",
            "decree_date": "10 Jun 2022",
            "publish_date": "9 Jun 2022",
            "publish_time": "25.00",
        },
    )

    assert set(page.context["form"].errors) == {
        "number",
        "publish_date",
        "publish_time",
    }
    assert not Decree.objects.exists()


def test_page_before_the_seal_points_to_the_ranking(client):
    round = scoring_round(jurors=1, proposals=1)
    login(client, round)

    page = client.get(url("award_list", round)).content.decode()

    assert reverse("judging:ranking", args=[round.slug]) in page


def test_award_is_revoked_with_reason_and_word(client):
    round = awarded_round(publish_in=AGO, proposals=1)
    login(client, round)
    award = Award.objects.get()
    page = reverse("awards:award_revoke", args=[award.key])

    client.post(page, {"reason": "Keliru.", "confirmation": ""})
    award.refresh_from_db()
    assert not award.is_revoked
    client.post(page, {"reason": "Keliru.", "confirmation": "revoke"})
    award.refresh_from_db()
    assert award.revoke_reason == "Keliru."


def test_competing_secretary_and_others_are_shut_out(client):
    round = awarded_round(publish_in=AGO, proposals=1)
    award = Award.objects.get()
    own = reverse("awards:award_revoke", args=[award.key])
    user = login(client, round)
    MembershipFactory(user=user, institution=award.row.proposal.institution)
    assert client.get(url("award_list", round)).status_code == 403
    assert client.post(url("award_give", round)).status_code == 403
    assert client.get(own).status_code == 403
    for stranger in (SecretariatFactory(), AuthorFactory()):
        client.force_login(stranger)
        assert client.get(url("award_list", round)).status_code == 404
        assert client.get(own).status_code == 404


# The winner's paper -----------------------------------------------------------


def paper_url():
    return reverse("awards:certificate_file", args=[IssuedDocument.objects.get().code])


def status(client, user):
    client.force_login(user)
    response = client.get(paper_url())
    if response.streaming:
        assert b"".join(response)[:5] == b"%PDF-"
        for close in response._resource_closers:
            close()
    return response.status_code


def test_certificate_is_for_the_winner_and_the_secretariat(client):
    round = certified_round(AGO)
    institution = Award.objects.get().row.proposal.institution

    assert status(client, AuthorFactory(institution=institution)) == 200
    assert status(client, InstitutionAdminFactory(institution=institution)) == 200
    government = round.competition.government
    assert status(client, SecretariatFactory(government=government)) == 200
    assert status(client, AuthorFactory()) == 404
    assert status(client, SecretariatFactory()) == 404
    client.logout()
    assert client.get(paper_url()).status_code == 302


def test_certificate_is_hidden_from_the_winner_before_publication(client):
    round = certified_round(LATER)
    author = AuthorFactory(institution=Award.objects.get().row.proposal.institution)

    assert status(client, author) == 404
    government = round.competition.government
    assert status(client, SecretariatFactory(government=government)) == 200


def test_revoked_certificate_is_for_the_secretariat_alone(client):
    round = certified_round(AGO)
    secretary = SecretariatFactory(government=round.competition.government)
    award = Award.objects.get()
    services.revoke_award(
        award=award, reason="Keliru.", actor=secretary, at=timezone.now()
    )

    assert (
        status(client, AuthorFactory(institution=award.row.proposal.institution)) == 404
    )
    assert status(client, secretary) == 200


# The public list -----------------------------------------------------------


def test_winners_are_not_there_before_publication(client):
    hidden = awarded_round(publish_in=LATER, proposals=1)
    undecreed = awarded_round(proposals=1)

    assert client.get(url("winner_list", hidden)).status_code == 404
    assert client.get(url("winner_list", undecreed)).status_code == 404


def test_winners_in_the_order_of_awards_with_the_revoked_apart(client):
    round = awarded_round(publish_in=AGO, proposals=3)
    first = Award.objects.order_by("level__order").first()
    services.revoke_award(
        award=first,
        reason="Keliru.",
        actor=SecretariatFactory(government=round.competition.government),
        at=timezone.now(),
    )

    page = client.get(url("winner_list", round))

    (group,) = page.context["groups"]
    assert [row.award.level.name for row in group["rows"]] == ["Juara II", "Juara III"]
    # It was public: who has read it reads now that it was revoked, and why.
    assert page.context["revoked"] == [first]
    assert "Keliru." in page.content.decode()


@pytest.mark.parametrize("row_count", [1, 3])
def test_winner_list_query_count(client, django_assert_num_queries, row_count):
    round = awarded_round(publish_in=AGO, proposals=row_count)
    client.get(url("winner_list", round))

    # round with decree and scan, awards, entries, announcement
    with django_assert_num_queries(4):
        client.get(url("winner_list", round))


def test_winner_list_may_be_cached_and_asked_again(client):
    round = awarded_round(publish_in=AGO, proposals=1)

    first = client.get(url("winner_list", round))
    again = client.get(
        url("winner_list", round), headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert again.status_code == 304
