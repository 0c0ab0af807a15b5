import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin

from accounts import emblems, services
from accounts.forms.governments import GovernmentCreateForm, code_fault
from accounts.models import Government, Signatory
from core.models import AuditEntry
from documents import pdf
from tests.factories.accounts import (
    GovernmentFactory,
    SecretariatFactory,
    SignatoryFactory,
    UserFactory,
)

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)
DAY = date(2022, 1, 31)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def city():
    return GovernmentFactory(slug="kota")


@pytest.fixture
def actor(city):
    return SecretariatFactory(government=city)


def picture(size=(800, 400), kind="PNG", **save) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **save)
    return out.getvalue()


class TestEmblems:
    def test_redrawn_picture_is_smaller_and_bare(self):
        note = PngImagePlugin.PngInfo()
        note.add_text("Author", "rahasia")

        clean = emblems.redrawn(picture(pnginfo=note))

        with Image.open(io.BytesIO(clean)) as image:
            assert (image.format, image.size, image.info) == ("PNG", (600, 300), {})
        assert b"rahasia" not in clean

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<svg/>",
            picture(kind="JPEG"),
            picture((99, 200)),
            picture((5000, 5000)),
            picture()[:60],
            b"x" * (emblems.MAX_BYTES + 1),
        ],
        ids=["empty", "svg", "jpeg", "small", "huge", "cut off", "heavy"],
    )
    def test_refuses_what_cannot_be_printed(self, content):
        with pytest.raises(emblems.EmblemRefused):
            emblems.redrawn(content)

    def test_same_picture_is_kept_once(self):
        first, second = (emblems.store(b"png") for _ in range(2))

        assert first == second
        assert len(default_storage.listdir("emblems")[1]) == 1

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 64])
    def test_what_is_not_kept_is_not_found(self, name):
        with pytest.raises(FileNotFoundError):
            emblems.read(name)

    def test_paper_keeps_the_emblem_it_was_issued_with(self, city, actor):
        services.set_emblem(government=city, content=picture(), actor=actor, at=AT)
        city.refresh_from_db()
        issued_with = city.emblem

        services.set_emblem(
            government=city, content=picture((300, 300)), actor=actor, at=AT
        )

        city.refresh_from_db()
        assert city.emblem != issued_with
        html = f'<img src="/emblems/{issued_with}.png" alt="">'
        fetched = pdf.StaticFetcher().fetch(f"{pdf.HOME}/emblems/{issued_with}.png")
        assert html
        assert fetched.read().startswith(b"\x89PNG")

    def test_paper_asks_for_no_other_file(self):
        for name in ("../x", "a" * 63, "A" * 64):
            with pytest.raises(pdf.AssetRefusedError):
                pdf.StaticFetcher().fetch(f"{pdf.HOME}/emblems/{name}.png")


class TestGovernment:
    def test_changes_are_recorded_with_old_and_new(self, city, actor):
        services.edit_government(
            government=city,
            fields={"place": "Slawi", "name": city.name},
            actor=actor,
            at=AT,
        )

        entry = AuditEntry.objects.get(action="government.edited")
        assert (entry.scope, entry.changes) == (
            city.code,
            {"place": ["Contoh", "Slawi"]},
        )

    def test_parent_is_the_province_of_the_code(self, actor):
        province = GovernmentFactory(kind="provinsi", code="33")
        city = GovernmentFactory(code="33.76")

        services.set_parent(government=city, parent=province, actor=actor, at=AT)

        city.refresh_from_db()
        assert city.parent == province

    @pytest.mark.parametrize(
        ("kind", "code", "above_kind", "above_code"),
        [
            ("kota", "33.76", "provinsi", "32"),
            ("kota", "33.76", "kota", "33.71"),
            ("provinsi", "34", "provinsi", "33"),
        ],
    )
    def test_other_parents_are_refused(self, actor, kind, code, above_kind, above_code):
        above = GovernmentFactory(kind=above_kind, code=above_code)
        below = GovernmentFactory(kind=kind, code=code)

        with pytest.raises(services.ParentNotSet):
            services.set_parent(government=below, parent=above, actor=actor, at=AT)

    def test_never_above_itself(self, city):
        with pytest.raises(IntegrityError, match="not_above_itself"):
            Government.objects.filter(pk=city.pk).update(parent=city)

    @pytest.mark.parametrize(
        ("kind", "code", "is_fine"),
        [
            ("provinsi", "33", True),
            ("provinsi", "33.76", False),
            ("provinsi", "03", False),
            ("kota", "33.76", True),
            ("kota", "33.26", False),
            ("kota", "33", False),
            ("kota", "33.7", False),
            ("kabupaten", "33.26", True),
            ("kabupaten", "33.71", False),
            ("kabupaten", "33.00", False),
        ],
    )
    def test_kemendagri_code(self, kind, code, is_fine):
        assert (code_fault(kind, code) == "") is is_fine

    def test_second_of_a_code_or_a_name_is_refused(self, city):
        form = GovernmentCreateForm(
            {
                "kind": "kota",
                "code": city.code,
                "slug": city.slug,
                "name": "X",
                "short_name": "X",
                "secretariat_name": "X",
                "place": "X",
                "time_zone": "Asia/Jakarta",
            }
        )

        assert set(form.errors) == {"code", "slug"}

    def test_system_admin_enters_one_and_goes_on_to_invite(self, client):
        client.force_login(UserFactory(is_system_admin=True))
        GovernmentFactory(kind="provinsi", code="33", slug="jateng")

        response = client.post(
            reverse("accounts:government_create"),
            {
                "kind": "kota",
                "code": "33.76",
                "slug": "kota-tegal",
                "parent": "jateng",
                "name": "Pemerintah Kota Tegal",
                "short_name": "Kota Tegal",
                "secretariat_name": "Bagian Organisasi",
                "place": "Tegal",
                "time_zone": "Asia/Jakarta",
            },
        )

        assert response.url == reverse(
            "accounts:secretariat_invitation_create", args=["kota-tegal"]
        )
        made = Government.objects.get(slug="kota-tegal")
        assert made.parent.slug == "jateng"

    @pytest.mark.parametrize("row_count", [1, 3])
    def test_list_query_count(self, client, django_assert_max_num_queries, row_count):
        client.force_login(UserFactory(is_system_admin=True))
        above = GovernmentFactory(kind="provinsi", code="33")
        for number in range(row_count):
            GovernmentFactory(code=f"33.7{number}", parent=above)

        with django_assert_max_num_queries(8):
            response = client.get(reverse("accounts:government_list"))

        assert len(response.context["page"]) == row_count + 1


