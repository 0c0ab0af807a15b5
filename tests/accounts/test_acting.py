"""In which of their bodies somebody acts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
)
from tests.factories.competitions import small_round
from tests.factories.notifications import DeliveryFactory
from tests.factories.submissions import ProposalFactory

Role = Membership.Role

pytestmark = pytest.mark.django_db


class TestActing:
    @pytest.fixture
    def person(self, client, city, institution):
        """Writes for two institutions of two cities, one of which they also run."""
        person = AuthorFactory(institution=institution, email="dua@kota.example")
        MembershipFactory(
            user=person, institution=InstitutionFactory(short_name="Dinas Dua")
        )
        client.force_login(person)
        return person

    def choose(self, client, membership):
        return client.post(
            reverse("accounts:body_choose"),
            {"peran": membership.key if membership else ""},
        )

    def titles(self, client):
        page = client.get(reverse("submissions:proposal_list")).context["page"]
        return sorted(proposal.title for proposal in page)

    def test_choice_narrows_lists_and_leaves_rights(self, client, person):
        first, second = person.membership_set.order_by("pk")
        one = ProposalFactory(institution=first.institution, title="Satu")
        ProposalFactory(institution=second.institution, title="Dua")

        before = self.titles(client)
        self.choose(client, second)
        narrowed, link = self.titles(client), client.get(one.get_absolute_url())
        body = client.get(reverse("dashboard")).context["workspace_body"]()
        self.choose(client, None)

        assert before == self.titles(client) == ["Dua", "Satu"]
        assert (narrowed, link.status_code, body) == (["Dua"], 200, "Dinas Dua")

    def test_list_of_what_was_sent_follows(self, client, city, person):
        other = GovernmentFactory()
        for government in (city, other):
            MembershipFactory(
                user=person,
                role=Role.SECRETARIAT,
                government=government,
                institution=None,
            )
            DeliveryFactory(message__scope=government.code, message__kind="round.x")
        DeliveryFactory(message__scope=city.code, message__kind="judging.x")

        def scopes():
            page = client.get(reverse("notifications:delivery_list")).context["page"]
            return sorted(each.message.scope for each in page)

        every = scopes()
        self.choose(client, person.membership_set.get(government=other))

        # Of competitors nothing, whatever body was chosen: they work there as well.
        assert every == sorted([city.code, other.code])
        assert scopes() == [other.code]
        self.choose(client, person.membership_set.get(government=city))
        assert scopes() == [city.code]

    def test_navigation_and_home_follow(self, client, city, person):
        MembershipFactory(user=person, role=Role.SECRETARIAT, government=city)
        small_round(government=city)
        writer, _other, runner = person.membership_set.order_by("pk")

        def shown():
            context = client.get(reverse("dashboard")).context
            urls = [item.url for item in context["workspace_nav"]()]
            home = context["dashboard"]
            return (
                reverse("submissions:proposal_list") in urls,
                reverse("competitions:round_admin_list") in urls,
                home.author is not None,
                home.secretariat is not None,
            )

        both = shown()
        self.choose(client, writer)
        as_writer = shown()
        self.choose(client, runner)
        as_runner = shown()

        assert both == (True, True, True, True)
        assert as_writer == (True, False, True, False)
        assert as_runner == (False, True, False, True)

    def test_page_about_another_role_shows_all_of_that_role(self, client, city, person):
        MembershipFactory(user=person, role=Role.SECRETARIAT, government=city)
        small_round(government=city)
        self.choose(client, person.membership_set.order_by("pk")[0])

        page = client.get(reverse("competitions:round_admin_list"))

        assert len(page.context["rows"]) == 1

    def test_menu_is_there_for_several_bodies_only(self, client, institution):
        one = AuthorFactory(institution=institution)
        MembershipFactory(
            user=one, institution=institution, role=Role.INSTITUTION_ADMIN
        )
        client.force_login(one)

        context = client.get(reverse("dashboard")).context

        assert context["workspace_bodies"]() is None

    def test_choice_of_another_persons_role_is_refused(self, client, person):
        self.choose(client, AuthorFactory().membership_set.get())
        client.post(reverse("accounts:body_choose"), {"peran": "entah"})

        menu = client.get(reverse("dashboard")).context["workspace_bodies"]()
        assert menu.chosen is None
        assert [body.is_chosen for body in menu.bodies] == [False, False]

    def test_choice_ends_with_the_role(self, client, person):
        membership = person.membership_set.order_by("pk")[0]
        MembershipFactory(user=person, institution=InstitutionFactory())
        self.choose(client, membership)
        Membership.objects.filter(pk=membership.pk).update(
            to_date=timezone.localdate() - timedelta(days=1)
        )

        menu = client.get(reverse("dashboard")).context["workspace_bodies"]()

        assert (menu.chosen, len(menu.bodies)) == (None, 2)
        assert User.objects.filter(pk=person.pk).exists()

    def test_costs_no_query(self, client, person):
        url = reverse("submissions:proposal_list")
        counts = []
        for membership in (None, person.membership_set.order_by("pk")[0]):
            self.choose(client, membership)
            client.get(url)  # welcomes and the like are shown once
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            counts.append(len(asked))

        assert counts[0] == counts[1] < 12
