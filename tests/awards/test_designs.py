"""Designing certificates: pages, what is refused, two windows, what papers keep."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import emblems
from awards import queries, services
from awards.models import CertificateDesign, CertificateSigner
from awards.phrases import CertificateKind
from core.models import AuditEntry
from tests.awards.test_logos import svg
from tests.factories.accounts import (
    GovernmentFactory,
    SecretariatFactory,
    SignatoryFactory,
)

pytestmark = pytest.mark.django_db

KIND = CertificateKind.JUROR


@pytest.fixture
def government():
    made = GovernmentFactory()
    SignatoryFactory(government=made, is_default=True)
    return made


@pytest.fixture
def user(client, government):
    made = SecretariatFactory(government=government)
    client.force_login(made)
    return made


def url(name, government, *more):
    return reverse(f"awards:{name}", args=[government.slug, KIND.slug, *more])


def filled(client, government, **changes):
    """The form as the page shows it, with `changes`."""
    form = client.get(url("design_edit", government)).context["form"]
    data = {field.name: field.value() for field in form}
    data = {
        name: value
        for name, value in data.items()
        if value is not None and value is not False
    }
    return {**data, **changes}


def test_saving_keeps_what_differs_from_the_built_in(client, government, user):
    other = SignatoryFactory(government=government, is_default=False)
    response = client.post(
        url("design_edit", government),
        filled(
            client,
            government,
            palette="lumut",
            language="both",
            id_rank="{peran} Kehormatan",
            signer_1=str(government.signatory_set.get(is_default=True).key),
            role_1="knows",
            signer_2=str(other.key),
        ),
    )

    assert response.status_code == 302, response.context["form"].errors
    design = CertificateDesign.objects.get()
    assert (design.palette, design.language, design.version) == ("lumut", "both", 1)
    assert design.texts == {"id": {"rank": "{peran} Kehormatan"}}
    assert [
        (each.order, each.signatory_id, each.role)
        for each in design.signers.order_by("order")
    ] == [
        (1, government.signatory_set.get(is_default=True).pk, "knows"),
        (2, other.pk, ""),
    ]
    assert AuditEntry.objects.get(action="certificate_design.changed").actor == user


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("id_body", "sebagai\n{inovasi}", "{inovasi}"),
        ("en_note", "{settings.SECRET_KEY}", "{settings.SECRET_KEY}"),
        ("id_title", "", ""),
        ("layout", "spiral", ""),
        ("palette", "#fff", ""),
        ("signer_2", "OTHER", ""),
        ("signer_1", "FOREIGN", ""),
        ("id_closing", "a" * 201, ""),
    ],
)
def test_mistakes_are_refused_at_their_field(
    client, government, user, field, value, words
):
    foreign = SignatoryFactory()
    named = {
        "OTHER": government.signatory_set.get().key,
        "FOREIGN": foreign.key,
    }
    data = filled(client, government, **{field: str(named.get(value, value))})

    response = client.post(url("design_edit", government), data)

    assert response.status_code == 422
    found = response.context["form"].errors
    assert set(found) <= {field, "signer_1"}
    assert words in str(response.context["form"].errors.as_data())
    assert not CertificateDesign.objects.exists()


def test_texts_without_room_are_refused(client, government, user, monkeypatch):
    monkeypatch.setattr("awards.fitting.SCALES", (1.12,))

    response = client.post(
        url("design_edit", government),
        filled(client, government, language="both", id_body="kata panjang " * 20),
    )

    assert response.status_code == 422
    assert "longest names" in str(response.context["form"].non_field_errors())
    assert not CertificateDesign.objects.exists()


def test_of_two_windows_the_second_is_told_and_loses_nothing(client, government, user):
    first = filled(client, government, palette="sogan")
    second = filled(client, government, palette="arang", letterhead="Bagian Organisasi")
    client.post(url("design_edit", government), first)

    response = client.post(url("design_edit", government), second)

    assert response.status_code == 422
    page = response.content.decode()
    assert user.name in page
    assert "Bagian Organisasi" in page
    assert CertificateDesign.objects.get().palette == "sogan"
    again = {**second, "version": response.context["form"]["version"].value()}
    assert client.post(url("design_edit", government), again).status_code == 302
    assert CertificateDesign.objects.get().palette == "arang"


def test_preview_draws_and_saves_nothing(client, government, user):
    data = filled(client, government, motif="truntum", preview="1", sample="pendek")

    whole = client.post(url("design_edit", government), data)
    part = client.post(
        url("design_edit", government), data, headers={"HX-Request": "true"}
    )
    wrong = client.post(
        url("design_edit", government),
        {**data, "id_rank": "{x}"},
        headers={"HX-Request": "true"},
    )

    assert 'src="data:image/png;base64,iVBOR' in whole.content.decode()
    assert part.content.decode().lstrip().startswith("<section")
    assert "{x}" in wrong.content.decode()
    assert "data:image" not in wrong.content.decode()
    assert not CertificateDesign.objects.exists()


def test_sample_is_a_picture(client, government, user):
    response = client.get(url("design_sample", government))

    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_logo_is_drawn_anew_kept_by_digest_and_taken_away(client, government, user):
    def upload(content, place=1):
        return client.post(
            url("design_logo", government, place),
            {"logo": SimpleUploadedFile("logo.svg", content)},
        )

    assert upload(svg("<script/>")).status_code == 422
    assert not CertificateDesign.objects.exists()
    assert upload(svg()).status_code == 302
    design = CertificateDesign.objects.get()
    assert emblems.read(design.first_logo).startswith(b"\x89PNG")
    assert upload(svg(), place=3).status_code == 404
    client.post(url("design_logo", government, 1), {"hapus": "1"})
    design.refresh_from_db()
    assert (design.first_logo, design.version) == ("", 2)


def test_emblem_may_be_an_svg(client, government, user):
    def upload(content):
        return client.post(
            url("design_logo", government, 0),
            {"logo": SimpleUploadedFile("lambang.svg", content)},
        )

    assert upload(svg("<text>Kota</text>")).status_code == 422
    assert upload(svg()).status_code == 302
    government.refresh_from_db()
    assert emblems.read(government.emblem).startswith(b"\x89PNG")
    client.post(url("design_logo", government, 0), {"hapus": "1"})
    government.refresh_from_db()
    assert government.emblem == ""


def test_restoring_goes_back_to_all_that_is_built_in(client, government, user):
    client.post(
        url("design_edit", government),
        filled(
            client,
            government,
            layout="band",
            id_title="Lain",
            signer_1=str(government.signatory_set.get().key),
        ),
    )

    client.post(url("design_restore", government))

    design = queries.design_of(government, KIND)
    assert (design.layout, design.texts, design.version) == ("frame", {}, 2)
    assert not design.signers.exists()


def test_official_out_of_office_must_be_replaced_before_issuing(government, user):
    from awards import rolls
    from tests.factories.competitions import RoundFactory

    official = SignatoryFactory(government=government, is_default=False)
    services.save_design(
        government=government,
        kind=KIND,
        version=0,
        fields={},
        signers=[(official, "")],
        actor=user,
        at=timezone.now(),
    )
    official.ended_date = timezone.localdate() - timedelta(days=1)
    official.save()

    roll = rolls.roll_of(RoundFactory(government=government), KIND)

    assert official.name in roll.refusal


@pytest.mark.parametrize(
    "fields",
    [
        {"layout": "spiral"},
        {"palette": "#fff"},
        {"kind": "receipt"},
        {"first_logo": "../../etc/passwd"},
        {"second_logo": "A" * 64},
    ],
)
def test_database_takes_only_what_can_be_drawn(government, user, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateDesign.objects.create(
            **{
                "government": government,
                "kind": "juror",
                "changed_at": timezone.now(),
                "changed_by": user,
                **fields,
            }
        )


def test_database_keeps_one_design_and_three_signatories(government, user):
    fields = {"changed_at": timezone.now(), "changed_by": user}
    design = CertificateDesign.objects.create(
        government=government, kind="juror", **fields
    )
    official = government.signatory_set.get()
    second = SignatoryFactory(government=government, is_default=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateDesign.objects.create(government=government, kind="juror", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateSigner.objects.create(design=design, signatory=official, order=4)
    CertificateSigner.objects.create(design=design, signatory=official, order=1)
    transaction.get_connection().cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    for place, who in ((2, official), (1, second)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CertificateSigner.objects.create(design=design, signatory=who, order=place)


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_designs_query_count(
    client, government, user, count, django_assert_num_queries
):
    for kind in CertificateKind.values[:count]:
        CertificateDesign.objects.create(
            government=government,
            kind=kind,
            changed_at=timezone.now(),
            changed_by=user,
        )
    page = reverse("awards:design_list", args=[government.slug])
    client.get(page)

    with django_assert_num_queries(6):
        # user, memberships, government, designs, unread, role of juror
        client.get(page)
