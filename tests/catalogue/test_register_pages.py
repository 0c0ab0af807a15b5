"""Pages of the register of innovations."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from innovations.models import Achievement, Innovation, JointOwner, YearStatus
from submissions import services as submission_services
from submissions.models import ProposalState
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.catalogue import EntryFactory
from tests.factories.competitions import small_round
from tests.factories.innovations import InnovationFactory
from tests.factories.register import (
    AchievementFactory,
    AchievementFileFactory,
    JointOwnerFactory,
    YearStatusFactory,
)
from tests.factories.submissions import ProposalFactory, tiny_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def innovation():
    return InnovationFactory(title="Antre Daring")


@pytest.fixture
def government(innovation):
    return innovation.institution.government


@pytest.fixture
def author(innovation, client):
    person = AuthorFactory(institution=innovation.institution)
    client.force_login(person)
    return person


@pytest.fixture
def secretary(government):
    return SecretariatFactory(government=government)


def address(name, *args):
    return reverse(f"catalogue:{name}", args=args)


def story(innovation, count):
    """Give an innovation `count` of all that its page shows."""
    for n in range(count):
        round = small_round(government=innovation.institution.government)
        ProposalFactory(
            round=round,
            innovation=innovation,
            institution=innovation.institution,
            state=ProposalState.WITHDRAWN,
        )
        AchievementFileFactory(achievement__innovation=innovation)
        YearStatusFactory(innovation=innovation, year=2010 + n)
        JointOwnerFactory(innovation=innovation)
        EntryFactory(
            innovation=innovation, slug=f"antre-{n}", round_slug=f"putaran-{n}"
        )
        InnovationFactory(institution=innovation.institution, merged_into=innovation)


@pytest.mark.parametrize("count", [1, 3])
def test_innovation_page_query_count(
    client, author, innovation, django_assert_num_queries, count
):
    story(innovation, count)
    address_ = address("innovation_detail", innovation.slug)

    # session, user, memberships, innovation, family, doubles, proposals, withdrawals,
    # achievements, states, owners, entries, houses, open rounds, unread messages
    with django_assert_num_queries(15):
        page = client.get(address_).context["page"]

    assert (
        len(page.history)
        == len(page.achievements)
        == len(page.statuses)
        == len(page.owners)
        == len(page.entries)
        == len(page.doubles)
        == count
    )


@pytest.mark.parametrize("count", [1, 3])
def test_register_query_count(
    client, author, innovation, django_assert_num_queries, count
):
    for _n in range(count - 1):
        YearStatusFactory(
            innovation=InnovationFactory(institution=innovation.institution)
        )

    # session, user, memberships, count, rows, unread messages
    with django_assert_num_queries(6):
        page = client.get(address("innovation_list"))

    assert len(page.context["rows"]) == count


def test_register_is_narrowed(client, author, innovation):
    house = {"institution": innovation.institution}
    stopped = InnovationFactory(title="Bank Sampah", **house)
    YearStatusFactory(innovation=stopped, year=2021, state="berjalan")
    YearStatusFactory(innovation=stopped, year=2022, state="berhenti")
    retired = InnovationFactory(
        title="Cuti Klik",
        retired_at=timezone.now(),
        retired_by=author,
        retirement_reason="Digantikan",
        **house,
    )
    InnovationFactory(title="Ganda", merged_into=innovation, **house)
    InnovationFactory(title="Milik orang lain")
    AchievementFactory(innovation=innovation)

    def titles(query=""):
        page = client.get(f"{address('innovation_list')}?{query}")
        return [row.innovation.title for row in page.context["rows"]]

    assert titles() == ["Antre Daring", "Bank Sampah", "Cuti Klik"]
    assert titles("cari=sampah+bank") == ["Bank Sampah"]
    assert titles("status=berhenti") == ["Bank Sampah"]
    assert titles("status=berjalan") == []
    assert titles("status=tanpa") == ["Antre Daring"]
    assert titles("status=dihentikan") == [retired.title]
    assert titles("menunggu=on") == ["Antre Daring"]
    assert len(titles("status=ngawur&halaman=9&cari=%00")) == 3


def test_withdrawal_is_shown_with_its_reason(client, author, innovation):
    proposal = ProposalFactory(
        round=small_round(government=innovation.institution.government),
        innovation=innovation,
        institution=innovation.institution,
    )
    submission_services.withdraw_proposal(
        proposal=proposal, reason="Data belum lengkap", actor=author, at=timezone.now()
    )

    page = client.get(address("innovation_detail", innovation.slug))

    assert "Data belum lengkap" in page.content.decode()


def test_award_is_not_shown_before_the_public_knows(client, author, innovation):
    AchievementFactory(
        level="Juara Rahasia",
        innovation=innovation,
        source_key="award:1",
        key=None,
        confirmed_at=timezone.now(),
        public_from=timezone.now() + timedelta(days=1),
    )

    page = client.get(address("innovation_detail", innovation.slug))

    assert "Juara Rahasia" not in page.content.decode()


def test_achievement_is_typed_confirmed_and_then_stands(
    client, author, innovation, secretary
):
    data = {"level": "Top 45", "competition": "SINOVIK", "year": "2021"}
    create = address("achievement_create", innovation.slug)
    for wrong in ({"year": "21"}, {"year": "2999"}, {"level": ""}, {"year": "x"}):
        assert client.post(create, data | wrong).status_code == 422
    file = SimpleUploadedFile("piagam.pdf", tiny_pdf(), "application/pdf")
    assert client.post(create, data | {"proof": file}).status_code == 302
    achievement = Achievement.objects.get()
    own = client.get(address("achievement_file", achievement.key))
    assert own.headers["Content-Type"] == "application/pdf"
    assert b"".join(own.streaming_content).startswith(b"%PDF")
    edit = address("achievement_edit", achievement.key)
    assert client.post(edit, data | {"level": "Top 15"}).status_code == 302

    client.force_login(secretary)
    client.post(address("achievement_confirm", achievement.key))

    achievement.refresh_from_db()
    assert (achievement.level, achievement.confirmed_by) == ("Top 15", secretary)
    client.force_login(author)
    assert client.post(edit, data).status_code == 422
    client.post(address("achievement_delete", achievement.key))
    assert Achievement.objects.exists()


def test_joint_owner_is_asked_and_agrees(client, author, innovation, government):
    other = InstitutionFactory(government=government, code="LAIN")
    admin = InstitutionAdminFactory(institution=other)
    url = address("joint_owner_create", innovation.slug)
    for wrong in (
        {"institution": "LAIN"},
        {"institution": "TIDAK-ADA", "from_date": "2021-01-04"},
        {"institution": innovation.institution.code, "from_date": "2021-01-04"},
    ):
        assert client.post(url, wrong).status_code == 422
    client.post(url, {"institution": "LAIN", "from_date": "2021-01-04"})
    joint = JointOwner.objects.get()
    assert client.post(address("joint_owner_confirm", joint.key)).status_code == 403

    client.force_login(admin)
    client.post(address("joint_owner_confirm", joint.key))

    joint.refresh_from_db()
    assert joint.confirmed_by == admin
    # The joint owner reads and leaves, and writes nothing.
    assert client.get(address("status_edit", innovation.slug)).status_code == 403
    client.post(address("joint_owner_end", joint.key))
    assert not JointOwner.objects.exists()
    gone = client.get(address("innovation_detail", innovation.slug))
    assert gone.status_code == 404


def test_state_is_noted_for_this_year_or_an_earlier_one(client, author, innovation):
    url = address("status_edit", innovation.slug)
    year = timezone.localdate().year

    assert client.post(url, {"year": year, "state": ""}).status_code == 422
    assert client.post(url, {"year": year + 1, "state": "berjalan"}).status_code == 422
    client.post(url, {"year": year, "state": "bereplikasi", "note": "Dua kota"})

    assert YearStatus.objects.get().note == "Dua kota"


def test_retiring_and_merging_from_the_page(client, innovation, secretary):
    double = InnovationFactory(institution=innovation.institution, title="Antri Daring")
    foreign = InnovationFactory(title="Antre Daring")
    client.force_login(secretary)
    merge = address("innovation_merge", double.slug)

    page = client.get(merge)
    refused = client.post(merge, {"into": foreign.slug, "reason": "Sama"})
    client.post(merge, {"into": innovation.slug, "reason": "Nama lama"})

    assert list(page.context["form"].fields["into"].queryset) == [innovation]
    assert refused.status_code == 422
    assert Innovation.objects.get(pk=double.pk).merged_into == innovation
    old = client.get(address("innovation_detail", double.slug)).content.decode()
    assert innovation.get_absolute_url() in old
    retire = address("innovation_retire", innovation.slug)
    assert client.post(retire, {"reason": " "}).status_code == 422
    client.post(retire, {"reason": "Digantikan"})
    innovation.refresh_from_db()
    assert innovation.retirement_reason == "Digantikan"
    client.post(address("innovation_revive", innovation.slug))
    innovation.refresh_from_db()
    assert not innovation.is_retired


def test_page_leads_to_the_catalogue_and_to_the_open_round(client, author, innovation):
    entry = EntryFactory(innovation=innovation)
    round = small_round(
        phase="submission", government=innovation.institution.government
    )

    page = client.get(address("innovation_detail", innovation.slug)).content.decode()

    assert entry.get_absolute_url() in page
    create = reverse("submissions:proposal_create", args=[round.slug])
    assert f"{create}?inovasi={innovation.slug}" in page
    chosen = client.get(f"{create}?inovasi={innovation.slug}")
    assert chosen.context["form"]["innovation"].value() == innovation.slug
    ProposalFactory(
        round=round, innovation=innovation, institution=innovation.institution
    )
    again = client.get(address("innovation_detail", innovation.slug))
    assert again.context["open_rounds"] == []
