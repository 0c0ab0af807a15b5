"""Inviting from the pages, one or many, and the list of invitations."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import employee_numbers, services
from accounts.forms.people import AcceptForm
from accounts.models import Invitation, Membership
from accounts.services.bulk_invitations import NEW, UNCHANGED
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.invitations import InvitationFactory

Role = Membership.Role

pytestmark = pytest.mark.django_db


class TestInvite:
    url = "/sekretariat/pemerintah/kota-tegal/orang/undang/"
    form = {"name": "Ibu Baru", "email": "Baru@Tegal.example", "role": "author"}

    def test_invites(self, client, secretariat, institution):
        answer = client.post(self.url, self.form | {"institution": "DINKES"})

        invitation = Invitation.objects.get()
        assert answer.status_code == 302
        assert (invitation.email, invitation.institution, invitation.invited_by) == (
            "baru@tegal.example",
            institution,
            secretariat,
        )

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"email": "bukan alamat"}, "email"),
            ({"name": ""}, "name"),
            ({"role": "raja"}, "role"),
            ({"institution": ""}, "institution"),
            ({"institution": "ASING"}, "institution"),
            ({"institution": "TUTUP"}, "institution"),
            ({"institution": "TIDAK-ADA"}, "institution"),
        ],
    )
    def test_refuses(self, client, city, secretariat, institution, change, field):
        InstitutionFactory(code="ASING")
        InstitutionFactory(government=city, code="TUTUP", active_to="2020-01-01")

        answer = client.post(self.url, self.form | {"institution": "DINKES"} | change)

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not Invitation.objects.exists()

    def test_foreign_and_unknown_codes_are_refused_alike(
        self, client, secretariat, institution
    ):
        InstitutionFactory(code="ASING")

        told = {
            str(
                client.post(self.url, self.form | {"institution": code})
                .context["form"]
                .errors["institution"]
            )
            for code in ("ASING", "TIDAK-ADA")
        }

        assert len(told) == 1

    def test_person_known_here_gets_the_role_at_once(
        self, client, city, secretariat, institution
    ):
        person = AuthorFactory(institution=institution)
        page = client.get(f"{self.url}?orang={person.key}")

        client.post(
            self.url, {"name": "x", "email": person.email.upper(), "role": "leader"}
        )

        assert page.context["form"].initial["email"] == person.email
        assert not Invitation.objects.exists()
        assert person.membership_set.filter(government=city, role="leader").exists()

    def test_person_known_elsewhere_is_invited_like_anybody(
        self, client, secretariat, institution
    ):
        person = AuthorFactory()
        page = client.get(f"{self.url}?orang={person.key}")
        nonsense = client.get(f"{self.url}?orang=entah")

        client.post(
            self.url, self.form | {"email": person.email, "institution": "DINKES"}
        )

        assert "email" not in page.context["form"].initial
        assert nonsense.status_code == 200
        assert person.membership_set.count() == 1
        assert Invitation.objects.get().email == person.email

    def test_name_is_one_line_of_what_can_be_seen(self, client, secretariat, city):
        form = {
            "name": "Siti\r\nBcc: x@x.example\u202e",
            "email": "siti@x.example",
            "role": Role.LEADER,
        }

        client.post(reverse("accounts:invitation_create", args=[city.slug]), form)

        assert Invitation.objects.get().name == "Siti Bcc: x@x.example"

    def test_twice_is_told(self, client, secretariat, institution):
        form = self.form | {"institution": "DINKES"}
        client.post(self.url, form)

        answer = client.post(self.url, form)

        assert answer.status_code == 422
        assert Invitation.objects.count() == 1

    def test_admin_invites_into_the_own_tree_only(self, client, city, institution):
        InstitutionFactory(government=city, code="LAIN")
        client.force_login(InstitutionAdminFactory(institution=institution))
        url = "/instansi/kota-tegal/DINKES/orang/undang/"

        refused = [
            client.post(url, self.form | change).status_code
            for change in ({"institution": "LAIN"}, {"role": "secretariat"})
        ]
        client.post(url, self.form | {"institution": "DINKES"})

        assert refused == [422, 422]
        assert Invitation.objects.get().institution == institution

    def test_system_admin_invites_a_secretariat(self, client, city):
        client.force_login(UserFactory(is_system_admin=True))

        client.post(
            "/pengelola/pemerintah/kota-tegal/orang/undang/",
            self.form | {"role": "leader"},
        )

        assert Invitation.objects.get().role == Role.SECRETARIAT

    def test_long_list_of_institutions_is_typed(self, client, city, secretariat):
        InstitutionFactory.create_batch(201, government=city)

        page = client.get(self.url)

        assert len(page.content) < 60_000
        assert page.context["form"].fields["institution"].widget.input_type == "text"


class TestInvitationList:
    @pytest.mark.parametrize("row_count", [1, 3])
    def test_query_count(
        self, client, secretariat, institution, row_count, django_assert_num_queries
    ):
        InvitationFactory.create_batch(
            row_count, institution=institution, invited_by=secretariat
        )
        InvitationFactory()
        url = reverse("accounts:invitation_list", args=["kota-tegal"])
        client.get(url)

        with django_assert_num_queries(8):
            answer = client.get(url)

        assert len(answer.context["rows"]) == row_count

    def test_send_again_and_withdraw(self, client, secretariat, institution):
        invitation = InvitationFactory(institution=institution)
        paths = [
            reverse(f"accounts:invitation_{name}", args=[invitation.key])
            for name in ("resend", "withdraw")
        ]

        client.post(paths[0])
        empty = client.post(paths[1], {"reason": ""})
        answer = client.post(paths[1], {"reason": "Keliru"})

        invitation.refresh_from_db()
        assert (len(invitation.former_digests), empty.status_code) == (1, 422)
        assert invitation.withdrawal_reason == "Keliru"
        assert answer["Location"] == reverse(
            "accounts:invitation_list", args=["kota-tegal"]
        )


def table(*rows, heads=("email", "nama", "peran", "kode_instansi")):
    book = openpyxl.Workbook()
    for row in (heads, *rows):
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


class TestBulk:
    url = "/sekretariat/pemerintah/kota-tegal/orang/undang/berkas/"

    def upload(self, client, content, name="undangan.xlsx"):
        return client.post(self.url, {"file": SimpleUploadedFile(name, content)})

    def test_shows_then_invites_all_once(self, client, secretariat, institution):
        known = AuthorFactory(institution=institution)
        content = table(
            ("a@tegal.example", "Ibu A", "penulis", "dinkes"),
            ("b@tegal.example", "Bapak B", "Admin instansi", "DINKES"),
            (),
            ("c@tegal.example", "Ibu C", "Pimpinan", ""),
            (known.email, "Sudah ada", "penulis", "DINKES"),
            (known.email, "Sudah ada", "admin_instansi", "DINKES"),
        )

        shown = self.upload(client, content)
        before = Invitation.objects.count()
        form = {"plan": shown.context["signed"]}
        client.post(self.url, form)
        again = client.post(self.url, form)
        second = self.upload(client, content)

        assert shown.context["plan"].outcomes == [NEW, NEW, NEW, UNCHANGED, "given"]
        assert (before, Invitation.objects.count()) == (0, 3)
        assert known.membership_set.count() == 2
        assert again.status_code == 200  # shown anew: there is nothing left to do
        assert second.context["plan"].outcomes == [UNCHANGED] * 5

    def test_csv(self, client, secretariat, institution):
        text = (
            "\ufeffEmail;Nama;Peran;Kode_Instansi\na@b.example;Ibu A;penulis;DINKES\n"
        )

        shown = self.upload(client, text.encode(), "undangan.csv")

        assert shown.context["plan"].outcomes == [NEW]

    def test_number_is_checked_kept_till_the_account_is_made_and_forgotten(
        self, client, secretariat, institution
    ):
        heads = ("email", "nip", "nama", "peran", "kode_instansi")
        row = ("a@tegal.example", "NIP 19800101 200501 1 001", "A", "penulis", "DINKES")

        wrong = self.upload(
            client, table((row[0], "3376010101800001", *row[2:]), heads=heads)
        )
        shown = self.upload(client, table(row, heads=heads))
        client.post(self.url, {"plan": shown.context["signed"]})

        (planned,) = wrong.context["plan"].rows
        assert [(each.row, each.column) for each in planned.faults] == [(2, "nip")]
        assert "NIK" in planned.faults[0].reason
        invitation = Invitation.objects.get()
        assert invitation.employee_number == "198001012005011001"
        form = AcceptForm(
            email=invitation.email,
            name=invitation.name,
            employee_number=invitation.employee_number,
        )
        number = employee_numbers.printed("198001012005011001")
        assert f'value="{number}"' in str(form["employee_number"])
        services.withdraw_invitation(
            invitation=invitation, reason="x", actor=secretariat, at=timezone.now()
        )
        invitation.refresh_from_db()
        assert invitation.employee_number == ""

    def test_number_of_a_decided_invitation_is_not_kept(self, institution):
        with pytest.raises(IntegrityError), transaction.atomic():
            InvitationFactory(
                institution=institution,
                state="withdrawn",
                withdrawn_at=timezone.now(),
                withdrawal_reason="x",
                employee_number="198001012005011001",
            )

    def test_faults_name_row_and_column_and_nobody_is_invited(
        self, client, city, secretariat, institution
    ):
        InstitutionFactory(code="ASING")
        content = table(
            ("a@tegal.example", "Ibu A", "penulis", "DINKES"),
            ("bukan alamat", "B", "penulis", "DINKES"),
            ("c@tegal.example", "", "penulis", "DINKES"),
            ("d@tegal.example", "D", "raja", "DINKES"),
            ("e@tegal.example", "E", "penulis", ""),
            ("f@tegal.example", "F", "penulis", "ASING"),
            ("g@tegal.example", "G", "sekretariat", "DINKES"),
            ("A@tegal.example", "Ibu A", "penulis", "dinkes"),
            (secretariat.email, "Saya", "pimpinan", ""),
            ("h@tegal.example", '=HYPERLINK("x")', "pimpinan", ""),
        )

        shown = self.upload(client, content)
        client.post(self.url, {"plan": shown.context["signed"]})

        faults = [
            (fault.row, fault.column)
            for row in shown.context["plan"].rows
            for fault in row.faults
        ]
        assert shown.status_code == 422
        assert faults == [
            (3, "email"),
            (4, "nama"),
            (5, "peran"),
            (6, "kode_instansi"),
            (7, "kode_instansi"),
            (8, "kode_instansi"),
            (9, "email"),
            (10, "email"),
            (11, "nama"),
        ]
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.xlsx", b"bukan buku kerja"),
            ("a.pdf", b"%PDF"),
            ("a.csv", b"email;nama\n"),
            ("a.csv", b"email;nama;peran;kode_instansi\n"),
            ("a.csv", "email;nama;peran;kode_instansi\né;".encode("cp1252")),
            ("a.csv", b"x" * (1024 * 1024 + 1)),
            ("a.xlsx", table(*[("a@b.example", "A", "penulis", "X")] * 501)),
            ("a.csv", b""),
        ],
    )
    def test_unreadable_tables_are_refused(self, client, secretariat, name, content):
        answer = self.upload(client, content, name)

        assert answer.status_code == 422
        assert "file" in answer.context["form"].errors

    def test_plan_is_bound_to_person_government_and_time(
        self, client, secretariat, institution, monkeypatch
    ):
        content = table(("a@tegal.example", "Ibu A", "penulis", "DINKES"))
        signed = self.upload(client, content).context["signed"]
        other_city = GovernmentFactory(slug="kota-lain")
        MembershipFactory(
            user=secretariat, role=Role.SECRETARIAT, government=other_city
        )
        colleague = SecretariatFactory(government=institution.government)

        elsewhere = client.post(self.url.replace("tegal", "lain"), {"plan": signed})
        forged = client.post(self.url, {"plan": signed[:-1]})
        client.force_login(colleague)
        by_another = client.post(self.url, {"plan": signed})

        assert {elsewhere.status_code, forged.status_code, by_another.status_code} == {
            302
        }
        assert not Invitation.objects.exists()

    def test_template_is_an_empty_table(self, client, secretariat):
        answer = client.get(
            reverse("accounts:invitation_template", args=["kota-tegal"])
        )

        book = openpyxl.load_workbook(BytesIO(answer.content))
        assert [cell.value for cell in book.active[1]] == [
            "email",
            "nama",
            "peran",
            "kode_instansi",
            "nip",
        ]