class TestSignatories:
    def save(self, city, actor, signatory=None, *, is_default=False, **fields):
        fields = {"name": "Nama", "position": "Sekda", **fields}
        return services.save_signatory(
            government=city,
            signatory=signatory,
            fields=fields,
            is_default=is_default,
            actor=actor,
            at=AT,
        )

    def test_a_new_default_takes_the_place_of_the_old(self, city, actor):
        old = SignatoryFactory(government=city)

        new = self.save(city, actor, is_default=True)

        old.refresh_from_db()
        assert (old.is_default, new.is_default) == (False, True)

    def test_number_is_masked_in_the_record(self, city, actor):
        self.save(city, actor, employee_number="198001012005011001")

        entry = AuditEntry.objects.get(action="signatory.created")
        assert entry.changes["employee_number"] == ["", "***************001"]

    def test_end_takes_the_default_away(self, city, actor):
        signatory = SignatoryFactory(government=city)

        ended = services.end_signatory(
            signatory=signatory, last_day=DAY, reason="Pensiun", actor=actor, at=AT
        )

        assert (ended.ended_date, ended.is_default) == (DAY, False)
        assert list(Signatory.objects.in_office()) == []
        with pytest.raises(services.SignatoryNotChanged):
            self.save(city, actor, ended)

    def test_end_to_come_is_refused(self, city, actor):
        with pytest.raises(services.SignatoryNotChanged):
            services.end_signatory(
                signatory=SignatoryFactory(government=city),
                last_day=DAY + timedelta(days=1),
                reason="Pensiun",
                actor=actor,
                at=AT,
            )

    def test_default_is_in_office(self, city):
        signatory = SignatoryFactory(government=city)

        with pytest.raises(IntegrityError, match="default_is_in_office"):
            Signatory.objects.filter(pk=signatory.pk).update(ended_date=DAY)


class TestPages:
    def test_settings_are_saved(self, client, city, actor):
        client.force_login(actor)
        url = reverse("accounts:government_edit", args=["kota"])
        data = client.get(url).context["form"].initial

        response = client.post(url, {**data, "protection_officer_name": "Nama Petugas"})

        assert response.status_code == 302
        city.refresh_from_db()
        assert city.protection_officer_name == "Nama Petugas"

    def test_emblem_is_uploaded_shown_and_removed(self, client, city, actor):
        client.force_login(actor)
        url = reverse("accounts:emblem_edit", args=["kota"])
        assert client.get(url).status_code == 404

        client.post(url, {"emblem": SimpleUploadedFile("a.png", picture())})
        shown = client.get(url)
        client.post(url, {"hapus": "1"})

        assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
        assert client.get(url).status_code == 404

    def test_faulty_emblem_is_told_and_the_page_stays(self, client, city, actor):
        client.force_login(actor)
        url = reverse("accounts:emblem_edit", args=["kota"])

        response = client.post(url, {"emblem": SimpleUploadedFile("a.png", b"x")})

        assert response.status_code == 422
        assert list(response.context["emblem_form"].errors) == ["emblem"]

    def test_number_of_a_signatory_is_checked(self, client, city, actor):
        client.force_login(actor)
        url = reverse("accounts:signatory_create", args=["kota"])
        data = {"name": "Nama", "position": "Sekda"}

        refused = client.post(url, {**data, "employee_number": "123456789012345678"})
        taken = client.post(url, {**data, "employee_number": "19800101 200501 1 001"})

        assert list(refused.context["form"].errors) == ["employee_number"]
        assert taken.status_code == 302
        assert Signatory.objects.get().employee_number == "198001012005011001"

    def test_end_in_office(self, client, city, actor):
        client.force_login(actor)
        signatory = SignatoryFactory(government=city)

        client.post(
            reverse("accounts:signatory_end", args=["kota", signatory.key]),
            {"last_day": timezone.localdate(), "reason": "Pensiun"},
        )

        signatory.refresh_from_db()
        assert signatory.ended_date == timezone.localdate()
