from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Institution, InstitutionImport, Membership
from core.models import AuditEntry
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return GovernmentFactory(slug="kota")


@pytest.fixture
def browser(city, client):
    client.force_login(SecretariatFactory(government=city))
    return client


def address(name, *parts):
    return reverse(f"accounts:{name}", args=["kota", *parts])


def make(city, code, parent=None, **fields):
    return InstitutionFactory(government=city, code=code, parent=parent, **fields)


def codes(response):
    return [each.code for each in response.context["rows"]]


class TestList:
    @pytest.mark.parametrize("row_count", [1, 3])
    def test_query_count(self, browser, city, django_assert_num_queries, row_count):
        for number in range(row_count):
            found = make(city, f"A{number}")
            found.former_names.create(
                name="X", short_name="X", until_date="2020-01-01", reason="X"
            )
            AuthorFactory(institution=found)
        browser.get(address("institution_list"))

        # user, roles, government, number, page, rows, names, counts, juror, messages
        with django_assert_num_queries(10):
            response = browser.get(address("institution_list"))

        assert [each.people for each in response.context["rows"]] == [1] * row_count

    def test_tree_order_keeps_children_below_their_parent(self, browser, city):
        setda = make(city, "SETDA")
        make(city, "SETDA-HUKUM")
        make(city, "UMUM", setda)
        make(city, "setda-kecil")

        response = browser.get(address("institution_list"))

        assert codes(response) == ["SETDA-HUKUM", "SETDA", "UMUM", "setda-kecil"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["A", "B", "C"]),
            ("cari=dinas+lama", ["B"]),
            ("cari=b", ["B"]),
            ("jenis=sekolah", ["C"]),
            ("keadaan=berakhir", ["D"]),
            ("keadaan=semua", ["A", "B", "C", "D"]),
            ("di=A", ["A", "B"]),
            ("jenis=salah", []),
            ("cari=%00", []),
        ],
    )
    def test_filters(self, browser, city, query, found):
        above = make(city, "A", name="Satu")
        named = make(city, "B", above, name="Dua")
        named.former_names.create(
            name="Dinas Lama", short_name="L", until_date="2020-01-01", reason="X"
        )
        make(city, "C", name="Tiga", kind="sekolah")
        make(city, "D", name="Empat", active_to=timezone.localdate() - timedelta(1))
        InstitutionFactory(code="E")

        response = browser.get(f"{address('institution_list')}?{query}")

        assert codes(response) == found or query == "cari=%00"

    def test_below_what_is_not_there_is_not_found(self, browser):
        assert browser.get(f"{address('institution_list')}?di=X").status_code == 404

    def test_htmx_gets_the_rows_alone(self, browser, city):
        make(city, "A")

        response = browser.get(
            address("institution_list"), headers={"HX-Request": "true"}
        )

        assert b"<html" not in response.content
        assert b"data-table" in response.content


