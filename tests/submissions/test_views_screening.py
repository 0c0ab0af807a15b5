"""The secretariat's queue and check."""

import pytest

from competitions import permissions
from submissions.models import Proposal, ProposalState, Screening
from tests.factories.accounts import MembershipFactory, SecretariatFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.browsing import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(live_city):
    return live_city


@pytest.fixture
def as_author(client, city):
    client.force_login(city.author)
    return client


@pytest.fixture
def draft(city):
    return city.proposal(title="Pulang Bawa Akta")


def verdicts(round, **others):
    data = {"note": ""}
    for code in round.requirement_set.values_list("code", flat=True):
        data |= {
            f"{code}-verdict": "met",
            f"{code}-reason": "ISIAN_TIDAK_LENGKAP",
            f"{code}-note": "",
        }
    return data | others


@pytest.fixture
def submitted(city):
    return ProposalFactory(
        round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )


@pytest.fixture
def as_secretary(client, city):
    client.force_login(city.secretary)
    return client


def test_queue_is_filtered(as_secretary, city, submitted):
    passed = ProposalFactory(
        round=city.round, title="Loket Cepat", state=ProposalState.SCREENED_PASSED
    )
    ProposalFactory(round=city.round)
    path = url("screening_list", city.round.slug)

    def titles(**query):
        return [each.title for each in as_secretary.get(path, query).context["page"]]

    assert titles() == [submitted.title, "Loket Cepat"]
    assert titles(status="screened_passed") == ["Loket Cepat"]
    assert titles(instansi=passed.institution.pk) == ["Loket Cepat"]
    assert titles(cari="cepat LOKET") == ["Loket Cepat"]
    assert titles(cari="tidak ada") == []


def test_queue_answers_htmx_with_its_rows_only(as_secretary, city, submitted):
    page = as_secretary.get(
        url("screening_list", city.round.slug), headers={"HX-Request": "true"}
    )

    assert "<html" not in page.content.decode()
    assert submitted.title in page.content.decode()


def test_queue_of_another_government_is_unknown(client, city, submitted):
    client.force_login(SecretariatFactory())

    assert client.get(url("screening_list", city.round.slug)).status_code == 404
    assert client.get(url("screening_edit", submitted.code)).status_code == 404


def test_who_competes_checks_nothing_and_is_told_why(client, city, submitted):
    MembershipFactory(user=city.secretary, institution=city.institution)
    client.force_login(city.secretary)

    for answer in (
        client.get(url("screening_list", city.round.slug)),
        client.get(url("screening_edit", submitted.code)),
        client.post(url("screening_edit", submitted.code), verdicts(city.round)),
    ):
        assert answer.status_code == 403
        assert permissions.why_shut_out(city.round) in answer.content.decode()
    assert Proposal.objects.get().state == ProposalState.SUBMITTED


def test_what_the_machine_found_comes_first_and_is_filled_in(
    as_secretary, city, submitted
):
    page = as_secretary.get(url("screening_edit", submitted.code))

    rows = page.context["rows"]
    assert [row.finding.requirement.code for row in rows] == [
        "umur",
        "isian",
        "surat",
        "kuota",
    ]
    assert [row.verdict.value() for row in rows] == ["not_met"] * 3 + ["met"]
    assert rows[0].reason.value() == "UMUR_KURANG"
    assert rows[0].note.value()


def test_refusal_without_note_is_shown_beside_its_field(as_secretary, city, submitted):
    page = as_secretary.post(
        url("screening_edit", submitted.code),
        verdicts(city.round, **{"umur-verdict": "not_met"}),
    )

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["umur-note"]
    assert not Screening.objects.exists()


def test_decision_leads_to_the_next_that_waits(as_secretary, city, submitted):
    following = ProposalFactory(round=city.round, state=ProposalState.SUBMITTED)

    answer = as_secretary.post(
        url("screening_edit", submitted.code), verdicts(city.round)
    )

    assert Screening.objects.get().passed
    assert answer.url == url("screening_edit", following.code)
    last = as_secretary.post(
        url("screening_edit", following.code), verdicts(city.round)
    )
    assert last.url == url("screening_list", city.round.slug)


def test_institution_reads_why_it_failed(as_secretary, client, city, submitted):
    as_secretary.post(
        url("screening_edit", submitted.code),
        verdicts(
            city.round, **{"umur-verdict": "not_met", "umur-note": "Baru enam bulan."}
        ),
    )
    client.force_login(city.author)

    page = client.get(submitted.get_absolute_url())

    assert "Baru enam bulan." in page.content.decode()
