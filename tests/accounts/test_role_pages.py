"""Ending, leaving and handing over roles from the pages."""

import pytest
from django.urls import reverse

from accounts.models import Handover, Membership
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    MembershipFactory,
    UserFactory,
)

Role = Membership.Role

pytestmark = pytest.mark.django_db


class TestRoleEnd:
    def test_end_and_hand_over(self, client, secretariat, institution):
        person = AuthorFactory(institution=institution)
        successor = AuthorFactory(institution=institution)
        outsider = AuthorFactory()
        membership = person.membership_set.get()
        MembershipFactory(
            user=person, institution=institution, role=Role.INSTITUTION_ADMIN
        )
        url = reverse("accounts:role_hand_over", args=[membership.key])
        form = {"when": "now", "reason": "Mutasi"}

        refused = [
            client.post(url, form | change).status_code
            for change in (
                {},
                {"successor": outsider.key},
                {"successor": successor.key, "when": "after"},
                {
                    "successor": successor.key,
                    "when": "after",
                    "last_date": "2020-01-01",
                },
                {"email": "baru@tegal.example"},
                {"successor": successor.key, "reason": ""},
            )
        ]
        answer = client.post(url, form | {"successor": successor.key})
        again = client.post(url, form | {"successor": successor.key})

        assert refused == [422] * 6
        assert answer.status_code == 302
        assert again.status_code == 404
        assert Handover.objects.get().receiver == successor
        assert successor.membership_set.count() == 2

    @pytest.mark.parametrize("last_date", ["9999-12-31", "0001-01-01", "12-12-0022"])
    @pytest.mark.parametrize("page", ["role_end", "role_hand_over"])
    def test_mistyped_year_is_told(
        self, client, secretariat, institution, page, last_date
    ):
        membership = AuthorFactory(institution=institution).membership_set.get()
        url = reverse(f"accounts:{page}", args=[membership.key])
        form = {"when": "after", "last_date": last_date, "reason": "Mutasi"}

        answer = client.post(url, form | {"name": "Baru", "email": "b@tegal.example"})

        assert answer.status_code == 422
        assert "last_date" in answer.context["form"].errors

    def test_last_admin_is_warned_about(self, client, secretariat, institution):
        admin = InstitutionAdminFactory(institution=institution)
        url = reverse("accounts:role_end", args=[admin.membership_set.get().key])
        warned = client.get(url).context["is_last_admin"]
        InstitutionAdminFactory(institution=institution)

        assert (warned, client.get(url).context["is_last_admin"]) == (True, False)

    def test_last_secretariat_is_refused_on_the_page(self, client, secretariat):
        url = reverse(
            "accounts:role_leave", args=[secretariat.membership_set.get().key]
        )

        answer = client.post(url, {"when": "now", "reason": "Pensiun"})

        assert answer.status_code == 422
        assert secretariat.membership_set.current().exists()

    def test_leave(self, client, institution):
        person = AuthorFactory(institution=institution)
        other = AuthorFactory(institution=institution).membership_set.get()
        client.force_login(person)
        form = {"when": "now", "reason": "Sudah pindah"}

        foreign = client.post(reverse("accounts:role_leave", args=[other.key]), form)
        key = person.membership_set.get().key
        answer = client.post(reverse("accounts:role_leave", args=[key]), form)
        page = client.get(reverse("accounts:membership_list"))

        assert (foreign.status_code, answer.status_code) == (404, 302)
        assert [row["is_over"] for row in page.context["rows"]] == [True]

    @pytest.mark.parametrize("row_count", [1, 3])
    def test_own_roles_query_count(self, client, row_count, django_assert_num_queries):
        person = UserFactory()
        MembershipFactory.create_batch(row_count, user=person)
        client.force_login(person)
        url = reverse("accounts:membership_list")
        client.get(url)

        # person, own roles, roles in force, panels, messages
        with django_assert_num_queries(5):
            answer = client.get(url)

        assert len(answer.context["rows"]) == row_count