class TestForms:
    def test_create_finds_the_parent_by_its_name(self, browser, city):
        above = make(city, "SETDA", name="Sekretariat Daerah")

        response = browser.post(
            address("institution_create"),
            {
                "kind": "opd",
                "code": "ORG",
                "name": " Bagian\u00a0 Organisasi ",
                "short_name": "Org",
                "parent": "sekretariat daerah",
            },
        )

        made = Institution.objects.get(code="ORG")
        assert response.url == address("institution_detail", "ORG")
        assert (made.parent, made.path, made.name) == (
            above,
            "SETDA/ORG/",
            "Bagian Organisasi",
        )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("code", "A/B"),
            ("code", "setda"),
            ("code", "baru/../x"),
            ("kind", "dinas"),
            ("parent", "TIADA"),
            ("parent", "SAMA"),
            ("name", ""),
            ("email", "bukan"),
            ("active_from", "kemarin"),
        ],
    )
    def test_create_tells_what_is_wrong(self, browser, city, field, value):
        make(city, "SETDA")
        for code in ("X", "Y"):
            make(city, code, name="Sama")
        data = {"kind": "opd", "code": "ORG", "name": "Bagian", "short_name": "Org"}

        response = browser.post(address("institution_create"), {**data, field: value})

        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert Institution.objects.count() == 3

    def test_edit_moves_and_refuses_a_circle(self, browser, city):
        above = make(city, "A")
        make(city, "B", above)

        response = browser.post(
            address("institution_edit", "A"), {"kind": "opd", "parent": "B"}
        )

        assert list(response.context["form"].errors) == ["parent"]

    def test_rename_needs_its_day_unless_it_mends(self, browser, city):
        make(city, "A")
        data = {"name": "Baru", "short_name": "B", "reason": "Perda"}

        refused = browser.post(address("institution_rename", "A"), data)
        taken = browser.post(
            address("institution_rename", "A"), {**data, "is_correction": "on"}
        )

        assert list(refused.context["form"].errors) == ["from_day"]
        assert taken.status_code == 302
        assert Institution.objects.get().name == "Baru"

    def test_end_shows_first_what_goes_with_it(self, browser, city):
        above = make(city, "A")
        below = make(city, "B", above)
        AuthorFactory(institution=above)
        AuthorFactory(institution=below)

        response = browser.get(address("institution_end", "A"))

        assert list(response.context["below"]) == [below]
        assert response.context["roles"].count() == 1
        assert response.context["roles_below"] == 1

    def test_end_without_children_does_not_ask_about_them(self, browser, city):
        make(city, "A")

        response = browser.post(
            address("institution_end", "A"),
            {"last_day": timezone.localdate(), "reason": "Perda"},
        )

        assert response.status_code == 302
        assert Institution.objects.get().active_to == timezone.localdate()

    def test_merge_into_a_new_one(self, browser, city):
        old, other = make(city, "LAMA"), make(city, "LAIN")
        goes = AuthorFactory(institution=old).membership_set.get()
        AuthorFactory(institution=other)

        response = browser.post(
            address("institution_merge"),
            {
                "asal": "LAMA\nLAIN",
                "kind_of_successor": "baru",
                "kind": "opd",
                "code": "BARU",
                "name": "Dinas Baru",
                "short_name": "Baru",
                "first_day": timezone.localdate(),
                "memberships": [goes.pk],
                "reason": "Perda",
            },
        )

        made = Institution.objects.get(code="BARU")
        assert response.url == address("institution_detail", "BARU")
        assert set(made.predecessors.all()) == {old, other}
        current = Membership.objects.current().filter(institution=made)
        assert [each.user for each in current] == [goes.user]

    def test_refused_merger_makes_no_new_one_either(self, browser, city):
        make(city, "LAMA")

        response = browser.post(
            address("institution_merge"),
            {
                "asal": "LAMA",
                "kind_of_successor": "baru",
                "kind": "opd",
                "code": "BARU",
                "name": "Dinas Baru",
                "short_name": "Baru",
                "first_day": timezone.localdate() + timedelta(days=1),
                "reason": "Perda",
            },
        )

        assert response.status_code == 422
        assert [each.code for each in Institution.objects.all()] == ["LAMA"]

    def test_merge_takes_no_role_from_elsewhere(self, browser, city):
        make(city, "LAMA")
        new = make(city, "BARU")
        stranger = AuthorFactory().membership_set.get()

        response = browser.post(
            address("institution_merge"),
            {
                "asal": "LAMA",
                "kind_of_successor": "ada",
                "successor": "BARU",
                "first_day": timezone.localdate(),
                "memberships": [stranger.pk],
                "reason": "Perda",
            },
        )

        assert response.status_code in (302, 422)
        assert not Membership.objects.filter(institution=new).exists()

    def test_reason_stands_in_the_record(self, browser, city):
        make(city, "A", active_to=timezone.localdate() - timedelta(days=1))

        browser.post(address("institution_reactivate", "A"), {"reason": "Keliru"})

        entry = AuditEntry.objects.get(action="institution.reactivated")
        assert (entry.reason, entry.scope) == ("Keliru", city.code)
        assert entry.address == "127.0.0.1"


class TestImportPages:
    TABLE = "kode;jenis;nama;nama_singkat\nA;opd;Dinas A;A\nB;opd;Dinas B;B\n"

    def upload(self, browser, text=TABLE):
        return browser.post(
            address("institution_import"),
            {"table": SimpleUploadedFile("d.csv", text.encode())},
            follow=True,
        )

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [("", [2, 3]), ("hasil=baru", [3]), ("hasil=tetap", [2]), ("hasil=x", [2, 3])],
    )
    def test_rows_by_outcome(self, browser, city, query, numbers):
        make(city, "A", name="Dinas A", short_name="A")
        response = self.upload(browser)

        page = browser.get(f"{response.request['PATH_INFO']}?{query}")

        assert [row.number for row in page.context["page"]] == numbers

    def test_faults_come_first(self, browser, city):
        response = self.upload(browser, self.TABLE + "C;apa;C;C\n")

        assert [row.number for row in response.context["page"]] == [4]

    def test_press_after_a_change_shows_anew_and_takes_nothing(self, browser, city):
        response = self.upload(browser)
        make(city, "A")

        again = browser.post(response.request["PATH_INFO"], follow=True)

        assert Institution.objects.count() == 1
        assert again.context["counts"]["changed"] == 1

    def test_another_government_sees_no_draft(self, browser, client, city):
        response = self.upload(browser)
        client.force_login(SecretariatFactory())

        assert client.get(response.request["PATH_INFO"]).status_code == 404

    def test_yesterdays_draft_is_gone(self, browser):
        response = self.upload(browser)
        InstitutionImport.objects.update(
            made_at=timezone.now() - timedelta(days=2),
            expires_at=timezone.now() - timedelta(days=1),
        )

        assert browser.get(response.request["PATH_INFO"]).status_code == 404


def test_page_of_an_institution_reads_a_fixed_number_of_times(
    browser, city, django_assert_max_num_queries
):
    found = make(city, "A", make(city, "ATAS"))
    for number in range(5):
        make(city, f"B{number}", found)

    with django_assert_max_num_queries(16):
        browser.get(address("institution_detail", "A"))


def test_nobody_else_gets_in(client, city):
    make(city, "A")
    client.force_login(UserFactory(is_system_admin=True))

    assert client.get(address("institution_detail", "A")).status_code == 404
