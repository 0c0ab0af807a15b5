"""The people of a house, and the page of one."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEntry, Membership
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)

Role = Membership.Role

pytestmark = pytest.mark.django_db


def names(answer):
    return [
        row["person"].name if isinstance(row, dict) else row.person.name
        for row in answer.context["rows"]
    ]


class TestPeopleList:
    url = "/sekretariat/pemerintah/kota-tegal/orang/"

    @pytest.mark.parametrize("row_count", [1, 3])
    def test_query_count(
        self, client, secretariat, institution, row_count, django_assert_num_queries
    ):
        for person in AuthorFactory.create_batch(row_count, institution=institution):
            MembershipFactory(
                user=person, institution=institution, role=Role.INSTITUTION_ADMIN
            )
        client.get(self.url)

        # person, roles in force, government, count, people, their roles, access log,
        # open invitations, panels, messages
        with django_assert_num_queries(10):
            answer = client.get(self.url)

        assert len(answer.context["rows"]) == row_count + 1

    def test_shows_own_government_alone(self, client, secretariat, institution):
        both = AuthorFactory(institution=institution, name="Antar Kota")
        elsewhere = MembershipFactory(user=both, role=Role.INSTITUTION_ADMIN)
        AuthorFactory(name="Orang Asing")

        answer = client.get(self.url)

        assert names(answer) == ["Aa Sekretaris", "Antar Kota"]
        assert elsewhere.institution.short_name not in answer.content.decode()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=bunga", ["Bunga"]),
            ("q=CITRA@", ["Citra"]),
            ("peran=author", ["Bunga", "Citra", "Dewi", "Endang"]),
            ("peran=leader", []),
            ("instansi=dinkes", ["Bunga", "Citra", "Dewi", "Endang", "Fitri"]),
            ("keadaan=aktif", ["Aa Sekretaris", "Bunga", "Fitri"]),
            ("keadaan=akan-datang", ["Citra"]),
            ("keadaan=berakhir", ["Dewi"]),
            ("keadaan=ditutup", ["Endang"]),
            ("keadaan=belum-masuk", ["Bunga", "Fitri"]),
            ("keadaan=entah&peran=entah", None),
        ],
    )
    def test_filters(self, client, secretariat, institution, query, found):
        today = timezone.localdate()
        for name, fields in {
            "Bunga": {},
            "Citra": {"from_date": today + timedelta(days=9)},
            "Dewi": {"to_date": today - timedelta(days=1)},
            "Endang": {"user__is_active": False},
            "Fitri": {"role": Role.INSTITUTION_ADMIN},
        }.items():
            MembershipFactory(
                institution=institution,
                user__name=name,
                user__email=f"{name.lower()}@contoh.example",
                **fields,
            )

        answer = client.get(f"{self.url}?{query}")

        everybody = ["Aa Sekretaris", "Bunga", "Citra", "Dewi", "Endang", "Fitri"]
        assert names(answer) == (everybody if found is None else found)

    def test_looking_is_noted_once_for_all(self, client, secretariat, institution):
        people = AuthorFactory.create_batch(3, institution=institution)

        client.get(self.url)

        entry = AccessEntry.objects.get(kind="view")
        assert entry.subjects == sorted(person.pk for person in people)

    def test_admin_sees_the_own_tree(self, client, city, institution):
        below = InstitutionFactory(government=city, parent=institution, code="PKM-1")
        beside = InstitutionFactory(government=city)
        admin = InstitutionAdminFactory(institution=institution, name="Admin")
        AuthorFactory(institution=below, name="Bawah")
        AuthorFactory(institution=beside, name="Samping")
        client.force_login(admin)

        answer = client.get("/instansi/kota-tegal/DINKES/orang/")

        assert names(answer) == ["Admin", "Bawah"]
        assert (
            client.get(f"/instansi/kota-tegal/{beside.code}/orang/").status_code == 404
        )
        assert client.get(self.url).status_code == 404

    def test_system_admin_sees_the_secretariat_alone(self, client, city, institution):
        SecretariatFactory(government=city, name="Sekretaris")
        AuthorFactory(institution=institution)
        client.force_login(UserFactory(is_system_admin=True))

        answer = client.get("/pengelola/pemerintah/kota-tegal/orang/")

        assert names(answer) == ["Sekretaris"]
        assert client.get(self.url).status_code == 404


class TestPerson:
    def url(self, person, name="person_detail"):
        return reverse(f"accounts:{name}", args=[person.key])

    def test_shows_the_roles_of_the_own_government_alone(
        self, client, secretariat, institution
    ):
        person = AuthorFactory(institution=institution)
        elsewhere = MembershipFactory(user=person, institution__name="Dinas Asing")

        page = client.get(self.url(person)).content.decode()

        assert institution.name in page
        assert "Dinas Asing" not in page
        assert str(elsewhere.key) not in page

    def test_of_another_government_is_404(self, client, secretariat):
        assert client.get(self.url(AuthorFactory())).status_code == 404

    def test_account_with_roles_elsewhere_is_not_closed_from_here(
        self, client, secretariat, institution
    ):
        person = AuthorFactory(institution=institution)
        MembershipFactory(user=person, to_date=timezone.localdate())

        answer = client.post(self.url(person, "person_close"), {"reason": "Pensiun"})

        person.refresh_from_db()
        assert (answer.status_code, person.is_active) == (403, True)

    def test_account_is_closed_and_opened(self, client, secretariat, institution):
        person = AuthorFactory(institution=institution)
        url = self.url(person, "person_close")

        refused = client.post(url, {"reason": " "})
        states = []
        for _press in range(2):
            client.post(url, {"reason": "Pensiun"})
            person.refresh_from_db()
            states.append(person.is_active)

        assert (refused.status_code, states) == (422, [False, True])

    def test_lost_second_factor_is_reset(self, client, secretariat, institution):
        person = AuthorFactory(institution=institution)
        url = self.url(person, "person_second_factor")
        none_yet = client.post(url, {"reason": "Hilang"}).status_code
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})

        offered = client.get(self.url(person)).context["can_reset"]
        answer = client.post(url, {"reason": "Telepon hilang"})

        assert (none_yet, offered, answer.status_code) == (422, True, 302)
        assert not Authenticator.objects.exists()

    def test_admin_of_an_institution_closes_no_account(self, client, institution):
        client.force_login(InstitutionAdminFactory(institution=institution))
        person = AuthorFactory(institution=institution)

        assert client.get(self.url(person)).context["can_close"] is False
        assert client.get(self.url(person, "person_close")).status_code == 403
